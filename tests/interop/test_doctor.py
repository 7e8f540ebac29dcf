"""doctor: one line for each thing that lessons use, and an exit status."""

import fcntl
import os
import pathlib
import pty
import re
import resource
import shutil
import struct
import subprocess
import termios
import unittest

import peers
from peers import ALLOWED, NOBODY
from test_network import FORBID_ALL

LESSONS = pathlib.Path(__file__).resolve().parents[2] / "lessons"
NAMES = ["own network", "port 80", "capture", "127.0.0.2", "::1", "descriptors", "locale", "terminal", "signs", "colours",
         "lessons"]


class Doctor(peers.PeerTest):
    def examine(self, *before, program=peers.SOCKSH, environment=(), **options):
        """What it says: {name: (mark, text)}; and the exit status."""
        done = subprocess.run([*before, program, "doctor"], cwd=self.folder, text=True, timeout=peers.LIMIT,
                              env=os.environ | {"SOCKSH_LESSONS": str(LESSONS)} | dict(environment),
                              **({"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE} | options))
        return self.read(done.stdout), done.returncode

    def read(self, text):
        found, name = {}, None
        for line in text.splitlines()[:-1]:
            if mark := re.fullmatch(r"(ok|no|--)  (.{11})  (.+)", line):
                name = mark[2].rstrip()
                found[name] = [mark[1], mark[3]]
            else:
                self.assertTrue(line.startswith(" " * 17), line)
                found[name][1] += " " + line.strip()
            self.assertLessEqual(len(line), 80)
        self.assertEqual(list(found), NAMES)
        return found

    def expect_missing(self, names, found, status):
        missing = [name for name in found if found[name][0] == "no"]
        self.assertEqual(missing, names)
        self.assertEqual(status, 1 if names else 0)

    @unittest.skipUnless(ALLOWED and peers.has_ipv6(), "not all is here")
    def test_all_is_here(self):
        self.expect_missing([], *self.examine())
        if os.getuid() == 0:
            self.folder.chmod(0o755)
            program = shutil.copy(peers.SOCKSH, self.folder / "socksh")
            shutil.copytree(LESSONS, self.folder / "lessons")
            self.expect_missing([], *self.examine(program=program, user=NOBODY, group=NOBODY, extra_groups=[],
                                                  environment={"SOCKSH_LESSONS": str(self.folder / "lessons")}))

    @unittest.skipUnless(ALLOWED, "namespaces are not allowed here")
    def test_without_an_own_network(self):
        way = ["unshare", "-Ur", "sh", "-c", FORBID_ALL + ' && exec "$@"', "sh"]
        found, status = self.examine(*way)
        self.assertEqual((found["own network"][0], status), ("no", 1))
        self.assertIn("user.max_user_namespaces is 0", found["own network"][1])
        self.assertEqual(found["capture"][0], "no")
        self.assertRegex(found["capture"][1], "^EPERM No packet is seen")

    def test_descriptors(self):
        limit = lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (500, 500))
        found, status = self.examine(preexec_fn=limit)
        self.assertEqual((found["descriptors"][0], status), ("no", 1))
        self.assertTrue(found["descriptors"][1].startswith("500 at a time"))

    def test_locale(self):
        found, status = self.examine(environment={"LC_ALL": "C"})
        self.assertEqual((found["locale"][0], status), ("no", 1))

    def test_lessons(self):
        program = shutil.copy(peers.SOCKSH, self.folder / "socksh")
        found, _ = self.examine(program=program)
        self.assertRegex(found["lessons"][1], rf"^\d+ in {LESSONS}$")

    def on_terminal(self, columns, rows, report, **environment):
        """As on a terminal of that size, which tells that it has the cursor in column `report` behind a sign."""
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        child = subprocess.Popen([peers.SOCKSH, "doctor"], stdin=slave, stdout=slave, cwd=self.folder,
                                 env=os.environ | {"TERM": "xterm", "SOCKSH_LESSONS": str(LESSONS)} | environment)
        os.close(slave)
        text = b""
        while True:
            try:
                text += os.read(master, 4096)
            except OSError:  # EIO: nobody has the other end any more
                break
            if b"\x1b[6n" in text:
                text = text.replace("\r│\x1b[6n".encode(), b"")
                os.write(master, b"\x1b[1;%dR" % report)
        os.close(master)
        return self.read(text.decode().replace("\r\x1b[K", "").replace("\r\n", "\n")), child.wait(peers.LIMIT)

    def test_terminal(self):
        found, _ = self.on_terminal(70, 22, 2)
        self.assertEqual(found["terminal"], ["ok", "70 columns, 22 rows"])
        self.assertEqual(found["signs"], ["ok", "one column wide"])
        self.assertEqual(found["colours"], ["ok", "shown, since TERM is xterm"])

    def test_small_terminal(self):
        for columns, rows in (69, 22), (70, 21):
            found, status = self.on_terminal(columns, rows, 2)
            self.assertEqual((found["terminal"][0], status), ("no", 1))

    def test_wide_signs_and_no_colours_are_no_failure(self):
        found, _ = self.on_terminal(80, 24, 3, NO_COLOR="1")
        self.assertEqual((found["signs"][0], found["colours"][0]), ("--", "--"))
        self.assertEqual(self.on_terminal(80, 24, 2, TERM="dumb")[0]["colours"][0], "--")

    def test_words(self):
        done = subprocess.run([peers.SOCKSH, "doctor", "who"], capture_output=True, timeout=peers.LIMIT)
        self.assertEqual((done.returncode, done.stdout), (2, b""))


if __name__ == "__main__":
    unittest.main()
