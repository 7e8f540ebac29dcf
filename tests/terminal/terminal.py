"""terminal: a screen to type at: a tmux pane whose text is read back until it shows what is waited for.

Each Terminal has a tmux server of its own, with a socket in a folder of its own. In the pane runs `sh`, and the prompt is started
from there, so that what it leaves behind can be looked at. Nothing here waits for a time: a key that changes the screen is
followed by a wait for that change.
"""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import time
import unittest

SOCKSH = os.environ["SOCKSH"]
LIMIT = 30  # seconds after which what is waited for will not come
SHELL_PROMPT = "sh% "

# Which line editor is inside: readline alone knows bracketed paste.
HAS_READLINE = b"rl_callback_read_char" in pathlib.Path(SOCKSH).read_bytes()


def without_blanks(text):
    """For comparing what was typed: blanks at the end of a row cannot be seen."""
    return "".join(text.split())


class Terminal:
    """One pane. `environment` adds to what the tests were started with; None takes a variable away."""

    def __init__(self, columns=80, rows=24, environment=None):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="socksh-terminal-"))
        self.pid = None  # of the prompt
        rc = self.folder / "rc"
        rc.write_text(f"PS1='{SHELL_PROMPT}'\n")
        given = {"LANG": "C.UTF-8", "LC_ALL": None, "HOME": str(self.folder), "INPUTRC": "/dev/null",
                 "TMUX": None, "SOCKSH_HISTFILE": "", "XDG_STATE_HOME": None, "NO_COLOR": None,
                 "TERM": "screen-256color", "ENV": str(rc)} | (environment or {})
        inherited = {name: value for name, value in os.environ.items() if name not in given}
        self.environment = inherited | {name: value for name, value in given.items() if value is not None}
        self.tmux("-u", "-f", "/dev/null", "start-server", ";", "set", "-g", "status", "off", ";",
                  "set", "-g", "default-terminal", given["TERM"], ";", "set", "-g", "escape-time", "0", ";",
                  "new-session", "-d", "-x", str(columns), "-y", str(rows), "-c", str(self.folder), "sh")
        self.wait_for_prompt(SHELL_PROMPT)

    def tmux(self, *words, text=None):
        """Has the server do something. Returns what the command printed."""
        done = subprocess.run(["tmux", "-S", str(self.folder / "tmux"), *words], env=self.environment,
                              input=text, capture_output=True, text=True, timeout=LIMIT, check=True)
        return done.stdout

    def close(self):
        """Ends the pane, and the server with it, and removes the folder."""
        subprocess.run(["tmux", "-S", str(self.folder / "tmux"), "kill-server"], check=False,
                       capture_output=True, timeout=LIMIT)
        shutil.rmtree(self.folder, ignore_errors=True)

    # --- keys ---------------------------------------------------------------------------------------------------------

    def key(self, *names):
        """Presses keys by their names in tmux: Enter, Up, C-c."""
        self.tmux("send-keys", *names)

    def put(self, text):
        """Types a text, without waiting for anything."""
        self.tmux("send-keys", "-l", "--", text)

    def type(self, text):
        """Types a text and waits until the line that is edited ends with it."""
        wanted = without_blanks(self.edited() + text)
        self.put(text)
        self.until(lambda: without_blanks(self.edited()) == wanted, f"the line ends with {text!r}")

    def paste(self, text):
        """Pastes as a terminal does: between marks, when the program asked for that."""
        self.tmux("load-buffer", "-", ";", "paste-buffer", "-p", "-d", text=text)

    def enter(self, text, prompt=None):
        """Types a line and waits until it has run and the prompt is back. Returns the lines it printed."""
        prompt = prompt or self.prompt_of(self.edited())
        begin = len(self.lines()) - 1
        self.type(text)
        self.key("Enter")
        self.wait_for_prompt(prompt)
        return self.lines()[begin + 1:-1]

    # --- what is to be seen -------------------------------------------------------------------------------------------

    def look(self):
        """The rows of the screen, those that scrolled away included, and the cursor: (rows, column, row)."""
        place, *rows = self.tmux("display-message", "-p", "#{cursor_x} #{cursor_y} #{history_size}",
                                 ";", "capture-pane", "-p", "-S", "-").split("\n")
        column, row, scrolled = map(int, place.split())
        return [one.rstrip() for one in rows], column, row + scrolled

    def lines(self):
        """Everything up to the cursor and below it, rows that wrap joined, empty rows at the end cut."""
        text = self.tmux("capture-pane", "-p", "-J", "-S", "-")
        lines = [one.rstrip() for one in text.split("\n")]
        while len(lines) > 1 and not lines[-1]:
            lines.pop()
        return lines

    def text(self):
        return "\n".join(self.lines())

    def edited(self):
        """The last line, which is the one that is edited, prompt included."""
        return self.lines()[-1]

    @staticmethod
    def prompt_of(line):
        return re.match(r"\S*[>%] ?", line + " ")[0]

    def until(self, holds, what):
        """Waits until `holds()` is true. Returns what it gave."""
        deadline = time.monotonic() + LIMIT
        while not (found := holds()):
            if time.monotonic() > deadline:
                raise AssertionError(f"waited in vain until {what}; the screen:\n{self.text()}")
            time.sleep(0.005)
        return found

    def shows(self, pattern):
        """Waits until the text on the screen has a match of a regular expression. Returns the match."""
        return self.until(lambda: re.search(pattern, self.text(), re.MULTILINE), f"{pattern!r} shows")

    def wait_for_prompt(self, prompt):
        """Waits until nothing but the prompt stands on the cursor's row, with the cursor behind it."""
        def is_there():
            rows, column, row = self.look()
            return rows[row] == prompt.rstrip() and column == len(prompt)
        self.until(is_there, f"the prompt {prompt!r} is there")

    # --- the prompt ---------------------------------------------------------------------------------------------------

    def start(self, words="", prompt="main> "):
        """Starts socksh from the shell and waits for its prompt."""
        pid = self.folder / "pid"
        pid.unlink(missing_ok=True)
        self.put(f"sh -c 'echo $$ >pid.new; mv pid.new pid; exec \"$0\" \"$@\"' '{SOCKSH}' {words}; echo \"[status $?]\"")
        self.key("Enter")
        self.until(pid.exists, "socksh starts")
        self.pid = int(pid.read_text())
        self.wait_for_prompt(prompt)

    def ended(self):
        """Waits until socksh has ended and the shell has its terminal again. Returns the exit status."""
        status = int(self.shows(r"\[status (\d+)\]\n+" + SHELL_PROMPT.rstrip() + r"$")[1])
        self.wait_for_prompt(SHELL_PROMPT)
        return status

    def record(self):
        """Keeps every octet that is written to the terminal from now on, in the file that is returned."""
        path = self.folder / "octets"
        self.tmux("pipe-pane", f"cat >'{path}'")
        self.until(path.exists, "the recording has begun")
        return path


class Case(unittest.TestCase):
    """A test with a terminal, which is shown when the test fails."""

    def terminal(self, columns=80, rows=24, environment=None, started=True):
        terminal = Terminal(columns, rows, environment)
        self.addCleanup(terminal.close)
        if started:
            terminal.start()
        return terminal
