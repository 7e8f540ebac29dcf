"""Colours and hints: the screen, with its attributes, after keys; what turns them off; signs that a terminal may draw wide."""

import fcntl
import os
import pty
import select
import struct
import subprocess
import tempfile
import termios
import time
import unittest

import terminal

PROMPT = "main> "
WIDTHS = 60, 80, 200
MAIN = "94 bold"  # the first actor's colour
MISTAKE = "31 underline"
LONG = 'send 3 "' + "abcdefghij" * 25 + '"'
WIDE = 'send 3 "x' + "世界" * 60 + '"'


def words(runs):
    """Runs without the prompt and without blanks at their ends, which have no look."""
    return [(text.strip(), style) for text, style in runs[1:]]


class While(terminal.Case):
    """What stands on the line while it is typed."""

    def wait(self, screen, wanted, hint=None):
        """Waits until the line has these runs; and, unless it is None, this hint behind them."""
        def shown():
            runs = words(screen.painted())
            behind = [text for text, style in runs if style == "hint"]
            return ([run for run in runs if run[1] != "hint"] == wanted and
                    (hint is None or behind == ([hint] if hint else [])))
        screen.until(shown, f"the line is {wanted}, with {hint!r} behind it, not {screen.painted()}")

    def test_looks(self):
        for columns in WIDTHS:
            screen = self.terminal(columns)
            for line, wanted in (
                    ("socket AF_INET", [("socket", "bold"), ("AF_INET", "94")]),
                    ("connct 3 ", [("connct", MISTAKE), ("3", None)]),
                    ('print "世界" # says so', [("print", "bold"), ('"世界"', "32"), ("# says so", "dim")]),
                    ("if true { print 1 }", [("if true", "35"), ("print", "bold"), ("1 }", "")])):
                with self.subTest(line, columns=columns):
                    screen.type(line)
                    looks = dict(screen.until(lambda: words(screen.painted()), "something is painted"))
                    for text, style in wanted:
                        if style is not None:
                            self.assertEqual(looks.get(text), style, looks)
                    self.assertEqual(screen.painted()[0], (PROMPT, MAIN))
                    screen.key("C-u")
                    screen.wait_for_prompt(PROMPT)

    def test_after_each_key(self):
        """The text and the cursor stay what they are without colours, whatever is painted."""
        keys = (*'send 3 "你好, wor', "Left", "Left", "é", "Home", "x", "BSpace", "End", "C-w", "界", "C-a", "C-k", "C-y", "BSpace", '"')
        for columns in 20, *WIDTHS:
            painted, plain = self.terminal(columns), self.terminal(columns, environment={"NO_COLOR": "1"})
            plain.enter("set hints off")
            for at, key in enumerate(keys):
                for screen in painted, plain:
                    screen.key(key) if len(key) > 1 else screen.put(key)
                    if screen is plain:
                        same = lambda: (plain.edited(), plain.look()[1]) == (painted.edited(), painted.look()[1])
                        with self.subTest(columns=columns, at=at, key=key):
                            screen.until(same, f"{painted.edited()!r} is shown by both")

    def strings(self, screen):
        return [terminal.without_blanks(text) for text, style in screen.painted() if style == "32"]

    def test_lines_of_several_rows(self):
        for columns in WIDTHS:
            for line in LONG, WIDE:
                with self.subTest(columns=columns, line=line[:12]):
                    screen = self.terminal(columns)
                    screen.type(line)
                    for keys in ("C-a", "C-e"), ("Left", "Right"):
                        screen.key(*keys)
                        screen.until(lambda: self.strings(screen) == [line[7:]] and
                                     words(screen.painted())[0] == ("send", "bold"), "all of it is painted")
                    self.assertEqual(terminal.without_blanks(screen.edited()), terminal.without_blanks(PROMPT + line))

    def test_a_hint_stands_behind_the_cursor_only(self):
        screen = self.terminal()
        screen.type("bind")
        before = screen.look()[1]
        self.wait(screen, [("bind", "bold")], hint="SOCKET ADDRESS")
        self.assertEqual(screen.look()[1], before)
        screen.key("Left")
        self.wait(screen, [("bind", "bold")], hint="")
        screen.key("Right")
        self.wait(screen, [("bind", "bold")], hint="SOCKET ADDRESS")
        screen.put(" 3")
        screen.until(lambda: words(screen.painted())[-1] == ("ADDRESS", "hint"), "the hint is shorter")

    def test_a_hint_is_no_part_of_the_line(self):
        for key, mark in ("Enter", ""), ("C-c", "^C"):
            with self.subTest(key):
                screen = self.terminal()
                screen.type("print 1; bind")
                screen.until(lambda: screen.painted()[-1][1] == "hint", "a hint is there")
                screen.key(key)
                screen.wait_for_prompt(PROMPT)
                self.assertEqual(screen.lines()[2], PROMPT + "print 1; bind" + mark)

    def test_a_hint_fits_the_row(self):
        screen = self.terminal(24)
        screen.type("print 1;   bind")
        self.assertEqual(screen.look()[1], 21)
        screen.type(" ")
        self.assertEqual(len(screen.edited()), len(PROMPT + "print 1;   bind"))
        self.assertEqual([row for row in screen.look()[0][-5:] if "ADDR" in row], [])

    def test_reverse_search(self):
        screen = self.terminal()
        screen.enter("print 123")
        screen.type("bind")
        screen.until(lambda: screen.painted()[-1][1] == "hint", "a hint is there")
        screen.key("C-r")
        screen.put("12")
        screen.shows("print 123$" if terminal.HAS_READLINE else "bck:12")
        self.assertNotIn("ADDRESS", screen.text())
        screen.key("C-e")
        screen.until(lambda: words(screen.painted())[0] == ("print", "bold"), "the line found is painted")
        self.assertEqual(screen.edited(), PROMPT + "print 123")

    def test_a_message_above_the_line(self):
        screen = self.terminal()
        screen.enter("trace off; set values off; a, b = socketpair")
        screen.enter("@other print (recv 4 10)")
        screen.enter("def later { sleep 100ms; send 3 \"x\" }")
        screen.put("spawn later")
        screen.key("Enter")
        screen.put("bind")
        screen.shows(r"^other │ x$")
        screen.until(lambda: screen.painted()[-2:] == [("bind", "bold"), (" SOCKET ADDRESS", "hint")], "line and hint are back")
        self.assertEqual(screen.text().count("ADDRESS"), 1)

    @unittest.skipUnless(terminal.HAS_READLINE, "libedit knows no pastes")
    def test_a_paste_of_several_lines(self):
        screen = self.terminal()
        screen.paste('print "a"\nprint "b" # b\nprint "c"')
        screen.until(lambda: self.strings(screen) == ['"a"', '"b"', '"c"'], "all lines are painted")
        screen.key("Enter")
        screen.shows('^a\nb\nc$')

    def test_resizing(self):
        screen = self.terminal(80)
        screen.type('print "' + "ab" * 40 + '"; bind')
        for columns in 60, 100, 45, 80:
            with self.subTest(columns=columns):
                screen.resize(columns, 24)
                screen.until(lambda: screen.painted()[-1][1] == "hint" and screen.painted()[0] == (PROMPT, MAIN) and
                             screen.edited() == PROMPT + 'print "' + "ab" * 40 + '"; bind', "the line is as it was")


