"""The walkthroughs' hello over TCP and UDP: servers and clients of examples/ against Python, nc, socat and each other."""

import signal
import socket
import socketserver
import struct
import threading
import unittest

import peers

NAMES = ["Michael", "Tracy", "Sarah"]
ANSWERS = "Hello, Michael!\nHello, Tracy!\nHello, Sarah!\n"
CLIENTS = 8


class HelloServer(peers.PeerTest):
    name, words = "hello-server", ["0"]  # no pace

    def setUp(self):
        super().setUp()
        self.program, self.text, self.address = self.server(self.name, *self.words)

    def talk(self, client, *names):
        for name in names:
            client.sendall(name.encode())
            self.assertEqual(client.recv(1024), f"Hello, {name}!".encode())

    def test_serves_eight_clients_at_once(self):
        together = threading.Barrier(CLIENTS, timeout=peers.LIMIT)

        def client(number):
            with peers.connect(self.address) as end:
                self.assertEqual(end.recv(1024), b"Welcome!")
                for name in NAMES:  # nobody is answered before all have been
                    together.wait()
                    self.talk(end, f"{name} {number}")
                end.sendall(b"exit")
                self.assertEqual(end.recv(1024), b"")

        for join in [self.thread(client, number) for number in range(CLIENTS)]:
            join()

    def test_the_first_of_many_does_not_hold_up_the_others(self):
        with peers.connect(self.address) as silent:
            self.assertEqual(silent.recv(1024), b"Welcome!")
            for _ in range(3):
                with peers.connect(self.address) as end:
                    self.assertEqual(end.recv(1024), b"Welcome!")
                    self.talk(end, "Tracy")
            self.talk(silent, "Michael")

    def test_a_client_that_hangs_up(self):
        with peers.connect(self.address) as end:
            self.assertEqual(end.recv(1024), b"Welcome!")
        self.program.find("closed")
        self.still_serves()

    def test_a_client_that_breaks_off(self):
        end = peers.connect(self.address)
        self.assertEqual(end.recv(1024), b"Welcome!")
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        end.close()
        self.program.find("lost: ECONNRESET")
        self.still_serves()

    def still_serves(self):
        with peers.connect(self.address) as end:
            self.assertEqual(end.recv(1024), b"Welcome!")
            self.talk(end, *NAMES)

    def test_octets_of_every_kind(self):
        data = bytes(range(256))
        with peers.connect(self.address) as end:
            self.assertEqual(end.recv(1024), b"Welcome!")
            end.sendall(data)
            self.assertEqual(self.exactly(end, 264), b"Hello, " + data + b"!")

    def exactly(self, end, size):
        data = b""
        while len(data) < size:
            data += end.recv(size - len(data))
        return data

    def test_its_own_client(self):
        client = self.example("hello-client", self.text)
        self.ends_well(client, f"Welcome!\n{ANSWERS}".encode())
        self.program.find("Accept new connection from 127.0.0.1:")
        self.program.find("closed")

    def test_nc_as_its_client(self):
        self.by_hand(self.start("nc", *map(str, self.address)))

    def test_socat_as_its_client(self):
        self.by_hand(self.start("socat", "-", f"TCP:{self.text}"))

    def by_hand(self, client):
        self.assertEqual(client.take(8), b"Welcome!")
        for name in NAMES:
            client.write(name.encode())
            self.assertEqual(client.take(len(name) + 8), f"Hello, {name}!".encode())
        client.write(b"exit")
        self.program.find("closed")
        client.child.stdin.close()  # nc ends with both sides only
        self.ends_well(client, b"")

    def test_starts_again_at_once_on_its_port(self):
        with peers.connect(self.address) as end:
            self.assertEqual(end.recv(1024), b"Welcome!")
            end.sendall(b"exit")  # the server closes first: its port keeps a connection in TIME_WAIT
            self.assertEqual(end.recv(1024), b"")
        self.assertEqual(self.program.end(signal.SIGTERM), 143)
        self.program = self.example(self.name, self.text, *self.words)
        self.program.find(" on ")
        self.still_serves()


