"""diagram: the picture of a conversation, at three widths, in Unicode and in ASCII, as text that is compared.

The text of one run is the text of each: what differs by itself, times, is replaced. SOCKSH_GOLDEN=write writes it anew.
"""

import os
import pathlib
import re
import subprocess
import sys
import unicodedata
import unittest

import peers
from test_loss import on_terminal

SCRIPTS = pathlib.Path(__file__).resolve().parent / "diagram"
UNICODE = {"LC_ALL": "C.UTF-8", "LANGUAGE": ""}
NAMES = sorted(path.stem for path in SCRIPTS.glob("*.socksh"))


def width(line):
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in line)


def without_times(text):
    return re.sub(r"\b(?:\d+ ms|\d\.\d s)", "NNN ms", text)


@unittest.skipUnless(peers.ALLOWED, "namespaces are not allowed here")
class Pictures(peers.PeerTest):
    def draw(self, script, columns, *options, **environment):
        return without_times(on_terminal(columns, peers.SOCKSH, "--sandbox", *options, SCRIPTS / f"{script}.socksh",
                                         env=os.environ | UNICODE | environment))

    def compare(self, golden, script, columns, *options, **environment):
        """Again when it differs: an acknowledgement comes by itself after 40 ms, on a very busy computer before the answer."""
        golden = SCRIPTS / f"{golden}.txt"
        for _ in range(3):
            text = self.draw(script, columns, *options, **environment)
            if os.environ.get("SOCKSH_GOLDEN") == "write":
                golden.write_text(text)
            if text == golden.read_text():
                break
        self.assertEqual(text, golden.read_text())
        for line in text.splitlines():
            self.assertLessEqual(width(line), columns, line)
        return text

    def test_pictures_at_three_widths(self):
        for name in NAMES:
            for columns in (60, 80, 200):
                with self.subTest(name, columns=columns):
                    self.compare(f"{name}.{columns}", name, columns)

    def test_pictures_in_ascii(self):
        for name in NAMES:
            with self.subTest(name):
                text = self.compare(f"{name}.ascii", name, 80, LC_ALL="C")
                if name != "hello":
                    self.assertTrue(text.isascii(), text)

    def test_a_terminal_that_is_too_narrow(self):
        for columns in (1, 5, 20):
            for name in NAMES:
                with self.subTest(name, columns=columns):
                    self.assertIn("│", self.draw(name, columns))

    def test_picture_in_chinese(self):
        self.compare("loss.zh", "loss", 80, "--lang=zh")


class FromCalls(peers.PeerTest):
    SCRIPT = """
        @server { l = socket; bind l 127.0.0.1:0; listen l 5; conn, peer = accept l }
        c = socket; connect c (getsockname 3)
        send c "Michael"
        @server { recv conn 100; send conn "Hello"; close conn }
        recv c 100; recv c 100; close c
        diagram
    """

    def draw(self, script):
        users = {name: (program, options) for name, program, options in self.users()}
        program, options = users.get("nobody", users["oneself"])
        done = subprocess.run([program, "-c", script], cwd=self.folder, capture_output=True, text=True,
                              env=os.environ | UNICODE, timeout=100, **options)
        self.assertEqual((done.stderr, done.returncode), ("", 0))
        return done.stdout

    def test_a_connection_is_one_whatever_address_was_asked_for(self):
        """0.0.0.0 leads to 127.0.0.1: what is sent there later is of the same connection, and behind the accept."""
        text = self.draw("""
            l = socket; listen l; c = socket; connect c (getsockname l)
            a, p = accept l; send c "Hello"; r = recv a 10
            diagram
        """)
        self.assertEqual(re.findall(r"\b(?:connect|accept|send|recv)\b", text), ["connect", "accept", "send", "recv"], text)

    def test_of_many_the_last_ones_are_drawn(self):
        text = self.draw("""
            l = socket; bind l 127.0.0.1:0; listen l; at = getsockname l
            for i in range 70 { s = socket; connect s at; c, p = accept l; send s "n{i}"; recv c 10; close s; close c }
            diagram
        """)
        self.assertIn("\n6 earlier conversations are not drawn; diagram HANDLE draws one\n", text)
        self.assertEqual(len(re.findall(r"(?m)^4 s  127", text)), 64)
        received = re.findall(r"connect ├─.*\n.*accept.*\n.*send.*\n.*recv 5 = \"(n\d+)\"", text)
        self.assertEqual((received[0], received[-1]), ("n6", "n69"))

    def test_without_the_right_to_see_packets(self):
        """As an ordinary user in the computer's own network; states are the kernel's."""
        said, picture = re.fullmatch(r"((?:\S.*\n)+)((?:.*\n)+)", self.draw(self.SCRIPT)).groups()
        self.assertIn("drawn from calls alone, since packets cannot be seen: ", said.replace("\n", " "))
        self.assertLessEqual(max(map(len, said.splitlines())), 80, said)
        text = re.sub(r"127\.0\.0\.1:\d{5}", "127.0.0.1:PPPPP", picture)
        golden = SCRIPTS / "calls.txt"
        if os.environ.get("SOCKSH_GOLDEN") == "write":
            golden.write_text(text)
        self.assertEqual(text, golden.read_text())


