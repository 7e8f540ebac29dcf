"""What a learner has done is kept, also when socksh is killed, and is where the next run goes on."""

import contextlib
import json
import os
import pathlib
import signal
import tempfile

import terminal

LESSONS = pathlib.Path(__file__).resolve().parents[2] / "lessons"
LINE = {"time": "2026-11-22T09:04:36Z", "lesson": "socket", "language": "en", "event": "step", "step": 1, "steps": 15,
        "tries": 1, "help": "none", "seconds": 9}


class Progress(terminal.Case):
    def setUp(self):
        home = tempfile.TemporaryDirectory(prefix="socksh-home-")
        self.addCleanup(home.cleanup)
        self.home = home.name
        self.file = pathlib.Path(self.home, ".local/state/socksh/progress.jsonl")

    def learn(self, step):
        """Each time at a terminal of its own: what is killed leaves one behind that nobody has set back."""
        screen = self.terminal(environment={"SOCKSH_LESSONS": str(LESSONS), "HOME": self.home}, started=False)
        screen.start("learn socket", prompt=None)
        screen.shows(rf"step {step} of 15")
        return screen

    def kept(self, screen, count):
        """Waits for so many lines. Returns what they say."""
        screen.until(lambda: self.file.exists() and self.file.read_text().count("\n") == count, f"{count} lines are kept")
        return self.file.read_text().splitlines()

    def kill(self, screen):
        """The lesson's process, and the one that started it, which may end by itself then."""
        children = pathlib.Path(f"/proc/{screen.pid}/task/{screen.pid}/children").read_text().split()
        self.assertTrue(children)
        for process in *map(int, children), screen.pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        screen.close()

    def check(self, line, **wanted):
        self.assertEqual(json.loads(line) | {"lesson": "socket", "language": "en", "steps": 15} | wanted, json.loads(line))

    def test_survives_a_kill(self):
        screen = self.learn(1)
        screen.shows(r"your guess>")
        screen.put("c")
        screen.key("Enter")
        screen.shows(r"^main>")
        screen.key("Enter")  # the line that could be typed stands there
        lines = self.kept(screen, 2)
        self.kill(screen)
        self.assertEqual(self.file.read_text().splitlines(), lines)
        self.check(lines[0], event="begin", step=1, help="none")
        self.check(lines[1], event="step", step=1, help="none")
        screen = self.learn(2)
        self.check(self.kept(screen, 3)[2], event="begin", step=2)
        self.kill(screen)

    def test_goes_on_behind_a_line_that_was_cut(self):
        self.file.parent.mkdir(parents=True)
        self.file.write_text(json.dumps(LINE) + "\n" + json.dumps(LINE | {"step": 2})[:-20])
        screen = self.learn(2)
        self.check(self.kept(screen, 3)[2], event="begin", step=2)
        self.kill(screen)

    def test_a_home_that_cannot_be_written_is_told_and_no_hindrance(self):
        screen = self.terminal(environment={"SOCKSH_LESSONS": str(LESSONS), "HOME": "/proc"}, started=False)
        screen.start("learn socket", prompt=None)
        screen.shows(r"Your progress is not kept: No such file or directory\.")
        screen.shows(r"your guess>")
        screen.put("restart")
        screen.key("Enter")
        screen.shows(r"(?s)step 1 of 15.*Your progress is not kept.*step 1 of 15")

    def working_folder(self, screen):
        """Of the lesson's process, which is in a folder of the lesson's."""
        children = pathlib.Path(f"/proc/{screen.pid}/task/{screen.pid}/children").read_text().split()
        return pathlib.Path(os.readlink(f"/proc/{children[0]}/cwd"))

    def test_without_a_home_one_folder_is_made_and_removed(self):
        for ending, status in (None, 0), (signal.SIGTERM, 143), (signal.SIGHUP, 129):
            with self.subTest(ending):
                screen = self.terminal(80, 60, {"SOCKSH_LESSONS": str(LESSONS), "HOME": "/proc"}, started=False)
                screen.start("learn server", prompt=None)
                screen.shows("step 1 of")
                screen.shows("^your guess>")
                folder = self.working_folder(screen)
                self.assertRegex(str(folder), r"^/tmp/socksh-lesson-\w+$")
                self.assertTrue(list(folder.iterdir()))
                screen.put("restart")
                screen.key("Enter")
                screen.shows("(?s)step 1 of.*step 1 of.*^your guess>")
                self.assertEqual(self.working_folder(screen), folder)
                if ending:
                    os.kill(screen.pid, ending)
                else:
                    screen.put("quit")
                    screen.key("Enter")
                self.assertEqual(screen.ended(), status)
                self.assertFalse(folder.exists())

    def test_a_full_disk_is_told_once(self):
        self.file.parent.mkdir(parents=True)
        self.file.symlink_to("/dev/full")
        screen = self.learn(1)
        screen.shows(r"Your progress is not kept: No space left on device\.")
        screen.put("c")
        screen.key("Enter")
        screen.shows(r"^main>")
        screen.key("Enter")
        screen.shows(r"\(Enter goes on\)")
        self.assertEqual(screen.text().count("is not kept"), 1)
