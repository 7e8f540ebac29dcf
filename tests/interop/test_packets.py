"""packets, packet and capture: what socksh sees of its packets, against tshark, tcpdump and a reader of the file of our own."""

import os
import re
import shutil
import struct
import subprocess
import unittest

import peers

FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
NAMES = [(SYN, "SYN"), (FIN, "FIN"), (RST, "RST"), (PSH, "PSH"), (ACK, "ACK")]

HELLO = """
@server {
    l = socket; bind l 127.0.0.1:9999; listen l
    conn, peer = accept l
    while true {
        data = recv conn 1024
        if data == "" { break }
        sendall conn "Hello, {data}!"
    }
    close conn
}
c = socket; connect c 127.0.0.1:9999
for name in ["Michael", "Tracy", "米歇尔"] { sendall c name; recv c 1024 }
shutdown c SHUT_WR
recv c 10
close c
"""


def blocks(data):
    """(type, body) of each block of a pcapng file."""
    at = 0
    while at < len(data):
        kind, length = struct.unpack_from("=II", data, at)
        assert length % 4 == 0 and struct.unpack_from("=I", data, at + length - 4)[0] == length
        yield kind, data[at + 8:at + length - 4]
        at += length


def frames(path):
    """(interface, nanoseconds, frame, length on the wire) of each packet in the file."""
    found = []
    for kind, body in blocks(path.read_bytes()):
        if kind == 6:
            interface, high, low, kept, length = struct.unpack_from("=IIIII", body)
            found.append((interface, high << 32 | low, body[20:20 + kept], length))
    return found


class Segment:
    """TCP over IPv4, decoded once more, by other hands."""

    def __init__(self, frame):
        assert frame[12:14] == b"\x08\x00" and frame[14] >> 4 == 4 and frame[23] == 6
        at = 14 + (frame[14] & 15) * 4
        self.ends = frame[26:30] + frame[at:at + 2], frame[30:34] + frame[at + 2:at + 4]
        self.seq, self.ack, offset, self.flags, self.window = struct.unpack_from("!IIBBH", frame, at + 4)
        self.length = struct.unpack_from("!H", frame, 16)[0] - (at - 14) - (offset >> 4) * 4
        self.end = self.seq + self.length + bool(self.flags & SYN) + bool(self.flags & FIN)


def follow(segments):
    """[(flags, relative seq, relative ack, length)] of one connection."""
    first, rows = {}, []
    for segment in segments:
        sender, receiver = segment.ends
        first.setdefault(sender, segment.seq if segment.flags & SYN else segment.seq - 1)
        flags = " ".join(name for bit, name in NAMES if segment.flags & bit)
        ack = segment.ack - first[receiver] if segment.flags & ACK else None
        rows.append((flags, segment.seq - first[sender], ack, segment.length))
    return rows


def listed(text):
    """[(flags, seq, ack, length)] of the TCP rows that `packets` printed."""
    rows = []
    for line in text.splitlines():
        cells = re.split(r"\s{2,}", line.strip())
        if re.fullmatch(r"\d+", cells[0]) and re.match(r"SYN|ACK|FIN|RST|PSH", cells[4]):
            numbers = [int(cell) for cell in cells[5:8] if cell.isdigit()]
            seq, ack, length = numbers if "ACK" in cells[4] else (numbers[0], None, numbers[1])
            rows.append((cells[4], seq, ack, length))
    return rows


