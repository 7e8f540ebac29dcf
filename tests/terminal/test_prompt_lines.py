"""Editing a line, pasting, resizing, and history within a session and from one to the next."""

import os
import pathlib
import stat

import terminal

PROMPT = "main> "
SEVERAL = ["def greet name {", '    print "Hello, {name}! 你好"', "}", 'greet "世界"', "x = 3"]


class Editing(terminal.Case):

    def edit(self, screen, keys, wanted):
        """Presses keys (texts that begin with a blank are typed without it); the line must come out as wanted, and run."""
        for key in keys:
            screen.put(key[1:]) if key.startswith(" ") else screen.key(key)
        same = terminal.without_blanks(PROMPT + wanted)
        screen.until(lambda: terminal.without_blanks(screen.edited()) == same, f"the line is {wanted!r}")
        screen.key("Enter")
        screen.wait_for_prompt(PROMPT)

    def test_characters_of_every_width(self):
        wide = "世界" * 45
        for columns in 60, 80, 200:
            screen = self.terminal(columns)
            for keys, wanted in (
                    ([' print "你好é"', "Left", "BSpace", " ñ"], 'print "你好ñ"'),
                    ([' print "abc"', "C-a", "Right", "Right", "C-k", " int 5"], "print 5"),
                    ([f' print "{wide}"', "C-a", *["Right"] * 8, " 上"], f'print "世上{wide[1:]}"'),
                    ([f' print "{wide}"', *["Left"] * 60, "BSpace", "BSpace"], f'print "{wide[:29]}{wide[31:]}"'),
                    ([f' print "x{wide}"', "C-a", *["Right"] * 7, "DC"], f'print "{wide}"'),
                    ([f' print "{wide}"', "C-u", " print 1"], "print 1")):
                with self.subTest(wanted, columns=columns):
                    self.edit(screen, keys, wanted)
                    shown = wanted.split(maxsplit=1)[1].strip('"')
                    self.assertEqual(screen.lines()[-2], shown)

    def test_a_line_that_fills_rows(self):
        screen = self.terminal()
        for width in range(71, 76):  # around the end of the first row
            for keys in [], ["C-a", "C-e"], ["Left", "Right"]:
                with self.subTest(width=width, keys=keys):
                    text = f'print "{"y" * (width - 8)}"'
                    self.edit(screen, [" " + text, *keys], text)
                    rows, _, row = screen.look()
                    self.assertEqual(rows[row - 1], text[7:-1])

    def test_in_a_locale_without_utf8(self):
        screen = self.terminal(environment={"LANG": "C"})
        self.assertEqual(screen.enter("print 1"), ["1"])

    def test_resize(self):
        for text in 'print "half"', 'print "' + "abcdefghij" * 15 + '"', 'print "世界"':
            for keys in [], ["C-a"], ["Left"] * 4:
                with self.subTest(text, keys=keys):
                    screen = self.terminal()
                    screen.enter("print 111")
                    screen.type(text)
                    if keys:
                        screen.key(*keys)
                    for columns in 60, 41, 100, 80:
                        self.resize(screen, columns, text)
                    screen.key("Enter")
                    screen.wait_for_prompt(PROMPT)
                    self.assertEqual(screen.lines()[-5:], ["main> print 111", "111", PROMPT + text, text[7:-1],
                                                           PROMPT.rstrip()])

    def resize(self, screen, columns, text):
        """Makes the terminal wider or narrower and waits until the editor has drawn its line for that."""
        octets = screen.record()
        screen.resize(columns, 24)
        screen.until(lambda: b"main>" in octets.read_bytes(), "the line is drawn again")
        wanted = terminal.without_blanks(PROMPT + text)
        screen.until(lambda: terminal.without_blanks(screen.edited()) == wanted, "the line is whole")
        self.assertEqual(screen.text().count("main>"), 2)
        screen.tmux("pipe-pane")
        octets.unlink()


