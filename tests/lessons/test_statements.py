"""Each claim of the tutorials that the lessons replay is shown somewhere: statements.tsv says where.

A place is a lesson (`05`: the text stands in its English page) or a screen of help (`help udp`: the text stands there).
"""

import pathlib
import subprocess
import unittest

import learners
import pages

TABLE = pathlib.Path(__file__).with_name("statements.tsv")
NUMBERS = [*map(str, range(1, 20)), "20a", "20b", *map(str, range(21, 100))]


def rows():
    for line in TABLE.read_text().splitlines():
        if not line.startswith("#"):
            yield line.split("\t")


def squeezed(text):
    return " ".join(text.split())


class Statements(unittest.TestCase):
    def test_none_is_missing(self):
        self.assertEqual([row[0] for row in rows()], NUMBERS)

    def test_each_stands_where_it_says(self):
        lessons = {folder.name[:2]: squeezed((folder / "en.md").read_text()) for folder in pages.folders()}
        for number, place, text, claim in rows():
            with self.subTest(number):
                self.assertTrue(claim)
                self.assertGreaterEqual(len(text), 4)
                word, _, name = place.partition(" ")
                if word == "help":
                    shown = subprocess.run([learners.SOCKSH, "-c", f"help {name}"], capture_output=True, text=True,
                                           timeout=20).stdout
                    self.assertIn(squeezed(text), squeezed(shown))
                else:
                    self.assertIn(squeezed(text), lessons[place])


if __name__ == "__main__":
    unittest.main()
