"""`socksh report`: a class of three, and files that mean no good."""

import csv
import io
import os
import re
import unittest

import learners
from learners import line, run


class Report(learners.LearnerTest):
    def report(self, *words, status=0, **environment):
        done = self.socksh("report", *words, **environment)
        self.assertEqual(done.returncode, status, done.stderr.decode())
        for text in done.stdout, done.stderr:
            self.assertNotRegex(text.decode(), "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e]")
        return done.stdout.decode(), done.stderr.decode()

    def of_class(self):
        return [self.write("anna.jsonl", [*run(12, tries={8: 3}, helps={8: "hint"}, seconds=50), *run(12, lesson="udp")]),
                self.write("ben.jsonl", run(8, tries={4: 2, 8: 5}, helps={8: "show"}, seconds=70)),
                self.write("carl.jsonl", run(12, tries={8: 4}, helps={3: "skip"}, seconds=80))]

    def test_a_row_a_lesson(self):
        output, errors = self.report(*self.of_class())
        self.assertEqual(errors, "")
        lines = output.splitlines()
        self.assertEqual(lines[:3], ["learners: 3", "anna, ben, carl", ""])
        self.assertEqual([row.split() for row in lines[3:6]],
                         [["lesson", "finished", "alone", "hint", "skip", "minutes"],
                          ["5", "hello", "2", "of", "3", "1", "1", "10"],
                          ["15", "udp", "1", "of", "1", "1", "12"]])

    def test_hardest_steps_first(self):
        output, _ = self.report(*self.of_class())
        hardest = output.partition("hardest steps\n")[2].splitlines()
        self.assertEqual([row.partition(": ")[0] for row in hardest[::2]],
                         ["5 hello, step 8", "5 hello, step 3", "5 hello, step 4"])
        self.assertEqual(hardest[1::2], ["  of 3: tries 4.0, hint 1, show 1, skip 0, median 70 s",
                                         "  of 3: tries 1.0, hint 0, show 0, skip 1, median 70 s",
                                         "  of 3: tries 1.3, hint 0, show 0, skip 0, median 70 s"])
        text = (learners.LESSONS / "05-hello" / "en.md").read_text()
        for row in hardest[::2]:
            begin = row.partition(": ")[2]
            self.assertTrue(begin and begin in text, row)

    def test_what_is_done_again_is_not_harder(self):
        path = self.write("anna.jsonl", [*run(12), *run(12, tries={5: 9}, helps={5: "show"})])
        self.assertNotIn("hardest", self.report(path)[0])

    def test_fits_sixty_columns(self):
        for number in range(30):
            self.write(f"a learner with a name {number}.jsonl", run(12, tries={8: 100}, helps={8: "hint"}, seconds=999))
        for language in "en", "zh":
            output = self.report(*sorted(self.folder.glob("*.jsonl")), LANGUAGE=language)[0]
            for row in output.splitlines():
                self.assertLessEqual(sum(2 if ord(c) > 0x2E00 else 1 for c in row), 60, row)

    def test_a_name_stands_on_one_line(self):
        names = [f"学生 {number:02}" for number in range(1, 20)] + ["x" * 70, "李"]
        self.assertEqual(sum(2 if ord(c) > 0x2E00 else 1 for c in ", ".join(names[:7])), 61)  # one does not fit
        output, _ = self.report(*(self.write(f"{name}.jsonl", run(2)) for name in names))
        rows = output.split("\n\n")[0].splitlines()[1:]
        self.assertEqual(" ".join(rows).replace("x x", "xx"), ", ".join(names))
        for row in rows:
            self.assertTrue(row.endswith((",", "x", "李")), row)
            self.assertLessEqual(sum(2 if ord(c) > 0x2E00 else 1 for c in row), 60, row)

    def test_a_file_that_an_editor_has_marked(self):
        path = self.write("anna.jsonl", run(12))
        wanted = self.report(path)
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
        self.assertEqual(self.report(path), wanted)
        path.write_bytes(path.read_bytes() + b"\xef\xbb\xbf{}\n")
        self.assertIn("left out: 1\n", self.report(path)[1])

    def test_a_file_that_is_given_again(self):
        anna, ben = (self.write(f"{name}.jsonl", run(12)) for name in ("anna", "ben"))
        os.link(anna, self.folder / "other.jsonl")
        wanted = self.report(anna, ben)
        self.assertEqual(self.report(anna, ben, f"{self.folder}/./anna.jsonl", "anna.jsonl", "other.jsonl"), wanted)

    def test_csv(self):
        rows = list(csv.reader(io.StringIO(self.report("--csv", *self.of_class())[0], newline="")))
        self.assertEqual(rows, [["learner", "lesson", "finished", "help", "minutes", "step", "steps"],
                                ["anna", "hello", "2026-11-22T09:04:36Z", "hint", "10", "", "12"],
                                ["anna", "udp", "2026-11-22T09:04:36Z", "none", "12", "", "12"],
                                ["ben", "hello", "", "show", "10", "9", "12"],
                                ["carl", "hello", "2026-11-22T09:04:36Z", "skip", "16", "", "12"]])

    def test_csv_of_names_that_a_spreadsheet_would_run(self):
        self.write('=HYPERLINK("x").jsonl', run(1))
        rows = list(csv.reader(io.StringIO(self.report("--csv", '=HYPERLINK("x").jsonl')[0], newline="")))
        self.assertEqual(rows[1][0], "'=HYPERLINK(\"x\")")

    def test_names_do_nothing_to_the_terminal(self):
        path = self.write("\x1b[2Jeve\n\u202e\udcff.jsonl", run(12))
        self.assertIn("?[2Jeve???\n", self.report(path)[0])
        os.remove(path)
        self.assertIn("?[2Jeve", self.report(path, status=1)[1])

    def test_strange_lines_are_left_out(self):
        good = list(run(12))
        strange = ["x", "[]", "{}", "null", "[" * 900, "[" * 5000, "{" + '"a":' * 300, '{"a": "' + "x" * 5000 + '"}',
                   "\x00\x01", "\xff\xfe", line("step", 3) + line("step", 4),
                   line("step", 0), line("step", 13), line("step", -1), line("step", 2**31), line("step", 10**30),
                   line("step", 1.5), line("step", "1"), line("step", None), line("step", True),
                   line("leap", 1), line("step", 1, help="all"), line("step", 1, help=1),
                   line("step", 1, tries=-1), line("step", 1, tries=10**9), line("step", 1, seconds=1e300),
                   line("step", 1, steps=100000), line("step", 1, lesson="\x1b[2J"), line("step", 1, lesson="../x"),
                   line("step", 1, lesson=""), line("step", 1, lesson="x" * 33), line("step", 1, lesson=["hello"]),
                   line("step", 1, time="now"), line("step", 1, time="2026-11-22T09:04:36Zx"),
                   line("step", 1, time="\x1b[31m-11-22T09:04:36Z"), line("step", 1, language="\u202e"),
                   line("step", 1).replace('"step": 1', '"step": NaN'),
                   line("step", 1).replace("{", "{/* */"), line("step", 1).replace('"', "'")]
        wanted = self.report(self.write("anna.jsonl", good))[0]
        for text in strange:
            with self.subTest(text[:60]):
                path = self.write("anna.jsonl", [*good[:5], text, *good[5:]])
                output, errors = self.report(path)
                self.assertEqual(output, wanted)
                self.assertEqual(errors, f"socksh: {path}: lines that are not understood and left out: 1\n")

    def test_octets_of_any_kind(self):
        path = self.folder / "noise.jsonl"
        path.write_bytes(bytes(range(256)) * 400 + b"\n" + line("begin", 1).encode() + b"\n")
        output, errors = self.report(path)
        self.assertRegex(output, r"5 hello +0 of 1")
        self.assertRegex(errors, r"left out: \d+\n$")

    def test_more_lessons_than_there_can_be(self):
        path = self.write("many.jsonl", [line("begin", 1, lesson=f"lesson-{i}") for i in range(300)])
        output, errors = self.report(path)
        self.assertEqual(len(re.findall(r"^lesson-\d+ ", output, re.MULTILINE)), 256)
        self.assertTrue(errors.endswith("left out: 44\n"), errors)

    def test_a_lesson_that_is_not_here(self):
        output, _ = self.report(self.write("anna.jsonl", run(12, lesson="mine", tries={2: 7})))
        self.assertRegex(output, r"(?m)^mine +1 of 1 ")
        self.assertIn("\nmine, step 2:\n", output)

    def test_files_that_cannot_be_read(self):
        output, errors = self.report("gone.jsonl", self.folder, self.write("anna.jsonl", run(2)), status=1)
        self.assertEqual(errors.splitlines(), ["socksh: cannot read gone.jsonl: No such file or directory",
                                               f"socksh: cannot read {self.folder}: Is a directory"])
        self.assertIn("learners: 1\nanna\n", output)

    def test_a_file_without_end(self):
        self.assertIn("/dev/zero", self.report("/dev/zero", status=1)[1])

    def test_wrong_words(self):
        for words in [], ["--csv"]:
            self.assertIn("report wants", self.report(*words, status=2)[1])


if __name__ == "__main__":
    unittest.main()
