"""measures: what is measured, one function each, which yields the lines of the table."""

import os
import pathlib
import pty
import re
import resource
import select
import signal
import subprocess
import sys

from tools import (FIRST, HERE, LAST, ROUNDS, Failed, all_against, alone, compare, finish, numbers,
                   run_in_turn, scaled, slices_in_turn, start, stop, turns)

MB = 1e6
CLIENTS = 10000


def pingpong(programs):
    """60,000 round trips of 7 octets in one process, timed inside, without its start."""
    times = slices_in_turn(programs.named("pingpong"), 5000, 12)
    figures = {name: [ns / 60000 / 1e3 for ns in rounds] for name, rounds in times.items()}
    yield from all_against("round trip in one process", "us", figures,
                           {"C": "<= 1.08", "Python": "< 1"})


def actors(programs):
    """The same between two actors or threads on one CPU, each asleep until it is its turn."""
    times = slices_in_turn(programs.named("actors"), 2000, 10)
    figures = {name: [ns / 20000 / 1e3 for ns in rounds] for name, rounds in times.items()}
    yield from all_against("round trip between two actors", "us", figures)


def with_sender(programs, command, size):
    """The numbers that a program prints which receives `size` octets from another CPU."""
    sender = start([programs.c("sender"), size], LAST)
    try:
        port = sender.stdout.readline().strip()
        result = numbers(finish(start([*command, port], FIRST)))
    finally:
        stop(sender)
    if result[0] != size:
        raise Failed(f"{result[0]} of {size} octets came")
    return result


def receive(programs):
    """1 GiB from a process on another CPU, in pieces of 64 KiB; 16 connections of 64 MiB in turn."""
    slices, size = 16, 1 << 26
    sender = start([programs.c("sender"), size], LAST)
    try:
        port = int(sender.stdout.readline())
        times = slices_in_turn(programs.named("receive"), port, slices, then=size)
    finally:
        stop(sender)
    figures = {name: [slices * size / ns for ns in rounds] for name, rounds in times.items()}
    yield from all_against("1 GiB received in 64 KiB pieces", "GB/s", figures, {"C": ">= 0.95"})


def begin(programs):
    """From spawn to end, on one CPU, hundreds of turns."""
    commands = {"socksh": [programs.socksh, "-c", ""], "dash": ["dash", "-c", ""],
                "Python": [sys.executable, "-c", ""], "C, empty": [programs.c("empty")]}
    words = [word for command in commands.values() for word in [*command, ","]][:-1]
    child = start([programs.c("starts"), 60 * ROUNDS, *words], FIRST)
    rows = [numbers(line) for line in finish(child).splitlines()]
    figures = {name: [sorted(row[i] for row in rows[at:at + 60])[30] / 1e6
                      for at in range(0, len(rows), 60)] for i, name in enumerate(commands)}
    yield from all_against("start and end, -c ''", "ms", figures, {"dash": "<= 1.6"})


def commands(programs):
    """A command without a system call, and a sum, a million times; an empty loop is taken off."""
    results = run_in_turn(programs.named("commands"), 10**6)
    for column, what, wanted in [(1, "htons 1", "< 100 ns"), (2, "n = n + 1", "")]:
        figures = {name: [(row[column] - row[0]) / 1e6 for row in rows]
                   for name, rows in results.items()}
        yield compare(what, "ns", figures["socksh"], "Python", figures["Python"], wanted)


