"""All lessons, checked by whoever may want to."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

import pages

SOCKSH = os.environ["SOCKSH"]
NOBODY = 65534
TIME = 120  # seconds that all lessons may take


class CheckTest(unittest.TestCase):
    """The binary and the lessons where everybody can read them."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="socksh-lessons-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        cls.folder.chmod(0o755)
        cls.copy = shutil.copy(SOCKSH, cls.folder / "socksh")
        shutil.copytree(pages.LESSONS, cls.folder / "lessons")

    def start(self, *words, ordinary=False):
        """As oneself, or as an ordinary user where that is root."""
        environment = os.environ | {"SOCKSH_LESSONS": str(self.folder / "lessons")}
        identity = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if ordinary else {}
        return subprocess.run([self.copy if ordinary else SOCKSH, *words], stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, timeout=TIME, cwd=self.folder, env=environment, **identity)

    def has_network(self, ordinary=False):
        return not self.start("--sandbox", "-c", "print 1", ordinary=ordinary).stderr

    def check(self, *words, ordinary=False):
        """Each line of TAP is a test."""
        if ordinary and os.getuid() != 0:
            self.skipTest("who runs this is an ordinary user already")
        if "--host" not in words and not self.has_network(ordinary):
            self.skipTest("a network of its own is not allowed here")
        done = self.start("check", *words, ordinary=ordinary)
        results = re.findall(r"^(ok|not ok) \d+ - (.*)\n((?:#.*\n)*)", done.stdout, re.MULTILINE)
        for number, (result, name, why) in enumerate(results):
            with self.subTest(name.replace(f"{self.folder}/", ""), number=number):
                self.assertTrue(result == "ok", why)
        self.assertEqual(done.stderr, "")
        self.assertEqual(done.stdout.splitlines()[-1], f"1..{len(results)}")
        ends = [name for _, name, _ in results if name.endswith(": runs to its end")]
        for path in self.folder.glob("lessons/*/??.md"):
            self.assertIn(f"{path}: runs to its end", ends)
