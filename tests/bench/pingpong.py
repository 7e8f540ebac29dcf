# N round trips over one loopback connection, both ends in this thread; prints their nanoseconds.
import socket
import sys
import time


def main(trips):
    listener = socket.create_server(("127.0.0.1", 0), backlog=1)
    client = socket.create_connection(listener.getsockname())
    server, _ = listener.accept()
    begin = time.monotonic_ns()
    for _ in range(trips):
        client.send(b"message")
        data = server.recv(1024)
        server.send(data)
        client.recv(1024)
    print(time.monotonic_ns() - begin)


main(int(sys.argv[1]))
