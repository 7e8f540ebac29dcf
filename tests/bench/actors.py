# N round trips over one loopback connection between two threads, each of which waits for the other.
import socket
import sys
import threading
import time


def echo(server):
    while data := server.recv(1024):
        server.send(data)


def main(trips):
    listener = socket.create_server(("127.0.0.1", 0), backlog=1)
    client = socket.create_connection(listener.getsockname())
    server, _ = listener.accept()
    thread = threading.Thread(target=echo, args=(server,))
    thread.start()
    begin = time.monotonic_ns()
    for _ in range(trips):
        client.send(b"message")
        client.recv(1024)
    print(time.monotonic_ns() - begin)
    client.close()
    thread.join()


main(int(sys.argv[1]))