# In a network that only has a loopback: another program, which talks a lot when it is told to, beside the one that it starts.
OTHERS = """
import fcntl, socket, struct, subprocess, sys
server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
SIOCSIFFLAGS, IFF_UP = 0x8914, 1
fcntl.ioctl(server, SIOCSIFFLAGS, struct.pack("16sH22x", b"lo", IFF_UP))
server.bind(("127.0.0.1", 7))
run = subprocess.Popen(sys.argv[1:])
_, peer = server.recvfrom(10)
for port in range(3000, 3040):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", port))
        other.sendto(b"theirs", ("127.0.0.1", 9))
server.sendto(b"done", peer)
sys.exit(run.wait())
"""


@unittest.skipUnless(peers.ALLOWED, "namespaces are not allowed here")
class Losses(peers.PeerTest):
    def draw(self, script):
        return self.run_socksh("--sandbox", "-c", script, env=os.environ | UNICODE).stdout.decode()

    def test_conversations_of_others_are_not_counted(self):
        """On the computer's own network: one to the other program and seventy more are this run's, forty are not."""
        done = subprocess.run(["unshare", "-Urn", sys.executable, "-c", OTHERS, peers.SOCKSH, "-c", """
            packets; u = socket AF_INET SOCK_DGRAM; bind u 127.0.0.1:2000; sendto u "go" 127.0.0.1:7; recvfrom u 10
            for i in range 70 {
                k = socket AF_INET SOCK_DGRAM; bind k "127.0.0.1:{i + 2001}"; sendto k "mine" 127.0.0.1:7; close k
            }
            diagram
        """], cwd=self.folder, env=os.environ | UNICODE, capture_output=True, text=True, timeout=peers.LIMIT)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("\n7 earlier conversations are not drawn; diagram HANDLE draws one\n", done.stdout)

    def test_what_two_routers_pass_on_and_what_gets_lost_behind_them(self):
        text = self.draw("""
            network host alice 10.0.1.2/24; network host bob 10.0.3.2/24
            network router r1 10.0.1.1/24 10.0.2.1/24; network router r2 10.0.2.2/24 10.0.3.1/24
            network route r1 10.0.3.0/24 via 10.0.2.2; network route r2 10.0.1.0/24 via 10.0.2.1
            @bob { r = socket AF_INET SOCK_DGRAM; bind r 10.0.3.2:7000 }
            @alice { s = socket AF_INET SOCK_DGRAM; connect s 10.0.3.2:7000; send s "one" }
            @bob recv r 100
            network down bob
            @alice send s "two"
            diagram
        """)
        self.assertRegex(text, r'UDP  3 bytes "one" ─+>│ *\n *│ *TTL 64, behind r1, r2 62 │')
        # It was lost behind the last router.
        self.assertRegex(text, r'UDP  3 bytes "two" ─+╳ +│ +lost on the way')

    def test_what_is_left_out_is_told_with_its_calls(self):
        """Those that stand beside their packets as well, each once; what there is none of is not spoken of."""
        one = 'send u "x"; try { recv u 1 } catch e { }'
        text = self.draw("u = socket AF_INET SOCK_DGRAM; connect u 127.0.0.1:9; for i in range 150 { " + one + " }; diagram")
        packets, calls = map(int, re.search(r"… (\d+) packets and (\d+) calls are left out here", text).groups())
        drawn = len(re.findall(r"\bsend\b|\brecv\b", text))
        self.assertEqual((packets, calls + drawn), (100, 300), text)
        text = self.draw("u = socket AF_INET SOCK_DGRAM; bind u 127.0.0.1:9; setblocking u false\n"
                         "for i in range 100 { try { recv u 1 } catch e { } }; sendto u \"x\" 127.0.0.1:9; diagram")
        self.assertRegex(text, r"… \d+ calls are left out here")

    def test_what_a_router_says(self):
        """Whom it could not pass on; each answer is drawn once, though a second router has passed it back."""
        text = self.draw("""
            network host alice 10.0.1.2/24; network host bob 10.0.3.2/24
            network router r1 10.0.1.1/24 10.0.2.1/24; network router r2 10.0.2.2/24 10.0.3.1/24
            network route r1 10.0.3.0/24 via 10.0.2.2; network route r2 10.0.1.0/24 via 10.0.2.1
            @bob { r = socket AF_INET SOCK_DGRAM; bind r 10.0.3.2:7000 }
            @alice { s = socket AF_INET SOCK_DGRAM; setsockopt s IP_TTL 1; sendto s "one" 10.0.3.2:7000 }
            @alice { setsockopt s IP_TTL 2; sendto s "two" 10.0.3.2:7000 }
            @alice { setsockopt s IP_TTL 3; sendto s "three" 10.0.3.2:7000 }
            @bob recv r 10
            packets 4
            diagram 4
            diagram s.svg
        """)
        self.assertRegex(text, r"10\.0\.1\.1 +4 s +ICMP .*TTL ran out")
        arrows = re.findall(r'"(one|two|three)" ─+([╳>])|<─+ (r\d): ICMP TTL ran out ─+ +│', text)
        self.assertEqual(arrows, [("one", "╳", ""), ("", "", "r1"), ("two", "╳", ""), ("", "", "r2"), ("three", ">", "")], text)
        self.assertEqual((pathlib.Path(self.folder) / "s.svg").read_text().count("ICMP TTL ran out"), 2)

    def test_pieces_are_one_datagram(self):
        text = self.draw("""
            network mtu 1500; u = socket AF_INET SOCK_DGRAM; bind u 127.0.0.1:7000
            v = socket AF_INET SOCK_DGRAM; connect v 127.0.0.1:7000
            big = ""; for i in range 300 { append big "0123456789" }
            send v big
            diagram
        """)
        self.assertRegex(text, r"send = 3000 ├─ UDP  3000 bytes ")

    def test_what_ended_long_before_stands_above(self):
        """The server calls recv later than the client, whose recv ends later: each stands where it ended."""
        text = self.draw("""
            @server { l = socket; bind l 127.0.0.1:80; listen l }
            @client { c = socket; connect c 127.0.0.1:80; send c "Michael" }
            @server s, p = accept l
            @client { try { recv c 10 } catch e { gone = e } }
            @server recv s 10
            sleep 300ms
            interrupt client
            @client gone
            diagram
        """)
        self.assertLess(text.index('recv = "Michael"'), text.index("recv = EINTR"), text)

    def test_what_is_sent_into_a_pulled_cable(self):
        """Each time that TCP sends is drawn, and what arrives in the end was sent before. Also when the host itself is pulled."""
        for host in ("alice", "bob"):
            for pull in (f"network down {host}; packets", f"network down {host}"):
                with self.subTest(host, pull=pull):
                    text = self.draw(f"""
                        network host alice 10.0.0.1/24; network host bob 10.0.0.2/24
                        @bob {{ l = socket; bind l *:80; listen l }}
                        @alice {{ c = socket; connect c 10.0.0.2:80 }}
                        @bob s, p = accept l
                        {pull}
                        @alice send c "lost"
                        n = 0
                        while n < 2 {{ for f in getsockopt 4 TCP_INFO {{ if f[0] == "total_retrans" {{ n = f[1] }} }}; sleep 5ms }}
                        network up {host}
                        waits = 0; while waits == 0 {{ waits, unsent = queued 5; sleep 5ms }}
                        diagram
                    """)
                    arrows = re.findall(r'"lost" ─*([╳>])', text)
                    self.assertEqual((arrows[0], arrows[-1], arrows.count(">")), ("╳", ">", 1), text)
                    self.assertEqual(text.count("again, after "), len(arrows) - 1, text)
                    self.assertEqual(text.count("lost on the way"), len(arrows) - 1, text)

    def test_what_is_forgotten_is_no_loss(self):
        text = self.draw("""
            u = socket AF_INET SOCK_DGRAM; bind u 127.0.0.1:7000; v = socket AF_INET SOCK_DGRAM; connect v 127.0.0.1:7000
            send v "one"; recv u 10; send v "two"; recv u 10
            for i in range 17000 { queued u }
            send v "three"; recv u 10
            diagram
        """)
        self.assertTrue(text.startswith("only the last 16384 calls are known, and none before them\n"), text)
        self.assertNotIn("lost", text)

    def test_what_a_full_buffer_lost_is_known_when_it_is_empty(self):
        """Nothing was received behind the lost ones: that the kernel holds no more says what became of them."""
        fill = """
            u = socket AF_INET SOCK_DGRAM; bind u 127.0.0.1:7000; setsockopt u SO_RCVBUF 4096
            v = socket AF_INET SOCK_DGRAM; connect v 127.0.0.1:7000
            big = ""; for i in range 100 { append big "0123456789" }
            for i in range 20 { send v "{i} {big}" }
            setblocking u false; n = 0
        """
        text = self.draw(fill + """
            try { loop { recv u 2000; n = n + 1 } } catch e { print n }
            diagram
        """)
        received = int(text.split()[0])
        self.assertIn(f"that did not arrive: {20 - received}\n", text)
        self.assertEqual(text.count("lost: not received"), 20 - received, text)
        # As long as some wait there, nobody knows which.
        text = self.draw(fill + "recv u 2000; diagram")
        self.assertNotIn("lost", text)

    def test_many_losses_are_counted(self):
        text = self.draw("""
            l = socket; bind l 127.0.0.1:9999; listen l; c = socket; connect c 127.0.0.1:9999; s, p = accept l
            network mtu 1500; drop s 30; big = ""
            for i in range 8000 { append big "0123456789" }
            def drain s { n = 0; while d = recv s 65536 { n = n + (len d) }; return n }
            j = spawn drain s
            sendall c big; shutdown c SHUT_WR
            print (join j)
            diagram
        """)
        self.assertTrue(text.startswith("80000\n"), text)
        counts = len(re.findall(r"^ *again\b", text, re.MULTILINE)), text.count("╳")
        said = re.search(r"^packets that were sent again: (\d+), that did not arrive: (\d+)$", text, re.MULTILINE)
        self.assertEqual(said and tuple(map(int, said.groups())), counts if max(counts) >= 8 else None, text)

    def test_another_way_is_told(self):
        text = self.draw("""
            network host alice 10.0.1.1/24; network host bob 10.0.2.1/24
            network router r 10.0.1.254/24 10.0.2.254/24; network router r2 10.0.1.253/24 10.0.2.253/24
            @bob { l = socket; bind l *:80; listen l; s, p = accept l }
            @alice { c = socket; connect c 10.0.2.1:80; send c "one" }
            @bob recv s 10
            network route alice via 10.0.1.253; network route bob via 10.0.2.253
            @alice send c "two"
            @bob recv s 10
            diagram
        """)
        self.assertEqual(re.findall(r"behind (\w+) 63|(SYN ACK|\"two\")", text),
                         [("r", ""), ("r", ""), ("", "SYN ACK"), ("", '"two"'), ("r2", ""), ("r2", ""), ("", '"two"')], text)

    def test_datagrams_that_are_lost_at_random(self):
        """Each that recv did not give is lost, and no other."""
        text = self.draw("""
            r = socket AF_INET SOCK_DGRAM; bind r 127.0.0.1:7000
            s = socket AF_INET SOCK_DGRAM; connect s 127.0.0.1:7000
            drop r 50
            for i in range 40 { send s "n{i}" }
            undrop r
            send s "the last"
            try { loop { print (recv r 10 MSG_DONTWAIT) } } catch e { }
            diagram
        """)
        came = re.findall(r"^(n\d+)$", text, re.MULTILINE)
        for name, tip in re.findall(r'UDP  \d bytes "(n\d+)" ─+([╳>])', text):
            self.assertEqual(tip, ">" if name in came else "╳", text)
        self.assertEqual(text.count("lost: not received"), 40 - len(came))

    def test_a_connection_that_was_given_up(self):
        """No segment tells of that: the kernel does."""
        text = self.draw("""
            l = socket; bind l 127.0.0.1:80; listen l 5
            c = socket; connect c 127.0.0.1:80; s, p = accept l
            setsockopt c TCP_USER_TIMEOUT 300ms; drop s; send c "x"
            try { recv c 10 } catch e { }
            diagram
        """)
        self.assertRegex(text, r"= ETIMEDOUT ┤ *│\n *│ CLOSED, says the kernel")


