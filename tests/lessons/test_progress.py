"""`socksh lessons`: the list, with what the learner has done; and `help`, which names lessons."""

import re
import unittest

import learners
from learners import line, run


class List(learners.LearnerTest):
    def row(self, lesson="hello", *words):
        done = self.socksh(*words, "lessons")
        self.assertEqual((done.stderr, done.returncode), (b"", 0))
        rows = [row for row in done.stdout.decode().splitlines() if lesson in row.split()]
        self.assertEqual(len(rows), 1, done.stdout.decode())
        return rows[0]

    def learnt(self, *lines):
        self.write("socksh/progress.jsonl", lines)
        return re.split(r"  +", self.row())[-1]

    def test_every_lesson_has_a_row_in_order(self):
        rows = self.socksh("lessons").stdout.decode().splitlines()[1:]
        names = sorted(folder.name for folder in learners.LESSONS.glob("[0-9]*-*"))
        self.assertEqual([f"{int(name[:2]):2} {name[3:]}" for name in names], [row.partition("  ")[0] for row in rows])
        for row in rows:
            self.assertRegex(row, r"^.*\S  +\w.*\S  +\d+  +—$")
            self.assertLessEqual(len(row), 80)

    def test_where_one_stands(self):
        for lines, wanted in [
                (list(run(3)), "at step 4 of 12"),
                ([line("begin", 1)], "at step 1 of 12"),
                ([*run(3), line("begin", 4)], "at step 4 of 12"),
                (list(run(12)), "finished 2026-11-22"),
                (list(run(12, helps={4: "hint"})), "finished 2026-11-22, with hints"),
                (list(run(12, helps={4: "hint", 6: "show"})), "finished 2026-11-22, with answers"),
                (list(run(12, helps={4: "skip", 6: "show"})), "finished 2026-11-22, some skipped"),
                ([*run(12, helps={4: "skip"}), *run(12)], "finished 2026-11-22"),
                ([*run(12), *run(2)], "finished 2026-11-22"),
                (list(run(3, lesson="udp")), "—"),
                ([*run(3), line("step", 4)[:-9]], "at step 4 of 12")]:
            with self.subTest(wanted, lines=len(lines)):
                self.assertEqual(self.learnt(*lines), wanted)

    def test_a_line_that_was_cut_does_not_count(self):
        whole = "".join(text + "\n" for text in run(4))
        last = whole.rindex("\n", 0, -1) + 1
        self.progress.parent.mkdir()
        for cut in range(last, len(whole), 7):
            with self.subTest(cut - last):
                self.progress.write_text(whole[:cut])
                self.assertEqual(re.split(r"  +", self.row())[-1], "at step 4 of 12")

    def test_in_chinese(self):
        row = self.row("hello", "--lang=zh")
        self.assertIn("TCP", row)
        self.assertNotIn("Hello over TCP", row)

    def test_as_a_command(self):
        self.write("socksh/progress.jsonl", run(3))
        done = self.socksh("-c", "lessons")
        self.assertEqual(done.stdout, self.socksh("lessons").stdout)
        self.assertIn(b"at step 4 of 12", done.stdout)

    def test_without_lessons(self):
        done = self.socksh("lessons", SOCKSH_LESSONS=str(self.folder))
        if done.returncode == 0:
            self.skipTest("others are found")
        self.assertEqual((done.stdout, done.stderr, done.returncode),
                         (b"", b"socksh: no lessons are found: set SOCKSH_LESSONS to the folder that holds them, "
                               b"or install socksh\n", 1))
        learn = self.socksh("learn", "hello", SOCKSH_LESSONS=str(self.folder))
        self.assertEqual((learn.stderr, learn.returncode), (done.stderr, 2))

    def test_wrong_words(self):
        self.assertEqual(self.socksh("lessons", "all").returncode, 2)


class Help(learners.LearnerTest):
    def test_names_the_lesson(self):
        for name, wanted in [("connect", "5 Hello over TCP: learn hello"),
                             ("SO_REUSEADDR", "14 Restart and TIME_WAIT: learn restart"),
                             ("ECONNREFUSED", "5 Hello over TCP: learn hello"),
                             ("spawn", "10 The server as a program: learn server")]:
            with self.subTest(name):
                self.assertRegex(self.socksh("-c", f"help {name}").stdout.decode(), rf"  lesson +{re.escape(wanted)}\n")

    def test_every_lesson_that_is_named_is_there(self):
        shown = self.socksh("--dump=json").stdout.decode()
        names = {name for name in re.findall(r'"lesson": "(\d+ [^"]+)"', shown)}
        here = {f"{int(folder.name[:2])} {title}" for folder in learners.LESSONS.glob("[0-9]*-*")
                for title in re.findall(r"^title: (.*)$", (folder / "en.md").read_text(), re.MULTILINE)}
        self.assertGreater(len(names), 10)
        self.assertLessEqual(names, here)


if __name__ == "__main__":
    unittest.main()
