"""attach and watch: a running lesson found from a second terminal."""

import os
import shutil
import signal
import subprocess
import unittest

import peers
from peers import ALLOWED, NOBODY
from test_network import FORBID_ALL

# Listens on port 80 of its own network and tells when it does, then waits for somebody.
SERVER = 's = socket; bind s 127.0.0.1:80; listen s; print "ready"; c, a = accept s; sendall c "hello"; close c; ' \
         'print "served"; c, a = accept s'
CLIENT = 'c = socket; connect c 127.0.0.1:80; print (recv c 9)'
WAITING = 'print "ready"; sleep 60s'


class User(peers.PeerTest):
    """Who plays a lesson in one terminal, and something else in another."""

    user = os.getuid()

    def setUp(self):
        super().setUp()
        self.program, self.identity = peers.SOCKSH, {}
        self.place = self.folder / "place"
        self.place.mkdir(mode=0o700)
        self.files = self.place / "socksh"
        self.environment = os.environ | {"XDG_RUNTIME_DIR": str(self.place), "TMPDIR": str(self.place), "SHELL": "/bin/sh"}
        if self.user != os.getuid():
            self.folder.chmod(0o755)
            self.program = shutil.copy(peers.SOCKSH, self.folder / "socksh")
            os.chown(self.place, self.user, self.user)
            self.identity = {"user": self.user, "group": self.user, "extra_groups": []}

    def begin(self, *words, **options):
        return self.start(self.program, *words, env=self.environment, **self.identity, **options)

    def ask(self, *words, **options):
        return subprocess.run([self.program, *words], cwd=self.folder, env=self.environment, capture_output=True,
                              text=True, timeout=peers.LIMIT, **({"stdin": subprocess.DEVNULL} | options),
                              **self.identity)

    def sandbox(self, script):
        program = self.begin("--sandbox", "-c", script)
        program.find("ready")
        return program


class Attach(User):
    def test_nothing_runs(self):
        done = self.ask("attach", "true")
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertEqual(done.stderr, "socksh: no lesson is running, and no socksh --sandbox\n")

    @unittest.skipUnless(ALLOWED, "namespaces are not allowed here")
    def test_a_command_meets_the_server(self):
        server = self.sandbox(SERVER)
        done = self.ask("attach", self.program, "-c", CLIENT)
        self.assertEqual((done.stdout, done.returncode), ("hello\n", 0), done.stderr)
        self.assertEqual(done.stderr, f"socksh: in the network of sandbox, process {server.pid}\n")
        server.find("served")
        server.end(signal.SIGTERM)

    @unittest.skipUnless(ALLOWED, "namespaces are not allowed here")
    def test_a_shell_without_a_command(self):
        server = self.sandbox(SERVER)
        done = self.ask("attach", input="readlink /proc/self/ns/net; exit 7\n", stdin=None)
        network = os.readlink(f"/proc/{server.pid}/ns/net")
        self.assertEqual((done.stdout, done.returncode), (network + "\n", 7), done.stderr)
        server.end(signal.SIGTERM)

    @unittest.skipUnless(ALLOWED, "namespaces are not allowed here")
    def test_the_command_may_what_the_lesson_may(self):
        script = 's = socket; bind s 127.0.0.1:81; print "bound"'
        server = self.sandbox(SERVER)
        done = self.ask("attach", self.program, "-c", script)
        self.assertEqual((done.stdout, done.returncode), ("bound\n", 0), done.stderr)
        server.end(signal.SIGTERM)

    @unittest.skipUnless(ALLOWED, "namespaces are not allowed here")
    def test_from_inside(self):
        server = self.sandbox(SERVER)
        done = self.ask("attach", self.program, "attach", self.program, "-c", CLIENT)
        self.assertEqual((done.stdout, done.returncode), ("hello\n", 0), done.stderr)
        server.end(signal.SIGTERM)

    @unittest.skipUnless(ALLOWED, "namespaces are not allowed here")
    def test_the_newest_of_several(self):
        self.sandbox(SERVER)
        second = self.sandbox(SERVER)
        done = self.ask("attach", "true")
        self.assertIn(f"process {second.pid}\n", done.stderr)

    def test_command_that_is_none(self):
        self.sandbox(WAITING)
        self.assertEqual(self.ask("attach", "/none").returncode, 127)
        done = self.ask("attach", "/")
        self.assertEqual(done.returncode, 126)
        self.assertTrue(done.stderr.endswith("socksh: cannot start /: Permission denied\n"), done.stderr)

    @unittest.skipUnless(ALLOWED, "namespaces are not allowed here")
    def test_without_an_own_network(self):
        self.start("unshare", "-Ur", "sh", "-c", FORBID_ALL + ' && exec "$@"', "sh", self.program, "--sandbox",
                   "-c", WAITING, env=self.environment, **self.identity).find("ready")
        done = self.ask("attach", "echo", "here")
        self.assertEqual((done.stdout, done.returncode), ("here\n", 0))
        self.assertEqual(done.stderr, "socksh: nothing to enter: sandbox uses the computer's network\n")

    @unittest.skipUnless(ALLOWED, "namespaces are not allowed here")
    def test_files_go_with_the_process(self):
        program = self.sandbox(WAITING)
        self.assertEqual(sorted(os.listdir(self.files)), [str(program.pid), f"{program.pid}.view"])
        self.assertEqual(self.files.stat().st_mode & 0o777, 0o700)
        program.end(signal.SIGTERM)
        self.assertEqual(os.listdir(self.files), [])

    def test_files_of_processes_that_are_gone(self):
        program = self.sandbox(WAITING)
        text = (self.files / str(program.pid)).read_text()
        program.end(signal.SIGKILL)
        # Of a process that has the number of one that is gone: this one's.
        (self.files / str(os.getpid())).write_text(text)
        self.assertEqual(self.ask("attach", "true").returncode, 1)
        self.assertEqual(os.listdir(self.files), [])

    def test_folder_of_somebody_else(self):
        elsewhere = self.place / "elsewhere"
        elsewhere.mkdir(mode=0o700)
        self.files.symlink_to(elsewhere)
        self.sandbox(WAITING)
        self.assertEqual(os.listdir(elsewhere), [])
        self.files.unlink()
        self.files.mkdir(mode=0o777)
        self.files.chmod(0o777)
        program = self.sandbox(WAITING)
        self.assertEqual(os.listdir(self.files), [])
        if self.user == 0:  # who could read it all the same
            os.chown(self.files, NOBODY, NOBODY)
            self.files.chmod(0o700)
            for file in (self.place / "socksh-0").iterdir():
                file.rename(self.files / file.name)
            self.assertIn(str(program.pid), os.listdir(self.files))
            self.assertEqual(self.ask("attach", "true").returncode, 1)


