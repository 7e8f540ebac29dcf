"""Numbers of handles: which descriptors a script gets, however socksh was started, and that none is left behind."""

import os
import pathlib
import re
import resource
import socket
import subprocess
import tempfile
import time
import unittest

SOCKSH = os.environ["SOCKSH"]
SANITIZED = any(name in os.environ for name in ("ASAN_OPTIONS", "TSAN_OPTIONS"))
OWN_THREADS = 2 if "TSAN_OPTIONS" in os.environ else 1  # main, and one of ThreadSanitizer's


def run(script, *args, **options):
    done = subprocess.run([SOCKSH, "-c", script, *map(str, args)], capture_output=True, text=True,
                          timeout=100, **({"stdin": subprocess.DEVNULL} | options))
    assert done.returncode == 0, done.stderr
    return done.stdout


class FirstNumber(unittest.TestCase):
    def test_is_3(self):
        self.assertEqual(run("print (socket) (socket)"), "3 4\n")

    def test_is_3_when_descriptors_were_inherited(self):
        held = [os.open("/dev/null", os.O_RDONLY) for _ in range(20)]
        self.addCleanup(lambda: [os.close(fd) for fd in held])
        pair = socket.socketpair()
        self.addCleanup(lambda: [end.close() for end in pair])
        script = 's = socket; print s; try { send 4 "x" } catch e { print (e == EBADF) }'
        out = run(script, pass_fds=[*held, pair[0].fileno()])
        self.assertEqual(out, "3\ntrue\n")
        pair[1].setblocking(False)
        with self.assertRaises(BlockingIOError):  # still open here, and nothing came
            pair[1].recv(1)

    def test_is_3_for_a_script_from_a_file_and_from_standard_input(self):
        with tempfile.NamedTemporaryFile("w", suffix=".socksh") as script:
            script.write("print (socket)\n")
            script.flush()
            for words in ([script.name], ["-"], []):
                with self.subTest(words), open(script.name) as given:
                    done = subprocess.run([SOCKSH, *words], stdin=given, capture_output=True,
                                          text=True, timeout=60)
                    self.assertEqual(done.stdout, "3\n", done.stderr)

    def test_is_3_with_trace_and_actors(self):
        done = subprocess.run([SOCKSH, "-t", "-c", "@a x = 1\n@b x = 2\nprint (socket)"],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
        self.assertEqual(done.stdout, "3\n")
        self.assertIn("socket(AF_INET, SOCK_STREAM, 0) = 3\n", done.stderr)

    def test_is_3_while_a_name_is_looked_up(self):
        script = """
            def look { try { getaddrinfo "localhost" "http" } catch e { } }
            def all { for i in range 20 { look } }
            t = spawn all
            for i in range 500 { s = socket; print s; close s }
            join t
        """
        self.assertEqual(set(run(script).split()), {"3"})

    def test_closed_0_1_and_2_are_filled(self):
        """Started with a standard descriptor closed, the first socket must not take its place."""
        for closed in ("0<&-", "2>&-", "0<&- 2>&-"):
            with self.subTest(closed):
                done = subprocess.run(["sh", "-c", f'exec "$0" -c "print (socket)" {closed}', SOCKSH],
                                      capture_output=True, text=True, timeout=60)
                self.assertEqual((done.stdout, done.returncode), ("3\n", 0), done.stderr)


class Standard(unittest.TestCase):
    def test_0_1_and_2_are_no_sockets(self):
        for number in range(3):
            for statement in ("getsockname {}", "send {} 'x'", "recv {} 1", "listen {}", "accept {}",
                              "connect {} 127.0.0.1:1", "shutdown {} SHUT_RD"):
                with self.subTest(statement.format(number)):
                    out = run(f"try {{ {statement.format(number)} }} catch e {{ print (e == ENOTSOCK) }}")
                    self.assertEqual(out, "true\n")

    def test_a_socket_as_standard_input_is_one(self):
        ours, theirs = socket.socketpair()
        with ours, theirs:
            ours.sendall(b"from outside\n")
            # what is no handle of the script's making has no row that says it is a socket
            out = run('print (input)', stdin=theirs)
        self.assertEqual(out, "from outside\n")


class Reuse(unittest.TestCase):
    def test_the_lowest_free_number_comes_first(self):
        script = """
            all = []
            for i in range 8 { append all (socket) }
            close all[5]; close all[1]; close all[3]
            print (socket) (socketpair) (socket)
            l = socket; listen l 5
            close all[2]
            c = socket; connect c (getsockname l)
            close all[0]
            a, p = accept l
            print l c a
        """
        self.assertEqual(run(script), "4 [6, 8] 11\n12 5 3\n")


class NothingLeft(unittest.TestCase):
    def test_100_000_opens_and_closes(self):
        script = """
            def some n { for i in range n { s = socket AF_UNIX; close s } }
            some 1000
            print "begin"; x = input
            some 100000
            print "end"; x = input
        """
        with subprocess.Popen([SOCKSH, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              text=True) as child:
            facts = []
            for word in ("begin", "end"):
                self.assertEqual(child.stdout.readline(), f"{word}\n")
                facts.append((sorted(os.listdir(f"/proc/{child.pid}/fd")), self.resident(child.pid)))
                child.stdin.write("go on\n")
                child.stdin.flush()
            child.stdin.close()
        self.assertEqual(child.returncode, 0)
        (first_fds, first_size), (last_fds, last_size) = facts
        self.assertEqual(first_fds, last_fds)
        if not SANITIZED:  # they keep what was freed for a while
            self.assertLess(last_size - first_size, 256, "KiB more than before")

    def resident(self, pid):
        """KiB."""
        status = pathlib.Path(f"/proc/{pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1])

    def test_connections_and_actors_and_errors(self):
        script = """
            def serve l { a, p = accept l; d = recv a 10; sendall a d; close a }
            def client address {
                c = socket
                connect c address
                send c "x"
                recv c 10
                close c
                try { connect c address } catch e { }
                try { connect c "127.0.0.1:1" } catch e { }
            }
            l = socket
            listen l 5
            def round l { t = spawn serve l; u = spawn client (getsockname l); join t; join u }
            round l
            print "begin"; x = input
            for i in range 300 { round l }
            print "end"; x = input
        """
        with subprocess.Popen([SOCKSH, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              text=True) as child:
            counts = []
            for word in ("begin", "end"):
                self.assertEqual(child.stdout.readline(), f"{word}\n")
                threads = pathlib.Path(f"/proc/{child.pid}/task")
                self.wait_for(lambda: len(os.listdir(threads)) <= OWN_THREADS)
                counts.append(sorted(os.listdir(f"/proc/{child.pid}/fd")))
                child.stdin.write("go on\n")
                child.stdin.flush()
            child.stdin.close()
        self.assertEqual(counts[0], counts[1])

    def wait_for(self, condition):
        deadline = time.monotonic() + 30
        while not condition():
            self.assertLess(time.monotonic(), deadline, "it did not come")
            time.sleep(0.005)

    def test_10_000_open_at_once(self):
        if resource.getrlimit(resource.RLIMIT_NOFILE)[1] < 10_100:
            self.skipTest("the hard limit of descriptors is lower")
        script = """
            all = []
            for i in range 10000 { append all (socket AF_UNIX) }
            print all[0] all[9999]
            for i in range 10000 { close all[i] }
            print (socket)
        """
        options = {"preexec_fn": lambda: resource.setrlimit(
            resource.RLIMIT_NOFILE, (256, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))}
        first, last, again = run(script, **options).split()
        self.assertEqual((first, again), ("3", "3"))
        self.assertGreaterEqual(int(last), 10002)


if __name__ == "__main__":
    unittest.main()