def memory_at_prompt(programs):
    """The most that was resident by the time the prompt stands there."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ.setdefault("TERM", "xterm")
        os.execv(programs.socksh, [programs.socksh])
    screen = b""
    try:
        while b"> " not in screen:
            if not select.select([terminal], [], [], 10)[0]:
                raise Failed("no prompt came")
            screen += os.read(terminal, 4096)
        status = pathlib.Path(f"/proc/{pid}/status").read_text()
        return int(re.search(r"VmHWM:\s*(\d+)", status)[1]) * 1024 / MB
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(terminal)


def memory(programs):
    values = [memory_at_prompt(programs) for _ in range(ROUNDS)]
    yield alone("memory at the prompt, peak", "MB", values, "< 8 MB")


def append(programs):
    """A page that arrives in pieces of 1 KiB: twice the octets must take twice as long."""
    contenders, sizes = programs.named("append"), (25, 50, 100)
    filling = {(size, name): [] for size in sizes for name in contenders}
    doubling = {key: [] for key in filling}
    for size, name in turns(filling):
        _, fill, double = with_sender(programs, contenders[name], size * 10**6)
        filling[size, name].append(fill / 1e6)
        doubling[size, name].append(double / 1e6)
    for size in sizes:
        yield compare(f"{size} MB page, 1 KiB at a time", "ms",
                      filling[size, "socksh"], "C", filling[size, "C"])
    yield compare("  of these 100 MB", "ms", filling[100, "socksh"],
                  "25 MB", filling[25, "socksh"], "about 4: linear")
    yield compare("append big big, 100 MB", "ms",
                  doubling[100, "socksh"], "C", doubling[100, "C"])


def handles(programs):
    """Opening and closing, and finding a handle among many."""
    figures = scaled(run_in_turn(programs.named("handles"), 100000), 1e-3 / 100000)
    yield from all_against("socket and close", "us", figures)
    many = min(10000, resource.getrlimit(resource.RLIMIT_NOFILE)[0] - 100)
    both = run_in_turn({"socksh": programs.named("lookup")["socksh"]}, many)
    few, full = (scaled(both, 1e-3 / 20000, column)["socksh"] for column in (0, 1))
    yield compare(f"send and recv, {many} open", "us", full, "10 open", few, "about 1")


def state(programs):
    """Asking the kernel which state a connection is in; an empty loop is taken off."""
    results = run_in_turn({"socksh": programs.named("state")["socksh"]}, 10**5)
    values = [(row[1] - row[0]) / 1e5 / 1e3 for row in results["socksh"]]
    yield alone("state of a connection", "us", values, "< 2 us")


def spawn(programs):
    """Making and joining an actor that does nothing."""
    figures = scaled(run_in_turn(programs.named("spawn"), 10000), 1e-3 / 10000)
    yield from all_against("spawn and join", "us", figures)


def diagram(programs):
    """The picture of 100,000 packets, timed inside."""
    command = [programs.socksh, "--sandbox", str(HERE / "diagram.socksh")]
    texts = [finish(start(command, stdin=subprocess.DEVNULL)) for _ in range(ROUNDS)]
    times = [numbers(text.splitlines()[-1])[0] / 1e6 for text in texts]
    yield alone("diagram of 100,000 packets", "ms", times, "< 1000 ms")


# --- the hello server under load ------------------------------------------------------------------

def resident(child):
    """Octets of memory that a process has, shared ones included."""
    text = pathlib.Path(f"/proc/{child.pid}/smaps_rollup").read_text()
    return int(re.search(r"Rss:\s*(\d+)", text)[1]) * 1024


def load(programs, command, clients):
    """One server, and all clients at once. Seconds, KiB a connection, right answers, and us to
    Welcome! with few and with many open."""
    server = start(command, stderr=subprocess.DEVNULL)
    try:
        port = server.stdout.readline().strip()
        before = resident(server)
        generator = start([programs.c("load"), port, clients], stdin=subprocess.PIPE)
        try:
            line = numbers(generator.stdout.readline())
            if not line:
                raise Failed("the clients could not all connect")
            few, opening, many = line
            kilobytes = (resident(server) - before) / clients / 1024
            generator.stdin.write("go\n")
            talking, right = numbers(finish(generator))
        finally:
            stop(generator)
    finally:
        stop(server)
    return (opening + talking) / 1e9, kilobytes, right, few / 1e3, many / 1e3


def clients_possible():
    """As many clients as the limit of descriptors lets a process have."""
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0] - 100
    if limit < CLIENTS:
        print(f"(only {limit} clients: `ulimit -n` lets a process have no more descriptors)")
    return min(CLIENTS, limit)


def lines_of_load(clients, rows, label, name, wanted=("", "", "")):
    """What came of one server, against another one."""
    def column(name, i):
        return [row[i] for row in rows[name]]
    time, memory, delay = wanted
    yield compare(f"hello, {clients} clients, {label}", "s",
                  column(label, 0), name, column(name, 0), time)
    yield compare("  memory a connection", "KiB",
                  column(label, 1), name, column(name, 1), memory)
    yield compare(f"  Welcome! with {clients} open", "us",
                  column(label, 4), "10 open", column(label, 3), delay)
    yield alone("  clients answered rightly", "", column(label, 2), f"{clients}")


def hello(programs):
    """The whole dialogue of 10,000 clients at once with one server, on all CPUs."""
    clients = clients_possible()
    threads, polling = programs.named("hello"), programs.named("hello_poll")
    servers = {"spawn": threads["socksh"], "C": threads["C"],
               "poll": polling["socksh"], "C, poll": polling["C"]}
    rows = {name: [] for name in servers}
    for name in turns(servers):
        rows[name].append(load(programs, servers[name], clients))
    yield from lines_of_load(clients, rows, "spawn", "C", ("<= 1.5", "<= 16 KiB", "<= 1.5"))
    yield from lines_of_load(clients, rows, "poll", "C", ("<= 1.5", "<= 16 KiB", ""))
    yield from lines_of_load(clients, rows, "C, poll", "C")
    yield compare("in C, threads: Welcome!", "us",
                  [row[4] for row in rows["C"]], "10 open", [row[3] for row in rows["C"]])
    # Once, and for a minute at the most: its threads get in one another's way.
    row = load(programs, threads["Python"], clients)
    label = "Python" if row[2] == clients else "Python, cut off"
    yield from lines_of_load(clients, rows | {label: [row]}, label, "C")


MEASURES = {"pingpong": pingpong, "actors": actors, "receive": receive, "start": begin,
            "commands": commands, "memory": memory, "append": append, "handles": handles,
            "state": state, "spawn": spawn, "diagram": diagram, "hello": hello}