@unittest.skipUnless(peers.ALLOWED, "namespaces are not allowed here")
class Packets(peers.PeerTest):
    def setUp(self):
        super().setUp()
        self.folder.chmod(0o777)

    def run_script(self, script, program=peers.SOCKSH, words=("--sandbox",), **options):
        done = subprocess.run([program, *words, "-c", script], cwd=self.folder, capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, timeout=100, **options)
        self.assertEqual((done.stderr, done.returncode), ("", 0), done.stdout)
        return done.stdout

    def capture(self, script, **options):
        """Runs it between `capture` and `packets`. What was printed, and the file."""
        path = self.folder / "packets.pcapng"
        path.unlink(missing_ok=True)
        text = self.run_script(f"capture packets.pcapng\n{script}\ncapture off\npackets\n", **options)
        return text, path

    def tshark(self, path, *fields):
        if not shutil.which("tshark"):
            self.skipTest("tshark is not here")
        words = [word for field in fields for word in ("-e", field)]
        done = subprocess.run(["tshark", "-r", path, "-T", "fields", *words], capture_output=True, text=True,
                              timeout=100, env=os.environ | {"HOME": str(self.folder)})
        self.assertEqual(done.returncode, 0, done.stderr)
        return [line.split("\t") for line in done.stdout.splitlines()]

    # --- the same packets, seen by others ---

    def test_hello_as_decoded_by_hand(self):
        for user, program, identity in self.users():
            with self.subTest(user):
                text, path = self.capture(HELLO, program=program, **identity)
                rows = listed(text)
                self.assertEqual(rows, follow([Segment(frame) for _, _, frame, _ in frames(path)]))
                self.assertEqual(rows[:3], [("SYN", 0, None, 0), ("SYN ACK", 0, 1, 0), ("ACK", 1, 1, 0)])
                self.assertIn(("PSH ACK", 1, 1, 7), rows)
                self.assertGreaterEqual(sum("FIN" in flags for flags, *_ in rows), 2)

    def test_hello_as_tshark_decodes_it(self):
        program, identity = self.ordinary_user()
        text, path = self.capture(HELLO, program=program, **identity)
        bits = ["tcp.flags.syn", "tcp.flags.fin", "tcp.flags.reset", "tcp.flags.push", "tcp.flags.ack"]
        expected = []
        for *flags, seq, ack, length in self.tshark(path, *bits, "tcp.seq", "tcp.ack", "tcp.len"):
            names = " ".join(name for (_, name), flag in zip(NAMES, flags) if flag in ("1", "True"))
            expected.append((names, int(seq), int(ack) if "ACK" in names else None, int(length)))
        self.assertEqual(listed(text), expected)

    def test_hello_as_tcpdump_reads_it(self):
        if not shutil.which("tcpdump"):
            self.skipTest("tcpdump is not here")
        text, path = self.capture(HELLO)
        done = subprocess.run(["tcpdump", "-nr", path], capture_output=True, text=True, timeout=100)
        lengths = [int(length) for length in re.findall(r"length (\d+)", done.stdout)]
        self.assertEqual(lengths, [length for *_, length in listed(text)], done.stderr)

    def test_windows_are_scaled_as_tshark_scales_them(self):
        self.capture(HELLO)
        text = self.run_script(HELLO + "for i in range 1 8 { packet i }")
        shown = [int(number) for number in re.findall(r"room for (\d+) bytes", text)]
        windows = self.tshark(self.folder / "packets.pcapng", "tcp.window_size")
        self.assertEqual(shown, [int(window) for window, in windows[:7]])

    def test_the_file_has_packets_whole(self):
        script = ("l = socket; bind l 127.0.0.1:9999; listen l; c = socket; connect c 127.0.0.1:9999; s, p = accept l\n"
                  "d = \"x\"; for i in range 12 { d = d + d }; sendall c d; recv s 4096 MSG_WAITALL")
        _, path = self.capture(script)
        largest = max(frames(path), key=lambda row: row[3])
        self.assertEqual(largest[3], len(largest[2]))
        self.assertEqual(largest[2][-4096:], b"x" * 4096)

    # --- what is seen ---

    def test_udp_icmp_and_ipv6(self):
        text = self.run_script(
            "u = socket AF_INET SOCK_DGRAM; connect u 127.0.0.1:9; send u \"one\"\n"
            "v = socket AF_INET6 SOCK_DGRAM; sendto v \"two\" [::1]:9\n"
            "r = socket AF_INET SOCK_DGRAM; bind r 127.0.0.1:5353\n"
            "w = socket AF_INET SOCK_DGRAM; sendto w \"three\" 127.0.0.1:5353\n"
            "l = socket AF_INET6; bind l [::1]:9999; listen l; c = socket AF_INET6; connect c [::1]:9999\n"
            "packets; packet 2; packets r\n")
        for pattern in (r"1 .*3 u +127\.0\.0\.1:9 +UDP +3 +\"one\"",
                        r"2 .* 127\.0\.0\.1 +3 u +ICMP +port unreachable",
                        r"3 .* 4 v +\[::1\]:9 +UDP +3 +\"two\"", r"4 .* ::1 +4 v +ICMPv6 +port unreachable",
                        r"5 .* 6 w +5 r +UDP +5 +\"three\"", r"6 .* 8 c +7 l +SYN +0 +0",
                        r"7 .* 7 l +8 c +SYN ACK +0 +1 +0", r"code +03 +3 port unreachable",
                        r"quoted: sent to +127\.0\.0\.1:9"):
            self.assertRegex(text, pattern)
        self.assertRegex(text, r"(?s)packet 2.*packet +ms[^\n]*\n +5 [^\n]*\"three\"\n\Z")

    def test_a_refused_connection(self):
        text = self.run_script("c = socket; try { connect c 127.0.0.1:9 } catch e { }\npackets c\n")
        self.assertRegex(text, r"1 .* 3 c +127\.0\.0\.1:9 +SYN ")
        self.assertRegex(text, r"2 .* 127\.0\.0\.1:9 +3 c +RST ACK +1 +1 ")

    def test_what_is_sent_again_is_marked(self):
        script = ("l = socket; bind l 127.0.0.1:9999; listen l; c = socket; connect c 127.0.0.1:9999; s, p = accept l\n"
                  "drop s; send c \"lost\"; @late { sleep 700ms; undrop 5 }\nrecv s 10\n")
        text, path = self.capture(script)
        marked = [line for line in text.splitlines() if " again " in line]
        self.assertGreaterEqual(len(marked), 2, text)
        for line in marked:
            self.assertRegex(line, r'PSH ACK +1 +1 +4 +again +"lost"|PSH ACK +1 +1 +4 .* again +"lost"')
        # What Wireshark calls a spurious or a fast one is a retransmission as well.
        again = [row for row in self.tshark(path, "tcp.analysis.retransmission", "tcp.len") if row[0]]
        self.assertEqual(len(again), len(marked))

    def test_call_that_caused_it(self):
        text = self.run_script(HELLO + "packet 1\npacket 2\npacket 4\npacket 5\n")
        self.assertEqual(re.findall(r"sent .*", text), [
            "sent upon a call of main: connect", "sent by the kernel itself, without a call",
            "sent upon a call of main: sendall", "sent by the kernel itself, without a call"])

    def test_which_resets_a_call_has_caused(self):
        turned_away = "b = socket; bind b 127.0.0.1:80; c = socket; try { connect c 127.0.0.1:80 } catch e { 0 }"
        gives_up = ("l = socket; bind l 127.0.0.1:81; listen l; c = socket; connect c 127.0.0.1:81; s, p = accept l\n"
                    "send c \"unread\"; close s")
        late = ("l = socket; bind l 127.0.0.1:82; listen l; c = socket; connect c 127.0.0.1:82; s, p = accept l\n"
                "close s; send c \"late\"")
        for script, reason in ((turned_away, "by the kernel itself, without a call"),
                               (gives_up, "upon a call of main: close"),
                               (late, "by the kernel itself, without a call")):
            with self.subTest(script):
                text = self.run_script(script + "\nfor i in range 1 10 { try { packet i } catch e { break } }")
                resets = [page for page in text.split("\npacket ") if re.search("flags .* RST", page)]
                self.assertEqual([re.findall("(?m)^sent (.*)$", page) for page in resets], [[reason]])

    def test_segments_of_an_ethernet(self):
        script = ("network mtu 1500\nl = socket; bind l 127.0.0.1:9999; listen l; c = socket; connect c 127.0.0.1:9999\n"
                  "s, p = accept l; d = \"x\"; for i in range 2000 { append d \"xxxxxxxxxx\" }\n"
                  "sendall c (slice d 0 20000); recv s 20000 MSG_WAITALL")
        text, _ = self.capture(script)
        self.assertEqual([length for *_, length in listed(text) if length], [1448] * 13 + [1176])

    def test_hosts(self):
        script = ("network host alice 10.0.1.2/24; network host bob 10.0.2.2/24\n"
                  "network router r 10.0.1.1/24 10.0.2.1/24\n"
                  "@bob { l = socket; bind l *:80; listen l; s, p = accept l; send s (recv s 100) }\n"
                  "@alice { c = socket; connect c 10.0.2.2:80; send c \"across\"; recv c 100; close c }\n"
                  "@bob { recv s 1; shutdown s SHUT_WR }\n"
                  # The last packet has arrived when it is closed, and before accept it is not there.
                  "def closed { try { return (state 5) == \"CLOSED\" } catch e { return false } }\n"
                  "while not (closed) { sleep 1ms }\n")
        for user, program, identity in self.users():
            with self.subTest(user):
                text, path = self.capture(script, program=program, **identity)
                before = re.findall(r"r eth\d +64", text)
                behind = re.findall(r"(?:alice|bob) eth0 +63 +passed", text)
                self.assertEqual(len(before), 10, text)
                self.assertEqual(len(before), len(behind), text)
                self.assertNotIn(" again", text)
                self.assertRegex(text, r"10\.0\.1\.2 +10\.0\.1\.1 +ARP +r eth0 +who has it\?")
                times = [time for _, time, _, _ in frames(path)]
                self.assertEqual(times, sorted(times))

    def test_loopbacks_of_two_hosts(self):
        talk = ("l = socket; bind l 127.0.0.1:80; listen l; c = socket; bind c 127.0.0.1:5000; connect c 127.0.0.1:80\n"
                "s, p = accept l; send c \"NAME\"; recv s 100 }\n")
        text, _ = self.capture("network host alice 10.0.1.2/24; network host bob 10.0.1.3/24\n" +
                               "".join(f"@{name} {{ {talk.replace('NAME', name)}" for name in ("alice", "bob")))
        self.assertRegex(text, r'(?m)^ +\d+ .* 4 c +5 s +PSH ACK +1 +1 +5 .*alice lo +64 .*"alice"$')
        self.assertRegex(text, r'(?m)^ +\d+ .* 7 c +8 s +PSH ACK +1 +1 +3 .*bob lo +64 .*"bob"$')
        self.assertNotRegex(text, "again|passed on")

    # --- many ---

    def test_100000_packets(self):
        script = """
        @echo { l = socket; bind l 127.0.0.1:9999; listen l; s, p = accept l
                while true { d = recv s 100; if d == "" { break }; send s d } }
        c = socket; connect c 127.0.0.1:9999
        for i in range 50000 { send c "ping"; recv c 100 }
        """
        text, path = self.capture(script)
        self.assertNotIn("packets are lost", text)
        seen, count = {}, 0
        for _, _, frame, length in frames(path):
            segment = Segment(frame)
            sender, receiver = segment.ends
            self.assertEqual(segment.seq, seen.get(sender, segment.seq), "a packet is missing, or comes twice")
            if segment.flags & ACK:
                self.assertLessEqual(segment.ack, seen[receiver], "acknowledged before it was seen")
            seen[sender] = segment.end
            count += 1
        self.assertGreaterEqual(count, 100000)
        # The last row has the number of all, without a gap before it.
        self.assertEqual(int(re.findall(r"^ *(\d+) ", text, re.MULTILINE)[-1]), count)

    # --- the file ---

    def test_the_end_of_the_program_is_in_the_file(self):
        self.run_script("capture end.pcapng; l = socket; bind l 127.0.0.1:9999; listen l; c = socket\n"
                        "connect c 127.0.0.1:9999; s, p = accept l")
        flags = [Segment(frame).flags for _, _, frame, _ in frames(self.folder / "end.pcapng")]
        self.assertTrue(any(one & (FIN | RST) for one in flags), flags)

    def test_the_file_that_is_being_written_begins_anew(self):
        self.run_script("u = socket AF_INET SOCK_DGRAM; capture same.pcapng; sendto u \"one\" 127.0.0.1:9\n"
                        "capture same.pcapng; sendto u \"two\" 127.0.0.1:9; capture off")
        data = b"".join(frame for _, _, frame, _ in frames(self.folder / "same.pcapng"))
        self.assertIn(b"two", data)
        self.assertNotIn(b"one", data)

    def test_one_file_after_the_other(self):
        send = "sendto u \"{}\" 127.0.0.1:9; "
        self.run_script("u = socket AF_INET SOCK_DGRAM; " + send.format("none") + "capture one.pcapng; " +
                        send.format("one") + "capture two.pcapng; " + send.format("two") + "capture off; " +
                        send.format("none"))
        for name in ("one", "two"):
            data = b"".join(frame for _, _, frame, _ in frames(self.folder / f"{name}.pcapng"))
            self.assertIn(name.encode(), data)
            self.assertNotIn(b"none", data)
            self.assertNotIn(b"two" if name == "one" else b"one", data)

    def test_files_that_cannot_be(self):
        os.mkfifo(self.folder / "fifo")
        for name, errno in (("nowhere/file", "ENOENT"), (".", "EISDIR"), ("fifo", "E(INVAL|NXIO)"),
                            ("/dev/null", "EINVAL")):
            with self.subTest(name):
                text = self.run_script(f"try {{ capture {name} }} catch e {{ print e }}")
                self.assertRegex(text, errno)

    def test_what_is_no_file_is_told_in_words_of_files(self):
        done = subprocess.run([peers.SOCKSH, "--sandbox", "-c", "capture /dev/null"], capture_output=True, text=True,
                              timeout=100)
        self.assertIn("error: EINVAL: this is no regular file", done.stderr)

    def test_a_full_disk_is_told(self):
        text = self.run_script("setrlimit RLIMIT_FSIZE 4096; capture full.pcapng\n"
                               "u = socket AF_INET SOCK_DGRAM; for i in range 100 { sendto u \"x\" 127.0.0.1:9 }\n"
                               "try { capture off } catch e { print e }")
        self.assertRegex(text, "EFBIG")
        self.assertGreater(len(frames(self.folder / "full.pcapng")), 10)
        # Also at the end of the program, where no statement ends the file.
        done = subprocess.run([peers.SOCKSH, "--sandbox", "-c", "setrlimit RLIMIT_FSIZE 4096; capture full.pcapng\n"
                               "u = socket AF_INET SOCK_DGRAM; for i in range 100 { sendto u \"x\" 127.0.0.1:9 }"],
                              cwd=self.folder, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=100)
        self.assertEqual((done.stdout, done.returncode), ("", 0))
        self.assertEqual(done.stderr, "socksh: the file of the capture is not whole: EFBIG\n")

    # --- where it is not allowed ---

    def test_refusal_says_what_still_works(self):
        for user, program, identity in self.users():
            if user == "oneself" and os.getuid() == 0:
                continue
            for command in ("packets", "packet 1", "capture x.pcapng"):
                with self.subTest(command):
                    text = self.run_script(f"try {{ {command} }} catch e {{ print e }}", program, (), **identity)
                    self.assertRegex(text, r"\Apackets cannot be seen here: .*CAP_NET_RAW.*--sandbox shows packets\n\Z")

    @unittest.skipUnless(os.getuid() == 0, "root alone may capture here")
    def test_own_packets_only_on_the_computers_loopback(self):
        other, at = peers.listen()
        with other:
            text = self.run_script("c = socket; connect c " + "127.0.0.1:%d" % other.getsockname()[1] +
                                   "\npackets", words=())
        self.assertEqual({row[0] for row in listed(text)}, {"SYN", "SYN ACK", "ACK"}, text)


if __name__ == "__main__":
    unittest.main()
