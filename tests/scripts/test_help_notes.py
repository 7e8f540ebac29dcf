"""What the tutorials say of each call: `help` says it, and an example shows that the kernel does it.

A row is the note in words of our own, the name that `help` is asked for, a sentence that must stand there, and a script whose
expectations must hold.
"""

import os
import pathlib
import re
import subprocess
import tempfile
import unittest

SOCKSH = os.environ["SOCKSH"]
LESSONS = pathlib.Path(__file__).parents[2] / "lessons"

PAIR = """
l = socket; bind l 127.0.0.1:0; listen l
c = socket; connect c (getsockname l)
s, peer = accept l
"""

NOTES = [
    ("socket has defaults: IPv4, a stream, protocol 0", "socket",
     "Left out, family and type are those of TCP over IPv4",
     "s = socket\ngetsockopt s SO_DOMAIN #=> AF_INET\ngetsockopt s SO_TYPE #=> SOCK_STREAM\n"
     "getsockopt s SO_PROTOCOL #=> IPPROTO_TCP"),
    ("a datagram socket is UDP", "socket", "SOCK_DGRAM is UDP",
     "s = socket AF_INET SOCK_DGRAM\ngetsockopt s SO_PROTOCOL #=> IPPROTO_UDP"),
    ("a new socket is neither bound nor connected", "socket", "no address and no peer yet",
     "s = socket\ngetpeername s #=> error ENOTCONN"),
    ("connect takes host and port, and looks a name up", "connect", "A name is looked up first",
     "l = socket; bind l 127.0.0.1:0; listen l\nhost, port = getsockname l\n"
     'c = socket; connect c "localhost:{port}"\n(getpeername c) == (getsockname l) #=> true'),
    ("the port tells the service", "connect", "80 the web, 25 mail, 21 FTP",
     'getservbyname "http" #=> 80\ngetservbyname "smtp" #=> 25\ngetservbyname "ftp" #=> 21'),
    ("connect does not wait for accept", "connect", "be it before accept",
     "l = socket; bind l 127.0.0.1:0; listen l\nc = socket; connect c (getsockname l)\n"
     'send c "early" #=> 5'),
    ("send may take less than all", "send", "fewer than DATA",
     'a, b = socketpair; setblocking a false; big = "x"\n'
     "while (len big) < 4000000 { big = big + big }\n(send a big) < (len big) #=> true"),
    ("flags are optional and 0 when left out", "recv", "MSG_…; 0 when left out",
     'a, b = socketpair; send a "hello"\nrecv b 2 MSG_PEEK #=> "he"\nrecv b 9 #=> "hello"'),
    ("recv gives at most SIZE octets", "recv", "from 1 octet to SIZE",
     PAIR + 'send c "hello"\nrecv s 2 #=> "he"\nrecv s 1024 #=> "llo"'),
    ("recv waits for an octet or the end", "recv", "until an octet has come, or the end",
     PAIR.replace("s, peer = accept l", "@server s, peer = accept 3; recv s 10 #=> waits")
     + 'send c "x"\n#=> "x"'),
    ("recv gives nothing once the peer has finished and all was read", "recv",
     "Empty means that the peer has finished sending and all was read",
     PAIR + 'send c "bye"; close c\nrecv s 10 #=> "bye"\nrecv s 10 #=> ""'),
    ("both sides may send at any time", "tcp", "either may send at any time",
     PAIR + 'send s "Welcome!"; send c "hello"\nrecv c 20 #=> "Welcome!"\nrecv s 20 #=> "hello"'),
    ("127.0.0.1 serves this machine only, 0.0.0.0 all addresses", "bind",
     "127.0.0.1 can be reached from this machine only; * is 0.0.0.0",
     "l = socket; bind l *:0; listen l\nhost, port = getsockname l\nhost #=> \"0.0.0.0\"\n"
     'c = socket; connect c "127.0.0.2:{port}"'),
    ("ports below 1024 want privileges", "bind", "one below 1024 needs privileges",
     "try { bind (socket) 127.0.0.1:9 } catch e { if e != EACCES { fail e } }"),
    ("one port has one socket", "ports", "another one's bind is EADDRINUSE",
     "s = socket; bind s 127.0.0.1:0\nt = socket\nbind t (getsockname s) #=> error EADDRINUSE"),
    ("UDP and TCP ports are counted apart", "bind", "UDP and TCP ports are counted apart",
     "s = socket; bind s 127.0.0.1:0\nu = socket AF_INET SOCK_DGRAM; bind u (getsockname s)"),
    ("backlog 0 still leaves room for one", "listen", "0 leaves room for one",
     "l = socket; bind l 127.0.0.1:0; listen l 0\nc = socket; connect c (getsockname l)"),
    ("a full backlog refuses nobody on Linux: the client waits", "listen",
     "Linux refuses none above that: it lets more clients wait",
     "l = socket; bind l 127.0.0.1:0; listen l 0\na = socket; connect a (getsockname l)\n"
     "@late c = socket; connect c (getsockname 3) #=> waits"),
    ("a backlog below 0: 0 in Python, the most in C", "listen",
     "Below 0, Python makes it 0, while C passes it on",
     "l = socket; bind l 127.0.0.1:0; listen l -1\n"
     "for i in range 20 { c = socket; connect c (getsockname l) }"),
    ("a backlog left out is the most, in Python at most 128", "listen", "SOMAXCONN when left out",
     "l = socket; bind l 127.0.0.1:0; listen l\n"
     "for i in range 20 { c = socket; connect c (getsockname l) }"),
    ("accept gives a new socket and the client's address", "accept",
     "Gives a new socket for this one client, and the client's host and port",
     PAIR + "peer == (getsockname c) #=> true\ngetsockopt l SO_ACCEPTCONN #=> 1"),
    ("accept waits", "accept", "until a client has connected",
     "@server l = socket; bind l 127.0.0.1:0; listen l; accept l #=> waits"),
    ("to serve several at once takes a thread each", "accept",
     "To serve several at once, spawn an actor for each",
     'def serve s { send s (recv s 9) }\nl = socket; bind l 127.0.0.1:0; listen l\n'
     "a = socket; connect a (getsockname l); b = socket; connect b (getsockname l)\n"
     "for i in range 2 { s, peer = accept l; spawn serve s }\n"
     'send b "second"\nrecv b 9 #=> "second"\nsend a "first"\nrecv a 9 #=> "first"'),
    ("four values tell connections apart", "getpeername", "by these four values",
     PAIR + "d = socket; connect d (getsockname l); t, other = accept l\n"
     "(getsockname s) == (getsockname t) #=> true\npeer == other #=> false"),
    ("close ends the connection", "close", "then the end of the stream",
     PAIR + 'close s\nrecv c 9 #=> ""'),
    ("UDP needs no connect, and no listen", "sendto", "No connect is needed",
     "s = socket AF_INET SOCK_DGRAM; bind s 127.0.0.1:0\nlisten s #=> error EOPNOTSUPP\n"
     'c = socket AF_INET SOCK_DGRAM\nsendto c "hi" (getsockname s) #=> 2'),
    ("nobody says whether a datagram arrived", "sendto", "Nobody tells whether it arrived",
     "s = socket AF_INET SOCK_DGRAM; bind s 127.0.0.1:0; gone = getsockname s; close s\n"
     'c = socket AF_INET SOCK_DGRAM\nsendto c "hi" gone #=> 2'),
    ("recvfrom also tells the sender", "recvfrom", "says who sent it, so that sendto can answer",
     "s = socket AF_INET SOCK_DGRAM; bind s 127.0.0.1:0\n"
     'c = socket AF_INET SOCK_DGRAM; sendto c "Tracy" (getsockname s)\n'
     'data, sender = recvfrom s 1024\nsendto s "Hello, {data}!" sender\n'
     'recv c 1024 #=> "Hello, Tracy!"'),
    ("what is longer than SIZE is lost", "recvfrom", "what is longer than SIZE is lost",
     "s = socket AF_INET SOCK_DGRAM; bind s 127.0.0.1:0\n"
     'c = socket AF_INET SOCK_DGRAM; sendto c "Michael" (getsockname s)\n'
     'data, sender = recvfrom s 4\ndata #=> "Mich"\nrecv s 4 MSG_DONTWAIT #=> error EAGAIN'),
]