class Pasting(terminal.Case):

    def test_several_lines(self):
        screen = self.terminal()
        screen.paste("\n".join(SEVERAL))
        screen.shows(r"x = 3$")
        if terminal.HAS_READLINE:  # it is one text, and not run before Enter
            screen.until(lambda: screen.lines()[-5:] == [PROMPT + SEVERAL[0], *SEVERAL[1:]], "all is there")
        screen.key("Enter")
        screen.wait_for_prompt(PROMPT)
        text = screen.text()
        self.assertEqual(text.count("Hello, 世界! 你好\n"), 1)
        self.assertRegex(text, r"(?m)^x = 3$")
        if terminal.HAS_READLINE:
            self.assertEqual(screen.lines()[-3:-1], ["Hello, 世界! 你好", "x = 3"])
            self.assertEqual(text.count("main>"), 2)

    def test_lines_that_end_in_a_newline(self):
        screen = self.terminal()
        screen.paste("a = 1\nprint a\n")
        if terminal.HAS_READLINE:
            screen.until(lambda: screen.lines()[-2:] == ["main> a = 1", "print a"], "nothing has run")
            screen.key("Enter")
        screen.shows("^1$")
        screen.wait_for_prompt(PROMPT)

    def test_a_mistake_runs_nothing(self):
        screen = self.terminal()
        screen.paste("print 5\nprnt 6\nprint 7\n")
        screen.key("Enter")
        screen.shows('error: there is no command "prnt"')
        screen.wait_for_prompt(PROMPT)
        if terminal.HAS_READLINE:
            self.assertNotRegex(screen.text(), r"(?m)^[57]$")

    def test_dropped(self):
        screen = self.terminal()
        screen.paste("if 1 == 1 {\nprint 1\n")
        screen.shows("^(?:...> )?print 1$")
        screen.key("C-c")
        screen.wait_for_prompt(PROMPT)
        self.assertEqual(screen.enter("print 2"), ["2"])

    def test_a_great_deal(self):
        screen = self.terminal()
        screen.enter("trace off; set values off")
        lines = [f'append x "{at:04} 世界"' for at in range(300)]
        screen.enter('x = ""')
        screen.paste("\n".join(lines) + "\nprint (len x)\n")
        if terminal.HAS_READLINE:  # of a text that is higher than the screen it shows a part
            screen.shows(r"print \(len x\)")
            screen.key("Enter")
        screen.shows("^3300$")
        screen.wait_for_prompt(PROMPT)


