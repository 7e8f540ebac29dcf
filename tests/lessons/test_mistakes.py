"""Lessons that are wrong: `socksh check` fails, and says where, what was wanted and what came."""

import re
import socket
import unittest

import learners

HEAD = "---\ntitle: T\nminutes: 5\n---\n"  # four lines
PAIR = "```socksh\na, b = socketpair\n```\n"  # three more
LISTENER = "```socksh server\nl = socket; bind l 127.0.0.1:9999; listen l\n```\n"  # the same
QUESTION = "```predict\nWhat?\n- [x] one #=> {}\n- [ ] two #=> {}\nSo.\n```\n"  # six lines

# Each: what it shows, its blocks, the line and the texts that are told, in this order.
ROWS = [
    ("a wrong value", "```socksh\nx = 1\nx + 1 #=> 3\n```\n", 7, ["x + 1 #=> 3", "wanted: 3\n", "got:    2\n"]),
    ("another value for a name", "```socksh\n[1, 2] #=> [<a>, <b>]\n3 #=> <b>\n```\n", 7, ["wanted: 2\n", "got:    3\n"]),
    ("a wrong errno", "```socksh\nclose 400 #=> error EINVAL\n```\n", 6, ["wanted: error EINVAL\n", "got:    error EBADF: "]),
    ("an error that did not come", "```socksh\nx = 1 #=> error EBADF\n```\n", 6, ["wanted: error EBADF\n", "got:    1\n"]),
    ("an error that nobody expected", "```socksh\nx = 1\nclose 400\n```\n", 7, ["wanted: done\n", "got:    error EBADF: "]),
    ("a wrong line", "```socksh\nprint \"one\" #| two\n```\n", 6, ["wanted: two\n", "got:    one\n"]),
    ("a line that was not printed", "```socksh\nx = 1\n#| one\n```\n", 7, ["wanted: one\n", "got:    (nothing was printed)\n"]),
    ("a statement that waits unexpectedly", LISTENER + "```socksh server\naccept l\n```\n", 9,
     ["wanted: that it ends", "server: waiting in accept 3 for 5 s (nobody connected)\n"]),
    ("one that is expected to give something and waits", PAIR + "```socksh\nrecv a 9 #=> \"x\"\n```\n", 9,
     ["wanted: that it ends", "main: waiting in recv 3 for 5 s (nothing was sent to it)\n"]),
    ("a statement that does not wait", "```socksh\nx = 1 #=> waits\n```\n", 6, ["wanted: waits\n", "got:    1\n"]),
    ("what waited gave something else", PAIR + "```socksh r\nrecv 3 9 #=> waits\n```\n```socksh\nsend b \"x\"\n```\n"
     "```socksh r\n#=> \"y\"\n```\n", 15, ["wanted: \"y\"\n", "got:    \"x\"\n"]),
    ("what waited goes on waiting", PAIR + "```socksh r\nrecv 3 9 #=> waits\n```\n```socksh r\n#=> \"y\"\n```\n", 12,
     ["wanted: the end of a statement that was left waiting\n", "r: waiting in recv 3 for 5 s (nothing was sent to it)"]),
    ("nothing had waited", "```socksh\n#=> 1\n```\n", 6, ["wanted: the end of a statement", "no actor has done anything"]),
    ("an actor that cannot begin", PAIR + "```socksh r\nrecv 3 9 #=> waits\nx = 1\n```\n", 10,
     ["wanted: that this actor can begin\n", "r: waiting in recv 3 for 5 s"]),
    ("a statement left waiting that fails later", PAIR + "```socksh r\nrecv 3 9 #=> waits\n```\n```socksh\nclose a\n```\n", 9,
     ["wanted: that it does not fail, or an expectation of it\n", "got:    error EBADF"]),
    ("an error of an actor that nobody joined", "```socksh\ndef f { fail \"on purpose\" }\nspawn f\n```\n", 6, ["on purpose"]),
    ("a check that holds before anything was done", "```socksh\nx = 1\n```\n```socksh task\ny = 1\n```\n```check\n1 == 1\n```\n",
     12, ["this check holds before anything was done"]),
    ("a check that holds of an earlier handle", "```socksh\nx = socket\n```\n```socksh task\ny = socket\n```\n"
     "```check\n(state ?c) == \"CLOSED\"\n```\n", 12, ["this check holds before anything was done"]),
    ("a check that does not hold after the answer", "```socksh task\nx = socket\n```\n```check\n(state ?c) == \"LISTEN\"\n```\n",
     9, ["this check does not hold after the model answer", "main: idle"]),
    ("a check that changes something", "```socksh task\nx = socket\n```\n```check\nsend ?c \"x\"\n```\n", 9,
     ["a check holds conditions that look and change nothing"]),
    ("a check that does not read", "```socksh task\nx = socket\n```\n```check\n(state ?c) = \"LISTEN\"\n```\n", 9, ["error: "]),
    ("a marked outcome that does not come", QUESTION.format(1, 2) + "```socksh\n2\n```\n", 12, ["wanted: 1\n", "got:    2\n"]),
    ("a marked outcome against what the block expects", QUESTION.format(1, 2) + "```socksh\n2 #=> 2\n```\n", 6,
     ["the outcome of the right option did not come true", "got:    2\n"]),
    ("two outcomes that come", QUESTION.format(1, "...") + "```socksh\n1\n```\n", 6, ["or another one fits as well", "got:    1\n"]),
    ("a foretold wait that does not come", QUESTION.format("waits", "done") + "```socksh\nx = 1\n```\n", 12,
     ["wanted: waits\n", "got:    1\n"]),
    ("a block that does not read", "```socksh\nx = 1\nconect x\n```\n", 7, ["\"conect\""]),
    ("a program that is not there", "```socksh\nsource a.socksh\n```\n", 6, ["a.socksh"]),
    ("a program that does not read", "```program a.socksh\nx = \n```\n```socksh\nsource a.socksh\n```\n", 9, ["a.socksh:1"]),
    ("a block of no known kind", "```sockh\nx = 1\n```\n", 5, ["there is no block \"sockh\""]),
    ("a block without an end", "```socksh\nx = 1\n", 5, ["this block has no end"]),
    ("a task without a check", "```socksh task\nx = 1\n```\n", 6, ["this task has no check"]),
    ("quit", "```socksh\nquit\nx = 1\n```\n", 6, ["the program was to end"]),
]


