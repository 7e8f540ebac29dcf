# N times nothing, a function that makes no system call, and a sum; prints their nanoseconds.
import socket
import sys
import time


def timed(code, turns):
    begin = time.monotonic_ns()
    code(range(turns))
    return time.monotonic_ns() - begin


def nothing(turns):
    for _ in turns:
        pass


def command(turns):
    for _ in turns:
        socket.htons(1)


def add(turns):
    n = 0
    for _ in turns:
        n = n + 1


print(*(timed(code, int(sys.argv[1])) for code in (nothing, command, add)))
