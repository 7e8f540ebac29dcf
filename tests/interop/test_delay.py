"""network delay: packets that take their time between hosts, and overtake one another; as who runs the test and as an
ordinary user."""

import struct
import subprocess
import unittest

import peers
from peers import durations
from test_hosts import LESSON, ROUTED, TWO, spaces_of
from test_packets import Segment, frames

MS = 1_000_000  # nanoseconds

# Main's cable takes 30 ms each way: 60 ms there and back.
PING_PONG = TWO.replace("alice", "main") + """
network delay main 30ms
@bob l = socket; bind l bob:80; listen l
@bob { c, peer = accept l; while d = recv c 10 { send c d } }
s = socket; began = (now); connect s bob:80; print ((now) - began)
for i in range 5 { began = (now); send s "ping"; recv s 10; print ((now) - began) }
close s
"""

# 200 datagrams: whether they came in order, and all of them.
NUMBERED = """
@alice for i in range 200 { send s "{i}" }
got = []
for i in range 200 { append got (recv u 10) }
in_order = true; all_there = true
for i in range 200 {
    if got[i] != "{i}" { in_order = false }
    if not ("{i}" in got) { all_there = false }
}
print in_order all_there
"""
# On main, which alice sends to.
DATAGRAMS = TWO.replace("bob", "main") + """
u = socket AF_INET SOCK_DGRAM; bind u main:9
@alice s = socket AF_INET SOCK_DGRAM; connect s main:9
"""


