"""Lessons that mean no good: each ends within its limits, with a reason, and leaves nothing behind."""

import glob
import os
import pathlib
import re
import resource
import signal
import subprocess
import time
import unittest

import learners

HEAD = "---\ntitle: T\nminutes: 5\n---\n"  # four lines
SIZE = 256 * 1024
TIME = 30  # seconds that a lesson may take
MARK = f"mark-{os.getpid()}"  # a file that each makes in its folder


def block(text):
    return f"```socksh\nsave \"{MARK}\" \"x\"\n{text}\n```\n"


ROWS = [
    ("computing without end", block("loop { }"), "main: computing"),
    ("printing without end", block("loop { print \"x\" }"), "more than 1048576 octets were printed"),
    ("sockets without end", block("loop { socket }"), "error EMFILE"),
    ("a text that doubles without end", block("x = \"a\"; loop { x = \"{x}{x}\" }"),
     "error ENOMEM|main: computing"),  # a busy computer takes longer to give so much memory than a step may take
    ("a list in itself", block("x = [\"a\"]; loop { append x x }"), "error lists nest"),
    ("a function that calls itself", block("def f { f }\nf"), "error calls nest too deeply"),
    ("actors that make actors", block("def f { spawn f; spawn f }\nf"), "error: EAGAIN"),
    ("actors that stay", block("def f { sleep 1000s }\nloop { spawn f }"), "error EAGAIN"),
    ("actors that fail", block("def f { fail \"on purpose\" }\nloop { spawn f }"), "on purpose"),
    ("statements for others without end", block("loop { @b sleep 1ms }"), "queued"),
    ("sleeping for long", block("sleep 1000s"), "waiting in sleep for 5 s"),
    ("sending to nobody", block("a, b = socketpair\nloop { send a \"x\" }"), "waiting in send 3 for 5 s (nobody reads)"),
    ("a file without end", block("x = \"aaaaaaaa\"; for i in range 22 { x = \"{x}{x}\" }; save \"f\" x"), "error EFBIG"),
    ("files without end", block("n = 0\nloop { save \"f{n}\" \"x\"; n = n + 1 }"), "a lesson's folder is full"),
    ("unix: sockets without end", block("n = 0\nloop { s = socket AF_UNIX; bind s \"unix:s{n}\"; close s; n = n + 1 }"),
     "a lesson's folder is full"),
    ("quit", block("x = 1; quit; x = 2"), "the program was to end"),
    ("exit", block("exit 0"), "the program was to end"),
    ("killing oneself", block("kill main"), "the program was to end"),
    ("closing everything", block("for i in range 1024 { try { close i } catch e { } }\n1 #=> 2"), "wanted: 2"),
    ("a check that takes for ever", "```socksh task\nfor i in range 600 { socket }\n```\n```check\n"
     "(state ?a) == \"X\"\n(state ?b) == \"X\"\n(state ?c) == \"X\"\n```\n", "this check does not hold"),
    ("a file above", block("save \"../x\" \"x\""), "error a lesson reads and writes files only in its own folder"),
    ("a file elsewhere", block("load \"/etc/passwd\""), "error a lesson reads and writes files only in its own folder"),
    ("a program elsewhere", block("source /etc/passwd"), "a lesson reads and writes files only in its own folder"),
    ("a socket elsewhere", block(f"s = socket AF_UNIX; bind s unix:/tmp/{MARK}"), "error a lesson's unix: sockets are in its own folder"),
    ("another computer", block("s = socket; connect s 192.0.2.1:80"), "error ENETUNREACH"),
    ("a command of the system", block("!touch x"), "error"),
    ("an actor above", "```socksh ../x\n1\n```\n", "\"../x\" is not known here"),
    ("an actor that controls the terminal", "```socksh \x1b[2J\n1\n```\n", "a lesson is UTF-8 without control characters"),
    ("a program above", "```program ../x\n1\n```\n", "a program wants a file's name"),
    ("a program at the root", "```program /etc/passwd\n1\n```\n", "a program wants a file's name"),
    ("a program on standard input", "```program -\n1\n```\n", "a program wants a file's name"),
    ("blocks without end", HEAD + "```\n" * ((SIZE - 100) // 4 | 1), "this block has no end"),
    ("steps without end", HEAD + "```socksh\n```\n" * ((SIZE - 100) // 14), "at most 200 steps"),
    ("one bracket after the other", block("(" * (SIZE - 1000)), "nest at most 200 deep"),
    ("what is too large", "x\n" * SIZE, "a lesson has at most 262144 octets"),
]
GOOD = [
    ("one line", "x" * (SIZE - 100)),
    ("one line of statements", block("1;" * (SIZE // 2 - 1000))),
    ("blocks that are shown", "```\n" * ((SIZE - 100) // 8 * 2)),
    ("asking who is there", block("input \"name? \"")),
]


class Hostile(learners.LearnerTest):
    def left(self):
        return glob.glob(f"/tmp/socksh-lesson-*/{MARK}") + glob.glob(f"/tmp/{MARK}")

    def path(self, number, text):
        path = self.folder / f"{number:02}.md"
        path.write_text(text if text.startswith("---") else HEAD + text)
        return path

    def check(self, *words):
        """[status, results with their reasons, seconds]. Nothing reads or writes the terminal."""
        begin = time.monotonic()
        done = subprocess.run([learners.SOCKSH, "check", *words], stdin=subprocess.DEVNULL, capture_output=True, timeout=100,
                              env=os.environ | {"LANGUAGE": "en"})
        self.assertEqual(done.stderr, b"")
        self.assertNotRegex(done.stdout, rb"[\x00-\x08\x0b-\x1f\x7f]")
        results = re.findall(r"^(ok|not ok) \d+ - (.*\n(?:#.*\n)*)", done.stdout.decode(), re.MULTILINE)
        self.assertLess(max(map(len, done.stdout.splitlines())), 2000)
        return done.returncode, results, time.monotonic() - begin

    def test_each_ends_with_a_reason(self):
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        status, results, seconds = self.check(*[self.path(i, text) for i, (_, text, _) in enumerate(ROWS)])
        self.assertEqual(status, 1)
        for number, (what, _, reason) in enumerate(ROWS):
            with self.subTest(what):
                told = "".join(text for result, text in results
                               if result == "not ok" and f"/{number:02}.md" in text.partition("\n")[0])
                self.assertTrue(any(one in told for one in reason.split("|")), told)
                self.assertNotIn("its process ends well", told)
                self.assertLess(len(told), 10000)
        self.assertLess(seconds, 2 * TIME)
        self.assertLess(max(before, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss), 1.2 * 1024 * 1024)  # KiB
        self.assertEqual(self.left(), [])

    def test_some_are_only_large(self):
        status, results, _ = self.check(*[self.path(i, text) for i, (_, text) in enumerate(GOOD)])
        self.assertEqual((status, [text for result, text in results if result != "ok"]), (0, []))

    def test_nothing_is_left_when_it_is_ended(self):
        path = self.path(0, block("sleep 1000s"))
        for number in signal.SIGINT, signal.SIGTERM, signal.SIGHUP:
            with self.subTest(number.name):
                child = subprocess.Popen([learners.SOCKSH, "check", path], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
                deadline = time.monotonic() + 20
                while not self.left():
                    self.assertLess(time.monotonic(), deadline)
                    time.sleep(0.01)
                processes = [int(pathlib.Path(one).parent.name) for one in glob.glob("/proc/[0-9]*/cwd")
                             if self.runs_in(one)]
                self.assertEqual(len(processes), 1)
                folder = pathlib.Path(os.readlink(f"/proc/{processes[0]}/cwd"))
                child.send_signal(number)
                self.assertEqual(child.wait(20), -number)
                self.assertFalse(folder.exists())
                self.assertFalse(pathlib.Path(f"/proc/{processes[0]}").exists())

    def runs_in(self, link):
        try:
            return (pathlib.Path(os.readlink(link)) / MARK).exists()
        except OSError:  # it has ended, or is somebody else's
            return False


if __name__ == "__main__":
    unittest.main()
