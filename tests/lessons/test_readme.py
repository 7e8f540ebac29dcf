"""The lesson that lessons/README.md holds up as an example, and its Chinese: they are complete, and run."""

import re
import unittest

import learners
import pages


class Readme(learners.LearnerTest):
    def test_its_lesson_runs_and_its_answers_are_told_apart(self):
        folder = self.folder / "30-echo"
        folder.mkdir()
        for readme, page in ("README.md", "en.md"), ("README.zh.md", "zh.md"):
            text = (pages.LESSONS / readme).read_text()
            lesson, answers = re.findall(r"^````markdown\n(.*?)^````$", text, re.MULTILINE | re.DOTALL)
            (folder / page).write_text(lesson)
            (folder / "answers.md").write_text(answers)
        done = self.socksh("check", "--answers", folder)
        results = re.findall(r"^(ok|not ok) \d+ - (.*)\n((?:#.*\n)*)", done.stdout.decode(), re.MULTILINE)
        for number, (result, name, why) in enumerate(results):
            with self.subTest(name, number=number):
                self.assertEqual(result, "ok", why)
        kinds = [name.rpartition(": ")[2] for _, name, _ in results]
        self.assertEqual((done.returncode, kinds.count("runs to its end"), kinds.count("a right answer passes"),
                          kinds.count("a near miss does not pass")), (0, 8, 3, 3))

    def test_every_block_is_explained(self):
        used = {block.kind for folder in pages.folders() for block in pages.Page(folder / "en.md").blocks}
        for readme in "README.md", "README.zh.md":
            with self.subTest(readme):
                text = (pages.LESSONS / readme).read_text()
                explained = set(re.findall(r"^\| `(\w+)", text, re.MULTILINE)) | {"text", "c", "python", ""}
                self.assertLessEqual(used, explained)


if __name__ == "__main__":
    unittest.main()