# Words of other languages that help knows what to say of.
HABITS = {"thread": "write spawn FUNCTION", "threading": "write spawn FUNCTION",
          "time": "sleep 500ms waits; now is a clock: t = now", "elif": "write else if"}


class Notes(unittest.TestCase):
    def test_words_of_other_languages(self):
        for word, hint in HABITS.items():
            with self.subTest(word):
                asked = subprocess.run([SOCKSH, "-c", f"help {word}"], capture_output=True, text=True,
                                       stdin=subprocess.DEVNULL, timeout=60)
                self.assertIn(f'nothing here is called "{word}": {hint}', asked.stderr)
                self.assertEqual(asked.returncode, 1)

    def test_lessons_that_pages_name_are_there(self):
        for name in ("recv", "MSG_PEEK", "spawn", "ECONNREFUSED"):
            with self.subTest(name):
                shown = subprocess.run([SOCKSH, "-c", f"help {name}"], capture_output=True, text=True,
                                       stdin=subprocess.DEVNULL, timeout=60)
                self.assertRegex(shown.stdout, r"(?m)^\s*more ")
                number, title, lesson = re.search(r"(?m)^\s*lesson +(\d+) (.*): learn (\S+)$", shown.stdout).groups()
                file = LESSONS / f"{int(number):02}-{lesson}" / "en.md"
                self.assertIn(f"\ntitle: {title}\n", file.read_text())

    def test_are_in_help(self):
        for note, name, sentence, _ in NOTES:
            with self.subTest(note):
                shown = subprocess.run([SOCKSH, "-c", f"help {name}"], capture_output=True,
                                       stdin=subprocess.DEVNULL, timeout=60)
                self.assertIn(sentence, " ".join(shown.stdout.decode().split()))

    def test_are_true(self):
        for note, _, _, script in NOTES:
            with self.subTest(note), tempfile.TemporaryDirectory() as folder:
                path = os.path.join(folder, "note.socksh")
                with open(path, "w", encoding="utf-8") as file:
                    file.write(script.strip() + "\n")
                done = subprocess.run([SOCKSH, "check", path], stdin=subprocess.DEVNULL,
                                      capture_output=True, text=True, timeout=60)
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main()
