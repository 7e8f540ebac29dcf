"""Every lesson runs as it says, in both languages, for whoever runs it, and has what a lesson must have."""

import functools
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

import pages

SOCKSH = os.environ["SOCKSH"]
NOBODY = 65534
TIME = 120  # seconds that all lessons may take


class Users(unittest.TestCase):
    """The binary and the lessons where everybody can read them."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="socksh-lessons-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        cls.folder.chmod(0o755)
        cls.copy = shutil.copy(SOCKSH, cls.folder / "socksh")
        shutil.copytree(pages.LESSONS, cls.folder / "lessons")

    def start(self, *words, ordinary=False):
        """As oneself, or as an ordinary user where that is root."""
        environment = os.environ | {"SOCKSH_LESSONS": str(self.folder / "lessons")}
        identity = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if ordinary else {}
        return subprocess.run([self.copy if ordinary else SOCKSH, *words], stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, timeout=TIME, cwd=self.folder, env=environment, **identity)

    @functools.lru_cache
    def has_network(self, ordinary=False):
        return not self.start("--sandbox", "-c", "print 1", ordinary=ordinary).stderr

    def check(self, *words, ordinary=False):
        """Each line of TAP is a test."""
        if ordinary and os.getuid() != 0:
            self.skipTest("who runs this is an ordinary user already")
        if "--host" not in words and not self.has_network(ordinary):
            self.skipTest("a network of its own is not allowed here")
        done = self.start("check", *words, ordinary=ordinary)
        results = re.findall(r"^(ok|not ok) \d+ - (.*)\n((?:#.*\n)*)", done.stdout, re.MULTILINE)
        for number, (result, name, why) in enumerate(results):
            with self.subTest(name.replace(f"{self.folder}/", ""), number=number):
                self.assertTrue(result == "ok", why)
        self.assertEqual(done.stderr, "")
        self.assertEqual(done.stdout.splitlines()[-1], f"1..{len(results)}")
        ends = [name for _, name, _ in results if name.endswith(": runs to its end")]
        for path in self.folder.glob("lessons/*/??.md"):
            self.assertIn(f"{path}: runs to its end", ends)

    def test_right_answers_pass_and_near_misses_do_not(self):
        self.check("--answers")

    def test_as_an_ordinary_user(self):
        self.check(ordinary=True)

    def test_on_the_network_of_the_host(self):
        self.check("--host")

    def test_on_the_network_of_the_host_as_an_ordinary_user(self):
        self.check("--host", ordinary=True)


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
    """Each page on its own: what a learner, and a teacher, may count on."""

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
