"""A few words behind a value at a prompt: what the call has come to, from the real state of the socket."""

import re

import terminal

SETUP = {
    "connection": ["l = socket; bind l 127.0.0.1:0; listen l 5; c = socket; connect c (getsockname l); a, p = accept l"],
    "listener": ["l = socket; bind l 127.0.0.1:0; listen l 5; at = getsockname l; c = socket"],
    "datagrams": ["u = socket AF_INET SOCK_DGRAM; bind u 127.0.0.1:0; v = socket AF_INET SOCK_DGRAM; to = getsockname u"],
    "pair": ["a, b = socketpair"],
    "nothing": [],
    "far": ["network host alice 10.0.0.1/24; network host bob 10.0.0.2/24",
            "@bob l = socket; bind l 10.0.0.2:80; listen l", "@alice c = socket; connect c 10.0.0.2:80",
            "network delay bob 1s"],
}

# (what is there before, the statements, the note of the last one as a regular expression)
ROWS = [
    ("nothing", "s = socket", "a TCP socket over IPv4, without an address or a peer yet"),
    ("nothing", "s = socket AF_INET6 SOCK_DGRAM", "a UDP socket over IPv6, without an address or a peer yet"),
    ("nothing", "a, b = socketpair", "connected to each other, and to nobody else"),
    ("nothing", "s = socket; bind s 127.0.0.1:0", r"the kernel chose port \d+"),
    ("nothing", "s = socket; bind s *:0", r"on every address here; the kernel chose port \d+"),
    ("nothing", "s = socket; listen s", r"it was not bound: the kernel bound it to port \d+"),
    ("nothing", "s = socket; getsockname s", "not bound yet: port 0 is none"),
    ("nothing", "s = socket; bind s 127.0.0.1:0; listen s", "it can be connected to now; accept takes the connections"),
    ("listener", "connect c at", "the kernel completed the handshake; accept has not run yet"),
    ("listener", 'connect c at; send c "hi"', "it waits in the kernel there: accept has not run yet"),
    ("listener", 'connect c at; send c "hi" MSG_MORE', "not sent yet, as more is to come: 2 bytes"),
    ("listener", 'connect c at; setsockopt c TCP_CORK true; send c "x"', "not sent yet, as more is to come: 1 byte"),
    ("connection", 'sendall c "hi" MSG_MORE', "not sent yet, as more is to come: 2 bytes"),
    ("connection", 'send c "hi"; recv a 1', "there is more to read: 1 byte"),
    ("connection", 'send c "x"; close a', "unread: 1 byte; so the peer gets a reset, no goodbye"),
    ("listener", "connect c at; x, p = accept l", "it was in the queue already"),
    ("listener", "connect c at; close l", "never accepted: 1; their connections are broken off"),
    ("nothing", "s = socket; bind s 127.0.0.1:0; connect s (getsockname s)",
     "it is connected to itself: both ends have this address"),
    ("connection", 'send c "hi"', "not read yet: send does not wait for the peer's recv"),
    ("connection", 'send c "hi"; send c "ho"', "the peer has 4 bytes to read; one recv may take all"),
    ("connection", 'send c "hello"; recv a 100', "5 of at most 100 bytes: recv takes what is there"),
    ("connection", 'send c "hello"; recv a 2', "there is more to read: 3 bytes"),
    ("connection", 'send c "hello"; recv a 5 MSG_PEEK', "only looked at: the next recv gets it again"),
    ("connection", 'send c "x"; recv a 0', "zero bytes were asked for"),
    ("connection", "shutdown c SHUT_WR; recv a 5", "the peer has finished sending"),
    ("connection", "shutdown a SHUT_RD; recv a 5", "receiving was shut down here"),
    ("connection", "shutdown c SHUT_WR", "half-closed: the peer sees the end, and may still send"),
    ("connection", 'send c "unread"; close a', "unread: 6 bytes; so the peer gets a reset, no goodbye"),
    ("connection", "setsockopt a SO_LINGER 0s; close a", "SO_LINGER is 0: the peer gets a reset, no goodbye"),
    ("connection", "close c", "FIN_WAIT[12]: it ends when the peer has closed, too"),
    ("connection", "close c; close a", "the peer had closed first: no TIME_WAIT here"),
    ("connection", "shutdown c SHUT_WR; close a; close c", r"TIME_WAIT: the kernel keeps the connection for \d+ s"),
    ("connection", 'close a; send c "x"', "taken, but the peer had closed: it answered with a reset"),
    ("connection", 'd = "0123456789"; for i in range 20 { d = d + d }; setblocking c false; send c d',
     r"taken: \d+ of \d+ bytes; send the rest again"),
    ("connection", "state c", "both sides may send and receive"),
    ("connection", "queued c", "bytes to read, and bytes not acknowledged yet"),
    ("connection", "poll [a] 1ms", "time is up, and nothing has happened"),
    ("datagrams", 'sendto v "hello" to', r"it was not bound: the kernel gave it port \d+"),
    ("datagrams", 'sendto v "hello" to; sendto v "x" to', "sent; it waits there until recvfrom takes it"),
    ("datagrams", 'setsockopt u SO_RCVBUF 1; for i in range 20 { sendto v "hello" to }; sendto v "x" to',
     "sent; UDP does not tell whether it arrived"),
    ("datagrams", 'sendto v "hello" to; recvfrom u 2', "cut: 2 of 5 bytes; the rest of this datagram is lost"),
    ("datagrams", 'sendto v "hello" to; recvfrom u 5', "one whole datagram"),
    ("datagrams", 'sendto v "a" to; sendto v "b" to; recvfrom u 5', "one datagram; another one waits"),
    ("datagrams", 'sendto v "" to; recvfrom u 5', "an empty datagram"),
    ("datagrams", "connect v to", r"nothing was sent; the kernel gave it port \d+"),
    ("datagrams", "drop u", "all that arrives is lost from now on, until undrop"),
    ("datagrams", "drop u 30", "of 100 packets that arrive about 30 are lost, until undrop"),
    ("datagrams", "drop u; undrop u", "what was lost stays lost"),
    ("datagrams", 'connect v to; drop u; send v "x"', r"sent and lost there \(drop\): UDP tells nobody"),
    ("pair", "close a; recv b 5", "the peer has finished sending"),
    ("nothing", "s = socket; setsockopt s SO_RCVBUF 10000", "the kernel doubled it to 20000, for its own accounting"),
    ("nothing", "s = socket; setsockopt s SO_RCVBUF 1", r"too small: the kernel made it \d+"),
    ("nothing", "s = socket; setsockopt s SO_RCVBUF 2000000000", r"cut to net\.core\.rmem_max, then doubled: \d+"),
    ("nothing", "s = socket; getsockopt s SO_RCVBUF", "in bytes, the kernel's own accounting among them"),
    ("nothing", "s = socket; getsockopt s SO_ERROR", "no error is pending"),
    ("nothing", "s = socket; setblocking s false", "calls that cannot go on give EAGAIN, or EINPROGRESS"),
    ("nothing", "s = socket; settimeout s 1s", "recv, accept and send that wait longer give EAGAIN"),
    ("nothing", "htons 9999", "(0x270f with its bytes in the other order: 0x0f27|this computer has the network's order.*)"),
]