@unittest.skipUnless(peers.ALLOWED, "namespaces are not allowed here")
class OneHandle(peers.PeerTest):
    def test_of_one_handle_also_when_it_is_closed(self):
        """The picture of one socket has nothing of the others."""
        script = """
            l = socket; bind l 127.0.0.1:80; listen l 5
            for i in range 2 { c = socket; connect c 127.0.0.1:80; s, p = accept l; send c "n{i}"; recv s 10; close c }
            old = s
            diagram old
            diagram 3
            x = socket
            diagram x
        """
        done = self.run_socksh("--sandbox", "-c", script, env=os.environ | UNICODE)
        text = done.stdout.decode()
        of_one, of_all = text.split("4 c", 1)[1].split("\n", 1)[1], text
        self.assertEqual(of_all.count('"n0"'), 2, text)  # an arrow and a recv, in the listener's picture alone
        self.assertEqual(of_all.count('"n1"'), 4, text)
        self.assertIn("this handle has talked with nobody so far", of_one)


@unittest.skipUnless(peers.ALLOWED, "namespaces are not allowed here")
class Files(peers.PeerTest):
    SCRIPT = "s = socket AF_INET SOCK_DGRAM; sendto s \"x\" 127.0.0.1:9; {}"

    def test_names_of_files_are_words_and_handles_are_values(self):
        for words, name in (("diagram one.svg", "one.svg"), ("diagram ./two.svg", "two.svg"),
                            ("n = \"three.svg\"; diagram n", "three.svg"), ("diagram \"four.svg\"; diagram s", "four.svg")):
            with self.subTest(words):
                self.run_socksh("--sandbox", "-c", self.SCRIPT.format(words))
                self.assertTrue((self.folder / name).read_text().startswith("<"))

    def test_files_that_cannot_be(self):
        os.mkfifo(self.folder / "fifo.svg")
        (self.folder / "folder.svg").mkdir()
        for name, answer in (("nowhere/x.svg", "ENOENT"), ("folder.svg", "EISDIR"), ("fifo.svg", "EINVAL|ENXIO"),
                             ("x.png", "a picture is written as SVG"), ("/dev/null", "a picture is written as SVG")):
            with self.subTest(name):
                done = self.run_socksh("--sandbox", "-c", self.SCRIPT.format(f"try {{ diagram {name} }} catch e {{ print e }}"))
                self.assertRegex(done.stdout.decode(), answer)


