"""Which language people are spoken to in: by --lang, by the environment, also where the system lacks that locale; from the
build folder and from where it is installed."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

SOCKSH = os.environ["SOCKSH"]
CHINESE = re.compile("[一-鿿]")
# One mistake before the run, one error within it, one text of the command line.
WORDS = (["-c", "conect 3"], ["-c", "close 400"], ["--help"])


def say(words, program=SOCKSH, **environment):
    """All that a run says in an environment whose language is only what is given."""
    clean = {name: value for name, value in os.environ.items()
             if name not in ("LANG", "LANGUAGE", "LC_ALL", "LC_MESSAGES")}
    done = subprocess.run([program, *words], env=clean | environment, capture_output=True, timeout=60)
    return done.returncode, (done.stdout + done.stderr).decode()


class Language(unittest.TestCase):
    def speaks(self, chinese, *options, program=SOCKSH, **environment):
        for words in WORDS:
            with self.subTest(options=options, words=words, **environment):
                _, said = say([*options, *words], program, **environment)
                self.assertEqual(CHINESE.search(said) is not None, chinese, said)

    def test_english_by_itself(self):
        self.speaks(False)
        self.speaks(False, LANG="C")
        self.speaks(False, LC_ALL="C.UTF-8")
        self.speaks(False, LANG="en_US.UTF-8")
        self.speaks(False, LANG="fr_FR.UTF-8")

    def test_chinese_by_the_environment(self):
        self.speaks(True, LANG="zh_CN.UTF-8")  # mostly not installed
        self.speaks(True, LC_ALL="zh_CN")
        self.speaks(True, LC_MESSAGES="zh_CN.UTF-8", LANG="en_US.UTF-8")
        self.speaks(True, LC_ALL="C.UTF-8", LANGUAGE="zh_CN:en")

    def test_by_option(self):
        for name in "zh", "zh_CN", "zh_CN.UTF-8":
            self.speaks(True, "--lang", name)
            self.speaks(True, f"--lang={name}", LC_ALL="en_US.UTF-8")
        self.speaks(False, "--lang", "en", LANG="zh_CN.UTF-8")
        self.speaks(False, "--lang=en", LC_ALL="C.UTF-8", LANGUAGE="zh_CN")

    def test_a_language_that_is_not_there(self):
        for name in "fr", "", "zhong", "english":
            with self.subTest(name):
                status, said = say([f"--lang={name}", "-c", "1"])
                self.assertEqual(status, 2)
                self.assertIn("en", said)
                self.assertIn("zh", said)

    def test_names_are_never_translated(self):
        _, said = say(["--lang", "zh", "-c", "bind 400 127.0.0.1:9999"])
        self.assertIn("EBADF", said)
        self.assertIn("bind 400 127.0.0.1:9999", said)

    def test_where_it_is_installed(self):
        catalogue = pathlib.Path(SOCKSH).parents[1] / "po/zh_CN/LC_MESSAGES/socksh.mo"
        with tempfile.TemporaryDirectory() as folder:
            program = pathlib.Path(folder, "bin/socksh")
            there = pathlib.Path(folder, "share/locale/zh_CN/LC_MESSAGES/socksh.mo")
            for to, source in (program, SOCKSH), (there, catalogue):
                to.parent.mkdir(parents=True)
                shutil.copy(source, to)
            self.speaks(True, "--lang=zh", program=program)
            there.unlink()
            self.speaks(False, "--lang=zh", program=program)


if __name__ == "__main__":
    unittest.main()
