"""Ctrl-D, exit, signals and the end of the terminal: what they end, what they say, and what they leave behind."""

import os
import signal
import socket

import terminal


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

    def test_too_few_descriptors_are_told(self):
        screen = self.terminal(started=False)
        screen.put(f"(ulimit -n 8; '{terminal.SOCKSH}'); echo \"[status $?]\"")
        screen.key("Enter")
        screen.shows(r"^socksh: Too many open files$")
        self.assertEqual(screen.ended(), 1)