class HelloPollServer(HelloServer):
    name, words = "hello-poll-server", []

    def test_a_client_that_reads_nothing_does_not_hold_up_the_others(self):
        with peers.connect(self.address) as greedy:
            greedy.setblocking(False)
            try:
                while True:
                    greedy.send(b"x" * 1000)
            except OSError:  # full, or the server has had enough
                pass
            self.still_serves()

    def test_makes_no_thread(self):
        with peers.connect(self.address) as one, peers.connect(self.address) as two:
            self.talk_to_both(one, two)
            threads = peers.pathlib.Path(f"/proc/{self.program.pid}/task")
            self.assertEqual(len(list(threads.iterdir())), 1)

    def talk_to_both(self, one, two):
        for end in (one, two):
            self.assertEqual(end.recv(1024), b"Welcome!")
        self.talk(one, "Michael")
        self.talk(two, "Tracy")


class HelloClient(peers.PeerTest):
    """Against a server as the walkthroughs have it, in Python."""

    def test_a_threaded_server(self):
        seen = []

        class Handler(socketserver.BaseRequestHandler):
            def handle(self):
                self.request.sendall(b"Welcome!")
                while (data := self.request.recv(1024)) and data != b"exit":
                    seen.append(data.decode())
                    self.request.sendall(b"Hello, %s!" % data)
                seen.append(data.decode())

        with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
            join = self.thread(server.serve_forever)
            try:
                text = "127.0.0.1:%d" % server.server_address[1]
                clients = [self.example("hello-client", text) for _ in range(3)]
                for client in clients:
                    self.ends_well(client, f"Welcome!\n{ANSWERS}".encode())
            finally:
                server.shutdown()
                join()
        self.assertEqual(sorted(seen), sorted([*NAMES, "exit"] * 3))

    def test_nobody_is_there(self):
        listener, text = peers.listen()
        listener.close()
        done = self.run_socksh(peers.EXAMPLES / "hello-client.socksh", text, status=1)
        self.assertIn(b"ECONNREFUSED", done.stderr)


class Udp(peers.PeerTest):
    def test_the_server_answers_eight_clients(self):
        program, _, address = self.server("udp-server")
        clients = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(CLIENTS)]
        for number, client in enumerate(clients):
            self.addCleanup(client.close)
            client.settimeout(peers.LIMIT)
            client.sendto(f"client {number}".encode(), address)
        for number, client in enumerate(clients):
            self.assertEqual(client.recvfrom(1024), (f"Hello, client {number}!".encode(), address))
            port = client.getsockname()[1]
            program.find(rf"Received from 127\.0\.0\.1:{port}\.")

    def test_the_server_and_its_own_client(self):
        _, text, _ = self.server("udp-server")
        self.ends_well(self.example("udp-client", text), ANSWERS.encode())

    def test_nc_and_socat_as_clients(self):
        _, text, address = self.server("udp-server")
        for client in (self.start("nc", "-u", *map(str, address)), self.start("socat", "-", f"UDP:{text}")):
            for name in NAMES:
                client.write(name.encode())
                self.assertEqual(client.take(len(name) + 8), f"Hello, {name}!".encode())

    def answer(self, server, silent=()):
        """As the walkthroughs have it, in Python; does not answer the `silent`. Gives what it was sent."""
        seen = []
        while len(seen) < len(NAMES):
            data, sender = server.recvfrom(1024)
            seen.append(data.decode())
            if seen[-1] not in silent:
                server.sendto(b"Hello, %s!" % data, sender)
        return seen

    def client_against(self, **options):
        server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        server.settimeout(peers.LIMIT)
        with server:
            server.bind(("127.0.0.1", 0))
            seen = self.thread(lambda: self.answer(server, **options))
            client = self.example("udp-client", "127.0.0.1:%d" % server.getsockname()[1])
            rest = self.ends_well(client)
            self.assertEqual(seen(), NAMES)
        return rest.decode()

    def test_the_client_and_a_server_in_python(self):
        self.assertEqual(self.client_against(), ANSWERS)

    def test_a_datagram_that_is_lost_does_not_hold_the_client(self):
        self.assertEqual(self.client_against(silent=["Tracy"]),
                         ANSWERS.replace("Hello, Tracy!", "No answer to Tracy within 2s."))


if __name__ == "__main__":
    unittest.main()