# The same in a network of its own, where anybody may lose packets of TCP.
ROWS_OF_LOSS = [
    ("listener", "drop l", "no client gets through any more, until undrop"),
    ("connection", "drop a", "all that arrives is lost from now on, until undrop"),
    ("connection", 'drop a; send c "x"', r"the peer loses packets \(drop\): it is sent again and again"),
    ("connection", "drop a 50; undrop a", "what was lost is sent again, by and by"),
    ("far", '@alice send c "a"; send c "bc"', "not sent until the peer acknowledges more: 2 bytes"), # RFC 896
]


class Notes(terminal.Case):

    def test_each(self):
        self.check(ROWS)

    def test_of_loss(self):
        self.check(ROWS_OF_LOSS, "--sandbox")

    def check(self, rows, words=""):
        screen = self.terminal(columns=200, rows=50, started=False)
        screen.start(words)
        screen.enter("trace off")
        for before, statements, note in rows:
            with self.subTest(statements):
                screen.enter("clear")
                for line in SETUP[before]:
                    screen.enter(line)
                shown = screen.enter(statements)
                self.assertRegex("\n".join(shown), rf"(?m)^(.*\S)?    {note}$")
                said = re.search(rf"(?m)    ({note})$", "\n".join(shown))[1]
                self.assertLessEqual(len(said), 60)

    def test_a_note_stands_behind_the_values_it_belongs_to(self):
        screen = self.terminal()
        screen.enter("trace off")
        self.assertRegex("\n".join(screen.enter("a, b = socketpair")), r"^a, b = \d+, \d+    connected to each other")
        self.assertEqual(screen.enter("x = 5"), ["x = 5"])
        # A call within another one is not what the statement shows.
        self.assertEqual(screen.enter("x = [socketpair]")[0].count("connected"), 0)
        self.assertEqual(screen.enter("def f { return socket }; x = f")[0].count("TCP"), 0)

    def test_how_long_an_accept_waited(self):
        screen = self.terminal()
        screen.enter("trace off")
        screen.enter("l = socket; listen l; at = getsockname l")
        screen.enter("@server conn, peer = accept 3")
        screen.enter("sleep 1100ms")
        screen.enter("c = socket; connect c at")
        screen.shows(r"server │ conn, peer = \d+, 127\.0\.0\.1:\d+    waited \d+ s$")

    def test_values_off_says_nothing(self):
        screen = self.terminal()
        screen.enter("trace off")
        screen.enter("set values off")
        self.assertEqual(screen.enter("s = socket; bind s 127.0.0.1:0; listen s"), [])

    def test_full_width_signs_are_mended_on_the_line_and_not_run(self):
        screen = self.terminal()
        screen.put("print “你好：”；x＝1")
        screen.key("Enter")
        mended = 'print "你好：";x=1'
        screen.until(lambda: terminal.without_blanks(screen.edited()) == terminal.without_blanks("main> " + mended),
                     "the mended line stands on the prompt")
        self.assertIn("U+201C", screen.text())
        self.assertNotRegex(screen.text(), "(?m)^你好：$")
        screen.key("Enter")
        screen.wait_for_prompt("main> ")
        self.assertRegex(screen.text(), "(?m)^你好：$")
        self.assertEqual(screen.enter("print x"), ["1"])

    def test_long_ones_are_broken_between_words(self):
        screen = self.terminal(60)
        screen.enter("trace off")
        self.assertEqual(screen.enter("s = socket"), ["s = 3", "    a TCP socket over IPv4, without an address or a peer", "    yet"])
        self.assertEqual(screen.enter("@server l = socket"),
                         ["server │ l = 4", "server │     a TCP socket over IPv4, without an address or", "server │     a peer yet"])
