# Round trips over one loopback connection, both ends in this thread, as many as each line of
# standard input says; prints the nanoseconds of each such slice.
import socket
import sys
import time


def slice_of(trips, client, server):
    begin = time.monotonic_ns()
    for _ in range(trips):
        client.send(b"message")
        data = server.recv(1024)
        server.send(data)
        client.recv(1024)
    print(time.monotonic_ns() - begin, flush=True)


listener = socket.create_server(("127.0.0.1", 0), backlog=1)
client = socket.create_connection(listener.getsockname())
server, _ = listener.accept()
for line in sys.stdin:
    slice_of(int(line), client, server)
