"""The program as a shell sees it: words, standard streams, exit statuses, signals, and what --trace shows."""

import os
import signal
import socket
import subprocess
import unittest

import peers

# Ways to be busy or to wait: each prints "ready" when it is about to.
BUSY = {
    "accept": "l = socket; listen l; print 'ready'; accept l",
    "recv": "a, b = socketpair; print 'ready'; recv a 10",
    "recv MSG_PEEK|MSG_WAITALL": "a, b = socketpair; print 'ready'; recv a 10 MSG_PEEK|MSG_WAITALL",
    "send": "a, b = socketpair; print 'ready'; loop { send a 'x' }",
    "sendto on a full AF_UNIX peer": "d = socket AF_UNIX SOCK_DGRAM; bind d 'unix:'\n"
                                     "s = socket AF_UNIX SOCK_DGRAM; print 'ready'\n"
                                     "loop { sendto s 'x' (getsockname d) }",
    "connect": "l = socket; bind l 127.0.0.1:0; listen l 0; print 'ready'\n"
               "loop { c = socket; connect c (getsockname l) }",
    "connect to a full AF_UNIX backlog": "l = socket AF_UNIX; bind l 'unix:'; listen l 0\n"
                                         "print 'ready'\n"
                                         "loop { c = socket AF_UNIX; connect c (getsockname l) }",
    "poll": "a, b = socketpair; print 'ready'; poll [a, b]",
    "poll without an end": "print 'ready'; poll []",
    "sleep": "print 'ready'; sleep 60m",
    "input": "print 'ready'; x = input",
    "join": "def f { sleep 60m }\nt = spawn f; print 'ready'; join t",
    "a loop": "print 'ready'; loop { }",
    "a loop in a try": "print 'ready'; loop { try { recv 400 1 } catch e { } }",
    "a wait in a try": "a, b = socketpair; print 'ready'; loop { try { recv a 1 } catch e { } }",
    "main for an actor": "l = socket; listen l; print 'ready'; @a accept 3\nsleep 60m",
    "fifty actors": "l = socket; listen l\ndef one l { accept l }\n"
                    "for i in range 50 { t = spawn one l }\nprint 'ready'; join t",
    "busy actors": "def one { loop { } }\nfor i in range 3 { t = spawn one }\nprint 'ready'; join t",
}


