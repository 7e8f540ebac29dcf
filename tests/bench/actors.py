# The round trips of pingpong.py between two threads, each of which waits for the other.
import socket
import sys
import threading
import time


def echo(server):
    while data := server.recv(1024):
        server.send(data)


def slice_of(trips, client):
    begin = time.monotonic_ns()
    for _ in range(trips):
        client.send(b"message")
        client.recv(1024)
    print(time.monotonic_ns() - begin, flush=True)


listener = socket.create_server(("127.0.0.1", 0), backlog=1)
client = socket.create_connection(listener.getsockname())
server, _ = listener.accept()
thread = threading.Thread(target=echo, args=(server,))
thread.start()
for line in sys.stdin:
    slice_of(int(line), client)
client.close()
thread.join()
