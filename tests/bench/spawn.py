# Makes and joins N threads one after the other, each of which does nothing; prints the nanoseconds.
import sys
import threading
import time


def main(times):
    begin = time.monotonic_ns()
    for _ in range(times):
        thread = threading.Thread(target=int)
        thread.start()
        thread.join()
    print(time.monotonic_ns() - begin)


main(int(sys.argv[1]))
