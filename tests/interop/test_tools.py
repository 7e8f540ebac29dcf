"""Streams, datagrams and AF_UNIX sockets of socksh with nc and socat on the other side."""

import os
import unittest

import peers

# Sends a file and saves what comes back, both at once, as echo servers want it.
EXCHANGE = """
def upload sock file { sendall sock (load file); shutdown sock SHUT_WR }
family = AF_INET
if args[0] == "AF_INET6" { family = AF_INET6 }
if args[0] == "AF_UNIX" { family = AF_UNIX }
s = socket family
connect s args[1]
t = spawn upload s "data"
back = ""
while d = recv s 65536 { append back d }
join t
save "back" back
"""

# Echoes every connection.
ECHO = """
def echo sock { while d = recv sock 65536 { sendall sock d }; close sock }
if args[0] == "AF_UNIX" { l = socket AF_UNIX } else if args[0] == "AF_INET6" { l = socket AF_INET6 } else { l = socket }
bind l args[1]
listen l 5
print (getsockname l)
loop { sock, peer = accept l; spawn echo sock }
"""


class Streams(peers.PeerTest):
    def setUp(self):
        super().setUp()
        self.data = os.urandom(1_000_000)
        (self.folder / "data").write_bytes(self.data)

    def exchange(self, family, address):
        self.run_socksh("-c", EXCHANGE, family, address)
        self.assertTrue((self.folder / "back").read_bytes() == self.data)

    def socat(self, *words):
        """A server; waits until it says where it listens."""
        program = self.start("socat", "-t30", "-d", "-d", *words, errors_with_output=True)
        return program.find(r"listening on (?:AF=\d+ )?(.*)$")[1]

    def test_socat_echoes_over_ipv4(self):
        self.exchange("AF_INET", self.socat("TCP-LISTEN:0,bind=127.0.0.1", "EXEC:cat"))

    @unittest.skipUnless(peers.has_ipv6(), "::1 is not there")
    def test_socat_echoes_over_ipv6(self):
        address = self.socat("TCP6-LISTEN:0,bind=[::1]", "EXEC:cat")
        self.exchange("AF_INET6", f"[::1]:{address.rpartition(':')[2]}")

    def test_socat_echoes_over_unix(self):
        self.socat("UNIX-LISTEN:echo.sock", "EXEC:cat")
        self.exchange("AF_UNIX", "unix:echo.sock")

    def echo_server(self, family, address):
        return self.socksh("-c", ECHO, family, address).line()

    def through_client(self, *words):
        """What a client gets back for the data on its standard input."""
        with open(self.folder / "data", "rb") as data:
            done = peers.subprocess.run([str(word) for word in words], cwd=self.folder, stdin=data,
                                        capture_output=True, timeout=peers.LIMIT)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue(done.stdout == self.data)

    def test_clients_of_an_echo_server_over_ipv4(self):
        host, _, port = self.echo_server("AF_INET", "127.0.0.1:0").rpartition(":")
        self.through_client("socat", "-t30", "-", f"TCP:{host}:{port}")
        self.through_client("nc", "-N", host, port)

    @unittest.skipUnless(peers.has_ipv6(), "::1 is not there")
    def test_clients_of_an_echo_server_over_ipv6(self):
        port = self.echo_server("AF_INET6", "[::1]:0").rpartition(":")[2]
        self.through_client("socat", "-t30", "-", f"TCP6:[::1]:{port}")
        self.through_client("nc", "-N", "::1", port)

    def test_clients_of_an_echo_server_over_unix(self):
        self.assertEqual(self.echo_server("AF_UNIX", "unix:echo.sock"), "unix:echo.sock")
        self.through_client("socat", "-t30", "-", "UNIX-CONNECT:echo.sock")
        self.through_client("nc", "-N", "-U", "echo.sock")

    def test_nc_listens(self):
        nc = self.start("nc", "-v", "-N", "-l", "127.0.0.1", "0", errors_with_output=True)
        port = nc.find(r"Listening on \S+ (\d+)")[1]
        client = self.socksh("-c", 's = socket; connect s args[0]; send s "question\\n"\n'
                                   "while d = recv s 1024 { print d }; print 'end'",
                             f"127.0.0.1:{port}")
        self.assertEqual(nc.find("question").string, "question")
        nc.write(b"answer")
        self.assertEqual(client.line(), "answer")
        nc.child.stdin.close()
        self.ends_well(client, b"end\n")

    def test_seqpacket_with_socat(self):
        script = """
            l = socket AF_UNIX SOCK_SEQPACKET
            bind l unix:seq.sock
            listen l 1
            print "ready"
            a, p = accept l
            print (recv a 1024) (recv a 1024)
            send a "answer"
            print [(recv a 1024)]
        """
        server = self.socksh("-c", script)
        self.assertEqual(server.line(), "ready")
        client = self.start("socat", "-", "UNIX-CONNECT:seq.sock,type=5")
        client.write(b"one")
        peers.wait_for(lambda: peers.unread(client.child.stdin) == 0, "socat's reading")
        client.write(b"two")
        self.assertEqual(server.line(), "one two")
        self.assertEqual(client.take(6), b"answer")
        client.end(peers.signal.SIGTERM)
        self.ends_well(server, b'[""]\n')


