"""tools: compiling and starting programs, letting them take turns, and the table."""

import ctypes
import os
import pathlib
import re
import signal
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROUNDS = 7
UNITS = {"": 1, "ns": 1, "us": 1e3, "ms": 1e6, "s": 1e9, "m": 60e9}
CPUS = sorted(os.sched_getaffinity(0))
FIRST, LAST = {CPUS[0]}, {CPUS[-1]}
LIBC = ctypes.CDLL(None)


class Failed(Exception):
    """A program did not do what was measured."""


def numbers(text):
    """The numbers in a line of a program; times in nanoseconds, however they are written."""
    found = re.findall(r"(-?\d+(?:\.\d+)?)(ns|us|ms|s|m|)(?:\s|$)", text)
    return [float(number) * UNITS[unit] for number, unit in found]


class Programs:
    """The programs under comparison. C is compiled on first use, into `folder`."""

    def __init__(self, socksh, folder):
        self.socksh, self.folder = str(socksh), pathlib.Path(folder)

    def c(self, name):
        program = self.folder / name
        if not program.exists():
            subprocess.run(["cc", "-std=c17", "-D_GNU_SOURCE", "-O2", "-o", program,
                            HERE / f"{name}.c", "-pthread"], check=True)
        return str(program)

    def named(self, name):
        """{"socksh": command, "C": command, "Python": command}: those of which there is a file."""
        commands = {"socksh": [self.socksh, str(HERE / f"{name}.socksh")]}
        if (HERE / f"{name}.c").exists():
            commands["C"] = [self.c(name)]
        if (HERE / f"{name}.py").exists():
            commands["Python"] = [sys.executable, str(HERE / f"{name}.py")]
        return commands


def start(command, cpus=None, **options):
    """Starts a program on these CPUs only. It is killed should the benchmark die."""
    def prepare():
        LIBC.prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
        if cpus:
            os.sched_setaffinity(0, cpus)
    return subprocess.Popen([str(word) for word in command], preexec_fn=prepare, text=True,
                            stdout=subprocess.PIPE, **options)


def finish(child, limit=120):
    """What a program printed until its end, which must be a good one."""
    try:
        output, _ = child.communicate(timeout=limit)
    finally:
        child.kill()
        child.wait()
    if child.returncode != 0:
        raise Failed(f"{child.args[0]} ended with status {child.returncode}")
    return output


def stop(child):
    child.kill()
    child.communicate()


def turns(names, rounds=ROUNDS):
    """All names, once a round, each round beginning with another one."""
    names = list(names)
    for i in range(rounds):
        at = i % len(names)
        yield from names[at:] + names[:at]


def run_in_turn(commands, *words, cpus=FIRST, rounds=ROUNDS):
    """Runs each program once a round. {name: [numbers it printed, one list a round]}."""
    results = {name: [] for name in commands}
    for name in turns(commands, rounds):
        child = start([*commands[name], *words], cpus, stdin=subprocess.DEVNULL)
        results[name].append(numbers(finish(child)))
    return results


def slices_in_turn(commands, line, slices, then=None):
    """Starts each program once and has them do what the line says in turn, `slices` times a round:
    what slows the machine for a moment hits all alike. A program answers with the time it took,
    and with `then` when that is given. {name: [sum of its times, one a round]}."""
    children = {name: start(command, FIRST, stdin=subprocess.PIPE, bufsize=1)
                for name, command in commands.items()}

    def one(name):
        children[name].stdin.write(f"{line}\n")
        time, *rest = numbers(children[name].stdout.readline())
        if rest != ([] if then is None else [then]):
            raise Failed(f"{commands[name]} answered {rest} and not {then}")
        return time

    sums = {name: [] for name in commands}
    try:
        for name in children:
            one(name)  # the first slice is for warming up
        for _ in range(ROUNDS):
            times = dict.fromkeys(children, 0)
            for name in turns(children, slices):
                times[name] += one(name)
            for name, time in times.items():
                sums[name].append(time)
    finally:
        for child in children.values():
            stop(child)
    return sums


# --- the table ------------------------------------------------------------------------------------

LINE = "{:<35} {:>10}  {:<15} {:>6}  {:>6} {:>6}  {}"


def heading():
    load = os.getloadavg()[0]
    return (f"{len(CPUS)} CPUs, load {load:.1f} before it began; the ratios are what to trust\n"
            + LINE.format("", "socksh", "against", "ratio", "least", "most", "wanted"))


def shown(number):
    return f"{number:.3g}" if abs(number) < 100 else f"{number:.0f}"


def compare(what, unit, mine, name, others, wanted=""):
    """A line of the table: medians, and the ratios of the rounds one by one."""
    ratios = [a / b for a, b in zip(mine, others)]
    return LINE.format(what, f"{shown(statistics.median(mine))} {unit}",
                       f"{name} {shown(statistics.median(others))}",
                       f"{statistics.median(ratios):.3f}", f"{min(ratios):.3f}",
                       f"{max(ratios):.3f}", wanted).rstrip()


def alone(what, unit, values, wanted=""):
    """A line with nothing to compare to: median, least and most of the figure itself."""
    return LINE.format(what, f"{shown(statistics.median(values))} {unit}", "", "",
                       shown(min(values)), shown(max(values)), wanted).rstrip()


def scaled(results, by, column=0):
    """{name: [figure, one a round]} out of what run_in_turn() gives."""
    return {name: [row[column] * by for row in rows] for name, rows in results.items()}


def all_against(what, unit, figures, wanted=()):
    """Lines that compare "socksh" to each of the others; `wanted` gives a target by name."""
    wanted = dict(wanted)
    return [compare(what, unit, figures["socksh"], name, others, wanted.get(name, ""))
            for name, others in figures.items() if name != "socksh"]
