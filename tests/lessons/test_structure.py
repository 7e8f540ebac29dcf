"""Every lesson has what a lesson must have: what learners, and teachers, may count on."""

import functools
import re
import unittest

import pages


def each_page(test):
    """Gives a test every lesson in each language, one after the other."""
    @functools.wraps(test)
    def run(self):
        for folder in pages.folders():
            for language in "en", "zh":
                with self.subTest(folder.name, language=language):
                    test(self, pages.Page(folder / f"{language}.md"))
    return run


class Structure(unittest.TestCase):
    @each_page
    def test_head(self, page):
        self.assertLessEqual({"title", "minutes"}, page.head.keys())
        self.assertIn(int(page.head["minutes"]), range(5, 16))

    @each_page
    def test_lines_fit(self, page):
        for number, line in enumerate(page.text.splitlines(), 1):
            self.assertLessEqual(len(line), 110, f"{page.path}:{number}")

    @each_page
    def test_questions(self, page):
        questions = page.of_kind("predict")
        self.assertGreaterEqual(len(questions), 2)
        for question in questions:
            options = re.findall(r"^- \[([ x])\] (.*)$", question.text, re.MULTILINE)
            where = f"{page.path}:{question.line}"
            self.assertIn(len(options), range(2, 5), where)
            self.assertEqual([mark for mark, _ in options].count("x"), 1, where)
            for _, text in options:
                self.assertRegex(text, r"\S +#=> +\S", where)

    @each_page
    def test_the_right_answer_is_not_always_the_same_letter(self, page):
        letters = {re.findall(r"^- \[([ x])\]", question.text, re.MULTILINE).index("x")
                   for question in page.of_kind("predict")}
        self.assertGreater(len(letters), 1)

    @each_page
    def test_tasks_and_their_checks(self, page):
        self.assertEqual(len(page.of_kind("challenge")), 1)
        self.assertGreaterEqual(len(page.tasks()), 3)  # two, and the challenge's
        self.assertEqual(len(page.of_kind("check")), len(page.tasks()))
        challenge = page.of_kind("challenge")[0]
        behind = [block for block in page.tasks() if block.begin > challenge.begin]
        self.assertEqual(len(behind), 1)

    @each_page
    def test_hints_and_notes(self, page):
        self.assertGreaterEqual(len(page.of_kind("hint")), len(page.tasks()))
        steps = {sum(other.kind == "socksh" and other.begin < notes.begin for other in page.blocks)
                 for notes in page.of_kind("notes")}
        self.assertGreaterEqual(len(steps), 2)

    @each_page
    def test_what_was_learnt(self, page):
        headings = {"en.md": "What you know now", "zh.md": "现在你知道了"}
        heading, _, rest = page.text.rpartition("\n## ")[2].partition("\n")
        prose = pages.FENCE.sub("", rest).strip()
        self.assertEqual(heading, headings[page.path.name])
        self.assertEqual(len(re.findall(r"^- ", prose, re.MULTILINE)), 3)
        self.assertTrue(prose.startswith("- "))
        self.assertNotIn("\n\n", prose)

    def test_answers(self):
        for folder in pages.folders():
            with self.subTest(folder.name):
                tasks = pages.Page(folder / "en.md").tasks()
                text = (folder / "answers.md").read_text()
                parts = re.split(r"^# (?:task \d+|challenge)\b.*$", text, flags=re.MULTILINE)[1:]
                self.assertEqual(len(parts), len(tasks))
                for number, part in enumerate(parts, 1):
                    kinds = [match[2].split()[0] for match in pages.FENCE.finditer(part)]
                    self.assertGreaterEqual(kinds.count("right"), 3, f"task {number}")
                    self.assertGreaterEqual(kinds.count("wrong"), 3, f"task {number}")


if __name__ == "__main__":
    unittest.main()
