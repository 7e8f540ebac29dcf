"""diagram: the picture of a conversation, at three widths, in Unicode and in ASCII, as text that is compared.

The text of one run is the text of each: what differs by itself, times, is replaced. SOCKSH_GOLDEN=write writes it anew.
"""

import os
import pathlib
import re
import unicodedata
import unittest

import peers
from test_loss import on_terminal

SCRIPTS = pathlib.Path(__file__).resolve().parent / "diagram"
UNICODE = {"LC_ALL": "C.UTF-8", "LANGUAGE": ""}
NAMES = sorted(path.stem for path in SCRIPTS.glob("*.socksh"))


def width(line):
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in line)


def without_times(text):
    return re.sub(r"\b\d+ ms", "NNN ms", text)


@unittest.skipUnless(peers.ALLOWED, "namespaces are not allowed here")
class Pictures(peers.PeerTest):
    def draw(self, script, columns, *options, **environment):
        return without_times(on_terminal(columns, peers.SOCKSH, "--sandbox", *options, SCRIPTS / f"{script}.socksh",
                                         env=os.environ | UNICODE | environment))

    def compare(self, golden, script, columns, *options, **environment):
        """Again when it differs: an acknowledgement comes by itself after 40 ms, on a very busy computer before the answer."""
        golden = SCRIPTS / f"{golden}.txt"
        for _ in range(3):
            text = self.draw(script, columns, *options, **environment)
            if os.environ.get("SOCKSH_GOLDEN") == "write":
                golden.write_text(text)
            if text == golden.read_text():
                break
        self.assertEqual(text, golden.read_text())
        for line in text.splitlines():
            self.assertLessEqual(width(line), columns, line)
        return text

    def test_pictures_at_three_widths(self):
        for name in NAMES:
            for columns in (60, 80, 200):
                with self.subTest(name, columns=columns):
                    self.compare(f"{name}.{columns}", name, columns)

    def test_pictures_in_ascii(self):
        for name in NAMES:
            with self.subTest(name):
                text = self.compare(f"{name}.ascii", name, 80, LC_ALL="C")
                if name != "hello":
                    self.assertTrue(text.isascii(), text)

    def test_picture_in_chinese(self):
        self.compare("loss.zh", "loss", 80, "--lang=zh")


if __name__ == "__main__":
    unittest.main()
