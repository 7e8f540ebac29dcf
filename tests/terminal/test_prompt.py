"""What statements show at the prompt: values, traces, errors; input over several lines; the forms that are the prompt's own."""

import re
import socket
import subprocess
import unittest

import terminal

PROMPT = "main> "
WIDTHS = 60, 80, 200


def values(lines):
    """The values alone, without the notes behind or below them."""
    return [line.split("    ")[0] for line in lines if not re.match(r" {4}\S", line)]


class Values(terminal.Case):

    def test_start_line_and_prompt(self):
        for columns in WIDTHS:
            with self.subTest(columns=columns):
                screen = self.terminal(columns)
                lines = screen.lines()
                self.assertRegex(lines[1], r"^socksh \d+\.\d+.* – the sockets API, one call at a time\. ")
                for word in "help", "quit", "Ctrl-D":
                    self.assertIn(word, " ".join(lines[1:-1]))
                self.assertLessEqual(max(map(terminal.width, screen.look()[0])), columns)
                self.assertEqual(lines[-1], PROMPT.rstrip())
                self.assertEqual(len(lines), 4 if columns == 60 else 3)

    def test_value_after_each_command(self):
        screen = self.terminal()
        for statement, shown in (
                ("trace off", []),
                ("s = socket", ["s = 3"]),
                ("a, b = socketpair", ["a, b = 4, 5"]),
                ('send a "Michael"', ["7"]),
                ("d = recv b 3", ['d = "Mic"']),
                ("recv b 100", ['"hael"']),
                ("bind s 127.0.0.1:0; listen s 5", []),
                ("c = socket", ["c = 6"]),
                ("connect c (getsockname s)", []),
                ("conn, peer = accept s", [re.compile(r"conn, peer = 7, 127\.0\.0\.1:\d+")]),
                ("close c", []),
                ('recv conn 10', ['""']),
                ("1 + 1", ["2"]),
                ("x = none", ["x = none"]),
                ('"世界 {d}"', ['"世界 Mic"']),
                ("def nothing { }", []),
                ("nothing", []),
                ("(now) > 0s; AF_INET", ["true", "AF_INET"]),
                ("set values off", []),
                ("2 + 2", []),
                ("set values on", []),
                ("2 + 2", ["4"])):
            with self.subTest(statement):
                lines = values(screen.enter(statement))
                self.assertEqual(len(lines), len(shown), lines)
                for line, wanted in zip(lines, shown):
                    if isinstance(wanted, str):
                        self.assertEqual(line, wanted)
                    else:
                        self.assertRegex(line, wanted)

    def test_long_values_are_cut(self):
        screen = self.terminal(200)
        screen.enter('big = "0123456789"')
        screen.enter("for i in range 10 { append big big }")
        screen.enter("clear")
        for statement in "big", "copy = big", "[big, big]":
            with self.subTest(statement):
                text = "".join(screen.enter(statement))
                self.assertIn("10240 bytes", text)
                self.assertIn("0123456789012345678901234567890123456789", text)
                self.assertLess(len(text), 800)
        with self.subTest("range"):
            text = "".join(screen.enter("range 10000"))
            self.assertIn("0, 1, 2, 3", text)
            self.assertIn("10000 elements", text)
            self.assertLess(len(text), 800)

    def test_trace(self):
        screen = self.terminal()
        for statement, trace in (
                ("s = socket", "        socket(AF_INET, SOCK_STREAM, 0) = 3"),
                ("listen s 5", "        listen(3, 5) = 0"),
                ("accept 0", "        accept(0, …) = -1 ENOTSOCK")):
            with self.subTest(statement):
                self.assertEqual(screen.enter(statement)[0], trace)
        for form, trace in ("c", "= socket(AF_INET, SOCK_STREAM, 0);"), ("python", "socket.socket("):
            with self.subTest(form):
                screen.enter(f"trace {form}")
                lines = screen.enter("t = socket")
                self.assertTrue(lines[0].startswith("        "), lines)
                self.assertIn(trace, "\n".join(lines))
        with self.subTest("off"):
            screen.enter("trace off")
            self.assertEqual(values(screen.enter("u = socket")), ["u = 6"])


