"""Many actors at once, doing to each other what they can (actors.socksh). Under the sanitizers it runs longer: ./dev sets
SOCKSH_STRESS_SECONDS."""

import os
import pathlib
import re
import subprocess
import unittest

SOCKSH = os.environ["SOCKSH"]
SECONDS = int(os.environ.get("SOCKSH_STRESS_SECONDS", "2"))
SCRIPT = pathlib.Path(__file__).with_name("actors.socksh")


class Stress(unittest.TestCase):
    def test_fifty_actors_open_close_send_and_interrupt_one_another(self):
        done = subprocess.run([SOCKSH, SCRIPT, str(SECONDS)], capture_output=True, text=True,
                              timeout=SECONDS * 3 + 60)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        visits, served = map(int, re.fullmatch(r"visits (\d+) served (\d+)\n", done.stdout).groups())
        self.assertGreater(visits, 100)
        self.assertLessEqual(served, visits)


if __name__ == "__main__":
    unittest.main()