class Statuses(peers.PeerTest):
    def test_ends(self):
        rows = [
            ("x = 1", 0), ("", 0), ("quit", 0), ("exit", 0), ("exit 7", 7), ("quit 3", 3), ("exit 255", 255),
            ("def f { exit 4 }\nf\nexit 5", 4), ("def f { exit 4 }\njoin (spawn f)\nexit 5", 4),
            ("@a exit 6\nsleep 60m", 6), ("try { exit 8 } catch e { }", 8),
            ("close 400", 1), ("fail 'x'", 1), ("x = 1 / 0", 1), ("def f { fail 'x' }\njoin (spawn f)", 1),
            ("@a fail 'x'", 1), ("def f { fail 'x' }\nspawn f\nsleep 1ms", 0), ("nonsense", 2), ("x = ", 2),
            ("bind (socket) 5", 2), ("a, b = socketpair\n@a recv 3 10\nspawn f\ndef f { accept 3 }", 0),
        ]
        for script, status in rows:
            with self.subTest(script):
                self.run_socksh("-c", script, status=status)

    def test_by_signal_with_everything_that_waits(self):
        for number, status in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
            for name, script in BUSY.items():
                with self.subTest(f"{name}, {number.name}"):
                    program = self.socksh("-c", script)
                    self.assertEqual(program.line(), "ready")
                    self.assertEqual(program.end(number), status, program.complaints())
                    program.close()

    def test_a_hang_up(self):
        program = self.socksh("-c", BUSY["recv"])
        self.assertEqual(program.line(), "ready")
        self.assertEqual(program.end(signal.SIGHUP), 129)

    def test_closed_output(self):
        rows = {
            "a loop": "loop { print 'ready' }",
            "an actor": "def f { loop { print 'ready' } }\njoin (spawn f)",
            "others that wait": "l = socket; listen l\ndef f l { accept l }\nspawn f l\nspawn f l\n"
                                "loop { print 'ready' }",
        }
        for name, script in rows.items():
            with self.subTest(name):
                program = self.socksh("-c", script)
                self.assertEqual(program.line(), "ready")
                program.child.stdout.close()
                self.assertEqual(program.end(), 141)
                self.assertEqual(program.complaints(), "")
                program.close()

    def test_output_that_finds_no_room(self):
        rows = {
            "print": ("print 'x'", 1, "-c:1:1: error: ENOSPC: "),
            "print that is caught": ("try { print 'x' } catch e { if e == ENOSPC { exit 7 } }", 7, ""),
            "handles": ("s = socket; handles", 1, "socksh: cannot write stdout: "),
            "nothing": ("s = socket", 0, ""),
        }
        for name, (script, status, complaint) in rows.items():
            with self.subTest(name), open("/dev/full", "wb") as full:
                done = subprocess.run([peers.SOCKSH, "-c", script], stdout=full, stderr=subprocess.PIPE,
                                      text=True, timeout=10)
                self.assertEqual(done.returncode, status)
                self.assertEqual(done.stderr[:len(complaint or "none")], complaint)

    def test_a_report_that_finds_no_room_is_no_success(self):
        for words in ["--version"], ["report", "/dev/null"], ["check", "/dev/null"]:
            with self.subTest(words), open("/dev/full", "wb") as full:
                self.assertEqual(subprocess.run([peers.SOCKSH, *words], stdout=full, timeout=10).returncode, 1)
                self.assertEqual(subprocess.run([peers.SOCKSH, *words], stdout=subprocess.DEVNULL, timeout=10).returncode, 0)

    def test_ends_although_a_full_pipe_is_not_read(self):
        program = self.socksh("-c", "loop { print 'ready' }")
        self.assertEqual(program.line(), "ready")
        peers.wait_for(lambda: peers.unread(program.child.stdout) > 60_000, "a full pipe")
        self.assertEqual(program.end(signal.SIGINT), 130)

    def test_a_peer_that_leaves_does_not_kill(self):
        script = "a, b = socketpair; close b; try { send a 'x' } catch e { print (e == EPIPE) }"
        self.assertEqual(self.run_socksh("-c", script).stdout, b"true\n")


