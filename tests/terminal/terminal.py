"""terminal: a screen to type at: a tmux pane whose text is read back until it shows what is waited for.

Each Terminal has a tmux server of its own, which ends at the latest with the process that made it. In the pane runs `sh`, and
the prompt is started from there, so that what it leaves behind can be looked at. Nothing here waits for a time: a key that
changes the screen is followed by a wait for that change.
"""

import contextlib
import fcntl
import os
import pathlib
import re
import select
import shutil
import subprocess
import sys
import tempfile
import termios
import time
import unicodedata
import unittest

SOCKSH = os.environ["SOCKSH"]
LIMIT = 30  # seconds after which what is waited for will not come
SHELL = "sh% "
A_PROMPT = re.compile(r"(?:[\w.]+>|your guess>|sh%) ")

SGR = re.compile(r"\x1b\[([\d;]*)m")  # changes of colour, as tmux writes them
ATTRIBUTES = {"1": "bold", "2": "dim", "4": "underline"}

PROGRAM = pathlib.Path(SOCKSH).read_bytes()
HAS_READLINE = b"rl_callback_read_char" in PROGRAM  # it alone knows a paste from typing
HAS_SANITIZER = b"__asan_init" in PROGRAM or b"__tsan_init" in PROGRAM


def without_blanks(text):
    """For comparing what was typed: blanks at the end of a row cannot be seen."""
    return "".join(text.split())


def width(text):
    """Columns of a text."""
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)


def change_style(style, numbers):
    """The style, as a set of attributes and a colour's number, after one change."""
    for number in (numbers or "0").split(";"):
        if number == "0":
            style = frozenset()
        elif number in ATTRIBUTES:
            style |= {ATTRIBUTES[number]}
        elif number != "49":  # a colour, 39 for none
            style = frozenset(one for one in style if not one.isdigit()) | ({number} - {"39"})
    return style


