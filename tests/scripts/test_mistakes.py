"""Malformed programs: what socksh says of each, where, with which status, and that nothing ran.

mistakes.txt holds the table; what is too long to be written down is made here. Line 1 of every
program prints and saves, so that a program of which anything ran would be noticed.
"""

import os
import pathlib
import re
import subprocess
import tempfile
import unittest

TABLE = pathlib.Path(__file__).with_name("mistakes.txt")
FIRST_LINE = b'print "RAN"; save "ran" "x"\n'
SOURCED = {  # files that some programs source
    "good.socksh": 'print "RAN"\n',
    "broken.socksh": 'print "RAN"\nx = 1\ny = frob 2\n',
    "twice.socksh": "def greet { }\n",
    "self.socksh": "source self.socksh\n",
}


def read_table():
    """(section, program, what is said) of each row."""
    section = ""
    for block in TABLE.read_text().split("\n\n"):
        lines = block.strip("\n").split("\n")
        if lines[0].startswith("## "):
            section = lines[0][3:]
        elif not lines[0].startswith("# "):
            said = [line[2:] for line in lines if line.startswith("| ")]
            yield section, "\n".join(lines[:len(lines) - len(said)]), said


def octets(program):
    """The program with ⟨1b⟩ and its like as the octets that they stand for."""
    return re.sub(rb"\xe2\x9f\xa8(..)\xe2\x9f\xa9", lambda found: bytes.fromhex(found[1].decode()),
                  program.encode())


