"""Ctrl-C, Ctrl-D, Ctrl-Z, exit and signals: what they end, what they say, and what they leave behind."""

import os
import signal
import socket

import terminal

PROMPT = "main> "
WAITS = {  # statements that wait, and the calls that the screen names; what they use is made below
    "accept l": "accept 3", "recv a 10": "recv 4", "connect c full": "connect 8", "poll [l, a]": "poll", "sleep 100s": "sleep",
}


class Waiting(terminal.Case):

    def prepared(self, columns=80):
        """A prompt with sockets to wait on."""
        screen = self.terminal(columns, 50)
        for line in ("trace off; set values off", "l = socket; bind l 127.0.0.1:0; listen l",
                     "a, b = socketpair", "f = socket; bind f 127.0.0.1:0; listen f 0; full = getsockname f",
                     "first = socket; connect first full", "c = socket"):
            screen.enter(line)
        return screen

    def wait_in(self, screen, statement, call):
        """Types a statement and waits until the screen says that it waits."""
        screen.type(statement)
        screen.key("Enter")
        screen.shows(rf"^        {call}.* waits\.  Ctrl-C ")

    def test_ctrl_c_ends_a_waiting_call_in_words(self):
        screen = self.prepared()
        for statement, call in WAITS.items():
            with self.subTest(statement):
                self.interrupt(screen, statement, call)
        with self.subTest("the sockets live on"):
            screen.enter("clear")
            self.assertEqual(screen.enter('send b "still here"; print (recv a 100)'), ["still here"])
            self.assertEqual(screen.enter("d = socket; connect d (getsockname l); accept l; print 2"), ["2"])

    def interrupt(self, screen, statement, call):
        screen.enter("clear")
        self.wait_in(screen, statement, call)
        screen.key("C-c")
        screen.wait_for_prompt(PROMPT)
        after = screen.text().partition("^C")[2]
        self.assertRegex(after, r"(?m)^error: EINTR: \w+")
        self.assertEqual(screen.enter("print 1"), ["1"])

    def test_on_narrow_and_wide_terminals(self):
        for columns in 60, 200:
            with self.subTest(columns=columns):
                self.interrupt(self.prepared(columns), "accept l", "accept 3")

    def test_caught_once_and_ended_by_the_second(self):
        screen = self.prepared()
        screen.type("loop { try { sleep 100s } catch e { print e } }")
        screen.key("Enter")
        for number in range(3):
            with self.subTest(number=number):
                screen.shows(r"sleep.* waits\.")
                screen.key("C-c")
                if number == 0:
                    screen.shows(r"^EINTR")
                    continue
                screen.wait_for_prompt(PROMPT)
                break
        self.assertEqual(screen.enter("print 1"), ["1"])

    def test_loops_that_never_wait(self):
        screen = self.prepared()
        for loop in ("loop { }", "x = 0; loop { x = x + 1 }", 'loop { print "again and again" }',
                     "def spin { loop { } }; loop { spin }", "loop { try { fail 1 } catch e { } }"):
            with self.subTest(loop):
                screen.enter("clear")
                screen.type(loop)
                screen.key("Enter")
                screen.until(lambda: screen.mode()["canonical"], "the statement runs")
                screen.key("C-c")
                if "try" in loop:
                    screen.key("C-c")
                screen.wait_for_prompt(PROMPT)
                self.assertEqual(screen.enter("print 1"), ["1"])

    def test_ctrl_z_leaves_it_waiting(self):
        screen = self.prepared()
        self.wait_in(screen, "conn, peer = accept l", "accept")
        screen.key("C-z")
        screen.shows(r"^main is left waiting in accept 3.*@main")
        other = screen.edited() + " "
        screen.wait_for_prompt(other)
        self.assertNotEqual(other, PROMPT)
        for word in "fg", "bg":
            with self.subTest(word):
                self.assertIn("@", "\n".join(screen.enter(word)))
        screen.enter("set values on")
        screen.put("k = socket; connect k 127.0.0.1:1")
        screen.key("Enter")
        screen.shows("ECONNREFUSED")
        screen.wait_for_prompt(other)
        screen.enter("@main", prompt=PROMPT)

    def test_ctrl_z_at_the_prompt_stops(self):
        screen = self.terminal()
        for text in "", "print 12", "print '世界" + "世界" * 50 + "'":
            with self.subTest(text):
                screen.type(text)
                screen.key("C-z")
                screen.shows(r"(?i)stopped.*\n" + terminal.SHELL.rstrip() + r"\Z")
                screen.wait_for_prompt(terminal.SHELL)
                self.assertTrue(screen.mode()["canonical"])
                screen.put("fg")
                screen.key("Enter")
                wanted = terminal.without_blanks(PROMPT + text)
                screen.until(lambda: terminal.without_blanks(screen.edited()) == wanted, "the line is back")
                screen.key("Enter")
                screen.wait_for_prompt(PROMPT)

    def test_ctrl_z_where_no_shell_would_continue(self):
        screen = self.terminal(started=False)
        screen.put("exec ")
        screen.start()
        screen.key("C-z")
        screen.put("print 1")  # the line is erased and drawn again meanwhile
        screen.key("Enter")
        screen.until(lambda: screen.lines()[-3:] == [PROMPT + "print 1", "1", PROMPT.rstrip()], "it runs")