@unittest.skipUnless(peers.ALLOWED, "namespaces are not allowed here")
class Conversations(peers.PeerTest):
    def draw(self, script):
        return self.run_socksh("--sandbox", "-c", script, env=os.environ | UNICODE).stdout.decode()

    CONNECTION = "l = socket; bind l 127.0.0.1:80; listen l 5; c = socket; connect c 127.0.0.1:80; s, p = accept l\n"

    def test_a_loop_is_folded_with_its_calls(self):
        """The first two and the last are drawn; how many acknowledgements there were is chance."""
        text = self.draw(self.CONNECTION + f'for i in range 20 {{ send s "{"0" * 40}" }}\ndiagram')
        self.assertRegex(text, r"│<─+ … \d+ segments, \d+ bytes ─┤ … 17 × send\n")
        self.assertEqual(text.count(" send = 40"), 3, text)

    def test_turns_are_folded_together(self):
        turn = 'send c "ping"; recv s 100; send s "pong"; recv c 100'
        text = self.draw(self.CONNECTION + "for i in range 30 { " + turn + " }\ndiagram")
        self.assertRegex(text, r" … 27 × send, │ … 54 segments, 216 bytes, both ways +│ … 27 × send,\n")
        self.assertRegex(text, r"\n +27 × recv │ +│ 27 × recv\n")

    def test_seven_are_not_folded(self):
        text = self.draw(self.CONNECTION + 'for i in range 7 { send c "x"; recv s 100 }\ndiagram')
        self.assertEqual((text.count("send = 1 ├"), text.count("×")), (7, 0), text)

    def test_a_broadcast_arrives_where_it_was_seen(self):
        text = self.draw("""
            network host alice 10.0.0.1/24; network host bob 10.0.0.2/24; network host carol 10.0.0.3/24
            @bob { u = socket AF_INET SOCK_DGRAM; bind u 0.0.0.0:9999 }
            @carol { w = socket AF_INET SOCK_DGRAM; bind w 0.0.0.0:9999 }
            @alice { v = socket AF_INET SOCK_DGRAM; setsockopt v SO_BROADCAST 1; sendto v "who?" 10.0.0.255:9999 }
            @bob recv u 100
            @carol recv w 100
            @alice { sendto v "you" 10.0.0.2:9999 }
            @bob recv u 100
            diagram
        """)
        self.assertEqual(text.count('UDP  4 bytes "who?"'), 2, text)
        ladders = {ladder.split()[1]: ladder for ladder in text.split("\n\n")}
        self.assertEqual(set(ladders), {"bob", "carol"}, text)
        for ladder in ladders.values():
            self.assertEqual(ladder.count('UDP  4 bytes "who?"'), 1, text)
            self.assertEqual(ladder.count('recv = "who?"'), 1, text)
        self.assertIn('"you"', ladders["bob"])
        self.assertNotIn('"you"', ladders["carol"])

    def test_who_talks_to_itself(self):
        text = self.draw("""
            network ports 40010 40010; c = socket; connect c 127.0.0.1:40010
            send c "hello, me"; recv c 100
            packets; diagram; diagram self.svg
        """)
        self.assertNotIn("again", text)
        self.assertNotIn("lost", text)
        for words in ("SYN_SENT ┊", "├─ SYN  seq 0 ─> itself", "SYN_RECV ┊", "ESTABLISHED ┊",
                      '├─ PSH ACK  seq 1, 9 bytes "hello, me" ─> itself'):
            self.assertIn(words, text)
        picture = (pathlib.Path(self.folder) / "self.svg").read_text()
        self.assertIn("SYN ACK", picture)
        self.assertEqual(picture.count('class="end"'), 1)


if __name__ == "__main__":
    unittest.main()
