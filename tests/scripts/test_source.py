"""`source`: another file is read, checked and run with the one that holds it."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

SOCKSH = os.environ["SOCKSH"]


class Source(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)

    def write(self, name, text):
        (self.folder / name).write_bytes(text.encode())

    def socksh(self, *words):
        return subprocess.run([SOCKSH, *words], cwd=self.folder, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=60)

    def test_shares_variables_functions_and_arguments(self):
        self.write("tools.socksh", "def double x { return x * 2 }\ny = double x\nprint args\n")
        self.write("main.socksh", "x = 4\nsource tools.socksh\nprint y (double y)\n")
        done = self.socksh("main.socksh", "a", "b c")
        self.assertEqual((done.stdout, done.stderr), ('["a", "b c"]\n8 16\n', ""))

    def test_functions_are_known_before_it_stands(self):
        self.write("tools.socksh", "def greet name { print \"Hello, {name}!\" }\n")
        self.write("main.socksh", 'greet "Sarah"\nsource tools.socksh\n')
        self.assertEqual(self.socksh("main.socksh").stdout, "Hello, Sarah!\n")

    def test_runs_where_and_when_it_stands(self):
        self.write("one.socksh", "n = n + 1\n")
        self.write("main.socksh", "n = 0\nfor i in range 3 { source one.socksh }\n"
                                  "if false { source one.socksh }\nprint n\n")
        self.assertEqual(self.socksh("main.socksh").stdout, "3\n")

    def test_other_line_ends_a_mark_and_a_name_in_quotes(self):
        self.write("two words.socksh", "\ufeffx = 1\r\nif x == 1 {\r\n    print 'crlf'\r\n}\r\n")
        self.write("main.socksh", 'source "two words.socksh"\n')
        self.assertEqual(self.socksh("main.socksh").stdout, "crlf\n")

    def test_an_error_is_told_with_the_place_in_that_file(self):
        self.write("tools.socksh", "x = 1\nclose 400\n")
        self.write("main.socksh", "print 1\nsource tools.socksh\n")
        done = self.socksh("main.socksh")
        self.assertEqual((done.stdout, done.returncode), ("1\n", 1))
        self.assertIn("tools.socksh:2:", done.stderr)
        self.assertIn("EBADF", done.stderr)

    def test_a_mistake_in_it_is_found_before_anything_runs(self):
        self.write("tools.socksh", "x = 1\nclos 400\n")
        self.write("main.socksh", "print 1\nsource tools.socksh\n")
        done = self.socksh("main.socksh")
        self.assertEqual((done.stdout, done.returncode), ("", 2))
        self.assertRegex(done.stderr, r"(?m)^tools\.socksh:2:1: error: ")
        self.assertEqual(self.socksh("-n", "main.socksh").returncode, 2)

    def test_its_expectations_are_judged(self):
        self.write("tools.socksh", "x #=> 4\nx + 1 #=> 4\n")
        self.write("main.socksh", "x = 4\nsource tools.socksh\n")
        done = self.socksh("check", "main.socksh")
        self.assertEqual(done.returncode, 1)
        self.assertIn("ok 1 - tools.socksh:1: ", done.stdout)
        self.assertIn("not ok 2 - tools.socksh:2: ", done.stdout)


if __name__ == "__main__":
    unittest.main()