def status_of(pid):
    """The fields of /proc/PID/stat behind the name: state, parent, group, session, terminal, its foreground group, …"""
    return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def children_of(pid):
    return pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def is_waiting(pid, group):
    """Whether a process and those below it that belong to a group sleep: their main threads, which are what reads keys."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # it has ended meanwhile
        state, _, its_group, *_ = status_of(pid)
        return (its_group != group or state == "S") and all(is_waiting(child, group) for child in children_of(pid))
    return True


def descriptors_of_session(leader):
    """pidfd_open(2) of every process that has this session: each can be read when its process has ended."""
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(ProcessLookupError):  # it has ended meanwhile
            if os.getsid(int(name)) == leader:
                found.append(os.pidfd_open(int(name)))
    return found


class Terminal:
    """One pane. `environment` adds to what the tests were started with; None takes a variable away."""

    def __init__(self, columns=80, rows=24, environment=None):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="socksh-terminal-"))
        self.socket = self.folder / "tmux"
        self.pid = None  # of the prompt
        self.settled = False  # since the last key
        rc = self.folder / "rc"
        rc.write_text(f"PS1='{SHELL}'\n")
        # Python itself sets LC_CTYPE for who it starts when no locale is chosen.
        changes = {"LANG": "C.UTF-8", "LC_ALL": None, "LC_CTYPE": None, "HOME": str(self.folder), "INPUTRC": "/dev/null",
                   "TMUX": None, "SOCKSH_HISTFILE": "", "XDG_STATE_HOME": None, "NO_COLOR": None,
                   "TERM": "screen-256color", "ENV": str(rc)} | (environment or {})
        whole = dict(os.environ) | changes
        self.environment = {name: value for name, value in whole.items() if value is not None}
        self.tmux("-f", "/dev/null", "start-server", ";",
                  *f"set -g status off ; set -g escape-time 0 ; set -g history-limit 20000 ; "
                   f"set -g default-terminal {changes['TERM']} ; "
                   f"new-session -d -x {columns} -y {rows} -c {self.folder} sh ; "
                   f"run-shell -b".split(), f"tail --pid={os.getpid()} -f /dev/null; tmux -S {self.socket} kill-server")
        self.tty, self.shell = self.tmux("display-message", "-p", "#{pane_tty} #{pane_pid}")[0].split()
        self.wait_for_prompt(SHELL)

    def tmux(self, *words):
        """Has the server run commands, with nothing in between. Returns the lines that they printed."""
        done = subprocess.run(["tmux", "-u", "-S", self.socket, *words], env=self.environment, check=True,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=LIMIT)
        return done.stdout.decode(errors="replace").split("\n")[:-1]

    def close(self):
        """Hangs up, and waits until everything that ran in the pane has ended: until then it still writes files."""
        running = []
        with contextlib.suppress(subprocess.CalledProcessError):  # the test may have ended it
            running = [one for leader in self.tmux("list-panes", "-a", "-F", "#{pane_pid}")
                       for one in descriptors_of_session(int(leader))]
            self.tmux("kill-server")
        late = [one for one in running if not select.select([one], [], [], LIMIT)[0]]
        for one in running:
            os.close(one)
        shutil.rmtree(self.folder, ignore_errors=True)
        if late:
            raise AssertionError(f"{len(late)} processes live on {LIMIT} s after their terminal hung up")

    # --- keys ---------------------------------------------------------------------------------------------------------

    def key(self, *names):
        """Presses keys by their names in tmux: Enter, Up, C-c."""
        self.settled = False
        self.tmux("send-keys", *names)

    def put(self, text):
        """Types a text, without waiting for anything."""
        self.settled = False
        octets = text.encode()
        for at in range(0, len(octets), 500):
            self.tmux("send-keys", "-H", *octets[at:at + 500].hex(" ").split())

    def append(self, text):
        """Types a text behind what earlier keys have made of the line, and waits until it stands there."""
        if not self.settled:
            self.settle()
        wanted = without_blanks(self.edited() + text)
        self.put(text)
        self.until(lambda: without_blanks(self.edited()) == wanted, f"the line ends with {text!r}")

    def type(self, text):
        """Types a text and waits until it stands on the line, and all that comes with it on the screen."""
        self.append(text)
        self.settle()

    def paste(self, text):
        """Pastes as a terminal does: between marks, when the program asked for that."""
        path = self.folder / "paste"
        path.write_text(text)
        self.tmux("load-buffer", path, ";", "paste-buffer", "-p", "-d")

    def enter(self, text, prompt=None):
        """Types a line and waits until it has run and the prompt is back. Returns the lines that came in between."""
        prompt = prompt or A_PROMPT.match(self.edited() + " ")[0]
        begin = len(self.lines())
        self.append(text)
        self.key("Enter")
        self.wait_for_prompt(prompt)
        return self.lines()[begin:-1]

    def listed(self, typed, last):
        """What a second Tab shows below the line; `last` is the line once it is there again below that."""
        prompt = A_PROMPT.match(self.edited() + " ")[0]
        begin = len(self.lines())
        self.type(typed)
        self.key("Tab")
        self.key("Tab")
        self.until(lambda: len(self.lines()) > begin and self.lines()[-1].startswith((prompt + last).rstrip()),
                   "the line is there again")
        lines = self.lines()[begin:-1]
        self.key("C-u")
        self.wait_for_prompt(prompt)
        return lines

    def mode(self):
        """How the terminal is set: `stty -a`, and whether it gives whole lines, as it does to all but line editors."""
        with open(self.tty) as tty:
            settings = subprocess.run(["stty", "-a"], stdin=tty, capture_output=True, text=True, check=True).stdout
        return {"settings": settings, "canonical": " icanon" in settings}

    def resize(self, columns, rows):
        self.tmux("resize-window", "-x", str(columns), "-y", str(rows))

    # --- what is to be seen -------------------------------------------------------------------------------------------

    def look(self):
        """Every row, also those that scrolled away, and the cursor's place: (rows, column, row)."""
        place, *rows = self.tmux("display-message", "-p", "#{cursor_x} #{cursor_y} #{history_size}", ";",
                                 "capture-pane", "-p", "-S", "-")
        column, row, scrolled = map(int, place.split())
        return [one.rstrip() for one in rows], column, row + scrolled

    def lines(self):
        """Every line: rows that wrap are joined, empty ones at the end cut."""
        lines = [one.rstrip() for one in self.tmux("capture-pane", "-p", "-J", "-S", "-")]
        while len(lines) > 1 and not lines[-1]:
            lines.pop()
        return lines

    def text(self):
        return "\n".join(self.lines())

    def cells(self):
        """As look(), but each row as a list of (character, style); the blanks at the ends of rows are kept where painted."""
        place, *rows = self.tmux("display-message", "-p", "#{cursor_x} #{cursor_y} #{history_size}", ";",
                                 "capture-pane", "-p", "-e", "-S", "-")
        column, row, scrolled = map(int, place.split())
        style, painted = frozenset(), []
        for text in rows:
            painted.append([])
            for at, part in enumerate(SGR.split(text)):
                if at % 2:
                    style = change_style(style, part)
                else:
                    painted[-1] += [(one, style) for one in part]
        return painted, column, row + scrolled

    def painted(self):
        """What stands from the last prompt on, as (text, style) for each run of one style: a style is its words, sorted. A hint
        has the style "hint"."""
        rows, column, row = self.cells()
        end, at = 0, 0
        while end < len(rows[row]) and at < column:
            at += width(rows[row][end][0])
            end += 1
        behind = "".join(one for one, _ in rows[row][end:])
        if behind and ("dim" in rows[row][end][1] or re.match(r" ?<[^<>]*>\s*$", behind)):
            rows[row][end:] = [(one, frozenset({"hint"})) for one, _ in rows[row][end:]]
        texts = ["".join(one for one, _ in cells).rstrip() for cells in rows]
        while len(texts) > 1 and not texts[-1]:
            texts.pop()
        begin = max((at for at, text in enumerate(texts) if A_PROMPT.match(text + " ")), default=len(texts) - 1)
        runs = []
        for one, style in (cell for cells in rows[begin:] for cell in cells):
            if runs and (runs[-1][1] == style or (one == " " and "hint" not in style)):
                runs[-1][0] += one
            else:
                runs.append([one, style])
        return [(text, " ".join(sorted(style))) for text, style in runs]

    def edited(self):
        """What stands from the last prompt on: the line that is edited, its rows joined, without the hint."""
        return "".join(text for text, style in self.painted() if style != "hint").rstrip()

    def until(self, holds, what):
        """Waits until `holds()` is true. Returns what it gave."""
        deadline = time.monotonic() + LIMIT
        while not (found := holds()):
            if time.monotonic() > deadline:
                shown = "\n".join(self.lines()[-40:])
                raise AssertionError(f"waited in vain until {what}; the screen:\n{shown}")
            time.sleep(0.005)
        return found

    def at_rest(self):
        """What look() sees when all keys are read, who read them waits for more, and the screen shows what it made of them;
        None as long as that is not so."""
        seen = self.look()  # by now tmux has passed on what it was given
        with open(self.tty, opener=lambda path, flags: os.open(path, flags | os.O_NOCTTY | os.O_NONBLOCK)) as tty:
            unread = int.from_bytes(fcntl.ioctl(tty, termios.FIONREAD, bytes(4)), sys.byteorder)
        return seen if unread == 0 and is_waiting(self.shell, status_of(self.shell)[5]) and self.look() == seen else None

    def settle(self):
        """Waits until nothing is left to be done with the keys that were pressed."""
        self.until(self.at_rest, "all keys have done what they do")
        self.settled = True

    def shows(self, pattern):
        """Waits until the text on the screen has a match of a regular expression. Returns the match."""
        return self.until(lambda: re.search(pattern, self.text(), re.MULTILINE), f"{pattern!r} shows")

    def wait_for_prompt(self, prompt):
        """Waits until nothing but the prompt stands on the cursor's row, with the cursor behind it, and stays there."""
        def is_there():
            rows, column, row = self.at_rest() or ([""], 0, 0)
            return rows[row] == prompt.rstrip() and column == len(prompt)
        self.until(is_there, f"the prompt {prompt!r} is there")
        self.settled = True

    # --- the prompt ---------------------------------------------------------------------------------------------------

    def start(self, words="", prompt="main> "):
        """Starts socksh from the shell and waits for its prompt."""
        pid = self.folder / "pid"
        pid.unlink(missing_ok=True)
        (self.folder / "start").write_text('echo $$ >pid.new; mv pid.new pid; exec "$@"\n')
        self.put(f"sh start '{SOCKSH}' {words}; echo \"[status $?]\"")
        self.key("Enter")
        self.until(pid.exists, "socksh starts")
        self.pid = int(pid.read_text())
        if prompt:
            self.wait_for_prompt(prompt)

    def ended(self):
        """Waits until socksh has ended and the shell has its terminal again. Returns the exit status."""
        status = int(self.shows(r"\[status (\d+)\]\n" + SHELL.rstrip() + r"$")[1])
        self.wait_for_prompt(SHELL)
        return status

    def peak_memory(self):
        """The most that socksh has had in memory so far, in KiB."""
        status = pathlib.Path(f"/proc/{self.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s*(\d+) kB", status)[1])

    def record(self):
        """Keeps every octet that is written to the terminal from now on, in the file that is returned."""
        path = self.folder / "octets"
        self.tmux("pipe-pane", f"cat >{path}")
        self.until(path.exists, "the recording has begun")
        return path


class Case(unittest.TestCase):
    """A test that looks at terminals."""

    def terminal(self, columns=80, rows=24, environment=None, started=True):
        terminal = Terminal(columns, rows, environment)
        self.addCleanup(terminal.close)
        if started:
            terminal.start()
        return terminal


class Side(Case):
    """Terminals side by side, where one watches what is done in another."""

    def setUp(self):
        self.place = tempfile.mkdtemp(prefix="socksh-watch-")
        self.addCleanup(shutil.rmtree, self.place)

    def shell(self, columns=80, rows=24, environment=None):
        """A terminal with nothing but its shell, whose socksh finds those of the others here, and no more."""
        screen = Terminal(columns, rows, {"XDG_RUNTIME_DIR": self.place, "TMPDIR": self.place} | (environment or {}))
        self.addCleanup(screen.close)
        return screen
