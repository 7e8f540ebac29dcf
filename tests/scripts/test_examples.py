"""The example of everything that has help runs by itself; those of commands and words however calls are shown."""

import json
import os
import subprocess
import tempfile
import unittest

SOCKSH = os.environ["SOCKSH"]
NEED_A_NETWORK = {"capture", "lan", "packet", "packets"}  # of their own
NEED_A_PROMPT = {"learn"}


def socksh(*args, folder=None):
    return subprocess.run([SOCKSH, *args], stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, encoding="utf-8", timeout=60, cwd=folder)


class Examples(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        tables = json.loads(socksh("--dump=json").stdout)
        cls.rows = tables["commands"] + tables["words"] + tables["values"]
        cls.commands, cls.constants, cls.topics = (
            tables[key] for key in ("commands", "constants", "topics"))
        cls.sandbox = ["--sandbox"] if not socksh("--sandbox", "-c", "network").stderr else []

    def run_all(self, *options, before=""):
        with tempfile.TemporaryDirectory() as folder:
            for row in self.rows:
                where = self.sandbox if row["name"] in NEED_A_NETWORK else []
                if row["name"] in NEED_A_NETWORK and not where:
                    continue
                with self.subTest(row["name"]):
                    done = socksh(*where, *options, "-c", before + row["example"], folder=folder)
                    if row["name"] in NEED_A_PROMPT:
                        self.assertIn("wants a prompt", done.stderr)
                        self.assertEqual(done.returncode, 1)
                    else:
                        self.assertEqual(done.returncode, 0, done.stderr)

    def test_run(self):
        self.run_all()

    def test_run_with_calls_shown(self):
        self.run_all("--trace")

    def test_run_with_c_shown(self):
        self.run_all(before="trace c\n")

    def test_run_with_python_shown(self):
        self.run_all(before="trace python\n")

    def test_of_commands_run_the_command(self):
        for row in self.commands:
            with self.subTest(row["name"]):
                self.assertRegex(row["example"], rf"(^|[\s({{;]){row['name']}\b")

    def test_of_errnos_bring_the_kernel_to_give_them(self):
        kinds = {"error of a system call", "error of a look-up"}
        for row in self.constants:
            if row.get("family") not in kinds:
                continue
            names = [other["name"] for other in self.constants
                     if other.get("family") == row["family"] and other["value"] == row["value"]]
            with self.subTest(row["name"]), tempfile.TemporaryDirectory() as folder:
                done = socksh("-c", row["example"], folder=folder)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertIn(done.stdout.split(":")[0], names)

    def test_of_other_constants_run(self):
        with tempfile.TemporaryDirectory() as folder:
            for row in self.constants:
                if row.get("family", "").startswith("error of "):
                    continue
                with self.subTest(row["name"]):
                    done = socksh("-c", row["example"], folder=folder)
                    self.assertEqual(done.returncode, 0, done.stderr)
                    self.assertIn(row["name"], row["example"] + done.stdout)

    def test_of_topics_run_and_hold_their_expectations(self):
        for row in self.topics:
            if row["name"] in NEED_A_NETWORK and not self.sandbox:
                continue
            with self.subTest(row["name"]), tempfile.TemporaryDirectory() as folder:
                path = os.path.join(folder, "example.socksh")
                with open(path, "w", encoding="utf-8") as file:
                    file.write(row["example"] + "\n")
                done = socksh(*self.sandbox, "check", path, folder=folder)
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main()
