"""Every lesson runs as it says on the network of the host, too, and what cannot be had is left out."""

import re
import subprocess
import unittest

import checks

# In namespaces of the test's own: containers often have it so.
READ_ONLY = 'mount --rbind /proc/sys /proc/sys && mount -o remount,ro,bind /proc/sys && exec "$@"'
ALLOWED = subprocess.run(["unshare", "-Urmn", "sh", "-c", READ_ONLY, "sh", "true"], capture_output=True).returncode == 0


class Host(checks.CheckTest):
    def test_as_oneself(self):
        self.check("--host")

    def test_as_an_ordinary_user(self):
        self.check("--host", ordinary=True)

    @unittest.skipUnless(ALLOWED, "namespaces are not allowed here")
    def test_a_range_of_ports_that_cannot_be_set(self):
        done = subprocess.run(["unshare", "-Urmn", "sh", "-c", READ_ONLY, "sh", checks.SOCKSH, "check", "ports-out"],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=checks.TIME)
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
        left_out = re.findall(r"^ok .*: step \d+: .* \((.*)\)$", done.stdout, re.MULTILINE)
        self.assertEqual(set(left_out), {"it needs a range of ports of its own, and /proc/sys can only be read here"})


if __name__ == "__main__":
    unittest.main()
