"""Tab: what it inserts, and the list that a second one shows."""

import subprocess
import unittest

import terminal

PROMPT = "main> "
WIDTHS = 60, 80, 200
ALLOWED = subprocess.run(["unshare", "-Urn", "true"], capture_output=True).returncode == 0


class Tab(terminal.Case):

    def complete(self, screen, typed, wanted, tabs=1, keys=()):
        """Types, presses Tab, and waits for the line to be another; then drops it."""
        screen.type(typed)
        screen.key(*keys, *["Tab"] * tabs)
        screen.until(lambda: screen.edited() == (PROMPT + wanted).rstrip(), f"the line is {wanted!r}")
        return screen.look()[1]

    def drop(self, screen):
        screen.key("C-e", "C-u")
        screen.wait_for_prompt(PROMPT)

    def test_insert(self):
        screen = self.terminal()
        for typed, wanted, behind in (
                ("conn", "connect ", 0),  # a whole candidate, and a blank
                ("socketp", "socketpair ", 0),
                ("bin", "bind ", 0),
                ("x = socketp", "x = socketpair ", 0),
                ("get", "get", 0),  # the candidates go on with different letters
                ("getso", "getsock", 0),  # the common beginning
                ("nosuchthing", "nosuchthing", 0),
                ("learn hel", "learn hello ", 0),
                ("socket AF_INET6 SOCK_STR", "socket AF_INET6 SOCK_STREAM ", 0)):
            with self.subTest(typed):
                column = self.complete(screen, typed, wanted)
                self.assertEqual(column, len(PROMPT + wanted) - behind)
                self.drop(screen)

    def test_in_the_middle(self):
        screen = self.terminal()
        self.complete(screen, "conn 3", "connect 3", keys=("Left", "Left"))
        screen.put("x")
        screen.until(lambda: screen.edited() == PROMPT + "connectx 3", "the cursor is behind the word")
        self.drop(screen)
        self.complete(screen, 'print "你好" ; conn', 'print "你好" ; connect ')

    def test_runs_what_was_completed(self):
        screen = self.terminal()
        screen.enter("trace off; set values off")
        screen.put("socketp\t")  # with Enter behind it at once, it would be a tab of a paste for libedit
        screen.until(lambda: screen.edited() == PROMPT + "socketpair", "the word is whole")
        screen.key("Enter")
        screen.wait_for_prompt(PROMPT)
        self.assertRegex("\n".join(screen.enter("handles")), r"\n4 ", screen.text())


class List(terminal.Case):

    def test_commands_with_what_they_do(self):
        for columns in WIDTHS:
            with self.subTest(columns=columns):
                screen = self.terminal(columns)
                lines = screen.listed("getso", "getsock")
                self.assertEqual([line.split()[0] for line in lines], ["getsockname", "getsockopt"])
                abouts = [line.index(line.split(None, 1)[1]) for line in lines]
                self.assertEqual(abouts, [15, 15])
                self.assertEqual([line for line in lines if terminal.width(line) >= columns], [])

    def test_lessons_with_their_titles(self):
        lines = self.terminal().listed("learn s", "learn s")
        self.assertEqual([line.split(None, 1) for line in lines][:2],
                         [["socket", "What a socket is"], ["server", "The server as a program"]])

    @unittest.skipUnless(ALLOWED, "namespaces are not allowed here")
    def test_hosts_with_their_addresses(self):
        screen = self.terminal(started=False)
        screen.start("--sandbox")
        screen.enter("network host alice 10.0.0.1/24; network host bob 10.0.0.2/24 10.0.0.3/24")
        both = [["alice", "10.0.0.1/24"], ["bob", "10.0.0.2/24, 10.0.0.3/24"]]
        for word in ("up", "down", "delay", "route"):
            lines = screen.listed(f"network {word} ", f"network {word} ")
            self.assertEqual([line.split(None, 1) for line in lines], both)
        # A new one has no name yet, and what follows a name is no host.
        for words in ("network host ", "network router ", "network mtu ", "network down bob "):
            screen.type(words + "a")
            screen.key("Tab")
            screen.type("z")  # behind what Tab would have put in
            self.assertEqual(screen.edited(), PROMPT + words + "az")
            screen.key("C-u")
            screen.wait_for_prompt(PROMPT)

    def test_what_is_cut_says_so(self):
        lines = self.terminal(60).listed("recv 3 10 MSG_", "recv 3 10 MSG_")
        self.assertEqual([line.split()[0] for line in lines], [
            "MSG_OOB", "MSG_PEEK", "MSG_TRUNC", "MSG_DONTWAIT", "MSG_WAITALL", "MSG_ERRQUEUE"])
        self.assertTrue(lines[1].endswith("in the recei…"), lines[1])

    def test_a_screenful_at_most(self):
        for columns in WIDTHS:
            with self.subTest(columns=columns):
                screen = self.terminal(columns, rows=12)
                lines = screen.listed("", "")
                self.assertEqual(len(lines), 10)
                self.assertRegex(lines[-1], r"^  … and \d+ more$")
                self.assertEqual([line for line in lines if len(line) >= columns], [])

    def test_below_a_line_of_several_rows(self):
        screen = self.terminal(60)
        typed = 'print "' + "世界" * 30 + '"; getso'
        before = len(screen.lines())
        lines = screen.listed(typed, 'print "')
        self.assertEqual([line.split()[0] for line in lines], ["getsockname", "getsockopt"])
        self.assertEqual(terminal.without_blanks(screen.lines()[before - 1]), terminal.without_blanks(PROMPT + typed + "ck"))

    def test_wide_candidates_stand_in_columns(self):
        screen = self.terminal()
        for name in "世界", "a", "你好吗":
            (screen.folder / f"x{name}.txt").write_text("")
        lines = screen.listed('load "x', 'load "x')
        rows = [line for line in lines if ".txt" in line]
        self.assertTrue(rows)
        ends = {terminal.width(row[:row.rindex("x")]) for row in rows if row.count(".txt") > 1}
        self.assertLessEqual(len(ends), 1)

    def test_the_hint_and_colours_are_back(self):
        screen = self.terminal()
        screen.listed("getso", "getsock")
        screen.type("bind")
        screen.until(lambda: screen.painted()[1:] == [("bind", "bold"), (" SOCKET ADDRESS", "hint")], "the hint shows")

    def test_dumb_terminal(self):
        screen = self.terminal(environment={"TERM": "dumb"})
        lines = screen.listed("getso", "getsock")
        self.assertEqual([line.split()[0] for line in lines], ["getsockname", "getsockopt"])