class Errors(terminal.Case):

    def test_an_error_leaves_the_prompt_alive(self):
        for columns in WIDTHS:
            screen = self.terminal(columns)
            screen.enter("trace off")
            screen.enter("s = socket")
            for statement, wanted in (
                    ("conect s 127.0.0.1:1", 'error: there is no command "conect"'),
                    ("send s", "error: "),
                    ("print undefined", "error: "),
                    ("recv s -1 )", "error: "),
                    ("connect s 127.0.0.1:1", "error: ECONNREFUSED"),
                    ('send s "x"', "error: E"),
                    ('fail "on purpose"', "error: on purpose"),
                    ("1 / 0", "error: "),
                    ("def f { return 1 / 0 }; f", "error: ")):
                with self.subTest(statement, columns=columns):
                    lines = screen.enter(statement)
                    self.assertTrue(lines and lines[0].startswith(wanted), lines)
                    self.assertEqual(values(screen.enter("getsockopt s SO_TYPE")), ["SOCK_STREAM"])

    def test_the_place_is_underlined(self):
        screen = self.terminal()
        for statement, marked in (("conect s 127.0.0.1:1", "conect"), ('print "世界" ; lissten 3', "lissten")):
            with self.subTest(statement):
                line, marks = screen.enter(statement)[1:3]
                begin = marks.index("^")
                before = len(line[:line.index(marked)].encode("gb18030"))  # as wide as shown
                self.assertEqual((line.strip(), begin), (statement, before))
                self.assertEqual(re.match(r"\^+", marks[begin:])[0], "^" * len(marked))

    def test_control_characters_in_a_mistake(self):
        screen = self.terminal()
        octets = screen.record()
        screen.put('print "\x16\x1b]0;owned\x16\x07" +')  # ^V quotes
        screen.key("Enter")
        screen.shows("error: ")
        screen.wait_for_prompt(PROMPT)
        self.assertNotIn(b"\x1b]0;", octets.read_bytes())
        self.assertNotIn(b"\x07", octets.read_bytes())


class Continuation(terminal.Case):

    def test_unfinished_input_continues(self):
        screen = self.terminal()
        screen.enter("trace off")
        for lines, shown in (
                (["if 1 == 1 {", 'print "yes"', "}"], ["yes"]),
                (["if 1 == 2 {", "} else {", 'print "no"', "}"], ["no"]),
                (["def twice n {", "return n * 2", "}", ], []),
                (['"one', 'two"'], ['"one\\ntwo"']),
                (["'raw", "", "\\n'"], ['"raw\\n\\n\\\\n"']),
                (["x = [1,", "2,", "3]"], ["x = [1, 2, 3]"]),
                (["print (1 +", "2)"], ["3"]),
                (["print 1 \\", "2"], ["1 2"]),
                (["@server {", "y = 5", "print y", "}"], ["server │ 5"]),
                (["try {", "fail \"it\"", "} catch e {", "print e", "}"], ["it"]),
                (["twice 21"], ["42"])):
            with self.subTest(lines):
                for line in lines[:-1]:
                    screen.enter(line, prompt="...> ")
                self.assertEqual(screen.enter(lines[-1], prompt=PROMPT), shown)

    def test_ctrl_c_drops_the_line(self):
        screen = self.terminal()
        for line in "print 1", "print 1; 'open", "世界世界世界世界世界世界世界世界世界世界世界世界世界世界世界世界世界世界世界世界 xyz":
            for keys in [], ["C-a"], ["Left"] * 3:
                with self.subTest(line, keys=keys):
                    screen.type(line)
                    screen.key(*keys) if keys else None
                    screen.key("C-c")
                    screen.wait_for_prompt(PROMPT)
                    self.assertEqual(terminal.without_blanks(screen.lines()[-2]),
                                     terminal.without_blanks(f"{PROMPT}{line}^C"))
                    self.assertEqual(screen.enter("print 2"), ["2"])

    def test_ctrl_c_drops_all_lines(self):
        screen = self.terminal()
        for opening in "if 1 == 1 {", "'abc", "x = [1,", "print 1 \\":
            for more in [], ["print 3"], ["half"]:
                with self.subTest(opening, more=more):
                    screen.enter(opening, prompt="...> ")
                    for line in more:
                        screen.enter(line, prompt="...> ") if opening != "print 1 \\" else screen.type(line)
                    screen.key("C-c")
                    screen.wait_for_prompt(PROMPT)
                    self.assertEqual(screen.enter("print 2"), ["2"])


