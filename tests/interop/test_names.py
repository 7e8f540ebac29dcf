"""Names: looking them up, `hosts`, several addresses, errors, and a look-up that takes too long."""

import fcntl
import os
import pathlib
import select
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import sys
import time
import unittest

import peers

# What makes namespaces of one's own; root may lack user namespaces, everybody else needs them.
WAYS = (["unshare", "-Urmn"], ["unshare", "-mn"])


def own_network():
    """The words that start a program in a network and with files of its own, or None."""
    if shutil.which("unshare") is None or shutil.which("mount") is None:
        return None
    for way in WAYS:
        script = [sys.executable, __file__, "probe"]
        if subprocess.run([*way, *script], capture_output=True, timeout=peers.LIMIT).returncode == 0:
            return way
    return None


class Names(peers.PeerTest):
    def server(self):
        """A server in Python that says `hello` and hangs up; gives its port."""
        listener, text = peers.listen()
        listener.settimeout(peers.LIMIT)

        def serve():
            with listener:
                while True:
                    try:
                        end = listener.accept()[0]
                    except OSError:
                        return
                    with end:
                        end.sendall(b"hello")

        self.thread(serve)
        self.addCleanup(lambda: listener.shutdown(socket.SHUT_RDWR) if listener.fileno() >= 0 else None)
        return text.rpartition(":")[2]

    def talk(self, script, *words, status=0, **options):
        return self.run_socksh("-t", "-c", script, *words, status=status, **options)

    def test_localhost(self):
        port = self.server()
        done = self.talk(f"s = socket; connect s localhost:{port}; print (recv s 10)")
        self.assertEqual(done.stdout, b"hello\n")
        self.assertEqual(done.stderr.decode().splitlines()[1:3], [
            f'getaddrinfo("localhost", "{port}") = 127.0.0.1',
            f"connect(3, {{AF_INET, 127.0.0.1, port {port}}}, 16) = 0"])

    def test_a_name_in_bytes(self):
        port = self.server()
        script = 's = socket; connect s args[0]; print (recv s 10)'
        self.assertEqual(self.talk(script, f"localhost:{port}").stdout, b"hello\n")

    def test_hosts(self):
        port = self.server()
        rows = [
            f"hosts www.sina.com.cn 127.0.0.1\nconnect s www.sina.com.cn:{port}",
            f"hosts www.sina.com.cn:80 127.0.0.1:{port}\nconnect s www.sina.com.cn:80",
            f"hosts www.sina.com.cn:80 localhost:{port}\nconnect s www.sina.com.cn:http",
            f"hosts localhost:1 127.0.0.1:{port}\nconnect s localhost:1",
        ]
        for row in rows:
            with self.subTest(row):
                done = self.talk(f"s = socket\n{row}\nprint (recv s 10)")
                self.assertEqual(done.stdout, b"hello\n")
                self.assertIn(f"connect(3, {{AF_INET, 127.0.0.1, port {port}}}, 16) = 0".encode(), done.stderr)

    def test_hosts_hold_for_this_run_only(self):
        self.talk("hosts made-up.invalid 127.0.0.1\ngetaddrinfo 'made-up.invalid' 80")
        self.talk("getaddrinfo '-' 80", status=1)

    def test_services(self):
        done = self.talk("print (getaddrinfo '127.0.0.1' 'http') (getservbyname 'smtp') (getservbyname 'ftp')")
        self.assertEqual(done.stdout, b"[127.0.0.1:80] 25 21\n")

    def test_errors(self):
        rows = [
            ("s = socket; connect s '-:80'", "EAI_NONAME"),
            ("getaddrinfo '-' 80", "EAI_NONAME"),
            ("s = socket; connect s localhost:no-such-service", "EAI_SERVICE"),
            ("s = socket AF_INET SOCK_DGRAM; sendto s 'x' localhost:no-such-service", "EAI_SERVICE"),
            ("s = socket; bind s localhost:no-such-service", "EAI_SERVICE"),
            ("getaddrinfo '127.0.0.1' 'no-such-service'", "EAI_SERVICE"),
            ("getaddrinfo '::1' 80 AF_INET", "EAI_ADDRFAMILY"),
            ("hosts six ::1\ns = socket; connect s six:80", "EAI_ADDRFAMILY"),
        ]
        for script, name in rows:
            with self.subTest(script):
                done = self.talk(script, status=1)
                self.assertRegex(done.stderr.decode(), rf"(?m)^-c:\d+:\d+: error: {name}: ")
                *first, last = script.split("\n")
                caught = "\n".join([*first, f"try {{ {last} }} catch e {{ print (e == {name}) }}"])
                self.assertEqual(self.run_socksh("-c", caught).stdout, b"true\n")