class Datagrams(peers.PeerTest):
    def test_socat_and_nc_send_over_udp(self):
        script = """
            s = socket AF_INET SOCK_DGRAM
            bind s 127.0.0.1:0
            print (getsockname s)
            loop { data, peer = recvfrom s 2048; sendto s "{len data} {data}" peer }
        """
        host, _, port = self.socksh("-c", script).line().rpartition(":")
        for client in (self.start("socat", "-", f"UDP:{host}:{port}"), self.start("nc", "-u", host, port)):
            client.write(b"x" * 1400)
            self.assertEqual(client.take(1405), b"1400 " + b"x" * 1400)
            client.write(b"y")
            self.assertEqual(client.take(3), b"1 y")

    def test_nc_receives_over_udp(self):
        nc = self.start("nc", "-v", "-u", "-l", "127.0.0.1", "0", errors_with_output=True)
        port = nc.find(r"Bound on \S+ (\d+)")[1]
        client = self.socksh("-c", 's = socket AF_INET SOCK_DGRAM; connect s args[0]\n'
                                   'send s "question\\n"\nprint (recv s 1024)', f"127.0.0.1:{port}")
        self.assertEqual(nc.find("question").string, "question")
        nc.write(b"answer")
        self.ends_well(client, b"answer\n")

    def test_unix_datagrams_from_and_to_socat(self):
        script = """
            s = socket AF_UNIX SOCK_DGRAM
            bind s unix:here.sock
            print "ready"
            data, peer = recvfrom s 2048
            print data peer
            sendto s "answer" peer
        """
        server = self.socksh("-c", script)
        self.assertEqual(server.line(), "ready")
        socat = self.start("socat", "-", "UNIX-SENDTO:here.sock,bind=there.sock")
        socat.write(b"question")
        self.assertEqual(server.line(), "question unix:there.sock")
        self.assertEqual(socat.take(6), b"answer")
        self.ends_well(server, b"")

    def test_abstract_names(self):
        name = f"socksh-interop-{os.getpid()}"
        script = """
            l = socket AF_UNIX
            bind l "unix:@{args[0]}"
            listen l 1
            print (getsockname l)
            a, p = accept l
            send a (recv a 100)
        """
        server = self.socksh("-c", script, name)
        self.assertEqual(server.line(), f"unix:@{name}")
        socat = self.start("socat", "-", f"ABSTRACT-CONNECT:{name}")
        socat.write(b"hello")
        self.assertEqual(socat.take(5), b"hello")
        self.ends_well(server, b"")

    def test_multicast_on_the_loopback(self):
        script = """
            s = socket AF_INET SOCK_DGRAM
            bind s *:0
            setsockopt s IP_ADD_MEMBERSHIP ["239.1.2.3", "127.0.0.1"]
            host, port = getsockname s
            print port
            print (recv s 100)
        """
        receiver = self.socksh("-c", script)
        port = receiver.line()
        done = peers.subprocess.run(
            ["socat", "-u", "-", f"UDP-SENDTO:239.1.2.3:{port},ip-multicast-if=127.0.0.1"],
            input=b"to the group", capture_output=True, timeout=peers.LIMIT)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.ends_well(receiver, b"to the group\n")


if __name__ == "__main__":
    unittest.main()