class Words(peers.PeerTest):
    ARGS = "print args\n"

    def write(self, name, data, mode=0o644):
        file = self.folder / name
        file.write_bytes(data)
        file.chmod(mode)
        return file

    def test_a_file_with_arguments(self):
        self.write("args.socksh", self.ARGS.encode())
        done = self.run_socksh("args.socksh", "a b", "-c", "--trace", "")
        self.assertEqual(done.stdout, b'["a b", "-c", "--trace", ""]\n')
        self.assertEqual(done.stderr, b"")

    def test_text_with_arguments(self):
        self.assertEqual(self.run_socksh("-c", self.ARGS, "x", "-n").stdout, b'["x", "-n"]\n')
        done = self.run_socksh("-t", "-c", "print args[0]; socket", os.fsdecode(b"\xff"))
        self.assertEqual(done.stdout, b"\xff\n")
        self.assertEqual(done.stderr, b"socket(AF_INET, SOCK_STREAM, 0) = 3\n")

    def test_standard_input(self):
        self.assertEqual(self.run_socksh(stdin=None, input=self.ARGS.encode()).stdout, b"[]\n")
        self.assertEqual(self.run_socksh("-", "x", "y", stdin=None, input=self.ARGS.encode()).stdout,
                         b'["x", "y"]\n')
        done = self.run_socksh(stdin=None, input=b"x = 1\nclose 400\n", status=1)
        self.assertRegex(done.stderr, rb"\A-:2:\d+: error: EBADF")

    def test_actors_have_the_arguments(self):
        script = "print args\n@a print args\n"
        self.assertEqual(self.run_socksh("-c", script, "x").stdout, b'["x"]\n["x"]\n')

    def test_a_script_by_its_first_line(self):
        os.symlink(peers.SOCKSH, self.folder / "socksh")
        script = self.write("hello", b"#!/usr/bin/env socksh\nprint args\n", 0o755)
        done = subprocess.run([script, "one", "two words"], capture_output=True, timeout=peers.LIMIT,
                              env=os.environ | {"PATH": f"{self.folder}:{os.environ['PATH']}"},
                              stdin=subprocess.DEVNULL)
        self.assertEqual((done.stdout, done.stderr), (b'["one", "two words"]\n', b""))

    def test_other_line_ends_and_a_mark(self):
        lines = ["x = 1", "if x == 1 {", "    print 'one'   # a comment", "}", "", 'print "two']
        for mark in ("", "\ufeff"):
            for end in ("\n", "\r\n"):
                with self.subTest(mark=mark, end=end):
                    text = mark + end.join([*lines, 'lines"']) + end
                    done = self.run_socksh(self.write("script.socksh", text.encode()))
                    self.assertEqual(done.stdout, b"one\ntwo\nlines\n")
                    done = self.run_socksh(stdin=None, input=text.encode())
                    self.assertEqual(done.stdout, b"one\ntwo\nlines\n")

    def test_a_last_line_without_an_end(self):
        self.assertEqual(self.run_socksh(self.write("x", b"print 'one'\nprint 'two'")).stdout, b"one\ntwo\n")

    def test_reads_without_running(self):
        self.write("good.socksh", b"print 'RAN'\nsave 'ran' 'x'\n")
        self.write("bad.socksh", b"print 'RAN'\nsave 'ran' 'x'\nx = y\n")
        self.assertEqual(self.run_socksh("-n", "good.socksh").stdout, b"")
        done = self.run_socksh("-n", "bad.socksh", status=2)
        self.assertEqual(done.stdout, b"")
        self.assertRegex(done.stderr, rb"\Abad\.socksh:3:5: error: .*\n  x = y\n      \^")
        self.assertFalse((self.folder / "ran").exists())

    def test_files_that_cannot_be_read(self):
        for word in ("missing.socksh", "."):
            done = self.run_socksh(word, status=2)
            self.assertIn(word.encode(), done.stderr)
            self.assertEqual(done.stdout, b"")

    def test_errors_show_their_place(self):
        self.write("error.socksh", "x = 1\nprint \"你好\"; close 400 # 你好\n".encode())
        done = self.run_socksh("error.socksh", status=1)
        self.assertEqual(done.stdout, "你好\n".encode())
        lines = done.stderr.decode().splitlines()
        self.assertRegex(lines[0], r"\Aerror\.socksh:2:\d+: error: EBADF: ")
        self.assertEqual(lines[1], "  print \"你好\"; close 400 # 你好")
        column = int(lines[0].split(":")[2])  # in code points; the wide ones take two columns
        self.assertEqual(lines[2].index("^"), column - 1 + 2 + 2)

    def test_help_and_version(self):
        self.assertRegex(self.run_socksh("--version").stdout, rb"\Asocksh \d+\.\d+")
        self.assertIn(b"socksh check", self.run_socksh("--help").stdout)
        for word in ("--nonsense", "-x"):
            self.assertIn(word.encode(), self.run_socksh(word, status=2).stderr)
        self.run_socksh("-c", status=2)


class Output(peers.PeerTest):
    def test_octets_reach_a_pipe_and_a_file_untouched(self):
        data = bytes(range(256)) * 4000
        (self.folder / "data").write_bytes(data)
        script = "print (load 'data')"
        self.assertTrue(self.run_socksh("-c", script).stdout == data + b"\n")
        with open(self.folder / "out", "wb") as out:
            subprocess.run([peers.SOCKSH, "-c", script], cwd=self.folder, stdout=out, timeout=peers.LIMIT)
        self.assertTrue((self.folder / "out").read_bytes() == data + b"\n")

    def test_a_slow_reader_gets_everything(self):
        program = self.socksh("-c", "for i in range 30000 { print i }")
        self.assertEqual([program.line() for _ in range(30000)], [str(i) for i in range(30000)])
        self.ends_well(program, b"")

    def test_output_is_there_when_an_error_follows(self):
        done = self.run_socksh("-c", "print 1; print 2; close 400", status=1)
        self.assertEqual(done.stdout, b"1\n2\n")