class Mistakes(learners.LearnerTest):

    def run_all(self, language, rows):
        """One folder a row, all in one call, for some take the 5 s of a step. {row: its results with their reasons}."""
        files = []
        for number, (_, body, _, _) in enumerate(rows):
            folder = self.folder / f"{number:02}-mine"
            folder.mkdir()
            path = folder / f"{language}.md"
            path.write_text(HEAD + body)
            files.append(path)
        done = self.socksh("check", *files, LANGUAGE="en")
        self.assertEqual((done.returncode, done.stderr), (1, b""))
        results = re.findall(r"^(ok|not ok) \d+ - (.*\n(?:#.*\n)*)", done.stdout.decode(), re.MULTILINE)
        for number in range(len(rows)):
            yield [(result, text) for result, text in results if f"/{number:02}-mine/" in text.partition("\n")[0]]

    def test_each_is_told(self):
        for (what, _, line, texts), results in zip(ROWS, self.run_all("en", ROWS)):
            with self.subTest(what):
                whole = "".join(text for result, text in results if result == "not ok")
                self.assertRegex(whole, rf"(^|/)en\.md:{line}\b")
                at = 0
                for text in texts:
                    self.assertIn(text, whole[at:])
                    at = whole.index(text, at)

    def test_in_chinese(self):
        rows = ROWS[:3] + [row for row in ROWS if row[0].startswith(("a check that h", "a marked", "a block", "a task"))]
        for (what, _, line, _), results in zip(rows, self.run_all("zh", rows)):
            with self.subTest(what):
                whole = "".join(text for result, text in results if result == "not ok")
                self.assertRegex(whole, rf"(^|/)zh\.md:{line}\b")
                self.assertRegex(whole, r"#.*[\u4e00-\u9fff]")

    def test_two_languages_that_differ(self):
        folder = self.folder / "05-mine"
        folder.mkdir()
        (folder / "en.md").write_text(HEAD + "```socksh\n1 #=> 1\n```\n")
        (folder / "zh.md").write_text(HEAD + "```socksh\n2 #=> 2\n```\n")
        done = self.socksh("check", folder)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stdout.decode(), r"not ok 1 - .*/en\.md:6: .*\n# .*zh\.md:6 has another line here: 2 #=> 2\n")

    def answers(self, text):
        folder = self.folder / "05-mine"
        folder.mkdir()
        (folder / "en.md").write_text(HEAD + "```socksh task\nx = socket; bind x 127.0.0.1:9999\n```\n"
                                      "```check\n(getsockname ?c) == 127.0.0.1:9999\n```\n")
        (folder / "answers.md").write_text(text)
        done = self.socksh("check", "--answers", folder)
        return done.returncode, done.stdout.decode()

    def test_answers_that_are_none(self):
        status, out = self.answers("# task 1\n```right\ny = socket; bind y 127.0.0.1:9998\n```\n"
                                   "```wrong\ny = socket; bind y 127.0.0.1:9999\n```\n```wrong\ny = socket\n```\n"
                                   "# task 2\n```right\n1\n```\n")
        self.assertEqual(status, 1)
        self.assertRegex(out, r"not ok \d+ - .*answers\.md:3: a right answer passes\n# .*en\.md:9: .*not let it pass")
        self.assertRegex(out, r"not ok \d+ - .*answers\.md:6: a near miss does not pass\n# .*en\.md:9: .*lets it pass")
        self.assertRegex(out, r"\nok \d+ - .*answers\.md:9: a near miss does not pass\n")
        self.assertRegex(out, r"not ok \d+ - .*answers\.md:13: there is such an answer, and its task\n")

    def test_answers_that_do_not_read(self):
        status, out = self.answers("# task 1\n```good\n1\n```\n")
        self.assertEqual(status, 1)
        self.assertRegex(out, r"not ok \d+ - .*answers\.md:2: .*\n# .*right or wrong")

    def test_a_port_that_is_taken_is_said(self):
        path = self.folder / "en.md"
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            path.write_text(HEAD + f"```socksh\nbind (socket) 127.0.0.1:{port}\n```\n")
            done = self.socksh("check", "--host", path)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertRegex(done.stdout.decode(), rf"(?m)^# +port {port} is not to be had here: \d+ stands for it$")

    def test_only_ports_of_addresses_are_replaced(self):
        # % is a port that is taken.
        kept = ["at 10:%", "line 12:%", "2001:db8:%::1", "[fd00::%]", "8a2e:0370:%", "02:00:00:00:00:%", "unix:%",
                "**:%", "width:%px", ":%", "10.0.0.1.2:%"]
        replaced = ["127.0.0.1:%", "[::1]:%", "[::]:%", "*:%", "localhost:%", "my-host.example:%", "127.0.0.1:%.",
                    "127.0.0.1:%: a port", "地址127.0.0.1:%，", "(127.0.0.1:%)", "http://127.0.0.1:%/"]
        path = self.folder / "en.md"
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = str(taken.getsockname()[1])
            texts = ", ".join(f'"{text}"' for text in kept + replaced + ["{h}:%", "...:%", "<p>:%"]).replace("%", port)
            path.write_text(HEAD + f"```socksh\nh = \"h\"; print [{texts}] #| none\n```\n")
            out = self.socksh("check", "--host", path).stdout.decode()
        other = re.search(rf"port {port} is not to be had here: (\d+) stands for it", out)[1]
        got = re.search("got: (.*)", out)[1]
        for texts, stands in (kept, port), (replaced + ["h:%", "...:%", "<p>:%"], other):
            for text in texts:
                with self.subTest(text):
                    self.assertIn('"' + text.replace("%", stands) + '"', got)


if __name__ == "__main__":
    unittest.main()