class OwnForms(terminal.Case):

    def test_actor_of_the_prompt(self):
        screen = self.terminal()
        screen.enter("x = 1")
        screen.enter("@server", prompt="server> ")
        self.assertIn("error", screen.enter("print x")[0])
        screen.enter("x = 2")
        screen.enter("@main", prompt=PROMPT)
        self.assertEqual(screen.enter("print x"), ["1"])
        self.assertEqual(screen.enter("@server print x"), ["server │ 2"])
        screen.enter("@server", prompt="server> ")
        self.assertEqual(screen.enter("print x"), ["2"])
        self.assertEqual(screen.enter("@main print x"), ["main │ 1"])

    def test_help(self):
        screen = self.terminal(rows=60)
        asked = {form: screen.enter(form) for form in ("help recv", "?recv", "recv ?", "? recv")}
        self.assertIn("recv SOCKET SIZE", "\n".join(asked["help recv"]))
        for form, lines in asked.items():
            with self.subTest(form):
                self.assertEqual(lines, asked["help recv"])
        with self.subTest("?"):
            screen.enter("clear")
            self.assertEqual(screen.enter("?"), screen.enter("help"))

    def test_shell(self):
        screen = self.terminal()
        for command, shown in (
                ("!echo hi", ["hi"]), ("! echo hi", ["hi"]), ("!echo 世界 >&2", ["世界"]), ("!true", []),
                ("!false", ["(exit status 1)"]), ("!exit 3", ["(exit status 3)"]),
                ("!kill -TERM $$", ["(ended by signal 15)"]), ("!no-such-command 2>/dev/null", ["(exit status 127)"]),
                ("!read x; echo $x", None)):
            with self.subTest(command):
                if shown is not None:
                    self.assertEqual(screen.enter(command), shown)
                    continue
                screen.type(command)
                screen.key("Enter")
                screen.until(lambda: screen.mode()["canonical"], "the terminal is the command's")
                screen.put("typed")
                screen.key("Enter")
                screen.wait_for_prompt(PROMPT)
                self.assertEqual(screen.lines()[-3:-1], ["typed", "typed"])
        with self.subTest("no descriptor but 0, 1, 2"):
            screen.enter("s = socket")
            self.assertEqual(screen.enter("!ls /proc/self/fd | wc -l"), ["4"])  # and the folder that ls reads

    def test_shell_and_keys(self):
        screen = self.terminal()
        screen.type("!echo begun; sleep 1000")
        screen.key("Enter")
        screen.shows("^begun$")
        screen.key("C-c")
        screen.wait_for_prompt(PROMPT)
        self.assertEqual(screen.enter("print 1"), ["1"])
        screen.type("!echo again; sleep 1000")
        screen.key("Enter")
        screen.shows("^again$")
        screen.key("C-z")
        screen.wait_for_prompt(terminal.SHELL)
        screen.put("fg")
        screen.key("Enter")
        screen.shows("^sh start .*\n*\\Z")
        screen.key("C-c")
        screen.wait_for_prompt(PROMPT)
        self.assertEqual(screen.enter("print 2"), ["2"])


