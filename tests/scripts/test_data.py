"""Standard input, files and limits: what a script with expectations alone cannot set up."""

import os
import pathlib
import re
import stat
import subprocess
import tempfile
import unittest

SOCKSH = os.environ["SOCKSH"]
HAS_SANITIZER = re.search(b"__[at]san_init", pathlib.Path(SOCKSH).read_bytes())


def run(script, *args, input=b""):
    """Runs a script from -c; gives its standard output, after it ended well."""
    done = subprocess.run([SOCKSH, "-c", script, *map(str, args)], input=input,
                          capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode(errors="surrogateescape")


class Input(unittest.TestCase):
    ALL = "loop { line = input; if line == none { break }; print [line] }"

    def test_gives_lines_without_their_newline_and_none_at_the_end(self):
        rows = [
            (b"", ""),
            (b"one\n", '["one"]\n'),
            (b"one\n\nlast", '["one"]\n[""]\n["last"]\n'),
            (b"windows\r\n", '["windows\\r"]\n'),
            (b"a\0b\n", '["a\\x00b"]\n'),
            (b"x" * 200_000 + b"\ny\n", '["' + "x" * 200_000 + '"]\n["y"]\n'),
        ]
        for given, wanted in rows:
            with self.subTest(given[:20]):
                self.assertEqual(run(self.ALL, input=given), wanted)

    def test_gives_none_again_after_the_end(self):
        self.assertEqual(run("print (input) (input) (input)", input=b"a\n"), "a none none\n")

    def test_writes_its_prompt_without_a_newline(self):
        self.assertEqual(run('name = input "Name? "\nprint name', input=b"Tom\n"), "Name? Tom\n")

    def test_reads_from_what_has_number_0(self):
        script = "close 0; try { x = input } catch e { print (e == EBADF) }"
        self.assertEqual(run(script), "true\n")

    def test_lets_each_of_several_actors_have_a_line(self):
        script = """
            def one { line = input
                      return line }
            a = spawn one
            b = spawn one
            c = spawn one
            lines = [(join a), (join b), (join c)]
            print ("x" in lines) ("y" in lines) ("z" in lines) (input) (input)
        """
        child = subprocess.Popen([SOCKSH, "-c", script], stdin=subprocess.PIPE,
                                 stdout=subprocess.PIPE)
        with child:
            for piece in (b"x\ny\n", b"z", b"\nfour\nfive\n"):
                child.stdin.write(piece)
                child.stdin.flush()
            child.stdin.close()
            self.assertEqual(child.stdout.read(), b"true true true four five\n")

    def test_can_be_interrupted(self):
        script = "@a { try { x = input } catch e { print (e == EINTR) } }\ninterrupt a\n@a last = 1"
        child = subprocess.Popen([SOCKSH, "-c", script], stdin=subprocess.PIPE,
                                 stdout=subprocess.PIPE)
        with child:  # its standard input stays open and empty
            self.assertEqual(child.stdout.readline(), b"true\n")
            child.stdin.close()


class Files(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.file = self.folder / "file"

    def enterContext(self, context):  # unittest has it from 3.11 on
        self.addCleanup(context.__exit__, None, None, None)
        return context.__enter__()

    def test_save_makes_files_as_the_umask_says(self):
        before = os.umask(0o027)
        self.addCleanup(os.umask, before)
        run("save args[0] 'new'", self.file)
        self.assertEqual(self.file.read_bytes(), b"new")
        self.assertEqual(stat.S_IMODE(self.file.stat().st_mode), 0o640)

    def test_save_keeps_the_mode_of_a_file(self):
        self.file.write_bytes(b"old and longer")
        self.file.chmod(0o600)
        run("save args[0] 'new'", self.file)
        self.assertEqual(self.file.read_bytes(), b"new")
        self.assertEqual(stat.S_IMODE(self.file.stat().st_mode), 0o600)

    def test_save_goes_through_links(self):
        self.file.write_bytes(b"old")
        link = self.folder / "link"
        link.symlink_to("file")
        run("save args[0] 'new'", link)
        self.assertTrue(link.is_symlink())
        self.assertEqual(self.file.read_bytes(), b"new")

    def test_save_leaves_the_old_file_when_it_fails(self):
        self.file.write_bytes(b"old")
        script = """
            setrlimit RLIMIT_FSIZE 10
            try { save args[0] "longer than ten octets" } catch e { print (e == EFBIG) }
        """
        self.assertEqual(run(script, self.file), "true\n")
        self.assertEqual(self.file.read_bytes(), b"old")
        self.assertEqual(os.listdir(self.folder), ["file"])

    def test_load_waits_for_a_fifo(self):
        os.mkfifo(self.file)
        script = "@reader print (load args[0])\nprint 'it waits'\nend = input"
        child = subprocess.Popen([SOCKSH, "-c", script, self.file], stdin=subprocess.PIPE,
                                 stdout=subprocess.PIPE)
        with child:
            self.assertEqual(child.stdout.readline(), b"it waits\n")
            with open(self.file, "wb", buffering=0) as fifo:
                fifo.write(b"one ")
                fifo.write(b"two")
            self.assertEqual(child.stdout.readline(), b"one two\n")
            child.stdin.close()

    def test_what_never_ends_is_not_loaded(self):
        script = 'try { load "/dev/zero" } catch e { print e }'
        self.assertEqual(run(script), "there is more than 256 MiB in it, and load takes no more\n")
        for words, said in ((["/dev/zero"], "socksh: cannot read /dev/zero: File too large"),
                            (["-c", "source /dev/zero"], 'error: cannot source "/dev/zero": File too large')):
            with self.subTest(words):
                done = subprocess.run([SOCKSH, *words], capture_output=True, text=True, timeout=60)
                self.assertEqual(done.returncode, 2)
                self.assertIn(said, done.stderr)

    @unittest.skipIf(HAS_SANITIZER, "a sanitizer needs descriptors at the end")
    def test_lessons_that_no_descriptor_is_left_for(self):
        lessons = pathlib.Path(__file__).resolve().parents[2] / "lessons"
        done = subprocess.run([SOCKSH, "-c", "setrlimit RLIMIT_NOFILE 3; lessons"], capture_output=True, text=True,
                              env={**os.environ, "SOCKSH_LESSONS": str(lessons)}, timeout=60)
        self.assertIn("error: EMFILE: all 3 descriptors of this program are in use", done.stderr)

    def test_load_takes_no_low_number(self):
        os.mkfifo(self.file)
        script = '@reader x = load args[0]\nprint (socket)\nkill reader'
        self.assertEqual(run(script, self.file), "3\n")


class Print(unittest.TestCase):
    def test_writes_octets_as_they_are(self):
        done = subprocess.run([SOCKSH, "-c", r'print "\xff\0\x1b[2J" ["\x1b"]'],
                              capture_output=True, timeout=60)
        self.assertEqual(done.stdout, b'\xff\0\x1b[2J ["\\x1b"]\n')

    def test_keeps_lines_of_several_actors_apart(self):
        script = """
            def talk word { for i in range 200 { print word word word } }
            a = spawn talk "aaaa"
            b = spawn talk "bbbb"
            join a
            join b
        """
        lines = run(script).splitlines()
        self.assertEqual(len(lines), 400)
        self.assertLessEqual(set(lines), {"aaaa aaaa aaaa", "bbbb bbbb bbbb"})


class Sleep(unittest.TestCase):
    def test_can_be_interrupted(self):
        script = "@a { try { sleep 1m } catch e { print (e == EINTR) } }\ninterrupt a\n@a last = 1"
        self.assertEqual(run(script), "true\n")


class Memory(unittest.TestCase):
    @unittest.skipIf(HAS_SANITIZER, "a sanitizer itself takes more")
    def test_what_there_is_no_room_for_is_an_error(self):
        for text in "big + big", '"{big}{big}"', "hex big":
            with self.subTest(text):
                script = ("big = '0123456789abcdef'; for i in range 22 { append big big }\n"
                          f"try {{ x = {text} }} catch e {{ print (e == ENOMEM) }}\nprint (len big)")
                done = subprocess.run(["sh", "-c", 'ulimit -v 220000; exec "$0" -c "$1"', SOCKSH, script],
                                      capture_output=True, text=True, timeout=60)
                self.assertEqual((done.stdout, done.stderr, done.returncode), ("true\n67108864\n", "", 0))

    @unittest.skipIf(HAS_SANITIZER, "a sanitizer itself takes more")
    def test_a_value_that_join_has_no_room_for(self):
        script = ("def make { big = '0123456789abcdef'; for i in range 22 { append big big }; return big }\n"
                  "t = spawn make\nkept = []\n"
                  "try { loop { value = join t; append kept value; if value == none { break } } } catch e { print e }")
        done = subprocess.run(["sh", "-c", 'ulimit -v 500000; exec "$0" -c "$1"', SOCKSH, script],
                              capture_output=True, text=True, timeout=60)
        self.assertEqual((done.stdout, done.stderr, done.returncode), ("ENOMEM: not enough memory\n", "", 0))


if __name__ == "__main__":
    unittest.main()
