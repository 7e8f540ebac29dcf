"""Every lesson runs as it says on the network of the host, too."""

import unittest

import checks


class Host(checks.CheckTest):
    def test_as_oneself(self):
        self.check("--host")

    def test_as_an_ordinary_user(self):
        self.check("--host", ordinary=True)


if __name__ == "__main__":
    unittest.main()
