"""An actor whose wait was interrupted is not at rest before its next statement has run: with every CPU busy, a statement that
is given to it then is done before its giver goes on."""

import os
import subprocess
import unittest

SOCKSH = os.environ["SOCKSH"]
ROUNDS = 2000
SCRIPT = f"""
l = socket; listen l
for i in range {ROUNDS} {{
    @server try {{ accept 3 }} catch e {{ }}
    interrupt server
    @server print "server"
    print "main"
}}
"""


class Rest(unittest.TestCase):
    def setUp(self):
        for _ in range(os.cpu_count() or 1):
            busy = subprocess.Popen(["sh", "-c", "while :; do :; done"])
            self.addCleanup(busy.wait)
            self.addCleanup(busy.kill)

    def test_in_order(self):
        done = subprocess.run([SOCKSH, "-c", SCRIPT], capture_output=True, text=True, timeout=150)
        self.assertEqual((done.stderr, done.returncode), ("", 0))
        self.assertEqual(done.stdout.splitlines(), ["server", "main"] * ROUNDS)


if __name__ == "__main__":
    unittest.main()