class Trace(peers.PeerTest):
    def trace(self, script, *words, status=0):
        done = self.run_socksh("--trace", "-c", script, *words, status=status)
        self.assertEqual(done.stdout, b"")
        return done.stderr.decode()

    def test_hello(self):
        script = """
            l = socket AF_INET SOCK_STREAM
            setsockopt l SO_REUSEADDR 1
            bind l args[0]
            listen l 5
            c = socket
            connect c args[0]
            a, p = accept l
            host, port = p
            send c "Michael"
            recv a 1024
            sendall a "Hello, Michael!\\r\\n"
            recv c 7
            shutdown a SHUT_WR
            recv c 1024
            recv c 1024
            close a
            close c
            close l
        """
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        out = self.trace(script, f"127.0.0.1:{port}")
        client = int(out.partition("accept(3, {AF_INET, 127.0.0.1, port ")[2].partition("}")[0])
        address = f"{{AF_INET, 127.0.0.1, port {port}}}, 16"
        self.assertEqual(out.splitlines(), [
            "socket(AF_INET, SOCK_STREAM, 0) = 3",
            "setsockopt(3, SOL_SOCKET, SO_REUSEADDR, [1], 4) = 0",
            f"bind(3, {address}) = 0",
            "listen(3, 5) = 0",
            "socket(AF_INET, SOCK_STREAM, 0) = 4",
            f"connect(4, {address}) = 0",
            f"accept(3, {{AF_INET, 127.0.0.1, port {client}}}, 16) = 5",
            'send(4, "Michael", 7, 0) = 7',
            "recv(5, buf, 1024, 0) = 7 \"Michael\"",
            'send(5, "Hello, Michael!\\r\\n", 17, 0) = 17',
            'recv(4, buf, 7, 0) = 7 "Hello, "',
            "shutdown(5, SHUT_WR) = 0",
            'recv(4, buf, 1024, 0) = 10 "Michael!\\r\\n"',
            'recv(4, buf, 1024, 0) = 0 ""',
            "close(5) = 0",
            "close(4) = 0",
            "close(3) = 0",
        ])

    def test_errors_datagrams_and_long_data(self):
        script = """
            s = socket AF_INET6 SOCK_DGRAM
            u = socket AF_INET SOCK_DGRAM
            bind u 127.0.0.1:0
            text = "0123456789abcdef0123456789abcdefEND"
            sendto u text (getsockname u)
            data, peer = recvfrom u 1024 MSG_DONTWAIT
            try { recv u 10 MSG_PEEK|MSG_DONTWAIT } catch e { }
            x = socket AF_UNIX
            try { connect x unix:nobody.sock } catch e { }
            try { close 400 } catch e { }
            try { accept u } catch e { }
        """
        out = self.trace(script)
        port = out.partition("getsockname(4, {AF_INET, 127.0.0.1, port ")[2].partition("}")[0]
        self.assertEqual(out.splitlines(), [
            "socket(AF_INET6, SOCK_DGRAM, 0) = 3",
            "socket(AF_INET, SOCK_DGRAM, 0) = 4",
            "bind(4, {AF_INET, 127.0.0.1, port 0}, 16) = 0",
            f"getsockname(4, {{AF_INET, 127.0.0.1, port {port}}}, 16) = 0",
            f'sendto(4, "0123456789abcdef0123456789abcdef"…, 35, 0, {{AF_INET, 127.0.0.1, port {port}}}, 16) = 35',
            f'recvfrom(4, buf, 1024, MSG_DONTWAIT, {{AF_INET, 127.0.0.1, port {port}}}, 16) = 35 '
            '"0123456789abcdef0123456789abcdef"…',
            "recv(4, buf, 10, MSG_PEEK|MSG_DONTWAIT) = -1 EAGAIN",
            "socket(AF_UNIX, SOCK_STREAM, 0) = 5",
            'connect(5, {AF_UNIX, "nobody.sock"}, 14) = -1 ENOENT',
            "accept(4, …) = -1 EOPNOTSUPP",
        ])

    def test_whose_call_it_is(self):
        out = self.trace('a, b = socketpair\ndef f s { send s "x" }\nt = spawn f a\njoin t\n@server recv 4 5')
        self.assertEqual(out.splitlines(), [
            "socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0",
            'f.1 │ send(3, "x", 1, 0) = 1',
            "f.1 │ 3 was opened by main",
            'server │ recv(4, buf, 5, 0) = 1 "x"',
            "server │ 4 was opened by main",
        ])

    def test_a_wait_that_is_interrupted_and_an_end_by_signal(self):
        program = self.socksh("--trace", "-c", BUSY["recv"])
        self.assertEqual(program.line(), "ready")
        self.assertEqual(program.end(signal.SIGINT), 130)


if __name__ == "__main__":
    unittest.main()
