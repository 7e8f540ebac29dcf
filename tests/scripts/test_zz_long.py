"""Good programs with random damage: refused or accepted, never a crash, a hang or half a run.

The seed is fixed, so that a failure comes again. Many more texts are tried in one process by
tests/unit/test_program.c and tests/fuzz/program.c.
"""

import os
import pathlib
import random
import re
import subprocess
import tempfile
import time
import unittest

HERE = pathlib.Path(__file__).parent
PROGRAMS = sorted([*HERE.glob("*.socksh"), *HERE.parent.parent.glob("examples/**/*.socksh")])
SECONDS, MOST = 150, 9000
TOKEN = re.compile(rb"\s+|\w+|\"[^\"\n]*\"|[^\w\s]")
OCTETS = b"\"'{}()[]\\\n\r\t #;,.:|&=<>@*%/-+_0aZ\x00\x1b\x7f\x80\xc3\xe2\xff"
WORDS = [word.encode() for word in (
    "{", "}", "(", ")", "[", "]", "if ", "else ", "def ", "loop ", "try ", "catch ", "@a ", "spawn ",
    "source ", "return", "break", "not ", "in ", "and ", "x = ", '"', "'", '"{', "0x", "010", "1s",
    "127.0.0.1:80", "[::1]:80", "AF_INET", "MSG_PEEK|", "#=> ", "\\\n", "print ", "append ", "len ",
    "99999999999999999999", "“", "世")]


def damage(dice, text):
    """`text` with one thing wrong: octets, tokens or lines deleted, doubled, swapped or put in."""
    kind = dice.randrange(3)
    pieces = ([bytes([octet]) for octet in text] if kind == 0 else
              TOKEN.findall(text) if kind == 1 else text.splitlines(keepends=True))
    i, j = dice.randrange(len(pieces)), dice.randrange(len(pieces))
    deed = dice.randrange(5)
    if deed == 0:
        del pieces[i:i + dice.choice([1, 1, 1, 2, 5])]
    elif deed == 1:
        pieces.insert(i, pieces[i])
    elif deed == 2:
        pieces[i], pieces[j] = pieces[j], pieces[i]
    elif deed == 3:
        pieces.insert(i, bytes([dice.choice(OCTETS)]) if kind == 0 else dice.choice(WORDS))
    else:
        pieces[i:] = []
    return b"".join(pieces)


class Damage(unittest.TestCase):
    def run_program(self, *words):
        try:
            return subprocess.run([os.environ["SOCKSH"], *words], cwd=self.folder,
                                  stdin=subprocess.DEVNULL, capture_output=True, timeout=30)
        except subprocess.TimeoutExpired:
            self.fail("it hangs")

    def look_at(self, program):
        """Fails unless the program is accepted, or refused before anything of it ran."""
        pathlib.Path(self.folder, "damaged.socksh").write_bytes(b'print "RAN"\n' + program)
        run = self.run_program("-n", "damaged.socksh")
        said = run.stderr.decode(errors="replace")
        self.assertEqual(run.stdout, b"")
        self.assertIn(run.returncode, (0, 2), said)
        if run.returncode == 0:
            self.assertEqual(said, "")
            return False
        place = re.match(r"damaged\.socksh:(\d+):(\d+): error: .", said)
        self.assertTrue(place, said)
        self.assertLessEqual(int(place[1]), program.count(b"\n") + 2, said)
        again = self.run_program("damaged.socksh")
        self.assertEqual((again.stdout, again.stderr, again.returncode), (b"", run.stderr, 2))
        return True

    def test_damage(self):
        dice = random.Random(77)
        texts = [path.read_bytes() for path in PROGRAMS]
        end = time.monotonic() + SECONDS
        refused = 0
        with tempfile.TemporaryDirectory(prefix="socksh-damage-") as self.folder:
            for _ in range(MOST):
                program = dice.choice(texts)
                for _ in range(dice.choice([1, 1, 1, 2, 4])):
                    program = damage(dice, program) or b"\n"
                try:
                    refused += self.look_at(program)
                except AssertionError:
                    with tempfile.NamedTemporaryFile(prefix="damaged-", delete=False) as kept:
                        kept.write(b'print "RAN"\n' + program)
                    print(f"the program is in {kept.name}")
                    raise
                if time.monotonic() > end:
                    break
        self.assertGreater(refused, 20)
