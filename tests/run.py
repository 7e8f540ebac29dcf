#!/usr/bin/env python3
"""Runs the tests that are written in Python: tests/STAGE/test_*.py, each file in a process of its own, two more of them at a
time than there are processors, as tests wait much.

    tests/run.py [OPTION…] SOCKSH [STAGE | STAGE/test_FILE.py]…

The tests find the binary in the environment variable SOCKSH. Each row of a table (unittest's subTest) counts as a test. A
file's output is shown when something in it failed. A file that failed beside the others runs once more when they are done,
by itself: what it gives then counts, and the stage's line says that it took two. The exit status is 0 when everything
passed, else 1.
"""

import argparse
import concurrent.futures
import contextlib
import functools
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time
import unittest

TESTS = pathlib.Path(__file__).resolve().parent


class Rows(unittest.TextTestResult):
    """Counts what passed; a test with rows counts as its rows."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.passed = 0
        self.with_rows = set()

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        self.with_rows.add(test.id())
        self.passed += err is None

    def addSuccess(self, test):
        super().addSuccess(test)
        self.passed += test.id() not in self.with_rows


def run_file(path, counts):
    """The child's side: runs one file and writes [passed, failed, skipped] to `counts`."""
    # Whoever runs the tests may ignore what a shell's background jobs ignore; the programs under test are to hear it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGQUIT, signal.SIG_DFL)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    sys.path[:0] = [str(TESTS), str(path.parent)]
    suite = unittest.defaultTestLoader.loadTestsFromName(path.stem)
    runner = unittest.TextTestRunner(resultclass=Rows, verbosity=2, descriptions=False)
    result = runner.run(suite)
    failed = len(result.failures) + len(result.errors) + len(result.unexpectedSuccesses)
    skipped = len(result.skipped) + len(result.expectedFailures)
    counts.write_text(json.dumps([result.passed, failed, skipped]))


def end_group(leader):
    """Ends a child and what it has left running."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)


def watch_file(path, socksh, limit):
    """The parent's side: starts a child for one file. Returns its counts and what it printed."""
    with tempfile.TemporaryDirectory(prefix="socksh-test-") as folder:
        counts = pathlib.Path(folder, "counts")
        child = subprocess.Popen(
            [sys.executable, __file__, "--counts", counts, socksh, path],
            env=os.environ | {"SOCKSH": str(socksh), "LC_ALL": "C.UTF-8",
                              "SOCKSH_LESSONS": str(TESTS.parent / "lessons"),
                              "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            start_new_session=True)
        try:
            output = child.communicate(timeout=limit)[0]
            end_group(child.pid)
        except subprocess.TimeoutExpired:
            end_group(child.pid)
            output = child.communicate()[0] + b"\nstopped: it took longer than %d s\n" % limit
        try:
            passed, failed, skipped = json.loads(counts.read_text())
        except (OSError, ValueError):
            passed, failed, skipped = 0, 1, 0
            output += b"\nended with status %d before it was through\n" % child.returncode
        if passed + failed + skipped == 0:
            failed, output = 1, output + b"\nran no test\n"
        return (passed, failed, skipped), output.decode(errors="replace")


def find_files(wanted):
    """The files of each stage that was asked for: {stage: [path, …]}."""
    stages = {}
    for path in sorted(TESTS.glob("*/test_*.py")):
        stage = path.parent.name
        if not wanted or stage in wanted or f"{stage}/{path.name}" in wanted:
            stages.setdefault(stage, []).append(path)
    return stages


def show_failed(path, output):
    shown = re.sub(r"^.* \.\.\. ok\n", "", output, flags=re.MULTILINE).strip()
    print(f"--- {path.relative_to(TESTS.parent)}\n{shown}\n---", flush=True)


def run_again(path, watch):
    """A file that failed beside others, by itself. Returns its counts and whether it passed this time."""
    counts, output = watch(path)
    if counts[1]:
        show_failed(path, output)
    else:
        print(f"--- {path.relative_to(TESTS.parent)} passed when it ran again by itself\n---", flush=True)
    return counts, not counts[1]


def end_stage(label, results, watch):
    """Runs again what failed, and prints the stage's line. Returns [passed, failed, skipped, files that took two runs]."""
    totals = [0, 0, 0, 0]
    for path, (counts, output) in results:
        second = False
        if counts[1]:
            show_failed(path, output)
            counts, second = run_again(path, watch)
        totals = [total + count for total, count in zip(totals, (*counts, second))]
    line = f"{label}: {totals[0]} passed, {totals[1]} failed"
    if totals[2]:
        line += f", {totals[2]} skipped"
    line += f", in {len(results)} files"
    if totals[3]:
        line += f", {totals[3]} of which took two runs"
    print(line, flush=True)
    return totals


def main():
    options = argparse.ArgumentParser(usage=__doc__)
    options.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)) + 2,
                         help="files run at a time")
    options.add_argument("--limit", type=int, default=180, help="seconds a file may take")
    options.add_argument("--name", help="of the build, to stand in the stages' lines")
    options.add_argument("--totals", type=pathlib.Path, help="file to write the four counts to")
    options.add_argument("--counts", type=pathlib.Path, help=argparse.SUPPRESS)
    options.add_argument("socksh", type=pathlib.Path)
    options.add_argument("stages", nargs="*")
    options = options.parse_args()
    if options.counts:
        return run_file(pathlib.Path(options.stages[0]), options.counts)

    stages = find_files(options.stages)
    if not stages:
        sys.exit("run.py: no such tests")
    socksh = options.socksh.resolve()
    watch = functools.partial(watch_file, socksh=socksh, limit=options.limit)
    begin = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        jobs = {stage: [(path, pool.submit(watch, path)) for path in paths] for stage, paths in stages.items()}
    suffix = f" ({options.name})" if options.name else ""
    totals = [end_stage(stage + suffix, [(path, job.result()) for path, job in files], watch)
              for stage, files in jobs.items()]
    totals = [sum(column) for column in zip(*totals)]
    print(f"tests in Python{suffix} took {time.monotonic() - begin:.1f} s", flush=True)
    if options.totals:
        options.totals.write_text(" ".join(map(str, totals)) + "\n")
    return 1 if totals[1] else 0


if __name__ == "__main__":
    sys.exit(main())