class History(terminal.Case):

    def test_up_in_the_session(self):
        screen = self.terminal()
        for line in "print 1", "prnt 2", "print 3":
            screen.enter(line)
        for wanted in "print 3", "prnt 2", "print 1":
            screen.key("Up")
            screen.until(lambda: screen.edited() == PROMPT + wanted, f"Up shows {wanted}")
        screen.key("Down")
        screen.until(lambda: screen.edited() == PROMPT + "prnt 2", "Down goes back")
        screen.key("Up", "Enter")
        screen.wait_for_prompt(PROMPT)
        self.assertEqual(screen.lines()[-2], "1")

    def test_search(self):
        screen = self.terminal()
        for line in 'print "first one"', 'print "second"', 'print "third 世界"':
            screen.enter(line)
        for sought, found in ("second", "second"), ("first", "first one"), ("世", "third 世界"):
            if sought == "世" and not terminal.HAS_READLINE:
                continue  # libedit takes it for a key that ends the search
            with self.subTest(sought):
                screen.key("C-r")
                screen.put(sought)
                screen.until(lambda: f'print "{found}"' in "\n".join(screen.lines()[-2:]), "it is found")
                screen.key("Enter")
                screen.wait_for_prompt(PROMPT)
                self.assertEqual(screen.lines()[-2], found)
        with self.subTest("Ctrl-C leaves it"):
            screen.key("C-r")
            screen.put("second")
            screen.until(lambda: 'print "second"' in "\n".join(screen.lines()[-2:]), "it is found")
            screen.key("C-c")
            screen.wait_for_prompt(PROMPT)
            self.assertEqual(screen.enter("print 4"), ["4"])

    def enter_several(self, screen):
        """An input of three lines, and one with what the file must escape."""
        for line in "if 1 == 1 {", '    print "one\\ttwo 世界"':
            screen.enter(line, prompt="...> ")
        screen.enter("}", prompt=PROMPT)
        screen.enter("print '\\n is no newline here'")

    def check_several(self, screen):
        screen.key("Up")
        screen.until(lambda: screen.edited() == PROMPT + "print '\\n is no newline here'", "the last line is back")
        screen.key("Up")
        wanted = [PROMPT + "if 1 == 1 {", '    print "one\\ttwo 世界"', "}"]
        screen.until(lambda: screen.lines()[-3:] == wanted, "the input is back")
        screen.key("Enter")
        screen.wait_for_prompt(PROMPT)
        self.assertRegex(screen.lines()[-2], r"^one\s+two 世界$")

    def test_input_of_several_lines(self):
        screen = self.terminal()
        self.enter_several(screen)
        self.check_several(screen)

    def end(self, screen):
        screen.key("C-d")
        self.assertEqual(screen.ended(), 0)
        screen.put("clear")
        screen.key("Enter")
        screen.wait_for_prompt(terminal.SHELL)

    def test_from_one_session_to_the_next(self):
        for changes, place in (
                ({"SOCKSH_HISTFILE": None}, ".local/state/socksh/history"),
                ({"SOCKSH_HISTFILE": None, "XDG_STATE_HOME": "{}/state"}, "state/socksh/history"),
                ({"SOCKSH_HISTFILE": "{}/elsewhere"}, "elsewhere")):
            with self.subTest(place):
                screen = self.terminal(environment=changes, started=False)
                for name, value in changes.items():
                    if value:
                        screen.enter(f"export {name}=" + value.format(screen.folder), prompt=terminal.SHELL)
                screen.start()
                self.enter_several(screen)
                file = screen.folder / place
                self.assertEqual(stat.S_IMODE(file.stat().st_mode), 0o600)
                self.assertEqual(len(file.read_text().splitlines()), 2)
                self.end(screen)
                screen.start()
                self.check_several(screen)
                self.end(screen)
                self.assertEqual([path for path in screen.folder.rglob("*history*") if path.is_file()],
                                 [file] if "history" in place else [])

    def test_a_kill_loses_nothing(self):
        screen = self.terminal(environment={"SOCKSH_HISTFILE": None})
        screen.enter("print 1")
        screen.put("sleep 1000s")
        screen.key("Enter")
        screen.shows("waits")
        os.kill(screen.pid, 9)
        screen.ended()
        lines = (screen.folder / ".local/state/socksh/history").read_text().splitlines()
        self.assertEqual(lines, ["print 1", "sleep 1000s"])

    def test_turned_off(self):
        screen = self.terminal(environment={"SOCKSH_HISTFILE": ""})
        screen.enter("print 1")
        screen.key("Up")
        screen.until(lambda: screen.edited() == PROMPT + "print 1", "Up works in the session")
        screen.key("C-c")
        screen.wait_for_prompt(PROMPT)
        self.end(screen)
        self.assertFalse((screen.folder / ".local").exists())

    def test_a_file_that_cannot_be_written(self):
        for place in "/dev/null/history", "/proc/history", "/dev/full":
            with self.subTest(place):
                screen = self.terminal(environment={"SOCKSH_HISTFILE": place})
                self.assertEqual(screen.enter("print 1"), ["1"])
                self.end(screen)

    def test_what_is_not_kept(self):
        screen = self.terminal(environment={"SOCKSH_HISTFILE": None})
        for line in "", "   ":
            screen.put(line)
            screen.key("Enter")
            screen.wait_for_prompt(PROMPT)
        screen.type("print dropped")
        screen.key("C-c")
        screen.wait_for_prompt(PROMPT)
        screen.enter("print 1")
        lines = (screen.folder / ".local/state/socksh/history").read_text().splitlines()
        self.assertEqual(lines, ["print 1"])

    def test_a_long_file(self):
        screen = self.terminal(started=False)
        file = pathlib.Path(screen.folder, "long")
        file.write_text("".join(f"print {at}\n" for at in range(200_000)))
        screen.enter(f"export SOCKSH_HISTFILE={file}", prompt=terminal.SHELL)
        screen.start()
        screen.key("Up")
        screen.until(lambda: screen.edited() == PROMPT + "print 199999", "its end is there")
        screen.key("C-r")
        screen.put("195000")
        screen.shows("print 195000$")
        if not terminal.HAS_SANITIZER:
            self.assertLess(screen.peak_memory(), 8 * 1024)
