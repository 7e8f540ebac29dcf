"""Ctrl-C, Ctrl-Z, interrupt and quit in calls that wait, over and over, with three other actors waiting: none is lost, none
hangs. On a pseudo-terminal whose output is read as it comes."""

import os
import pty
import re
import select
import signal
import tempfile
import time
import unittest

SOCKSH = os.environ["SOCKSH"]
LIMIT = 30   # seconds after which what is waited for will not come
ROUNDS = int(os.environ.get("SOCKSH_ROUNDS", "200"))


class Prompt:
    """A prompt on a terminal of its own; `read` keeps what it has shown since the last wait."""

    def __init__(self):
        self.home = tempfile.TemporaryDirectory(prefix="socksh-interruptions-")
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            environment = {"PATH": os.environ["PATH"], "HOME": self.home.name, "TERM": "dumb",
                           "LANG": "C.UTF-8", "SOCKSH_HISTFILE": "", "INPUTRC": "/dev/null",
                           "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "")}
            try:
                os.execve(SOCKSH, [SOCKSH], environment)
            finally:
                os._exit(127)  # this child must not go on as a second run of the tests
        self.read = ""
        self.wait_for(r"main> $")

    def send(self, text):
        os.write(self.fd, text.encode())

    def wait_for(self, pattern):
        """Waits until what came since the last wait matches; forgets it. Returns the match."""
        deadline = time.monotonic() + LIMIT
        while not (match := re.search(pattern, self.read)):
            ready, _, _ = select.select([self.fd], [], [], max(0, deadline - time.monotonic()))
            if not ready:
                raise AssertionError(f"waited in vain for {pattern!r} after:\n{self.read}")
            try:
                self.read += os.read(self.fd, 65536).decode(errors="replace").replace("\r", "")
            except OSError as error:
                raise AssertionError(f"ended before {pattern!r}, after:\n{self.read}") from error
        self.read = self.read[match.end():]
        return match

    def run(self, line, prompt=r"\w+> $"):
        """Types a line and waits for the next prompt. Returns what came in between."""
        self.send(line + "\n")
        self.wait_for(re.escape(line) + r"\n")
        return self.wait_for(r"(?s)^(.*?)(?:^|\n)" + prompt)[1]

    def end(self):
        """Waits for the end. Returns the exit status."""
        deadline = time.monotonic() + LIMIT
        while True:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.pid = 0
                return os.waitstatus_to_exitcode(status)
            if time.monotonic() > deadline:
                raise AssertionError("does not end")
            if select.select([self.fd], [], [], 0.01)[0]:
                try:
                    os.read(self.fd, 65536)
                except OSError:
                    pass

    def close(self):
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self.fd)
        self.home.cleanup()


SET_UP = [
    "trace off",
    "set values off",
    "l = socket; bind l 127.0.0.1:0; listen l 0; a = getsockname l",
    "filler = socket; connect filler a",     # the backlog is full now: the next client waits
    "quiet = socket AF_INET SOCK_DGRAM; bind quiet 127.0.0.1:0",
    "idle = socket; bind idle 127.0.0.1:0; listen idle",
    "nobody = socket AF_INET SOCK_DGRAM; bind nobody 127.0.0.1:0",
    "@one accept 6", "@two recv 7 10", "@three sleep 100m",
]

CALLS = ["accept idle", "recv quiet 10", "c = socket; connect c a", "sleep 100m"]


class Interruptions(unittest.TestCase):
    def setUp(self):
        self.prompt = Prompt()
        self.addCleanup(self.prompt.close)
        for line in SET_UP:
            self.prompt.run(line)

    def others_still_wait(self):
        listed = self.prompt.run("actors")
        for call in ("one +waiting in accept 6", "two +waiting in recv 7", "three +waiting in sleep"):
            self.assertRegex(listed, call)

    def test_ctrl_c_ends_the_call_and_nothing_else(self):
        for number in range(ROUNDS):
            call = CALLS[number % len(CALLS)]
            with self.subTest(number=number, call=call):
                self.prompt.send(call + "\n")
                self.prompt.wait_for(re.escape(call) + r"\n")
                self.prompt.send("\x03")
                self.prompt.wait_for(r"(?s)error: EINTR: .*\nmain> $")
                if call.startswith("c ="):
                    self.prompt.run("close c")
        self.others_still_wait()

    def test_ctrl_z_leaves_it_and_interrupt_ends_it(self):
        for number in range(ROUNDS):
            call = CALLS[number % len(CALLS)]
            with self.subTest(number=number, call=call):
                self.prompt.send(call + "\n")
                self.prompt.wait_for(re.escape(call) + r"\n")
                self.prompt.wait_for(r"waits\.") if number < 4 else None
                self.prompt.send("\x1a")
                self.prompt.wait_for(r"(?s)main (?:is left waiting|goes on by itself).*\nfour> $")
                self.interrupt_main()
                self.prompt.run("@main")
                if call.startswith("c ="):
                    self.prompt.run("close c")
        self.others_still_wait()

    def interrupt_main(self):
        """Asked again while it has not begun to wait: an actor that does not wait cannot be interrupted."""
        deadline = time.monotonic() + LIMIT
        self.prompt.send("interrupt main\n")
        while True:
            match = self.prompt.wait_for(r"(does not wait in a call)|(main │ error: EINTR)")
            if match[2]:
                break
            self.assertLess(time.monotonic(), deadline)
            self.prompt.send("interrupt main\n")
        self.prompt.send("\n")
        self.prompt.wait_for(r"four> $")
        self.prompt.run("trace off")


class Quitting(unittest.TestCase):
    def test_quit_with_all_of_them_waiting(self):
        for number in range(ROUNDS):
            call = CALLS[number % len(CALLS)]
            with self.subTest(number=number, call=call):
                prompt = Prompt()
                try:
                    for line in SET_UP:
                        prompt.run(line)
                    prompt.send(call + "\n")
                    prompt.wait_for(re.escape(call) + r"\n")
                    prompt.send("\x1a")
                    prompt.wait_for(r"(?s)main (?:is left waiting|goes on by itself).*\nfour> $")
                    prompt.send("quit\n")
                    self.assertEqual(prompt.end(), 0)
                finally:
                    prompt.close()


class Leaving(unittest.TestCase):
    """Each way out, with actors that wait, compute and were spawned."""

    def leave(self, act, status):
        prompt = Prompt()
        self.addCleanup(prompt.close)
        for line in SET_UP:
            prompt.run(line)
        prompt.run("def spin { loop { } }")
        prompt.run("t = spawn spin")
        prompt.run("def hold { sleep 100m }")
        prompt.run("u = spawn hold")
        act(prompt)
        self.assertEqual(prompt.end(), status)

    def test_ctrl_d(self):
        self.leave(lambda prompt: prompt.send("\x04"), 0)

    def test_exit_status(self):
        self.leave(lambda prompt: prompt.send("exit 3\n"), 3)

    def test_sigterm(self):
        self.leave(lambda prompt: os.kill(prompt.pid, signal.SIGTERM), 128 + signal.SIGTERM)

    def test_sighup(self):
        self.leave(lambda prompt: os.kill(prompt.pid, signal.SIGHUP), 128 + signal.SIGHUP)

    def test_sigterm_in_a_waiting_call(self):
        def act(prompt):
            prompt.send("accept idle\n")
            prompt.wait_for(r"accept idle\n")
            os.kill(prompt.pid, signal.SIGTERM)
        self.leave(act, 128 + signal.SIGTERM)


if __name__ == "__main__":
    unittest.main()
