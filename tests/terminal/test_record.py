"""`socksh record`: what is typed becomes a lesson that `socksh check` runs, whatever ends the recording."""

import os
import pathlib
import signal
import subprocess
import tempfile
import unittest

import terminal

BEGIN = "What you type from here on becomes a lesson"


class Record(terminal.Case):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="socksh-record-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.path = self.folder / "mine.md"

    def recorder(self, words=""):
        screen = self.terminal(started=False)
        screen.start(f"record {words} {self.folder}/mine")
        screen.shows(BEGIN)
        return screen

    def end(self, screen):
        screen.put("quit")
        screen.key("Enter")
        self.assertEqual(screen.ended(), 0)
        return self.path.read_text()

    def check(self, path=None):
        done = subprocess.run([terminal.SOCKSH, "check", path or self.path], stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, timeout=60)
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout + self.path.read_text())
        return done.stdout

    def blocks(self):
        """[(actor, [line, …]), …] with the blanks before expectations as one."""
        found = []
        for line in self.path.read_text().splitlines():
            if line.startswith("```socksh"):
                found.append((line[10:] or "main", []))
            elif line == "```":
                found.append(None)
            elif found and found[-1]:
                found[-1][1].append(" ".join(line.split()) if "#=>" in line else line)
        return [block for block in found if block]

    def test_several_actors(self):
        screen = self.recorder()
        screen.enter("@server l = socket")
        screen.enter("@server bind l 127.0.0.1:9999; listen l 5")
        self.assertEqual(screen.enter("@server conn, peer = accept l")[-1:], ["server is left waiting in accept 3"])
        screen.enter("c = socket")
        screen.put("connect c 127.0.0.1:9999")
        screen.key("Enter")
        screen.shows(r"^server │ conn, peer = 5, 127\.0\.0\.1:\d+$")
        screen.wait_for_prompt("main> ")
        screen.enter("getsockname c")
        screen.enter("@server", prompt="server> ")
        screen.enter('send conn "Welcome!"')
        screen.enter("@main", prompt="main> ")
        screen.enter("recv c 1024")
        screen.enter("close 400")
        screen.enter('print "one"; print "two"')
        self.end(screen)
        self.assertEqual(self.blocks(), [
            ("server", ["l = socket #=> <l>", "bind l 127.0.0.1:9999; listen l 5", "conn, peer = accept l #=> waits"]),
            ("main", ["c = socket #=> <c>", "connect c 127.0.0.1:9999"]),
            ("server", ["#=> <conn>, 127.0.0.1:<port>"]),
            ("main", ["getsockname c #=> 127.0.0.1:<port>"]),
            ("server", ['send conn "Welcome!" #=> 8']),
            ("main", ['recv c 1024 #=> "Welcome!"', "close 400 #=> error EBADF", 'print "one"; print "two"', "#| one",
                      "#| two"])])
        self.assertIn("ok 1 - ", self.check())

    def test_inputs_of_several_lines(self):
        screen = self.recorder()
        for line in "def double n {", "    return n * 2":
            screen.put(line)
            screen.key("Enter")
            screen.until(lambda: screen.edited().endswith("...>"), "another line is wanted")
        screen.put("}")
        screen.key("Enter")
        screen.wait_for_prompt("main> ")
        screen.enter("double 21")
        screen.enter("conect 1")  # a mistake, which runs nothing
        screen.enter("x = [1, 2]")
        self.end(screen)
        self.assertEqual(self.blocks(), [("main", ["def double n {", "    return n * 2", "}", "double 21 #=> 42",
                                                   "x = [1, 2] #=> [1, 2]"])])
        self.check()

    def test_a_name_that_is_taken(self):
        self.path.write_text("by hand\n")
        screen = self.terminal(started=False)
        screen.start(f"record {self.folder}/mine", prompt=None)
        self.assertEqual(screen.ended(), 2)
        screen.shows(r"cannot make .*mine\.md: File exists")
        self.assertEqual(self.path.read_text(), "by hand\n")

    def test_wrong_words(self):
        screen = self.terminal(started=False)
        for words in "", "one two", "--wrong":
            with self.subTest(words):
                screen.put("clear")
                screen.key("Enter")
                screen.wait_for_prompt(terminal.SHELL)
                screen.start(f"record {words}", prompt=None)
                self.assertEqual(screen.ended(), 2)
                screen.shows("record wants a terminal and one name")

    def test_without_a_terminal(self):
        done = subprocess.run([terminal.SOCKSH, "record", self.folder / "mine"], stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, timeout=20)
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertFalse(self.path.exists())

    def test_nothing_typed(self):
        screen = self.recorder()
        screen.key("C-d")
        self.assertEqual(screen.ended(), 0)
        screen.shows("nothing is written")
        self.assertFalse(self.path.exists())

    def test_what_a_killed_one_leaves_is_a_lesson(self):
        for number in signal.SIGKILL, signal.SIGTERM, signal.SIGHUP:
            with self.subTest(number.name):
                self.path.unlink(missing_ok=True)
                screen = self.recorder()
                screen.enter("@r a, b = socketpair")
                screen.enter("@r recv a 9")
                screen.enter("x = 5")
                os.kill(screen.pid, number)
                screen.until(lambda: not self.runs(screen.pid), "it has ended")
                self.assertEqual(self.blocks(), [("r", ["a, b = socketpair #=> <a>, <b>", "recv a 9 #=> waits"]),
                                                 ("main", ["x = 5 #=> 5"])])
                self.check()

    def runs(self, pid):
        try:
            return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
        except OSError:
            return False

    def test_on_the_computers_network(self):
        screen = self.recorder("--host")
        screen.enter("l = socket; bind l 127.0.0.1:0; listen l")
        screen.enter("getsockname l")
        self.end(screen)
        self.assertRegex(self.path.read_text(), r"getsockname l +#=> 127\.0\.0\.1:<port>\n")
        self.check()


if __name__ == "__main__":
    unittest.main()
