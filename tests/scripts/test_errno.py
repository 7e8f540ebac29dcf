"""Errnos that depend on who asks: what an ordinary user may not do, and what root may."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

SOCKSH = os.environ["SOCKSH"]
HERE = pathlib.Path(__file__).resolve().parent
NOBODY = 65534
CAP_NET_BIND_SERVICE, CAP_NET_ADMIN, CAP_NET_RAW = 10, 12, 13


def run(script, *args, program=SOCKSH, **options):
    return subprocess.run([program, "-c", script, *map(str, args)], stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=60, **options)


def first_privileged_free():
    return int(pathlib.Path("/proc/sys/net/ipv4/ip_unprivileged_port_start").read_text())


class OrdinaryUser(unittest.TestCase):
    """As root these run with the number of `nobody`, from a copy that everybody may run."""

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp())
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.options = {}
        cls.program = SOCKSH
        if os.getuid() == 0:
            cls.folder.chmod(0o755)
            cls.program = shutil.copy(SOCKSH, cls.folder / "socksh")
            cls.options = dict(user=NOBODY, group=NOBODY, extra_groups=[])
        cls.closed = cls.folder / "closed"  # a folder where nothing can be made
        cls.closed.mkdir(mode=0o555)

    def check(self, rows, *args):
        for statement, errno in rows:
            with self.subTest(statement):
                done = run(statement, *args, program=self.program, **self.options)
                named = re.search(r"error: (\w+)", done.stderr)
                self.assertEqual(named and named[1], errno, done.stderr)
                self.assertEqual(done.returncode, 1 if errno else 0)

    @unittest.skipIf(first_privileged_free() <= 80, "here everybody may bind port 80")
    def test_low_ports(self):
        self.check([("bind (socket) 127.0.0.1:80", "EACCES"),
                    ("bind (socket) *:1", "EACCES"),
                    ("bind (socket AF_INET SOCK_DGRAM) 127.0.0.1:80", "EACCES"),
                    ("bind (socket) 127.0.0.1:0", None)])

    def test_sockets_and_options_of_the_administrator(self):
        self.check([("socket AF_INET SOCK_RAW IPPROTO_ICMP", "EPERM"),
                    ("socket AF_INET SOCK_RAW IPPROTO_TCP", "EPERM"),
                    ("socket AF_PACKET SOCK_RAW", "EPERM"),
                    ("setsockopt (socket) SO_RCVBUFFORCE 10000", "EPERM"),
                    ("setsockopt (socket) SO_SNDBUFFORCE 10000", "EPERM"),
                    ("setsockopt (socket) SO_MARK 1", "EPERM"),
                    ("setsockopt (socket) SO_PRIORITY 7", "EPERM"),
                    ("setsockopt (socket) SO_PRIORITY 6", None)])

    def test_a_path_in_a_folder_of_another(self):
        self.check([('bind (socket AF_UNIX) "unix:{args[0]}/s"', "EACCES"),
                    ('save "{args[0]}/s" ""', "EACCES")], self.closed)

    @unittest.skipUnless(os.getuid() == 0, "needs a socket of another user")
    def test_a_socket_of_another(self):
        for kind in ("SOCK_STREAM", "SOCK_SEQPACKET", "SOCK_DGRAM"):
            path = self.folder / kind
            run(f'bind (socket AF_UNIX {kind}) "unix:{{args[0]}}"', path)
            path.chmod(0o755)
            self.check([(f'connect (socket AF_UNIX {kind}) "unix:{{args[0]}}"', "EACCES")], path)
        self.check([('sendto (socket AF_UNIX SOCK_DGRAM) "x" "unix:{args[0]}"', "EACCES")], path)

    @unittest.skipUnless(os.getuid() == 0, "the tables run as an ordinary user anyway")
    def test_the_tables_hold_as_well(self):
        tables = self.folder / "tables"
        shutil.copytree(HERE, tables, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
        files = sorted(tables.glob("errno-*.socksh"))
        done = subprocess.run([self.program, "check", *files], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=120, **self.options)
        self.assertEqual(done.returncode, 0, re.findall(r"^not ok.*(?:\n#.*)*", done.stdout, re.M))
        self.assertGreater(len(re.findall("^ok", done.stdout, re.M)), 60)


def may(capability):
    effective = re.search(r"CapEff:\s*(\w+)", pathlib.Path("/proc/self/status").read_text())[1]
    return int(effective, 16) >> capability & 1


class Administrator(unittest.TestCase):
    def check(self, statement):
        done = run(statement)
        self.assertEqual((done.stderr, done.returncode), ("", 0))

    @unittest.skipUnless(may(CAP_NET_BIND_SERVICE), "needs the right to bind low ports")
    def test_low_ports(self):
        self.check("for port in range 600 1023 {\n"
                   '    try { bind (socket) "127.0.0.1:{port}"; quit } catch e { }\n'
                   "}\nfail e")

    @unittest.skipUnless(may(CAP_NET_ADMIN), "needs the right to configure the network")
    def test_options(self):
        for option in ("SO_RCVBUFFORCE 10000", "SO_SNDBUFFORCE 10000", "SO_MARK 1", "SO_PRIORITY 7"):
            with self.subTest(option):
                self.check(f"setsockopt (socket) {option}")

    @unittest.skipUnless(may(CAP_NET_RAW), "needs the right to raw sockets")
    def test_raw_sockets(self):
        self.check("socket AF_INET SOCK_RAW IPPROTO_ICMP")
        self.check("socket AF_PACKET SOCK_RAW")


if __name__ == "__main__":
    unittest.main()