class Plainness(terminal.Case):

    def show_trace(self, environment):
        screen = self.terminal(environment=environment, started=False)
        octets = screen.record()
        screen.start()
        screen.enter("s = socket")
        screen.enter("@two u = socket")
        screen.enter("print 1")
        screen.key("C-d")
        self.assertEqual(screen.ended(), 0)
        self.assertIn("        socket(AF_INET, SOCK_STREAM, 0) = 3", screen.lines())
        written = octets.read_bytes()
        return written[written.index(b"the sockets API"):]

    def test_dim_where_the_terminal_knows_it(self):
        self.assertIn(b"\x1b[2m", self.show_trace({}))
        for environment in {"NO_COLOR": "1"}, {"TERM": "dumb"}:
            with self.subTest(environment):
                written = self.show_trace(environment)
                self.assertNotIn(b"\x1b[2m", written)
                self.assertNotIn(b"\x1b[22m", written)

    def test_a_dumb_terminal_gets_no_escapes(self):
        self.assertNotIn(b"\x1b", self.show_trace({"TERM": "dumb"}))

    def test_dumb_terminal_shows_what_others_print(self):
        screen = self.terminal(environment={"TERM": "dumb"})
        screen.enter("a, b = socketpair")
        screen.enter("@two d = recv 4 10")
        screen.put('@three send 3 "x"')
        screen.key("Enter")
        screen.shows(r"^two │ d = \"x\"(    .*)?$")
        screen.wait_for_prompt(PROMPT)

    def test_received_octets_cannot_steer_the_terminal(self):
        evil = b"\x1b]0;owned\x07\x1b[2J\x1b[31mred\x9b32mgreen\xc2\x9b33m\r\b\x00\x7f\x0e\xff\xe4\xb8\x96\n"
        screen = self.terminal(200)
        with socket.create_server(("127.0.0.1", 0)) as server:
            screen.enter("s = socket")
            screen.enter(f"connect s 127.0.0.1:{server.getsockname()[1]}")
            octets = screen.record()
            conn = server.accept()[0]
            conn.sendall(evil)
            screen.enter("d = recv s 100")
            screen.enter("print d")
            screen.enter("print [d]")
            screen.enter("@other print 1")
            screen.enter('fail d')
            conn.close()
        screen.enter("print 12345")
        screen.until(lambda: b"12345\r\n" in octets.read_bytes(), "all is recorded")
        written = octets.read_bytes()
        for sequence in b"\x1b]", b"\x07", b"\x1b[2J", b"\x1b[31", b"\x9b", b"\x00", b"\x7f", b"\x0e", b"\xff":
            with self.subTest(sequence):
                self.assertNotIn(sequence, written.replace("世界".encode(), b""))
        self.assertIn("世".encode(), written)


class Widths(terminal.Case):
    """Long lines break at words, and what follows stands further in."""

    def rows(self, screen, typed):
        """The rows below the typed ones."""
        begin = screen.look()[2]
        screen.enter(typed)
        rows, _, end = screen.look()
        return rows[begin + (len(PROMPT + typed) + 59) // 60:end]

    def test_traces(self):
        screen = self.terminal(60)
        screen.enter("s = socket AF_INET SOCK_DGRAM")
        typed = 'sendto 3 "one two three four five six" 127.0.0.1:9'
        self.assertEqual(self.rows(screen, typed)[:2],
                         ['        sendto(3, "one two three four five six", 27, 0,',
                          "          {AF_INET, 127.0.0.1, port 9}, 16) = 27"])
        self.assertIn('server │ sendto(3, "one two three four five six", 27, 0,\n'
                      "server │   {AF_INET, 127.0.0.1, port 9}, 16) = 27\n",
                      "\n".join(self.rows(screen, f"@server {typed}")))

    def test_hints_of_mistakes(self):
        screen = self.terminal(60)
        typed = 'print "a long text that takes all the room" helo'
        self.assertEqual(self.rows(screen, typed),
                         ['error: nothing sets a variable "helo"', f"  {typed}",
                          " " * 46 + "^^^^  did you", '    mean "help"?'])

    def test_help_of_the_command_line(self):
        for language in "en", "zh":
            with self.subTest(language):
                done = subprocess.run([terminal.SOCKSH, f"--lang={language}", "--help"], capture_output=True,
                                      text=True, check=True)
                self.assertIn("--dump", done.stdout)
                self.assertEqual([line for line in done.stdout.split("\n") if terminal.width(line) > 80], [])


class Memory(terminal.Case):

    @unittest.skipIf(terminal.HAS_SANITIZER, "a sanitizer takes memory of its own")
    def test_peak_at_the_prompt(self):
        screen = self.terminal()
        screen.enter("s = socket")
        screen.enter("?recv")
        self.assertLess(screen.peak_memory(), 8 * 1024)
