"""peers: programs to talk to: socksh itself, python3, curl, nc, socat, each ended when its test is over.

What a program prints is read line by line until the line comes that is waited for: nothing here waits for a time.
"""

import array
import fcntl
import os
import pathlib
import re
import select
import shutil
import signal
import socket
import subprocess
import tempfile
import termios
import threading
import time
import unittest

SOCKSH = os.environ["SOCKSH"]
EXAMPLES = pathlib.Path(__file__).resolve().parents[2] / "examples"
LIMIT = 30  # seconds after which what is waited for will not come
NOBODY = 65534  # an ordinary user
# Whether a user may have namespaces here, and with them a network of their own.
ALLOWED = subprocess.run(["unshare", "-Urn", "true"], capture_output=True).returncode == 0


def wait_for(condition, what="it"):
    deadline = time.monotonic() + LIMIT
    while not (result := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not come")
        time.sleep(0.005)
    return result


def has_ipv6():
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
            return True
    except OSError:
        return False


class Program:
    """A running program; its standard output is read by lines, its standard error from a file."""

    def __init__(self, *words, folder=None, errors_with_output=False, **options):
        self.errors = tempfile.TemporaryFile()
        self.text = b""  # what was read and not yet taken
        self.child = subprocess.Popen(
            [str(word) for word in words], cwd=folder, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT if errors_with_output else self.errors, **options)
        self.pid = self.child.pid

    def read(self):
        """Takes in what there is, when there is something. False at the end."""
        if not select.select([self.child.stdout], [], [], LIMIT)[0]:
            raise AssertionError(f"nothing more came; so far {self.text!r}, {self.complaints()}")
        data = os.read(self.child.stdout.fileno(), 65536)
        self.text += data
        return data != b""

    def take(self, size):
        """Exactly so many octets."""
        while len(self.text) < size:
            if not self.read():
                raise AssertionError(f"it ended after {self.text!r}, {self.complaints()}")
        data, self.text = self.text[:size], self.text[size:]
        return data

    def line(self):
        while b"\n" not in self.text:
            if not self.read():
                raise AssertionError(f"it ended after {self.text!r}, {self.complaints()}")
        line, _, self.text = self.text.partition(b"\n")
        return line.decode(errors="surrogateescape")

    def find(self, pattern):
        """The first line from here on that holds the pattern; gives the match."""
        while not (found := re.search(pattern, self.line())):
            pass
        return found

    def write(self, data):
        self.child.stdin.write(data)
        self.child.stdin.flush()

    def rest(self):
        """What comes until the end of the output."""
        while self.read():
            pass
        return self.text

    def complaints(self):
        self.errors.seek(0)
        return self.errors.read().decode(errors="replace")

    def end(self, number=None):
        """Sends a signal if there is one to send, and gives the exit status as a shell shows it."""
        if number is not None:
            self.child.send_signal(number)
        status = self.child.wait(LIMIT)
        return status if status >= 0 else 128 - status

    def close(self):
        if self.child.poll() is None:
            self.child.kill()
        self.child.wait()
        for stream in (self.child.stdin, self.child.stdout, self.errors):
            try:
                stream.close()
            except BrokenPipeError:
                pass


class PeerTest(unittest.TestCase):
    """Starts programs that end with the test, in a folder that goes with it."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="socksh-interop-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def start(self, *words, **options):
        program = Program(*words, folder=self.folder, **options)
        self.addCleanup(program.close)
        return program

    def users(self):
        """Name, program and options of Popen: as who runs the test, and as an ordinary user where that is root."""
        yield "oneself", SOCKSH, {}
        if os.getuid() == 0:
            self.folder.chmod(self.folder.stat().st_mode | 0o055)
            yield "nobody", shutil.copy(SOCKSH, self.folder / "socksh"), {
                "user": NOBODY, "group": NOBODY, "extra_groups": []}

    def ordinary_user(self):
        """Program and options of Popen, as an ordinary user: the one who runs the test, where that is not root."""
        self.folder.chmod(0o777)  # for files that the program writes
        return list(self.users())[-1][1:]

    def socksh(self, *words, **options):
        return self.start(SOCKSH, *words, **options)

    def example(self, name, *words):
        return self.socksh(EXAMPLES / f"{name}.socksh", *words)

    def server(self, name, *words):
        """An example that listens. Gives it with its address as text and as a pair."""
        program = self.example(name, "127.0.0.1:0", *words)
        address = program.find(r" on (.*)\.\.\.$")[1]
        host, _, port = address.rpartition(":")
        return program, address, (host, int(port))

    def run_socksh(self, *words, status=0, **options):
        """Runs it to its end; gives what it printed."""
        done = subprocess.run([SOCKSH, *map(str, words)], cwd=self.folder, capture_output=True,
                              timeout=LIMIT, **({"stdin": subprocess.DEVNULL} | options))
        self.assertEqual(done.returncode, status, done.stderr.decode(errors="replace"))
        return done

    def ends_well(self, program, output=None):
        rest = program.rest()
        self.assertEqual(program.end(), 0, program.complaints())
        if output is not None:
            self.assertEqual(rest, output)
        return rest

    def thread(self, target, *args):
        """Runs it aside; a failure in it is the test's. Gives a function that waits for the result."""
        outcome = {}

        def run():
            try:
                outcome["result"] = target(*args)
            except BaseException as failure:  # told in join()
                outcome["failure"] = failure

        thread = threading.Thread(target=run, daemon=True)
        thread.start()

        def join():
            thread.join(LIMIT)
            self.assertFalse(thread.is_alive(), "a thread of the test did not end")
            if "failure" in outcome:
                raise outcome["failure"]
            return outcome["result"]

        return join


def unread(stream):
    """How many octets lie in a pipe, seen from either end."""
    count = array.array("i", [0])
    fcntl.ioctl(stream.fileno(), termios.FIONREAD, count)
    return count[0]


def durations(text):
    """Nanoseconds of each duration that was printed, in whichever unit it is written shortest."""
    units = {"ns": 1, "us": 1000, "ms": 1_000_000, "s": 1_000_000_000}
    return [int(number) * units[unit] for number, unit in re.findall(r"^(\d+)(ns|us|ms|s)$", text, re.MULTILINE)]


def connect(address):
    client = socket.create_connection(address, timeout=LIMIT)
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return client


def listen(backlog=8, family=socket.AF_INET, host="127.0.0.1"):
    """A listening socket and its address as socksh writes it."""
    listener = socket.socket(family)
    listener.settimeout(LIMIT)
    listener.bind((host, 0))
    listener.listen(backlog)
    host, port = listener.getsockname()[:2]
    return listener, f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def receive_all(end):
    pieces = []
    while data := end.recv(65536):
        pieces.append(data)
    return b"".join(pieces)