class OwnNetwork(peers.PeerTest):
    """Each runs this file again, as a program in a network of its own (see `inside` below)."""

    @classmethod
    def setUpClass(cls):
        cls.way = own_network()
        if cls.way is None:
            raise unittest.SkipTest("here nobody may make a network namespace (root may, as in CI)")

    def inside(self, what):
        done = subprocess.run([*self.way, sys.executable, __file__, what], cwd=self.folder,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=100)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def test_a_signal_ends_a_slow_look_up_within_100_ms(self):
        # The best of five: it is socksh that is measured, and not what else this computer does.
        self.assertLess(float(self.inside("slow")), 0.1)

    def test_an_actor_that_looks_up_does_not_hold_the_others(self):
        self.assertEqual(self.inside("aside"), "main went on\n4\n")

    def test_closing_its_socket_ends_a_look_up(self):
        self.assertEqual(self.inside("closed"), "3\n")

    def test_each_address_of_a_name_is_tried(self):
        out = self.inside("several")
        self.assertRegex(out, r'getaddrinfo\("several", "\d+"\) = 127\.0\.0\.[23], 127\.0\.0\.[23].*\n'
                              r"connect\(3, \{AF_INET, 127\.0\.0\.[23], port \d+\}, 16\) = ")
        self.assertRegex(out, r"connect\(3, \{AF_INET, 127\.0\.0\.3, port \d+\}, 16\) = 0\n")
        self.assertRegex(out, r"hello\n\Z")

    def test_the_last_errno_when_none_answers(self):
        out = self.inside("none")
        self.assertEqual(out.count("= -1 ECONNREFUSED"), 2)
        self.assertIn("error: ECONNREFUSED", out)


# --- in a network of its own ----------------------------------------------------------------------


def loopback_up():
    SIOCSIFFLAGS, IFF_UP = 0x8914, 1
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", IFF_UP))


def replace_file(path, text):
    """For this namespace of mounts alone."""
    new = pathlib.Path(tempfile.mkdtemp(prefix="socksh-names-"), "file")
    new.write_text(text)
    subprocess.run(["mount", "--bind", new, path], check=True)


def silent_name_server():
    """Takes questions on port 53 and never answers. Gives its socket."""
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.settimeout(peers.LIMIT)
    server.bind(("127.0.0.1", 53))
    replace_file("/etc/resolv.conf", "nameserver 127.0.0.1\noptions timeout:20\n")
    replace_file("/etc/nsswitch.conf", "hosts: files dns\n")
    return server


def inside_probe():
    loopback_up()
    replace_file("/etc/resolv.conf", "")


def inside_slow():
    """How long it takes from the signal to the end, in seconds."""
    times = []
    with silent_name_server() as server:
        for script in ("connect (socket) slow.example:80", "getaddrinfo 'slow.example'",
                       "try { connect (socket) slow.example:80 } catch e { print e }",
                       "bind (socket) slow.example:80",
                       "sendto (socket AF_INET SOCK_DGRAM) 'x' slow.example:80"):
            while drain(server):  # what the one before has asked, too
                pass
            child = peers.Program(peers.SOCKSH, "-c", script)
            server.recv(1024)  # it has asked
            children = descendants(child.pid)
            begin = time.monotonic()
            status = child.end(signal.SIGINT)
            times.append(time.monotonic() - begin)
            assert status == 130, (script, status, child.complaints())
            assert children, "the look-up has no process of its own"
            peers.wait_for(lambda: not any(alive(one) for one in children), "the helper's end")
            child.close()
    print(min(times))


def drain(server):
    return select.select([server], [], [], 0)[0] and server.recv(1024)


def descendants(pid):
    found = []
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            if int(stat.read_text().rpartition(")")[2].split()[1]) == pid:
                found.append(int(stat.parent.name))
        except OSError:
            pass
    return found


def alive(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def inside_aside():
    with silent_name_server() as server:
        child = peers.Program(peers.SOCKSH, "-c", "@a s = socket; connect s slow.example:80\n"
                                                  "print 'main went on'; print (socket); x = input")
        print(child.line())
        print(child.line())
        server.recv(1024)
        assert child.end(signal.SIGTERM) == 143, child.complaints()
        child.close()


def inside_closed():
    with silent_name_server():
        child = peers.Program(peers.SOCKSH, "-c", "@a s = socket; connect s slow.example:80\n"
                                                  "close 3; print (socket); x = input")
        print(child.line())
        peers.wait_for(lambda: "EBADF" in child.complaints(), "the look-up's error")
        assert child.end(signal.SIGTERM) == 143, child.complaints()
        child.close()


def with_several(script, server_address):
    replace_file("/etc/hosts", "127.0.0.2 several\n127.0.0.3 several\n")
    replace_file("/etc/nsswitch.conf", "hosts: files\n")
    loopback_up()
    with socket.create_server((server_address, 0)) as server:
        port = server.getsockname()[1]
        child = peers.Program(peers.SOCKSH, "-t", "-c", script.format(port=port), errors_with_output=True)
        if server_address == "127.0.0.3":
            server.accept()[0].sendall(b"hello")
        print(child.rest().decode(), end="")
        child.close()


def inside_several():
    with_several("s = socket; connect s several:{port}; print (recv s 5)", "127.0.0.3")


def inside_none():
    with_several("s = socket; connect s several:{port}", "127.0.0.4")


if __name__ == "__main__":
    if len(sys.argv) == 2 and f"inside_{sys.argv[1]}" in globals():
        if sys.argv[1] in ("slow", "aside", "closed"):
            loopback_up()
        globals()[f"inside_{sys.argv[1]}"]()
    else:
        unittest.main()
