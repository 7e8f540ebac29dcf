# Connects to a port, receives in pieces of 64 KiB until the end; prints octets and nanoseconds.
import socket
import sys
import time


def main(port):
    connection = socket.create_connection(("127.0.0.1", port))
    total = 0
    begin = time.monotonic_ns()
    while data := connection.recv(65536):
        total += len(data)
    print(total, time.monotonic_ns() - begin)


main(int(sys.argv[1]))
