"""`trace c` shows C that a compiler takes, for every command that has a form in C, as it shows it while the command runs."""

import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest

SOCKSH = os.environ["SOCKSH"]
HEADERS = ("arpa/inet", "errno", "fcntl", "linux/filter", "net/if", "netdb", "netinet/in", "netinet/tcp", "poll", "stddef", "stdio",
           "sys/resource", "sys/socket", "sys/time", "sys/un", "time", "unistd")

LISTENING = "l = socket; bind l 127.0.0.1:0; listen l\n"
CONNECTED = LISTENING + "s = socket; connect s (getsockname l)\n"
PAIR = "a, b = socketpair\n"
DATAGRAMS = "u = socket AF_INET SOCK_DGRAM; bind u 127.0.0.1:0\n"

# Command: (what comes before, untraced; the statements that are shown), several where it has several forms.
ROWS = {
    "accept": [(CONNECTED, "c, peer = accept l"), (LISTENING + "setblocking l false", "try { accept l } catch e { }")],
    "bind": [("s = socket", "bind s 127.0.0.1:0"), ("s = socket", "bind s *:0"),
             ("s = socket AF_INET6", "bind s [::]:0"), ("s = socket AF_UNIX", "bind s unix:@name"),
             ("s = socket AF_UNIX", 'bind s "unix:here.sock"')],
    "close": [("s = socket", "close s")],
    "connect": [(LISTENING + "s = socket; a = getsockname l", "connect s a"),
                (LISTENING + 's = socket; port = (getsockname l)[1]', 'connect s "localhost:{port}"'),
                ("s = socket", "try { connect s 127.0.0.1:1 } catch e { }")],
    "drop": [(DATAGRAMS, "drop u"), (DATAGRAMS, "drop u 30")],
    "getaddrinfo": [("", 'x = getaddrinfo "localhost" "http"'), ("", 'x = getaddrinfo "127.0.0.1" 80 AF_INET')],
    "getpeername": [(CONNECTED, "x = getpeername s"), ("s = socket", "try { getpeername s } catch e { }")],
    "getservbyname": [("", 'x = getservbyname "http"'), ("", 'x = getservbyname "http" "tcp"')],
    "getsockname": [(LISTENING, "x = getsockname l"), ("s = socket AF_INET6", "x = getsockname s")],
    "getsockopt": [("s = socket", "x = getsockopt s SO_RCVBUF"), ("s = socket", "x = getsockopt s SO_LINGER"),
                   (CONNECTED, "x = getsockopt s TCP_INFO"), ("s = socket", "x = getsockopt s SO_RCVTIMEO")],
    "htonl": [("", "x = htonl 1")],
    "htons": [("", "x = htons 9999")],
    "inet_ntop": [('b = inet_pton AF_INET "127.0.0.1"', "x = inet_ntop AF_INET b")],
    "inet_pton": [("", 'x = inet_pton AF_INET "127.0.0.1"'), ("", 'x = inet_pton AF_INET6 "::1"')],
    "listen": [("s = socket", "listen s"), ("s = socket", "listen s 5")],
    "now": [("", "x = now")],
    "ntohl": [("", "x = ntohl 1")],
    "ntohs": [("", "x = ntohs 9999")],
    "poll": [(PAIR, "x = poll [b, a] 1ms")],
    "recv": [(PAIR + 'send a "x"', "x = recv b 1024"), (PAIR, "try { recv b 10 MSG_PEEK|MSG_DONTWAIT } catch e { }")],
    "recvfrom": [(DATAGRAMS + 'sendto u "x" (getsockname u)', "x, from = recvfrom u 1024")],
    "send": [(PAIR, 'send a "hello\\r\\n\\"\\0\\xff1"'), (PAIR, 'send a "x" MSG_NOSIGNAL|MSG_DONTWAIT'),
             (PAIR + 'd = "x"; for i in range 9 { append d d }', "send a d")],
    "sendall": [(PAIR, 'sendall a "hello"')],
    "sendto": [(DATAGRAMS + "to = getsockname u", 'sendto u "hello" to')],
    "setblocking": [("s = socket", "setblocking s false")],
    "setrlimit": [("", "setrlimit RLIMIT_NOFILE 64")],
    "setsockopt": [("s = socket", "setsockopt s SO_REUSEADDR 1"), ("s = socket", "setsockopt s SO_LINGER 5s"),
                   ("s = socket", "setsockopt s SO_RCVTIMEO 500ms"), ("s = socket", "setsockopt s TCP_KEEPIDLE 60s"),
                   (DATAGRAMS, 'setsockopt u IP_ADD_MEMBERSHIP ["239.1.2.3", "lo"]')],
    "settimeout": [("s = socket", "settimeout s 1s")],
    "shutdown": [(CONNECTED, "shutdown s SHUT_WR")],
    "sleep": [("", "sleep 1ms")],
    "socket": [("", "s = socket"), ("", "s = socket AF_INET6 SOCK_DGRAM IPPROTO_UDP")],
    "socketpair": [("", "a, b = socketpair")],
    "undrop": [(DATAGRAMS + "drop u", "undrop u")],
    "unlink": [('save "file" ""', 'unlink "file"')],
}
SILENT = {"sleep"}  # no call of a socket, and not shown


class TraceC(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)

    def shown(self, before, statement):
        done = subprocess.run([SOCKSH, "-c", f"{before}\ntrace c\n{statement}\ntrace off\n"], cwd=self.folder,
                              capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stderr

    def test_each_command_compiles(self):
        for name, forms in ROWS.items():
            for before, statement in forms:
                with self.subTest(statement):
                    text = self.shown(before, statement)
                    self.assertEqual(text == "", name in SILENT, text)
                    program = "#define _GNU_SOURCE\n" + "".join(f"#include <{one}.h>\n" for one in HEADERS)
                    # Each call stands in a scope of its own: settimeout makes two that are alike.
                    scopes = re.sub(r'(    perror\(".*"\);\n)', r"\1}\n{\n", text)
                    program += f"int main(void)\n{{\n{{\n{scopes}}}\n}}\n"
                    cc = subprocess.run(["cc", "-std=gnu17", "-Wall", "-Wno-unused", "-Werror", "-fsyntax-only", "-x", "c", "-"],
                                        input=program, capture_output=True, text=True, timeout=60)
                    self.assertEqual(cc.returncode, 0, f"{text}\n{cc.stderr}")

    def test_no_command_is_left_out(self):
        dump = subprocess.run([SOCKSH, "--dump=json"], capture_output=True, text=True, check=True, timeout=60).stdout
        self.assertEqual({one["name"] for one in json.loads(dump)["commands"] if one.get("c")}, set(ROWS))


if __name__ == "__main__":
    unittest.main()