@unittest.skipUnless(peers.ALLOWED, "namespaces are not allowed here")
class Delay(peers.PeerTest):
    def setUp(self):
        super().setUp()
        self.folder.chmod(0o777)

    def run_script(self, script, program=peers.SOCKSH, status=0, **identity):
        done = subprocess.run([program, "--sandbox", "-c", script], cwd=self.folder, capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, timeout=2 * peers.LIMIT, **identity)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done.stdout if status == 0 else done.stderr

    # --- how long it takes ---

    def test_there_and_back_takes_twice_as_long(self):
        for user, program, identity in self.users():
            with self.subTest(user):
                spans = durations(self.run_script(PING_PONG, program, **identity))
                self.assertEqual(len(spans), 6)
                self.assertGreaterEqual(min(spans), 60 * MS)
                self.assertGreaterEqual(spans[0], 120 * MS)  # ARP asks before the first packet
                self.assertLess(min(spans), 120 * MS)  # the others are late only where the computer is busy

    def test_seen_in_the_capture(self):
        # Seen where they arrive: the SYN behind the cable, the answer again behind it.
        self.run_script("capture delay.pcapng\n" + PING_PONG)
        segments = [(time, Segment(frame), frame[22]) for _, time, frame, _ in frames(self.folder / "delay.pcapng")
                    if frame[12:14] == b"\x08\x00"]
        times = {segment.flags: time for time, segment, _ in reversed(segments)}
        self.assertGreaterEqual(times[0x12] - times[0x02], 30 * MS)  # SYN ACK behind SYN
        self.assertEqual({ttl for *_, ttl in segments}, {64})  # a long cable, no router
        self.assertEqual([segment.length for _, segment, _ in segments if segment.length], [4] * 10)

    def test_both_cables_count_and_a_router_as_well(self):
        text = self.run_script(ROUTED.replace("alice", "main") + """
network delay main 2s; network delay main 10ms; network delay bob 20ms; network delay r 5ms
@bob u = socket AF_INET SOCK_DGRAM; bind u bob:9
@bob { data, peer = recvfrom u 10; sendto u data peer }
s = socket AF_INET SOCK_DGRAM; connect s bob:9
began = (now); send s "there"; recv s 10; print ((now) - began)
""")
        # The router's two cables count each: 10 + 5 + 5 + 20, each way.
        self.assertGreaterEqual(durations(text)[0], 80 * MS)
        self.assertLess(durations(text)[0], 2000 * MS)  # what was said before counts no more

    def test_ipv6(self):
        if not peers.has_ipv6():
            self.skipTest("no IPv6 here")
        text = self.run_script("""
network host main fd00::1/64; network host bob fd00::2/64
network delay bob 15ms
@bob l = socket AF_INET6; bind l [fd00::2]:80; listen l
s = socket AF_INET6; began = (now); connect s [fd00::2]:80; print ((now) - began)
""")
        self.assertGreaterEqual(durations(text)[0], 30 * MS)

    def test_a_mebibyte_comes_whole(self):
        for words in ("5ms", "5ms 5ms"):
            with self.subTest(words):
                text = self.run_script(TWO.replace("bob", "main") + f"network delay alice {words}\n" + """
l = socket; bind l main:80; listen l
@alice data = ""; for i in range 131072 { append data "{i + 1000000} " }
@alice s = socket; connect s main:80
@alice { sendall s data; shutdown s SHUT_WR }
c, peer = accept l
got = ""
while d = recv c 65536 { append got d }
print (len got)
numbers = split got " "
for i in range 131072 { if numbers[i] != "{i + 1000000}" { print "wrong at" i; break } }
""")
                self.assertEqual(text, "1048576\n")

    def test_bursts_get_through(self):
        # Megabytes under way at once. On a very busy computer the relay may come late: once in three times it does not.
        self.assertIn("0\n", (self.run_script(TWO.replace("bob", "main") + """
network delay alice 20ms
l = socket; bind l main:80; listen l
@alice data = ""; for i in range 20000 { append data "0123456789" }
@alice s = socket
@alice { connect s main:80; for i in range 60 { sendall s data }; shutdown s SHUT_WR }
c, peer = accept l
while recv c 65536 { }
for pair in getsockopt 4 TCP_INFO { if pair[0] == "total_retrans" { print pair[1] } }
""") for _ in range(3)))

    # --- order ---

    def test_without_jitter_the_order_stays(self):
        # Also when the cable becomes shorter while packets are on it.
        text = self.run_script(DATAGRAMS + "network delay alice 20ms\n" + NUMBERED +
                               "@alice send s \"first\"\nnetwork delay alice 1ms\n@alice send s \"second\"\n"
                               "print (recv u 10) (recv u 10)\n")
        self.assertEqual(text, "true true\nfirst second\n")

    def test_with_jitter_packets_overtake_one_another(self):
        for user, program, identity in self.users():
            with self.subTest(user):
                text = self.run_script(DATAGRAMS + "network delay alice 5ms 20ms\n" + NUMBERED, program, **identity)
                self.assertEqual(text, "false true\n")

    # --- told, changed, ended ---

    def test_the_table(self):
        text = self.run_script(TWO + "network host carl 10.0.0.3/24\nnetwork delay alice 50ms\n"
                               "network delay bob 1s 500ms\nnetwork down bob\nnetwork delay carl 1ms\n"
                               "network delay carl 0\nnetwork")
        self.assertEqual(text[text.index("host "):], """\
host   interface  address      cable
alice  eth0       10.0.0.1/24  50ms
bob    eth0       10.0.0.2/24  pulled, 1s–1500ms
carl   eth0       10.0.0.3/24
a time: what a packet takes through the cable, one way; socksh itself holds it back, in place of a long cable
""")

    def test_a_cable_pulled_and_a_short_one_again(self):
        text = self.run_script(DATAGRAMS + """
network delay main 5ms
@alice send s "one"
print (recv u 10)
network down main
@alice send s "lost"
network up main
network delay main 0
@alice send s "two"
print (recv u 10)
network down alice; network delay alice 5ms
@alice send s "lost as well"
network up alice
@alice send s "three"
print (recv u 10)
""")
        self.assertEqual(text, "one\ntwo\nthree\n")

    def test_where_it_cannot_be_the_cable_stays_as_it_was(self):
        text = self.run_script(DATAGRAMS + """
setrlimit RLIMIT_NOFILE 3
try { network delay alice 5ms } catch e { print e }
setrlimit RLIMIT_NOFILE 100
@alice send s "one"
print (recv u 10)
network delay alice 5ms
@alice send s "two"
print (recv u 10)
""")
        self.assertRegex(text, r"\AEMFILE: [^\n]*\none\ntwo\n\Z")

    def test_every_host_has_room_for_a_long_cable(self):
        names = ["main"] + [f"h{i}" for i in range(1, 16)]
        script = "".join(f"network host {name} 10.0.0.{at}/24; network delay {name} 1ms\n"
                         for at, name in enumerate(names, 1)) + """
u = socket AF_INET SOCK_DGRAM; bind u main:9
@h15 s = socket AF_INET SOCK_DGRAM; sendto s "x" main:9
print (recv u 10)
"""
        for user, program, identity in self.users():
            with self.subTest(user):
                command = f"ulimit -n 1024; exec {program} --sandbox -c '{script}capture {user}.pcapng'"
                done = subprocess.run(["sh", "-c", command], cwd=self.folder, capture_output=True, text=True,
                                      stdin=subprocess.DEVNULL, timeout=2 * peers.LIMIT, **identity)
                self.assertEqual((done.returncode, done.stderr), (0, ""))
                self.assertIn("x\n", done.stdout)

    def test_more_long_cables_than_there_may_be(self):
        # Eight networks each: the fourth host is refused as a whole, and its cables stay as they were.
        hosts = "".join(f"network host {name} " + " ".join(f"10.0.{leg}.{at}/24" for leg in range(8)) + "\n"
                        for at, name in enumerate(("alice", "bob", "carl", "main"), 1))
        delays = "".join(f"network delay {name} 1ms\n" for name in ("alice", "bob", "carl", "alice"))
        self.assertIn("no more than 24 cables can be given a time",
                      self.run_script(hosts + delays + "network delay main 1ms", status=1))
        text = self.run_script(hosts + delays + """try { network delay main 1ms } catch e { 0 }
u = socket AF_INET SOCK_DGRAM; bind u 10.0.7.4:9
@alice s = socket AF_INET SOCK_DGRAM; sendto s "x" 10.0.7.4:9
print (recv u 10)
""")
        self.assertEqual(text, "x\n")

    def test_refusals(self):
        for words, why in {
                "alice 50": '"50" is no time for a cable to take: from 0 to 10s, such as 50ms',
                "alice soon": '"soon" is no time for a cable to take',
                "alice -1ms": '"-1ms" is no time for a cable to take',
                "alice 11s": '"11s" is no time for a cable to take',
                "alice 5ms 11s": '"11s" is no time for a cable to take',
                "alice 5ms7": '"5ms7" is no time for a cable to take',
                "carl 5ms": 'there is no host "carl"',
                "alice": "it is written: network delay HOST TIME [JITTER]"}.items():
            with self.subTest(words):
                self.assertIn(why, self.run_script(TWO + "network delay " + words, status=1))

    def test_nothing_waits_for_ever_where_a_packet_is_on_its_way(self):
        # Who waits for a packet that is on its way is not at rest: the next line sees that it came.
        (self.folder / "rest.socksh").write_text(TWO.replace("alice", "main") + """
network delay main 300ms
@bob u = socket AF_INET SOCK_DGRAM; bind u bob:9
@bob d = recv u 10                                          #=> waits
s = socket AF_INET SOCK_DGRAM; sendto s "late" bob:9        #=> 4
@bob d                                                      #=> "late"
""")
        self.run_socksh("--sandbox", "check", "rest.socksh")

    def test_in_a_lesson(self):
        folder = self.folder / "01-long-cable"
        folder.mkdir()
        for language in ("en", "zh"):
            (folder / f"{language}.md").write_text(LESSON.replace("bob 10.0.0.2/24", "bob 10.0.0.2/24; "
                                                                  "network delay bob 40ms"))
        done = self.run_socksh("check", folder)
        self.assertNotIn(b"SKIP", done.stdout)

    def test_nothing_is_left(self):
        for end in ("input", "sleep 10s"):
            running = self.start(peers.SOCKSH, "--sandbox", "-c", TWO + "network delay alice 1s\n@alice u = socket "
                                 "AF_INET SOCK_DGRAM; sendto u \"x\" bob:9\nprint \"ready\"; " + end)
            running.find("ready")
            self.assertEqual(len(spaces_of(running.pid)), 4)
            running.child.stdin.close()
            self.assertEqual(running.end(None if end == "input" else 2), 0 if end == "input" else 130)


if __name__ == "__main__":
    unittest.main()
