# Connects to the port in each line of standard input and receives in pieces of 64 KiB until the
# end; prints the nanoseconds and the octets.
import socket
import sys
import time


def receive(port):
    with socket.create_connection(("127.0.0.1", port)) as connection:
        total = 0
        begin = time.monotonic_ns()
        while data := connection.recv(65536):
            total += len(data)
        print(time.monotonic_ns() - begin, total, flush=True)


for line in sys.stdin:
    receive(int(line))
