"""What other actors print and report while a line is typed: it appears above, and the line stays as it was."""

import contextlib
import socket

import terminal

PROMPT = "main> "
LINES = {
    "short": 'print "half"',
    "empty": "",
    "Chinese": 'print "你好，世界"',
    "one row and no more": 'print "' + "x" * 66 + '"',
    "two rows": 'print "' + "abcdefghij" * 12 + '"',
    "wide rows": 'print "' + "世界" * 40 + '"',
    "wide rows, at odd columns": 'print "x' + "世界" * 40 + '"',
    "more than the screen": 'print "' + "abcdefghij 世界 " * 140 + '"',
}


@contextlib.contextmanager
def dropped_on_failure(screen):
    """One row that fails must not fail the rows after it."""
    try:
        yield
    except AssertionError:
        screen.key("C-c")
        screen.wait_for_prompt(PROMPT)
        raise


class Above(terminal.Case):

    def server(self, columns=80, environment=None):
        """A prompt whose actor `server` waits for clients over and over, and the port."""
        screen = self.terminal(columns, environment=environment)
        screen.enter("trace off")
        screen.enter("l = socket; bind l 127.0.0.1:0; listen l 500")
        port = int(screen.enter("print (getsockname l)[1]")[0])
        return screen, port

    def client(self, port, count=1):
        """Clients stay until the test is over: of one that has gone a note may speak, or not yet."""
        for _ in range(count):
            self.addCleanup(socket.create_connection(("127.0.0.1", port)).close)

    def check(self, screen, port, typed, keys=()):
        """Types, moves the cursor, lets the server's statement end, and runs the line."""
        begin = len(screen.lines())
        screen.enter("@server conn, peer = accept 3")
        screen.type(typed)
        if keys:
            screen.key(*keys)
            screen.settle()
        column = screen.look()[1]
        self.client(port)
        screen.until(lambda: "server │ conn, peer = " in "\n".join(screen.lines()[begin:]), "the result shows")
        screen.until(lambda: terminal.without_blanks(screen.edited()) == terminal.without_blanks(PROMPT + typed),
                     "the line is as it was")
        screen.settle()
        self.assertEqual(screen.look()[1], column)
        screen.key("Enter")
        screen.wait_for_prompt(PROMPT)
        shown = "\n".join(screen.lines()[begin:])
        self.assertEqual(shown.count("server │"), 1)
        self.assertRegex(shown, r"(?m)^server │ conn, peer = \d+, 127\.0\.0\.1:\d+(    .*)?$")
        if typed:
            self.assertIn(terminal.without_blanks(f"{PROMPT}{typed}{typed[7:-1]}{PROMPT}"),
                          terminal.without_blanks(shown))

    def test_result_of_a_waiting_statement(self):
        for columns in 60, 80, 200:
            screen, port = self.server(columns)
            for name, typed in LINES.items():
                if name == "more than the screen" and not terminal.HAS_READLINE:
                    continue  # libedit shows as much as there is room for
                with self.subTest(name, columns=columns), dropped_on_failure(screen):
                    self.check(screen, port, typed)

    def test_cursor_within_the_line(self):
        screen, port = self.server()
        for name, typed in LINES.items():
            for keys in ["C-a"], ["Left"] * 3, ["C-a"] + ["Right"] * 20:
                if name in ("empty", "more than the screen"):
                    continue
                with self.subTest(name, keys=keys), dropped_on_failure(screen):
                    self.check(screen, port, typed, keys)

    def test_line_of_several_lines(self):
        screen, port = self.server()
        screen.enter("if 1 == 1 {", prompt="...> ")
        screen.enter('  print "世界"', prompt="...> ")
        screen.enter("}", prompt=PROMPT)
        for keys in [], ["C-a"], ["Left"] * 5:
            with self.subTest(keys=keys), dropped_on_failure(screen):
                begin = len(screen.lines())
                screen.enter("@server conn, peer = accept 3")
                screen.key("Up", "Up")
                screen.until(lambda: screen.lines()[-2:] == ['  print "世界"', "}"], "the input is back")
                if keys:
                    screen.key(*keys)
                screen.settle()
                place = screen.look()[1:]
                self.client(port)
                screen.until(lambda: "server │ conn" in "\n".join(screen.lines()[begin:]), "the result shows")
                screen.until(lambda: screen.look()[1:] == (place[0], place[1] + 1), "the cursor is a row lower")
                self.assertEqual(screen.lines()[-4:],
                                 [screen.lines()[-4], "main> if 1 == 1 {", '  print "世界"', "}"])
                screen.key("Enter")
                screen.wait_for_prompt(PROMPT)
                self.assertEqual(screen.lines()[-2:], ["世界", PROMPT.rstrip()])
                self.assertEqual("\n".join(screen.lines()[begin:]).count("if 1 == 1"), 1)

    def test_continued_input(self):
        screen, port = self.server()
        screen.enter("@server conn, peer = accept 3")
        screen.enter("if 1 == 1 {", prompt="...> ")
        screen.type("print 5")
        self.client(port)
        screen.shows(r"^server │ conn")
        screen.until(lambda: screen.edited() == "...> print 5", "the line is as it was")
        screen.key("Enter")
        screen.wait_for_prompt("...> ")
        self.assertEqual(screen.enter("}", prompt=PROMPT), ["5"])

    def test_while_searching(self):
        screen, port = self.server()
        screen.enter('print "first one"')
        screen.enter('print "second"')
        screen.enter("@server conn, peer = accept 3")
        screen.key("C-r")
        screen.put("fir")
        screen.until(lambda: "first one" in "\n".join(screen.lines()[-2:]), "it is found")
        self.client(port)
        screen.shows(r"^server │ conn")
        screen.until(lambda: "first one" in "\n".join(screen.lines()[-2:]), "it is still there")
        screen.key("Enter")
        screen.wait_for_prompt(PROMPT)
        self.assertEqual(screen.lines()[-2], "first one")

    def test_error_of_another(self):
        screen, port = self.server()
        screen.enter("@server { accept 3; fail \"too bad\" }")
        screen.type("print 12")
        self.client(port)
        screen.shows(r"^server │ error: too bad$")
        screen.until(lambda: screen.edited() == "main> print 12", "the line is as it was")
        screen.key("Enter")
        screen.wait_for_prompt(PROMPT)

    def test_burst_while_typing(self):
        screen, port = self.server()
        screen.enter("def talk { for i in range 200 { accept 3; print \"message {i} 世界\" } }")
        screen.enter("t = spawn talk")
        typed = 'print "' + "typed 世界 " * 12 + '"'
        for at in range(0, len(typed), 4):
            self.client(port, 8)
            screen.put(typed[at:at + 4])
        self.client(port, 200)  # more than are taken
        screen.shows(r"^talk\.1 │ message 199 ")
        screen.until(lambda: terminal.without_blanks(screen.edited()) == terminal.without_blanks(PROMPT + typed),
                     "the line is whole")
        said = [line for line in screen.lines() if line.startswith("talk.1 │ ")]
        self.assertEqual(said, [f"talk.1 │ message {i} 世界" for i in range(200)])
        screen.key("Enter")
        screen.wait_for_prompt(PROMPT)
        self.assertEqual(screen.lines()[-2], typed[7:-1].rstrip())

    def test_typing_while_another_never_stops_printing(self):
        screen = self.terminal()
        screen.put('def talk { loop { print "x" } }')
        screen.key("Enter")
        screen.put("t = spawn talk")
        screen.key("Enter")
        screen.shows("^talk.1 │ x$")
        screen.put("kill t")
        screen.key("Enter")
        screen.wait_for_prompt(PROMPT)
        self.assertEqual(screen.enter("print 1"), ["1"])

    def test_dumb_terminal(self):
        screen, port = self.server(environment={"TERM": "dumb"})
        screen.enter("@server conn, peer = accept 3")
        screen.type("print 12")
        self.client(port)
        screen.shows(r"^server │ conn")
        screen.until(lambda: screen.edited() == "main> print 12", "the line is shown again")
        screen.key("Enter")
        screen.wait_for_prompt(PROMPT)
        self.assertEqual(screen.lines()[-2], "12")