class Watch(User):
    def lesson(self, step, notes):
        """What the process says of itself, as one that plays a lesson would."""
        name = str(self.sandboxed.pid)
        (self.files / ".new").write_text(self.text.replace("step 0 of 0", step) + notes)
        (self.files / ".new").rename(self.files / name)

    def test_nothing_runs(self):
        done = self.ask("watch", "notes")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (1, "", "socksh: no lesson is running\n"))

    def test_words(self):
        self.assertEqual(self.ask("watch").returncode, 2)
        self.assertEqual(self.ask("watch", "birds").returncode, 2)

    def test_steps_until_the_end(self):
        program = self.sandboxed = self.sandbox(WAITING)
        self.text = (self.files / str(program.pid)).read_text()
        watch = self.begin("watch", "notes")
        self.assertEqual([watch.line() for _ in range(3)], ["sandbox", "", " No notes for this step."])
        self.lesson("step 1 of 9", "Ask the *room*.\n\n- Then \x1b[31mwait.")
        self.assertEqual([watch.line() for _ in range(5)],
                         ["sandbox, step 1 of 9", "", " Ask the room.", "", r" • Then \x1b[31mwait."])
        for step in 2, 3:
            self.lesson(f"step {step} of 9", "")
            self.assertEqual([watch.line() for _ in range(3)],
                             [f"sandbox, step {step} of 9", "", " No notes for this step."])
        program.end(signal.SIGKILL)
        self.assertEqual(watch.rest(), b"the lesson has ended\n")
        self.assertEqual(watch.end(), 0)

    def test_a_lesson_that_begins_anew_is_another_process(self):
        program = self.sandbox(WAITING)
        watch = self.begin("watch", "notes")
        self.assertEqual([watch.line() for _ in range(3)], ["sandbox", "", " No notes for this step."])
        program.end(signal.SIGKILL)
        program = self.sandbox(WAITING)
        self.assertEqual([watch.line() for _ in range(3)], ["sandbox", "", " No notes for this step."])
        program.end(signal.SIGKILL)
        self.assertEqual(watch.rest(), b"the lesson has ended\n")

    def test_interrupt_ends_it(self):
        self.sandbox(WAITING)
        watch = self.begin("watch", "notes")
        watch.find("No notes")
        self.assertEqual(watch.end(signal.SIGINT), 130)


@unittest.skipUnless(os.getuid() == 0, "only root can be somebody else")
class AttachAsNobody(Attach):
    user = NOBODY


@unittest.skipUnless(os.getuid() == 0, "only root can be somebody else")
class WatchAsNobody(Watch):
    user = NOBODY


if __name__ == "__main__":
    unittest.main()
