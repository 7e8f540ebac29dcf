"""What passes on the network, at a prompt in a network of its own: packets and packet N, at three widths and in Chinese."""

import re
import subprocess
import unittest

import terminal

ALLOWED = subprocess.run(["unshare", "-Urn", "true"], capture_output=True).returncode == 0
WIDTHS = 60, 80, 200
TALK = ("l = socket; bind l 127.0.0.1:80; listen l; c = socket; connect c 127.0.0.1:80; s, p = accept l; "
        "send c \"Michael\"; recv s 100; send s \"你好\"; recv c 100; close c; close s")
HEADINGS = {60: "packet ms from to flags seq ack len data", 80: "packet ms from to flags seq ack len window call data",
            200: "packet ms from to flags seq ack len window call data"}


@unittest.skipUnless(ALLOWED, "namespaces are not allowed here")
class Packets(terminal.Case):

    def screen(self, columns, language="C.UTF-8"):
        """A prompt after a conversation, whose rows are to fit."""
        screen = self.terminal(columns, rows=50, environment={"LANG": language}, started=False)
        screen.start("--sandbox")
        for line in ("trace off", "set values off", TALK):
            screen.enter(line)
        return screen

    def shown(self, screen, line):
        """What a line makes appear."""
        rows = screen.enter(line)
        self.assertEqual([row for row in rows if terminal.width(row) > screen.columns], [])
        return rows

    def test_list(self):
        for columns in WIDTHS:
            with self.subTest(columns):
                screen = self.screen(columns)
                screen.columns = columns
                rows = self.shown(screen, "packets")
                self.assertEqual(rows[0].split(), HEADINGS[columns].split())
                self.assertEqual([int(row.split()[0]) for row in rows[1:]], list(range(1, len(rows))))
                self.assertRegex(rows[1], r" 4 c +5 s +SYN +0 +0")
                self.assertRegex(rows[4], r' 4 c +5 s +PSH ACK +1 +1 +7 .*"Michael"$')
                self.assertRegex(rows[6], r' 5 s +4 c +PSH ACK +1 +8 +6 .*"你好"$')
                # Numbers stand under the end of their heading, names under its beginning.
                for row in rows[1:]:
                    self.assertEqual(row.index(re.search(r"\d [cs] ", row)[0]), rows[0].index("from"))
                    end = rows[0].index("seq") + 3
                    self.assertTrue(row[end - 1].isdigit() and row[end:end + 1] in ("", " "), row)

    def test_what_is_special_is_told_between_hosts_at_80_columns(self):
        screen = self.terminal(80, rows=50, started=False)
        screen.columns = 80
        screen.start("--sandbox")
        for line in ("trace off", "network router r 10.0.1.254/24 10.0.2.254/24", "network host alice 10.0.1.1/24",
                     "network host bob 10.0.2.1/24", "@bob l = socket; bind l bob:80; listen l",
                     "@alice s = socket; connect s bob:80", "@bob c, p = accept l"):
            screen.enter(line)
        rows = self.shown(screen, "packets")
        self.assertRegex(rows[1], r"ARP .* who has it\?$")
        self.assertRegex(rows[6], r"SYN .* passed on$")

    def test_one_packet(self):
        for columns in WIDTHS:
            with self.subTest(columns):
                screen = self.screen(columns)
                screen.columns = columns
                rows = self.shown(screen, "packet 4")
                text = "\n".join(rows)
                self.assertRegex(rows[0], r"packet 4, from 4 c to 5 s, [\d.]+ ms after the first")
                self.assertEqual(rows[1], "sent upon a call of main: send")
                for pattern in (r"source address +7f 00 00 01 +127\.0\.0\.1", r"destination port +00 50 +80 ",
                                r"flags +18 +PSH ACK", r'│ "Michael" +│'):
                    self.assertRegex(text, pattern)
                # Beside each other where there is room: the ports then stand in a row with the IP header.
                beside = any("IPv4 header" in row and "TCP header" in row for row in rows)
                self.assertEqual(beside, columns == 200)
                for row in rows[2:]:
                    if not beside:
                        self.assertRegex(row, r"\A[┌│└].*[┐│┘]\Z")

    def test_in_chinese(self):
        for columns in WIDTHS:
            with self.subTest(columns):
                screen = self.screen(columns, "zh_CN.UTF-8")
                screen.columns = columns
                rows = self.shown(screen, "packets")
                self.assertRegex(rows[0], "数据包 .*从 .*到 .*标志 .*长度 .*数据$")
                starts = {terminal.width(row[:re.search(r"(?<=  )\d [cs] ", row).start()]) for row in rows[1:]}
                self.assertEqual(starts, {terminal.width(rows[0][:rows[0].index("从")])})
                box = self.shown(screen, "packet 4")
                for pattern in "源地址 +7f 00 00 01 +127.0.0.1", "目的端口 +00 50 +80 ":
                    self.assertRegex("\n".join(box), pattern)
                if columns < 200:
                    widths = [terminal.width(row) for row in box if row[0] in "┌│└"]
                    self.assertLessEqual(len(set(widths)), 3, box)

    def test_a_screen_of_ascii(self):
        screen = self.terminal(80, rows=50, environment={"LANG": "C", "LC_ALL": "C"}, started=False)
        screen.start("--sandbox")
        for line in ("trace off", "set values off", TALK.replace("你好", "hi")):
            screen.enter(line)
        screen.columns = 80
        rows = self.shown(screen, "packet 4")
        self.assertTrue(all(row.isascii() for row in rows), rows)
        self.assertRegex("\n".join(rows), r"(?m)^\+- IPv4 header, 20 bytes -+\+$")

    def test_what_was_just_sent_is_there(self):
        screen = self.screen(80)
        screen.columns = 80
        for number in range(3):
            screen.enter(f"u = socket AF_INET SOCK_DGRAM; sendto u \"number {number}\" 127.0.0.1:9")
            self.assertRegex("\n".join(self.shown(screen, "packets u")), f'UDP +8 .*"number {number}"')


if __name__ == "__main__":
    unittest.main()
