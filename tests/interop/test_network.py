"""--sandbox: a network of its own, or a line why not and the computer's."""

import os
import subprocess
import unittest

import peers

# In a user namespace of the test's own, nothing more may be made: neither by the one way nor the other.
FORBID = "echo 0 > /proc/sys/user/max_user_namespaces"
NO_RIGHTS = "setpriv", "--bounding-set=-all", "--inh-caps=-all"
FORBID_ALL = FORBID + " && echo 0 > /proc/sys/user/max_net_namespaces"


@unittest.skipUnless(peers.ALLOWED, "namespaces are not allowed here")
class Sandbox(peers.PeerTest):
    def check(self, *words, output, errors=b"", **options):
        for user, program, identity in self.users():
            with self.subTest(user):
                done = subprocess.run([program, *map(str, words)], cwd=self.folder, capture_output=True,
                                      timeout=peers.LIMIT, **({"stdin": subprocess.DEVNULL} | options), **identity)
                self.assertEqual((done.stdout, done.stderr, done.returncode), (output, errors, 0))

    def test_low_port(self):
        self.check("--sandbox", "-c", "s = socket; bind s 127.0.0.1:80; listen s; c = socket; connect c 127.0.0.1:80;"
                   "print (getpeername c)", output=b"127.0.0.1:80\n")

    def test_loopback(self):
        script = "s = socket; bind s 127.0.0.2:80; print (getsockname s)"
        self.check("--sandbox", "-c", script, output=b"127.0.0.2:80\n")
        if peers.has_ipv6():
            self.check("--sandbox", "-c", "s = socket AF_INET6; bind s [::1]:80; print (getsockname s)",
                       output=b"[::1]:80\n")

    def test_ports_of_the_computer_are_free_there(self):
        with peers.listen()[0] as listener:
            port = listener.getsockname()[1]
            self.check("--sandbox", "-c", f"s = socket; bind s 127.0.0.1:{port}; print 1", output=b"1\n")

    def test_nothing_leaves(self):
        script = "s = socket AF_INET SOCK_DGRAM; try { sendto s \"x\" 192.0.2.1:9 } catch e { print e }"
        self.check("--sandbox", "-c", script, output=b"ENETUNREACH: no route leads to that network\n")

    def test_scripts_of_each_kind(self):
        script = "s = socket; bind s 127.0.0.1:80; print s\n"
        (self.folder / "low.socksh").write_text(script)
        self.check("--sandbox", "low.socksh", output=b"3\n")
        self.check("--sandbox", input=script.encode(), stdin=None, output=b"3\n")

    def test_identity_stays(self):
        (self.folder / "data").write_text("mine")
        (self.folder / "data").chmod(0o644)
        self.check("--sandbox", "-c", "print (load \"data\")", output=b"mine\n")

    def refused(self, forbid, *words, by=()):
        return subprocess.run(["unshare", "-Ur", "sh", "-c", forbid + ' && exec "$@"', "sh", *by, peers.SOCKSH, *words],
                              capture_output=True, text=True, timeout=peers.LIMIT, stdin=subprocess.DEVNULL)

    def test_refusal_is_one_line_and_the_rest_goes_on(self):
        with peers.listen()[0] as listener:
            port = listener.getsockname()[1]
            done = self.refused(FORBID_ALL, "--sandbox", "-c", f"s = socket; connect s 127.0.0.1:{port}; print 1")
        self.assertEqual((done.stdout, done.returncode), ("1\n", 0), done.stderr)
        self.assertRegex(done.stderr, r"\Asocksh: no network of its own, so the computer's: [^\n]*unshare: ENOSPC; "
                                      r"user\.max_user_namespaces is 0[^\n]*\n\Z")

    def test_what_takes_a_network_of_its_own_says_why_there_is_none(self):
        why = "unshare: ENOSPC; user.max_user_namespaces is 0"
        self.assertIn(why, self.refused(FORBID_ALL, "--sandbox", "-c", "network").stdout)
        for statement in ("network host alice 10.0.0.1/24", "packets", "s = socket; drop s"):
            with self.subTest(statement):
                told = self.refused(FORBID_ALL, "--sandbox", "-c", statement, by=NO_RIGHTS).stderr.partition("\n")[2]
                self.assertIn(why, told)
                self.assertNotIn("socksh --sandbox", told)

    def test_root_does_without_a_user_namespace(self):
        with peers.listen()[0] as listener:
            port = listener.getsockname()[1]
            done = self.refused(FORBID, "--sandbox", "-c", f"s = socket; bind s 127.0.0.1:{port}; print 1")
        self.assertEqual((done.stdout, done.stderr, done.returncode), ("1\n", "", 0))


if __name__ == "__main__":
    unittest.main()
