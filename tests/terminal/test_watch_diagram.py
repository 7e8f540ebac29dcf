"""socksh watch diagram: a second terminal keeps the picture of the first one's conversations in view, as it grows."""

import pathlib
import re

import terminal

DIALOGUE = ["l = socket; bind l 127.0.0.1:9999; listen l 5", "c = socket", "connect c 127.0.0.1:9999", "conn, peer = accept l",
            'send c "Michael"', "recv conn 10"]
END = ["close c", "recv conn 10", "close conn"]


class Watch(terminal.Side):
    def prompt(self, words="--sandbox"):
        screen = self.shell()
        screen.start(words)
        screen.enter("trace off")
        return screen

    def watch(self, **options):
        screen = self.shell(**options)
        screen.put(f"'{terminal.SOCKSH}' watch diagram; echo \"[status $?]\"")
        screen.key("Enter")
        screen.shows(r"^diagram of process \d+")
        return screen

    def test_it_grows_as_things_happen(self):
        first = self.prompt()
        second = self.watch()
        second.shows("nobody has talked with anybody")
        for line in DIALOGUE[:3]:
            first.enter(line)
        second.shows(r"connect ├─ SYN .*─>│")
        second.shows(r"├─ ACK  ack 1 ─+>│")
        self.assertNotIn("Michael", second.text())
        first.enter(DIALOGUE[3])
        second.shows(r"├ accept = 5")
        first.enter(DIALOGUE[4])
        second.shows(r'send = 7 ├─ PSH ACK .*"Michael" ─+>│')
        first.enter(DIALOGUE[5])
        second.shows(r'├ recv = "Michael"')
        first.key("C-d")
        first.ended()
        self.assertEqual(second.ended(), 0)
        self.assertIn("what was watched has ended", second.text())

    def test_a_call_that_waits_is_seen_to_wait(self):
        first = self.prompt()
        second = self.watch()
        for line in DIALOGUE[:4]:
            first.enter(line)
        first.type("recv conn 10")
        first.key("Enter")
        second.shows(r"├ recv$")
        first.key("C-c")
        second.shows("EINTR")

    def test_its_width_is_the_terminal_s(self):
        first = self.prompt()
        for line in DIALOGUE:
            first.enter(line)
        second = self.watch(columns=120)
        widest = lambda: max(terminal.width(row) for row in second.look()[0][2:])
        second.until(lambda: "recv =" in second.text() and 80 < widest() <= 120, "it is as wide as there is room for")
        second.resize(60, 24)
        second.until(lambda: "├ recv" in second.text() and 40 < widest() <= 60, "it is narrower")

    def test_of_a_longer_one_the_end_is_shown(self):
        first = self.prompt()
        second = self.watch(rows=16)
        for line in DIALOGUE + END:
            first.enter(line)
        second.shows("CLOSED")
        whole = self.watch(rows=60)
        whole.shows("CLOSED")

        def is_its_end():  # both are drawn anew while the last call ends
            rows, lines = second.look()[0], [row for row in whole.look()[0][2:] if row]
            hidden = re.match(r"… (\d+) more$", rows[4])
            return hidden and [row for row in rows[5:] if row] == lines[2 + int(hidden[1]):]
        second.until(is_its_end, "it is the end of the whole one")
        rows = second.look()[0]
        self.assertLessEqual(len(rows), 16)
        self.assertTrue(rows[0].startswith("diagram of process"))
        self.assertRegex(rows[2], r"^ +main +main$")  # who the columns are stays
        self.assertRegex(rows[3], r"^ *4 c +127\.0\.0\.1:\d+ +3 l +127\.0\.0\.1:9999$")
        self.assertRegex(rows[4], r"^… \d+ more$")
        self.assertNotIn("SYN", second.text())

    def test_ascii(self):
        first = self.prompt()
        for line in DIALOGUE:
            first.enter(line)
        second = self.watch(environment={"LANG": "C", "LC_ALL": "C"})
        second.shows(r'send = 7 \+- PSH ACK .*"Michael" -+>\|')
        self.assertTrue(second.text().isascii())
        self.assertEqual(len({len(row) for row in second.look()[0] if row.endswith("|")}), 1)

    def test_a_script_without_its_asking(self):
        first = self.shell()
        script = first.folder / "server.socksh"
        script.write_text("stop = input\nl = socket; bind l 127.0.0.1:80; listen l 3\nc = socket; connect c 127.0.0.1:80\naccept l\n"
                          "accept l\n")
        first.put(f"'{terminal.SOCKSH}' --sandbox {script}")
        first.key("Enter")
        first.until(lambda: list(pathlib.Path(self.place).glob("socksh/*.view")), "it has begun")
        second = self.watch()
        second.shows("nobody has talked")
        first.key("Enter")
        second.shows(r"connect ├─ SYN .*─>│")
        first.key("C-c")
        self.assertEqual(second.ended(), 0)
