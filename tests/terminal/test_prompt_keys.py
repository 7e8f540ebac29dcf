"""Ctrl-C and Ctrl-Z in statements and on lines: what they end or leave waiting, and what they say."""

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
        screen.shows(r"^main is left waiting in accept 3.*@main.*\nyou are now in two, a new actor$")
        other = "two> "
        screen.wait_for_prompt(other)
        for word in "fg", "bg":
            with self.subTest(word):
                shown = "\n".join(screen.enter(word))
                self.assertIn("@NAME talks to one", shown)
                self.assertIn("Ctrl-Z at a prompt stops socksh itself", shown)
        self.assertIn("stops socksh", " ".join("\n".join(screen.enter("help keys")).split()))
        screen.enter("set values on")
        screen.put("k = socket; connect k 127.0.0.1:1")
        screen.key("Enter")
        screen.shows("ECONNREFUSED")
        screen.wait_for_prompt(other)
        screen.enter("@main", prompt=PROMPT)

    def test_ctrl_z_to_an_actor_that_is_there(self):
        screen = self.prepared()
        screen.enter("@other", prompt="other> ")
        screen.enter("@main", prompt=PROMPT)
        self.wait_in(screen, "conn, peer = accept l", "accept")
        screen.key("C-z")
        screen.wait_for_prompt("other> ")
        self.assertNotIn("you are now", screen.text())

    def test_a_question_waits_without_a_word(self):
        screen = self.prepared()
        screen.enter('@clock { sleep 1500ms; print "rings" }')  # later than the word would come
        screen.put('name = input "Name: "')
        screen.key("Enter")
        screen.shows(r"^Name:")
        screen.shows(r"clock │ rings$")
        self.assertNotIn("waits.", screen.text())
        screen.put("Bob")
        screen.key("Enter")
        screen.wait_for_prompt(PROMPT)
        self.assertEqual(screen.enter("print name"), ["Bob"])

    def test_a_wait_behind_a_question_is_told(self):
        screen = self.prepared()
        screen.put('name = input "Name: "; sleep 100s')
        screen.key("Enter")
        screen.shows(r"^Name:")
        screen.put("Bob")
        screen.key("Enter")
        screen.shows(r"^ +sleep waits\.")
        screen.key("C-c")
        screen.wait_for_prompt(PROMPT)

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
