"""`socksh check` fails when it should: what is wrong in a script is found, with its line, and told."""

import contextlib
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import time
import unittest
import xml.etree.ElementTree

SOCKSH = os.environ["SOCKSH"]


def wait_for(condition):
    deadline = time.monotonic() + 30
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError("it did not come")
        time.sleep(0.005)


def child_of(parent):
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # it has ended meanwhile
            if int(stat.read_text().rpartition(")")[2].split()[1]) == parent:
                return int(stat.parent.name)


class Check(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)

    def write(self, name, text):
        (self.folder / name).write_bytes(text.encode())
        return name

    def check(self, *words, lessons=""):
        return subprocess.run([SOCKSH, "check", *words], cwd=self.folder, stdin=subprocess.DEVNULL,
                              env=os.environ | {"SOCKSH_LESSONS": lessons},
                              capture_output=True, text=True, timeout=60)

    def good(self, text):
        done = self.check(self.write("good.socksh", text))
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
        self.assertNotRegex(done.stdout, "(?m)^not ok")
        return done.stdout

    def bad(self, text, *wanted):
        """The script must fail, and what is printed hold each text that is wanted, in that order."""
        done = self.check(self.write("bad.socksh", text))
        self.assertEqual((done.returncode, done.stderr), (1, ""), done.stdout)
        at = 0
        for one in wanted:
            at = done.stdout.find(one, at)
            self.assertNotEqual(at, -1, f"{one!r} is missing:\n{done.stdout}")
        return done.stdout

    # values

    def test_a_wrong_value(self):
        out = self.bad("x = 1\nx + 1    #=> 3\nx   #=> 1\n",
                       "TAP version 13\n", "not ok 1 - bad.socksh:2: x + 1", "#   wanted: 3\n",
                       "#   got:    2\n", "ok 2 - bad.socksh:3: ", "ok 3 - ", "\n1..3\n")
        self.assertEqual(len(re.findall("(?m)^(not )?ok", out)), 3)

    def test_wrong_values_of_every_kind(self):
        rows = [
            ("1", "1 ", True), ("1", " 1", True), ("1", "01", False), ("1", "", False),
            ("1", "1, 2", False), ('"a"', "a", False), ('"a"', '"a"', True), ('"a"', '"b"', False),
            ('"a..."', '"a..."', True), ('"abc"', '"a..."', True), ('"abc"', '"b..."', False),
            ('"abc"', '...b...', True), ('""', '"..."', True), ("none", "none", True),
            ("none", "false", False), ("none", "done", False), ("[1, 2]", "[1, 2]", True),
            ("[1, 2]", "1, 2", False), ("2s", "2000ms", False), ("AF_INET", "2", False),
            ('x = 1', "1", True), ('x = 1', "2", False), ('x, y = [1, "b"]', '1, "b"', True),
            ('x, y = [1, "b"]', '1, "c"', False), ('x, y = [1, "b"]', '[1, "b"]', False),
            ("def f { }", "none", False), ("if true { }", "done", True), ("close (socket)", "done", True),
            ("close (socket)", "none", False),
        ]
        for number, (statement, wanted, holds) in enumerate(rows):
            with self.subTest(f"{statement} #=> {wanted}"):
                done = self.check(self.write(f"row{number}.socksh", f"{statement} #=> {wanted}\n"))
                self.assertEqual(done.returncode, 0 if holds else 1, done.stdout)

    def test_names_stand_for_one_text(self):
        self.good("[1, 1] #=> [<a>, <a>]\n1 #=> <a>\n")
        self.bad("[1, 2] #=> [<a>, <a>]\n", "not ok 1 - bad.socksh:1: ", "wanted: [<a>, <a>]", "got:    [1, 2]")
        self.bad("1 #=> <a>\n2 #=> <a>\n", "ok 1", "not ok 2 - bad.socksh:2: ", "wanted: 1\n", "got:    2\n")
        # what did not match is not kept
        self.bad("[1, 2] #=> [<a>, 3]\n2 #=> <a>\n", "not ok 1", "ok 2")

    # where expectations stand

    def test_in_blocks(self):
        out = self.good("for i in range 2 {\n    print i\n    #| ...\n}\n"
                        "if true {\n    print 5   #| 5\n    try { print 6 } catch e { }\n    #| 6\n}\n")
        self.assertEqual(re.findall(r"good\.socksh:(\d+)", out), ["3", "3", "6", "8"])

    def test_a_script_that_closes_its_output(self):
        self.good("close 1\n1 #=> 1\n")
        self.bad("close 1\n1 #=> 2\n", "not ok 1 - bad.socksh:2: ", "wanted: 2")

    # errors

    def test_a_wrong_errno(self):
        self.bad("bind 400 127.0.0.1:0 #=> error EINVAL\n", "not ok 1 - bad.socksh:1: ",
                 "wanted: error EINVAL\n", "got:    error EBADF: ")

    def test_an_error_that_did_not_come(self):
        self.bad("x = 1 #=> error EBADF\nx #=> 1\n", "not ok 1 - bad.socksh:1: ",
                 "wanted: error EBADF\n", "got:    1\n", "ok 2")

    def test_an_error_where_a_value_was_expected(self):
        self.bad("recv 400 1 #=> \"\"\n", "not ok 1 - bad.socksh:1: ", 'wanted: ""', "got:    error EBADF: ")

    def test_an_error_that_nobody_expected(self):
        out = self.bad("x = 1\nx #=> 1\nclose 400\nx #=> 1\n", "ok 1 - bad.socksh:2: ",
                       "not ok 2 - bad.socksh: ", "bad.socksh:3:", " error: EBADF: ", "close 400", "^^^")
        self.assertNotIn("bad.socksh:4", out)  # what stands behind it was not run

    def test_an_error_in_an_actor_that_nobody_joined(self):
        self.bad("def f { fail \"on purpose\" }\nspawn f\n1 #=> 1\nsleep 1ms #=> done\n",
                 "not ok", "on purpose")

    def test_an_error_of_a_statement_that_was_left_waiting(self):
        self.bad("a, b = socketpair\n@r recv 3 10 #=> waits\nclose a\nsleep 1ms #=> done\n",
                 "ok 1", "not ok", "got:    error EBADF")

    # what is printed

    def test_wrong_output(self):
        self.good('print "a\\nb" #| a\n#| b\n')
        self.bad('print "a" #| b\n', "not ok 1 - bad.socksh:1: ", "wanted: b\n", "got:    a\n")
        self.bad('print "a" #| a\n#| b\n', "ok 1", "not ok 2 - bad.socksh:2: ", "wanted: b\n")
        self.bad("x = 1 #| 1\n", "not ok 1 - bad.socksh:1: ", "wanted: 1\n")

    def test_lines_that_are_left_out(self):
        self.good('print "a\\nb\\nc\\nd" #| ...\n#| c\n#| d\n#| ...\nprint "e" #| e\n')
        self.bad('print "a\\nb" #| ...\n#| c\n', "ok 1", "not ok 2 - bad.socksh:2: ", "wanted: c\n", "got:    a\n")
        self.bad('print "a" #| ...\nprint "b" #| a\n', "ok 1", "not ok 2", "wanted: a\n", "got:    b\n")

    # waiting

    def test_waits_that_does_not(self):
        self.bad("@a 1 #=> waits\n", "not ok 1", "wanted: waits\n", "got:    1\n")

    def test_does_not_wait_but_does(self):
        self.bad("@a accept 3 #=> waits\n", "not ok 1", "wanted: waits\n", "got:    error EBADF")
        self.bad('x, y = socketpair\n@a recv 3 1 #=> "x"\n', "not ok 1 - bad.socksh:2: ",
                 'wanted: "x"\n', "got:    waits\n")

    def test_what_waited_gave_something_else(self):
        self.bad('x, y = socketpair\n@a recv 3 9 #=> waits\nsend y "a"\n#=> "b"\n',
                 "ok 1", "not ok 2 - bad.socksh:4: ", 'wanted: "b"\n', 'got:    "a"\n')

    def test_nothing_that_waited_has_ended(self):
        begin = time.monotonic()
        self.bad("x, y = socketpair\n@a recv 3 9 #=> waits\n#=> ...\n", "ok 1",
                 "not ok 2 - bad.socksh:3: ", "wanted: ...\n", "got:    ")
        self.assertGreater(time.monotonic() - begin, 4)  # the limit of a step is 5 s

    def test_a_state_that_never_comes(self):
        self.bad("s = socket\nstate s #=> \"LISTEN\"\n", "not ok 1 - bad.socksh:2: ",
                 'wanted: "LISTEN"\n', 'got:    "CLOSED"\n')

    def test_what_a_script_printed_does_not_reach_the_terminal_raw(self):
        out = self.bad('print "\\x1b[2J\\xff" #| a\n', "not ok 1", "got:    \\x1b[2J\\xff\n")
        self.assertNotIn("\x1b", out)

    # the run

    def test_a_mistake(self):
        out = self.bad("x = 1 #=> 1\nconect x 127.0.0.1:1\n", "not ok 1 - bad.socksh: ",
                       "bad.socksh:2:1: error: ", '"conect"', "conect x 127.0.0.1:1", "^^^^^^")
        self.assertNotIn("bad.socksh:1:", out)  # nothing was run

    def test_no_such_file(self):
        done = self.check("missing.socksh")
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stdout, "(?m)^not ok 1 - missing.socksh: .*\n#   No such file")

    def test_a_folder_without_lessons(self):
        (self.folder / "empty").mkdir()
        done = self.check("empty")
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("no lessons are in empty", done.stderr)

    def test_wrong_words(self):
        rows = [(["--junit"], "--junit"), (["--jnit", "x", "one.socksh"], "--jnit"), (["-j"], "-j"), (["--"], "--")]
        for words, named in rows:
            with self.subTest(words):
                done = self.check(*words)
                self.assertEqual((done.returncode, done.stdout), (2, ""), done.stderr)
                self.assertIn(f'"{named}"', done.stderr)
                self.assertIn("socksh check --help", done.stderr)
        self.write("one.socksh", "1 #=> 1\n")
        self.assertEqual(self.check("one.socksh", "--wrong").returncode, 2)

    def test_help(self):
        for word in ("--help", "-h"):
            with self.subTest(word):
                done = self.check(word)
                self.assertEqual((done.returncode, done.stderr), (0, ""))
                for option in ("--junit FILE", "--host", "--answers"):
                    self.assertIn(option, done.stdout)
                self.assertLessEqual(max(map(len, done.stdout.splitlines())), 80)

    # lessons, by what they are called

    def lesson(self, name, *languages):
        folder = self.folder / "lessons" / name
        folder.mkdir(parents=True)
        (self.folder / "lessons" / "README.md").write_text("about\n")
        for language in languages:
            (folder / f"{language}.md").write_text("---\ntitle: T\nminutes: 5\n---\n\n```socksh\n1 #=> 1\n```\n")

    def test_lessons_by_what_they_are_called(self):
        self.lesson("01-one", "en", "zh")
        self.lesson("02-two", "en")
        one, two = ["01-one/en.md", "01-one/zh.md"], ["02-two/en.md"]
        rows = [([], one + two), (["one"], one), (["1"], one), (["01-one"], one), (["2", "one"], two + one),
                (["lessons"], one + two), (["lessons/02-two"], two), (["lessons/01-one/zh.md"], one[1:])]
        for words, wanted in rows:
            with self.subTest(words):
                done = self.check(*words, lessons="lessons")
                self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
                self.assertEqual(re.findall(r"(?m)^ok \d+ - .*lessons/(\S+): runs to its end", done.stdout), wanted)

    def test_no_lessons(self):
        done = self.check(lessons="nowhere")
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("SOCKSH_LESSONS", done.stderr)

    def test_a_script_that_dies(self):
        script = self.write("bad.socksh", '1 #=> 1\nsave "ready" ""\nsleep 60m\n')
        child = subprocess.Popen([SOCKSH, "check", script], cwd=self.folder,
                                 stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        with child:
            wait_for((self.folder / "ready").exists)
            os.kill(child_of(child.pid), signal.SIGKILL)
            out = child.stdout.read()
        self.assertEqual(child.returncode, 1)
        self.assertIn("ok 1 - bad.socksh:1: ", out)
        self.assertRegex(out, r"(?m)^not ok 2 - bad\.socksh: .*\n# .*signal 9\b")

    def test_a_process_that_says_nothing(self):
        """Its results go to a file in /tmp, which has no room left: that must not look as if all held."""
        self.write("good.socksh", "1 #=> 1\n")
        mount = "mount -t tmpfs -o size=4k tmpfs /tmp; "
        alone = ["unshare", "-r", "-m", "sh", "-e", "-c"]
        if subprocess.run([*alone, mount], stderr=subprocess.DEVNULL).returncode != 0:
            self.skipTest("no file system may be mounted here")
        # The binary itself may be in /tmp.
        command = 'exec 9<"$0"; ' + mount + 'head -c 4096 /dev/zero >/tmp/full; exec /proc/self/fd/9 check good.socksh'
        done = subprocess.run([*alone, command, SOCKSH], cwd=self.folder, capture_output=True, text=True, timeout=60)
        self.assertRegex(done.stdout, r"(?m)^not ok 1 - good\.socksh: .*\n# .*status was 0\b")
        self.assertEqual(done.returncode, 1)

    def test_a_script_that_quits(self):
        self.assertIn("runs to its end", self.good("1 #=> 1\nquit\n2 #=> 3\n"))

    # JUnit

    def test_junit(self):
        self.write("one.socksh", '1 #=> 1\n"<&>\\xff" #=> "]]>"\n')
        self.write("two.socksh", "print 2 #| 2\n")
        done = self.check("--junit", "out.xml", "one.socksh", "two.socksh")
        self.assertEqual(done.returncode, 1)
        self.assertIn("\n1..5\n", done.stdout)
        root = xml.etree.ElementTree.parse(self.folder / "out.xml").getroot()
        suite = root if root.tag == "testsuite" else root.find("testsuite")
        self.assertEqual((suite.get("tests"), suite.get("failures")), ("5", "1"))
        cases = root.findall(".//testcase")
        self.assertEqual(len(cases), 5)
        failed = [case for case in cases if case.find("failure") is not None]
        self.assertEqual(len(failed), 1)
        self.assertIn("one.socksh", failed[0].get("classname", "") + failed[0].get("name"))
        self.assertIn("]]>", "".join(failed[0].itertext()))

    def test_junit_where_nothing_can_be_written(self):
        self.write("one.socksh", "1 #=> 1\n")
        done = self.check("--junit", "no/such/folder.xml", "one.socksh")
        self.assertEqual(done.returncode, 1)
        self.assertIn("no/such/folder.xml", done.stderr)

    def test_several_files_in_their_order(self):
        self.write("slow.socksh", "sleep 300ms\n1 #=> 1\n")
        self.write("quick.socksh", "2 #=> 2\n")
        out = self.check("slow.socksh", "quick.socksh").stdout
        self.assertEqual(re.findall("(?m)^ok (.*?): ", out),
                         ["1 - slow.socksh:2", "2 - slow.socksh", "3 - quick.socksh:1", "4 - quick.socksh"])


if __name__ == "__main__":
    unittest.main()
