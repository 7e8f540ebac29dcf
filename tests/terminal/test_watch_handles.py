"""socksh watch handles: a second terminal keeps the table of the first one's handles in view, and leaves no trace of itself."""

import os
import pathlib
import re
import signal

import terminal


class Watch(terminal.Side):
    def prompt(self, words="", **options):
        screen = self.shell(**options)
        screen.start(words)
        screen.enter("trace off")
        return screen

    def watch(self, **options):
        screen = self.shell(**options)
        screen.mode()
        screen.put(f"'{terminal.SOCKSH}' watch handles; echo \"[status $?]\"")
        screen.key("Enter")
        screen.shows(r"^handles of process \d+")
        return screen

    def doors(self):
        return sorted(path.name for path in pathlib.Path(self.place).glob("socksh/*.view"))

    def test_it_changes_as_things_happen(self):
        first = self.prompt("--sandbox")
        second = self.watch(columns=100)
        second.shows(r"^no sockets are open")
        first.enter("l = socket; bind l 127.0.0.1:9999; listen l 5")
        second.shows(r"^3 l +127\.0\.0\.1:9999 .* LISTEN +0 of 5|^3 l +tcp4 +127\.0\.0\.1:9999 .* LISTEN +0 of 5")
        first.enter("c = socket")
        first.enter("connect c 127.0.0.1:9999")
        second.shows(r"LISTEN +1 of 5")
        first.enter("conn, peer = accept l")
        first.enter('send c "hello"')
        second.shows(r"^5 conn .* ESTABLISHED +5 ")
        first.enter("recv conn 10")
        first.enter("close c")
        second.shows(r"^was 4 .* FIN_WAIT2")
        first.enter("close conn")
        second.shows(r"^was 4 .* TIME_WAIT 60 s")
        second.shows(r"^was 4 .* TIME_WAIT 5\d s")  # nothing happens in the first one: the kernel goes on

    def test_ctrl_c_and_q_leave_the_terminal_as_it_was(self):
        self.prompt()
        for key, status in (("C-c", 130), ("q", 0)):
            with self.subTest(key):
                second = self.shell()
                second.put("echo before")
                second.key("Enter")
                second.wait_for_prompt(terminal.SHELL)
                before, mode = second.lines(), second.mode()
                second.put(f"'{terminal.SOCKSH}' watch handles; echo \"[status $?]\"")
                second.key("Enter")
                second.shows(r"^no sockets are open")
                self.assertNotIn("before", second.text())
                second.key(key)
                self.assertEqual(second.ended(), status)
                self.assertEqual(second.lines()[:len(before) - 1], before[:-1])
                self.assertEqual(second.mode(), mode)
                self.assertEqual(second.tmux("display-message", "-p", "#{cursor_flag}"), ["1"])

    def test_it_fits_when_the_terminal_changes(self):
        first = self.prompt("--sandbox")
        first.enter("l = socket; bind l 127.0.0.1:9999; listen l 5")
        second = self.watch(columns=120)
        heading = lambda: next((line for line in second.lines() if line.startswith("handle ")), "")
        second.until(lambda: "opened by" in heading(), "there is room for everything")
        second.resize(40, 24)
        second.until(lambda: heading().split() == ["handle", "local", "peer"][:1] + heading().split()[1:]
                     and "opened by" not in heading(), "less is shown")
        second.until(lambda: all(len(line) <= 40 for line in second.look()[0]), "nothing is wider")
        second.resize(120, 24)
        second.until(lambda: "opened by" in heading(), "it is all there again")

    def test_more_than_the_screen_holds(self):
        first = self.prompt()
        first.enter("all = []; for i in range 40 { append all (socket) }")
        second = self.watch(rows=20)
        second.shows(r"^… 2\d more$")
        rows = second.look()[0]
        self.assertLessEqual(len(rows), 20)
        self.assertTrue(rows[0].startswith("handles of process"))

    def test_it_ends_with_the_session(self):
        first = self.prompt()
        self.assertEqual(self.doors(), [f"{first.pid}.view"])
        second = self.watch()
        first.key("C-d")
        first.ended()
        self.assertEqual(second.ended(), 0)
        self.assertIn("what was watched has ended", second.text())
        self.assertEqual(self.doors(), [])

    def test_it_ends_with_a_session_that_is_killed(self):
        first = self.prompt()
        second = self.watch()
        os.kill(first.pid, signal.SIGKILL)
        self.assertEqual(second.ended(), 0)
        self.assertEqual(self.doors(), [])  # whoever looks next removes what is left

    def test_it_follows_the_newest(self):
        first = self.prompt()
        first.enter("old = socket")
        second = self.watch()
        second.shows(r"^3 old")
        third = self.prompt()
        third.enter("young = socket")
        second.shows(r"^3 young")
        third.key("C-d")
        third.ended()
        second.shows(r"^3 old")

    def test_a_script_in_the_sandbox(self):
        first = self.shell()
        script = first.folder / "server.socksh"
        script.write_text("l = socket; bind l 127.0.0.1:80; listen l 3\naccept l\n")
        first.put(f"'{terminal.SOCKSH}' --sandbox {script}")
        first.key("Enter")
        first.until(self.doors, "it has begun")
        second = self.watch()
        second.shows(r"127\.0\.0\.1:80 .* LISTEN +0 of 3")
        first.key("C-c")
        self.assertEqual(second.ended(), 0)

    def test_nobody_is_there(self):
        screen = self.shell()
        screen.put(f"'{terminal.SOCKSH}' watch handles; echo \"[status $?]\"")
        screen.key("Enter")
        self.assertEqual(screen.ended(), 1)
        self.assertIn("socksh: nothing to watch", screen.text())

    def test_what_is_unknown(self):
        screen = self.shell()
        screen.put(f"'{terminal.SOCKSH}' watch television; echo \"[status $?]\"")
        screen.key("Enter")
        self.assertEqual(screen.ended(), 2)
        self.assertIn("what can be watched", screen.text())

    def test_states_are_coloured(self):
        first = self.prompt()
        first.enter("l = socket; bind l 127.0.0.1:0; listen l 5")
        second = self.watch()
        for screen in (first, second):
            if screen is first:
                screen.enter("handles")
            screen.shows("LISTEN")
            rows = screen.cells()[0]
            styles = {style for row in rows if "LISTEN" in "".join(one for one, _ in row)
                      for one, style in row if one == "L"}
            self.assertEqual(styles, {frozenset({"36"})})

    def test_without_a_terminal_one_follows_the_other(self):
        first = self.prompt()
        second = self.shell()
        second.put(f"'{terminal.SOCKSH}' watch handles >shown; echo \"[status $?]\"")
        second.key("Enter")
        shown = second.folder / "shown"
        second.until(lambda: shown.exists() and "no sockets" in shown.read_text(), "the first picture is there")
        first.enter("s = socket")
        second.until(lambda: re.search(r"^3 s ", shown.read_text(), re.M), "the second is there")
        second.key("C-c")
        self.assertEqual(second.ended(), 130)
        self.assertNotIn("\x1b", shown.read_text())