class Off(terminal.Case):
    """What is shown without colours, and to the last row of a room."""

    def test_who_wants_no_colours(self):
        for environment, words_, hint in (
                ({"NO_COLOR": "1"}, "", "bind <SOCKET ADDRESS>"),
                ({}, "--color=never", "bind <SOCKET ADDRESS>"),
                ({"TERM": "dumb"}, "", "bind")):
            with self.subTest(environment=environment, words=words_):
                screen = self.terminal(environment=environment, started=False)
                octets = screen.record()
                screen.start(words_)
                screen.enter("listen 99")
                screen.put("bind")
                screen.until(lambda: screen.lines()[-1] == PROMPT + hint, "the hint is told from the line")
                self.assertNotRegex(octets.read_bytes(), rb"\x1b\[[\d;]*[1-9][\d;]*m")

    def test_always(self):
        screen = self.terminal(environment={"NO_COLOR": "1"}, started=False)
        screen.start("--color=always")
        screen.until(lambda: screen.painted() == [(PROMPT.rstrip(), MAIN)] or screen.painted()[0] == (PROMPT, MAIN), "colours")

    def test_a_word_that_is_none(self):
        done = subprocess.run([terminal.SOCKSH, "--color=red"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 2)
        self.assertIn("auto, always or never", done.stderr)

    def test_settings(self):
        screen = self.terminal()
        screen.enter("set hints off")
        screen.type("bind")
        self.assertEqual(screen.painted()[-1], ("bind", "bold"))
        screen.key("C-u")
        screen.enter("set hints on; set colors off")
        screen.put("bind")
        screen.until(lambda: screen.painted() == [(PROMPT + "bind", ""), (" <SOCKET ADDRESS>", "hint")], "all of it is plain")

    def test_projector(self):
        screen = self.terminal()
        screen.enter("set projector on; @other print 1")
        screen.shows("^other ▌ 1$")
        screen.enter("socket")
        self.assertNotIn("socket(", screen.text())
        screen.put("bind # all")
        screen.until(lambda: screen.painted()[-1][0] == "# all", "what was typed is there")
        self.assertEqual([style for _, style in screen.painted() if "dim" in style], [])


class Everywhere(terminal.Case):

    def test_one_colour_an_actor(self):
        screen = self.terminal()
        screen.enter("@server print 1")
        screen.enter("@client print 2")
        rows = [[(text, style) for text, style in cells] for cells in screen.cells()[0]]
        colors = {"".join(one for one, _ in cells).split(" ")[0]: cells[0][1] for cells in rows if cells}
        self.assertNotEqual(colors["server"], colors["client"])
        self.assertNotIn(colors["main>"], (colors["server"], colors["client"]))
        screen.put("@client")
        screen.key("Enter")
        screen.wait_for_prompt("client> ")
        screen.until(lambda: screen.painted()[0][1] == " ".join(sorted(colors["client"])), "the prompt has the actor's colour")

    def test_errors_and_traces(self):
        screen = self.terminal()
        screen.enter("listen 0")
        looks = {"".join(one for one, _ in cells): cells for cells in screen.cells()[0]}
        error = next(cells for text, cells in looks.items() if text.startswith("error:"))
        self.assertEqual({style for _, style in error[:6]}, {frozenset({"31", "bold"})})
        self.assertEqual({style for _, style in error[7:]}, {frozenset()})
        trace = next(cells for text, cells in looks.items() if text.startswith("        listen("))
        self.assertEqual({style for _, style in trace}, {frozenset({"dim"})})


class Width(unittest.TestCase):
    """Signs that some terminals draw two columns wide: a terminal played by the test says where its cursor is."""

    def run_prompt(self, answer, typed="@other print 1\nquit\n", environment=()):
        """What is written to a terminal that gives that answer. The text is typed together with the answer."""
        pid, fd = pty.fork()
        if pid == 0:
            os.environ.update({"TERM": "xterm", "LC_ALL": "C.UTF-8", "SOCKSH_HISTFILE": "", "INPUTRC": "/dev/null",
                               "NO_COLOR": "1", **dict(environment)})
            os.execv(terminal.SOCKSH, [terminal.SOCKSH, "--no-init"])
        fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        got, deadline, asked = b"", time.monotonic() + terminal.LIMIT, None
        while time.monotonic() < deadline:
            if select.select([fd], [], [], 0.01)[0]:
                try:
                    got += os.read(fd, 4096)
                except OSError:  # the end of a terminal
                    break
            if typed and (b"\x1b[6n" in got or b"main> " in got):
                os.write(fd, answer + typed.encode().replace(b"\n", b"\r"))
                typed = ""
        os.waitpid(pid, 0)
        os.close(fd)
        return got.decode(errors="replace")

    def test_answers(self):
        for answer, environment, mark in (
                (b"\x1b[1;2R", (), "other │ 1"),
                (b"\x1b[24;3R", (), "other | 1"),
                (b"", (), "other │ 1"),
                (b"", {"LC_ALL": "C"}, "other | 1"),
                (b"", {"TERM": "dumb"}, "other │ 1")):
            with self.subTest(answer=answer, environment=environment):
                shown = self.run_prompt(answer, environment=environment)
                self.assertIn(mark, shown)
                if "|" in mark:
                    self.assertNotRegex(shown.split("main> ", 1)[1], "[│–…·]")

    def test_no_key_is_lost(self):
        self.assertRegex(self.run_prompt(b"\x1b[1;2R", "print (41 + 1)\nquit\n"), r"[\r\n]42\r")


class Init(terminal.Case):
    """The file that is run at the start of a prompt."""

    def start(self, text, words_="", folder=".config", environment=None):
        screen = self.terminal(environment=environment, started=False)
        path = screen.folder / folder / "socksh"
        path.mkdir(parents=True)
        (path / "init.socksh").write_text(text)
        screen.start(words_)
        return screen

    def test_it_is_run(self):
        screen = self.start("set values off\nset hints off\ndef twice n { return 2 * n }\nprint \"ready\"\n")
        self.assertEqual(screen.lines()[2:], ["ready", PROMPT.rstrip()])
        self.assertEqual(screen.enter("print (twice 4); 1"), ["8"])
        self.assertRegex("\n".join(screen.enter("set")), r"(?s)colors +on .*hints +off .*projector +off .*values +off ")

    def test_not_when_it_is_not_wanted(self):
        screen = self.start('print "ready"\n', "--no-init")
        self.assertEqual(screen.lines()[2:], [PROMPT.rstrip()])

    def test_another_folder(self):
        with tempfile.TemporaryDirectory() as folder:
            screen = self.start('print "ready"\n', folder=folder, environment={"XDG_CONFIG_HOME": folder})
            self.assertIn("ready", screen.lines())

    def test_a_mistake_or_an_error_is_not_the_end(self):
        for text, place in ("print 1\nconect 3\n", "2:1"), ("print 1\n\nlisten 0\n", "3:1"):
            with self.subTest(text):
                screen = self.start(text)
                self.assertRegex(screen.text(), rf"init\.socksh:{place}: error: ")
                self.assertEqual(screen.enter("1 + 1"), ["2"])

    def test_settings_that_are_none(self):
        screen = self.terminal()
        self.assertIn('no setting "colour"', screen.enter("set colour on")[0])
        self.assertIn("hints is on or off", screen.enter("set hints")[0])
        self.assertIn("hints is on or off", screen.enter("set hints maybe")[0])
