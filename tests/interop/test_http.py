"""HTTP: the client of the walkthroughs against Python's server, and curl against a server written in socksh."""

import os
import subprocess
import sys
import unittest

import peers

SERVER = r'''
# An HTTP server of three pages, a thread for each connection.
def answer sock status body {
    sendall sock "HTTP/1.1 {status}\r\nContent-Length: {len body}\r\nConnection: close\r\n\r\n{body}"
}

def serve sock {
    request = ""
    while not ("\r\n\r\n" in request) {
        data = recv sock 1024
        if data == "" { close sock; return }
        append request data
    }
    header, body = split request "\r\n\r\n" 1
    method, path, version = split (split header "\r\n")[0] " "
    size = 0
    for line in slice (split header "\r\n") 1 {
        name, value = split line ": " 1
        if name == "Content-Length" { size = int value }
        if name == "Expect" { sendall sock "HTTP/1.1 100 Continue\r\n\r\n" }
    }
    while (len body) < size { append body (recv sock 65536) }
    if path == "/hello" {
        answer sock "200 OK" "Hello!\n"
    } else if path == "/file" {
        answer sock "200 OK" (load "page")
    } else if path == "/echo" {
        answer sock "200 OK" "{method} {body}"
    } else {
        answer sock "404 Not Found" "no {path} here\n"
    }
    close sock
}

l = socket
bind l 127.0.0.1:0
listen l 16
print (getsockname l)
loop { sock, peer = accept l; spawn serve sock }
'''


class Client(peers.PeerTest):
    def setUp(self):
        super().setUp()
        (self.folder / "page").write_bytes(os.urandom(300_000))
        server = self.start(sys.executable, "-u", "-m", "http.server", "0", "--bind", "127.0.0.1",
                            errors_with_output=True)
        self.address = "127.0.0.1:" + server.find(r"port (\d+)")[1]

    def fetch(self, path, file, status=0):
        return self.run_socksh(peers.EXAMPLES / "http-client.socksh", self.address, path, file,
                               status=status)

    def test_300_000_octets_are_those_that_curl_gets(self):
        done = self.fetch("/page", "saved")
        header, _, last = done.stdout.decode().rpartition("\n\n")
        self.assertRegex(header, r"\AHTTP/1\.[01] 200 OK\r\n(.+\r\n)*Content-Length: 300000(\r\n.+)*\Z")
        self.assertEqual(last, "Saved 300000 bytes to saved.\n")
        subprocess.run(["curl", "-sS", "-o", "curled", f"http://{self.address}/page"],
                       cwd=self.folder, check=True, timeout=peers.LIMIT)
        page, saved, curled = ((self.folder / name).read_bytes() for name in ("page", "saved", "curled"))
        self.assertTrue(saved == page, "what socksh saved is not the page")
        self.assertTrue(saved == curled, "what socksh saved is not what curl got")

    def test_a_page_that_is_not_there(self):
        done = self.fetch("/nothing", "saved")
        self.assertIn(b" 404 ", done.stdout.split(b"\r\n")[0])

    def test_a_server_that_is_not_there(self):
        listener, self.address = peers.listen()
        listener.close()
        done = self.fetch("/", "saved", status=1)
        self.assertIn(b"ECONNREFUSED", done.stderr)
        self.assertFalse((self.folder / "saved").exists())

    def test_a_server_that_hangs_up_at_once(self):
        listener, self.address = peers.listen()

        def hang_up():
            with listener:
                end = listener.accept()[0]
                with end:
                    request = b""
                    while not request.endswith(b"\r\n\r\n"):
                        request += end.recv(1024)
                    return request

        request = self.thread(hang_up)
        done = self.fetch("/a", "saved", status=1)
        self.assertEqual(request(), f"GET /a HTTP/1.1\r\nHost: {self.address}\r\n"
                                    "Connection: close\r\n\r\n".encode())
        self.assertIn(b"hung up", done.stderr)
        self.assertFalse((self.folder / "saved").exists())

    def test_an_answer_in_pieces(self):
        listener, self.address = peers.listen()
        pieces = [b"HTTP/1.1 200 OK\r", b"\nX: y\r\n\r", b"\n", b"a\r\n\r\nb\0", b"\xff"]

        def answer():
            with listener:
                end = listener.accept()[0]
                with end:
                    end.setsockopt(peers.socket.IPPROTO_TCP, peers.socket.TCP_NODELAY, 1)
                    end.recv(1024)
                    for piece in pieces:
                        end.sendall(piece)

        join = self.thread(answer)
        self.fetch("/", "saved")
        join()
        self.assertEqual((self.folder / "saved").read_bytes(), b"a\r\n\r\nb\0\xff")


class Server(peers.PeerTest):
    def setUp(self):
        super().setUp()
        self.page = os.urandom(300_000)
        (self.folder / "page").write_bytes(self.page)
        self.address = self.socksh("-c", SERVER).line()

    def curl(self, *words):
        done = subprocess.run(["curl", "-sS", *words], capture_output=True, timeout=peers.LIMIT)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_curl_gets_pages(self):
        url = f"http://{self.address}"
        self.assertEqual(self.curl(f"{url}/hello"), b"Hello!\n")
        self.assertTrue(self.curl(f"{url}/file") == self.page)
        out = self.curl("-i", f"{url}/other")
        self.assertRegex(out, rb"\AHTTP/1\.1 404 Not Found\r\n")
        self.assertTrue(out.endswith(b"\r\n\r\nno /other here\n"))

    def test_curl_sends_a_page(self):
        for size in (1, 500_000):
            body = os.urandom(size)
            (self.folder / "body").write_bytes(body)
            out = self.curl("--data-binary", f"@{self.folder}/body", f"http://{self.address}/echo")
            self.assertTrue(out == b"POST " + body)

    def test_curl_many_times_at_once(self):
        jobs = [self.thread(self.curl, f"http://{self.address}/file") for _ in range(8)]
        for join in jobs:
            self.assertTrue(join() == self.page)


if __name__ == "__main__":
    unittest.main()
