"""Every lesson runs as it says, in both languages, and its answers are told apart."""

import unittest

import checks


class Lessons(checks.CheckTest):
    def test_right_answers_pass_and_near_misses_do_not(self):
        self.check("--answers")

    def test_as_an_ordinary_user(self):
        self.check(ordinary=True)


if __name__ == "__main__":
    unittest.main()