class Mistakes(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.version = subprocess.run([os.environ["SOCKSH"], "--version"], capture_output=True,
                                     text=True, check=True).stdout.strip()

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="socksh-mistakes-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        for name, text in SOURCED.items():
            (self.folder / name).write_text(text)

    def run_program(self, program, *options):
        (self.folder / "mistake.socksh").write_bytes(FIRST_LINE + program + b"\n")
        return subprocess.run([os.environ["SOCKSH"], *options, "mistake.socksh"], cwd=self.folder,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=60,
                              env=os.environ | {"LC_ALL": "C.UTF-8"})

    def said(self, program, *options):
        """What socksh says of a program, without its file's name. Fails when anything ran."""
        (self.folder / "ran").unlink(missing_ok=True)
        run = self.run_program(program, *options)
        self.assertEqual((run.stdout, run.returncode), (b"", 2))
        self.assertFalse((self.folder / "ran").exists())
        said = re.sub(r"\Amistake\.socksh:", "", run.stderr.decode())
        return said.replace(self.version, "socksh VERSION").splitlines()

    def test_table(self):
        rows = list(read_table())
        self.assertGreater(len(rows), 80)
        for section, program, expected in rows:
            with self.subTest(section, program=program):
                self.assertEqual(self.said(octets(program)), expected)

    def test_checking_alone_says_the_same(self):
        for section, program, expected in list(read_table())[::10]:
            with self.subTest(section, program=program):
                self.assertEqual(self.said(octets(program), "-n"), expected)

    def test_the_first_line_is_noticed_when_it_runs(self):
        run = self.run_program(b"x = 1")
        self.assertEqual((run.stdout, run.stderr, run.returncode), (b"RAN\n", b"", 0))
        self.assertTrue((self.folder / "ran").exists())
        (self.folder / "ran").unlink()
        run = self.run_program(b"x = 1", "-n")
        self.assertEqual((run.stdout, run.stderr, run.returncode), (b"", b"", 0))
        self.assertFalse((self.folder / "ran").exists())

    def test_too_deep(self):
        message = "error: brackets, blocks and calls nest at most 200 deep"
        function = "def f x { return x }\n"
        for name, program, place in [
                ("parentheses", "x = " + "(" * 201 + "1" + ")" * 201, "2:205"),
                ("lists", "x = " + "[" * 201 + "1" + "]" * 201, "2:205"),
                ("indexes", "x = [0]; x = " + "x[" * 201 + "0" + "]" * 201, "2:414"),
                ("calls", function + "x = " + "(f " * 201 + "1" + ")" * 201, "3:605"),
                ("blocks", "if true { " * 201 + "}" * 201, "2:2004"),
                ("functions", "".join(f"def f{i:03} {{ " for i in range(201)), "2:2210"),
                ("blocks of actors", "@a { " * 201 + "}" * 201, "2:1004"),
                ("lines of actors", "@a " * 201 + "print 1", "2:604"),
                ("not", "x = " + "not " * 201 + "1", "2:805"),
                ("minus", "x = 1; x = " + "-" * 201 + "x", "2:212"),
                ("in a string", 'x = "{' + "(" * 201 + "1" + ")" * 201 + '}"', "2:205"),
                ("open (", "x = " + "(" * 200_000, "2:205"),
                ("open [", "x = " + "[" * 200_000, "2:205"),
                ("open {", "loop { " * 200_000, "2:1406"),
                ("open calls", "print (" * 200_000, "2:1407"),
        ]:
            with self.subTest(name):
                self.assertEqual(self.said(program.encode())[0], f"{place}: {message}")

    def test_too_long(self):
        message = "error: this is nested too deeply, or has too many operators in a row"
        for name, program, place in [
                ("sums", "x = 1" + " + 1" * 700, "2:2405"),
                ("and", "x = 1" + " and 1" * 700, "2:3605"),
                ("indexes", "x = [0]; x = x" + "[0]" * 700, "2:1814"),
        ]:
            with self.subTest(name):
                said = self.said(program.encode())
                self.assertEqual(said[0], f"{place}: {message}")
                self.assertEqual(said[2].strip(), "^  take parts of it into variables of their own")
        parameters = " ".join(f"p{i}" for i in range(256))
        self.assertEqual(self.said(f"def f {parameters} {{ }}".encode())[0],
                         "2:1172: error: a function takes at most 255 parameters")
        self.assertEqual(self.said(f"@{'a' * 64} print 1".encode())[0],
                         "2:2: error: an actor's name has at most 63 characters")
        self.assertEqual(self.said(f"@{'a' * 63} print 1 +".encode())[0][:6], "2:74: ")

    def test_depth_that_is_good(self):
        function = "def f x { return x }\n"
        for name, program in [
                ("parentheses", "x = " + "(" * 100 + "1" + ")" * 100),
                ("lists", "x = " + "[" * 100 + "1" + "]" * 100),
                ("calls", function + "x = " + "(f " * 100 + "1" + ")" * 100),
                ("blocks", "if true { " * 100 + "}" * 100),
                ("loops", "loop { " * 100 + "break" + "; break }" * 100),
                ("sums", "x = 1" + " + 1" * 500),
                ("else if", "if false { }" + " else if false { }" * 20_000),
                ("a long list", "x = [1" + ", 1" * 100_000 + "]"),
                ("statements", "x = 1; " * 100_000),
        ]:
            with self.subTest(name):
                run = self.run_program(program.encode())
                self.assertEqual((run.stdout, run.stderr, run.returncode), (b"RAN\n", b"", 0))

    def test_other_ways_in(self):
        for words, given in [(["-c", 'print "RAN"; x = ('], None), ([], b'print "RAN"; x = ('),
                             (["-"], b'print "RAN"; x = ('), (["-n", "-"], b'print "RAN"; x = (')]:
            with self.subTest(words):
                run = subprocess.run([os.environ["SOCKSH"], *words], input=given or b"",
                                     capture_output=True, timeout=60)
                self.assertEqual((run.stdout, run.returncode), (b"", 2))
                self.assertRegex(run.stderr.decode(), r"\A-c?:1:18: error: this \( is not closed\n")

    def test_byte_order_mark(self):
        (self.folder / "mark.socksh").write_bytes(b"\xef\xbb\xbfprint nosuch\r\n")
        run = subprocess.run([os.environ["SOCKSH"], "mark.socksh"], cwd=self.folder,
                             capture_output=True, timeout=60)
        self.assertEqual(run.stderr.decode().splitlines()[0],
                         'mark.socksh:1:7: error: nothing sets a variable "nosuch"')

    def test_mended_lines_read_well(self):
        """What stands for a line of another language can be typed as it is."""
        known = ("def tcplink a b { }\ns = 3; fd = 3; sock = 3; l = 3; x = 1; n = 1; buf = \"\"; data = \"\"; d = \"\"; "
                 "buffer = [\"a\"]; html = \"\"; addr = [\"h\", 80]\n")
        checked = 0
        for section, program, said in read_table():
            mended = re.search(r"  \^+  write (.*)$", said[-1] if said else "")
            if not section.startswith("lines of Python") or not mended or re.search("SOCKET|VALUE|{name}|write def | ~ ", said[-1]):
                continue
            line = mended[1]
            if line.endswith("{"):
                line += " }"
            if line.startswith("try"):
                line += " catch e { }"
            if line.startswith("} else"):
                line = "if x { " + line
            if line.startswith("} catch"):
                line = "try { " + line
            if line.endswith("break }"):
                line = "loop { " + line + " }"
            with self.subTest(program=program, mended=line):
                run = self.run_program((known + line).encode(), "-n")
                self.assertEqual((run.stderr.decode(), run.returncode), ("", 0))
            checked += 1
        self.assertGreater(checked, 50)