class Leaving(terminal.Case):

    def leave(self, act, status, before=("s = socket",)):
        """Starts, runs lines, does something that ends the prompt; what is left must be as it was."""
        screen = self.terminal(started=False)
        settings = screen.mode()["settings"]
        screen.start()
        for line in before:
            screen.enter(line)
        act(screen)
        self.assertEqual(screen.ended(), status)
        self.assertEqual(screen.mode()["settings"], settings)
        return screen

    def test_ctrl_d(self):
        screen = self.leave(lambda screen: screen.key("C-d"), 0, ["s = socket", "a, b = socketpair", "close s"])
        self.assertIn("closing 4, 5", screen.lines())
        screen = self.leave(lambda screen: screen.key("C-d"), 0, ["print 1"])
        self.assertNotIn("closing", screen.text())

    def test_ctrl_d_in_a_line_deletes(self):
        screen = self.terminal()
        screen.type("print 12")
        screen.key("Left", "C-d")
        screen.until(lambda: screen.edited() == "main> print 1", "the 2 is gone")
        screen.key("C-a", "C-d")
        screen.until(lambda: screen.edited() == "main> rint 1", "the p is gone")

    def test_ctrl_d_in_a_continued_input(self):
        def act(screen):
            screen.enter("if true {", prompt="...> ")
            screen.key("C-d")
        self.leave(act, 0)

    def test_exit(self):
        for line, status in (("exit 3", 3), ("quit", 0), ("exit", 0), ("@server exit 4", 4),
                             ("def f { exit 5 }; f", 5), ("try { exit 6 } catch e { print e }", 6)):
            with self.subTest(line):
                def act(screen):
                    screen.type(line)
                    screen.key("Enter")
                self.assertIn("closing 3", self.leave(act, status).lines())

    def test_exit_of_another_while_a_line_is_typed(self):
        def act(screen):
            port = int(screen.enter("print port")[0])
            screen.enter("@server { accept 3; exit 7 }")
            screen.type("print 12")
            socket.create_connection(("127.0.0.1", port)).close()
        self.leave(act, 7, ["l = socket; bind l 127.0.0.1:0; listen l; port = (getsockname l)[1]"])

    def test_signals(self):
        def typing(screen):
            screen.type("print '世界' half a line")

        def continuing(screen):
            screen.enter("if true {", prompt="...> ")
            screen.type("print 1")

        def run(line, begun="waits"):
            def act(screen):
                screen.type(line)
                screen.key("Enter")
                screen.shows(begun)
            return act

        def searching(screen):
            screen.key("C-r")
            screen.put("soc")
            screen.until(lambda: "= socket" in "\n".join(screen.lines()[-2:]), "it is found")

        for signalled, status in (signal.SIGTERM, 143), (signal.SIGHUP, 129):
            for what, begin in (("idle", lambda screen: None), ("typing", typing), ("continuing", continuing),
                                ("searching", searching), ("waiting", run("sleep 100s")),
                                ("computing", run('print "begun"; loop { }', "^begun$")),
                                ("printing", run("loop { print 1 }", "^1$")),
                                ("asking", run('input "who? "', "^who")),
                                ("in the shell", run("!echo begun; exec sleep 1000", "^begun$"))):
                with self.subTest(what, signal=signalled):
                    def act(screen):
                        begin(screen)
                        os.kill(screen.pid, signalled)
                    self.leave(act, status)

    def test_the_terminal_goes_away(self):
        for what, line in (("idle", None), ("waiting", "sleep 1000s"), ("computing", "loop { }"),
                           ("printing", "loop { print 1 }"), ("asking", "input"), ("in the shell", "!sleep 1000")):
            with self.subTest(what):
                screen = self.terminal()
                if line:
                    screen.type(line)
                    screen.key("Enter")
                    screen.until(lambda: screen.mode()["canonical"], "it runs")
                screen.tmux("kill-server")
                screen.until(lambda: not os.path.exists(f"/proc/{screen.pid}"), "socksh is gone")

    def test_with_actors_at_work(self):
        lines = ["l = socket; bind l 127.0.0.1:0; listen l", "@one accept 3", "@two sleep 100s",
                 "def spin { loop { } }", "t = spawn spin", "def talk { loop { print 1; sleep 1ms } }"]
        self.leave(lambda screen: screen.key("C-d"), 0, lines)
        self.leave(lambda screen: os.kill(screen.pid, signal.SIGTERM), 143, lines)
