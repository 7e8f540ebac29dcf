"""Errors in their situations: each script brings the kernel into one, and what is said stands beside it.

situations/NN-NAME.socksh is the script, NN the situation's number in the order of the list that they follow;
NN-NAME.LANGUAGE.txt what is printed. `# needs: …` in its head says what it takes: `network` a network of its own with the
loopback, `empty network` one without, `two ports` one that has no more, `nobody` a user without privileges, `listener` another program's port as argument.
SOCKSH_GOLDEN=write writes the texts anew, to be looked at before they are committed.
"""

import os
import pathlib
import re
import shutil
import socket
import subprocess
import tempfile
import unittest

SOCKSH = pathlib.Path(os.environ["SOCKSH"])
SITUATIONS = pathlib.Path(__file__).with_name("situations")
CATALOGUES = SOCKSH.parents[1] / "po"
LANGUAGES = {"en": {"LC_ALL": "C.UTF-8", "LANGUAGE": ""}, "zh": {"LC_ALL": "zh_CN.UTF-8", "LANGUAGE": ""}}
NOBODY = 65534
NETWORKS = {
    "network": 'ip link set lo up && exec "$@"',
    "empty network": 'exec "$@"',
    "two ports": 'ip link set lo up && echo 40010 40011 > /proc/sys/net/ipv4/ip_local_port_range && exec "$@"',
}


def may_unshare():
    done = subprocess.run(["unshare", "-Urn", "ip", "link", "set", "lo", "up"], capture_output=True)
    return done.returncode == 0


def need_of(script):
    found = re.search(r"^# needs: (.*)$", script, re.M)
    return found[1] if found else ""


def normal(text):
    """Ports by the order in which they turn up; spans of time by what they are."""
    ports = {}
    text = re.sub(r"(?<=[.\d\]]:)\d{4,5}\b", lambda port: ports.setdefault(port[0], f"PORT{len(ports) + 1}"), text)
    for pattern in (r"\d+(?= bytes of)", r"(?<=within )\d+(?=ms)", r"\d+(?= s more)", r"\d+(?= 字节在等)", r"\d+(?=ms 内)",
                    r"(?<=停留 )\d+"):
        text = re.sub(pattern, "N", text)
    return text


class Situations(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="socksh-situation-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.folder.chmod(0o777)

    def copy_of_socksh(self):
        """Where everybody may run it, with its catalogues beside it as in the folder it was built in."""
        (self.folder / "bin").mkdir(exist_ok=True)
        if CATALOGUES.is_dir():
            shutil.copytree(CATALOGUES, self.folder / "po", dirs_exist_ok=True)
        return shutil.copy(SOCKSH, self.folder / "bin")

    def run_script(self, name, environment):
        script = (SITUATIONS / f"{name}.socksh").read_text()
        need, options, command = need_of(script), {}, [SOCKSH, f"{name}.socksh"]
        if need in NETWORKS:
            if not may_unshare():
                self.skipTest("needs a network of its own, which is not allowed here")
            command = ["unshare", "-Urn", "sh", "-c", NETWORKS[need], "sh", *command]
        if need == "nobody" and os.getuid() == 0:
            command[0] = self.copy_of_socksh()
            options = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
        with socket.create_server(("127.0.0.1", 0)) as listener:
            if need == "listener":
                command.append(str(listener.getsockname()[1]))
            (self.folder / f"{name}.socksh").write_text(script)
            done = subprocess.run(command, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, text=True, timeout=60,
                                  env=os.environ | environment, **options)
        (self.folder / f"{name}.socksh").unlink()
        for left in self.folder.glob("s*"):
            left.unlink()
        return normal(done.stdout)

    def check(self, name, language, environment):
        golden = SITUATIONS / f"{name}.{language}.txt"
        said = self.run_script(name, environment)
        if os.environ.get("SOCKSH_GOLDEN") == "write":
            golden.write_text(said)
        self.assertEqual(said, golden.read_text())

    def test_each(self):
        scripts = sorted(path.stem for path in SITUATIONS.glob("*.socksh"))
        for name in scripts:
            for language, environment in LANGUAGES.items():
                with self.subTest(name, language=language):
                    self.check(name, language, environment)

    def test_all_forty_are_there(self):
        numbers = {int(path.name[:2]) for path in SITUATIONS.glob("*.socksh")}
        self.assertEqual(numbers, set(range(1, 41)))

    def test_every_text_has_its_script(self):
        scripts = {path.stem for path in SITUATIONS.glob("*.socksh")}
        texts = {path.name.split(".")[0] for path in SITUATIONS.glob("*.txt")}
        self.assertEqual(texts, scripts)


class Explain(unittest.TestCase):
    """The long texts: a screen each, and the script in each runs as it says."""

    def say(self, *words):
        done = subprocess.run([SOCKSH, "-c", "explain " + " ".join(words)], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=60)
        return done.stdout, done.stderr, done.returncode

    def names(self):
        listed = self.say("topics")[0].splitlines()
        self.assertGreater(len(listed), 40)
        return [line.split()[0] for line in listed]

    def test_each_is_a_screen(self):
        for name in self.names():
            with self.subTest(name):
                lines = self.say(name)[0].splitlines()
                self.assertLessEqual(len(lines), 24)
                self.assertLessEqual(max(map(len, lines)), 80)

    def test_each_is_a_screen_in_chinese(self):
        for name in self.names():
            with self.subTest(name):
                done = subprocess.run([SOCKSH, "--lang=zh", "-c", f"explain {name}"], stdin=subprocess.DEVNULL,
                                      capture_output=True, text=True, timeout=60)
                lines = done.stdout.splitlines()
                self.assertRegex(done.stdout, "[一-鿿]")
                self.assertLessEqual(len(lines), 24)
                self.assertLessEqual(max(len(line) + len(re.findall("[⺀-鿿＀-￯]", line)) for line in lines), 80)

    def test_each_script_runs(self):
        for name in self.names():
            with self.subTest(name), tempfile.TemporaryDirectory(prefix="socksh-explain-") as folder:
                script = [line[2:] for line in self.say(name)[0].splitlines() if line.startswith("  ")]
                self.assertGreater(len(script), 1)
                pathlib.Path(folder, "script.socksh").write_text("\n".join(script) + "\n")
                done = subprocess.run([SOCKSH, "check", "script.socksh"], cwd=folder, stdin=subprocess.DEVNULL,
                                      capture_output=True, text=True, timeout=60)
                self.assertEqual(done.returncode, 0, done.stdout)

    def test_names_in_other_words(self):
        for words, name in [(["empty-recv"], "empty-recv"), (['"Empty recv"'], "empty-recv"), (["epipe"], "EPIPE"),
                            (["EALREADY"], "EINPROGRESS"), (["EWOULDBLOCK"], "EAGAIN"), (["EAI_SERVICE"], "EAI_NONAME"),
                            (["ENOENT"], "unix-path"), (["EPERM"], "EACCES"), (["EXDEV"], "EXDEV"),
                            (["SO_LINGER"], "SO_LINGER")]:
            with self.subTest(words):
                self.assertIn(name, self.say(*words)[0].split("\n\n")[0])

    def test_unknown(self):
        self.assertIn("did you mean empty-recv?", self.say("emty-recv")[1])
        self.assertIn("explain topics", self.say("zzzzzzzzz")[1])

    def test_alone(self):
        said = self.say("")
        self.assertIn("no call has failed yet", said[1])
        done = subprocess.run([SOCKSH, "-c", 'try { send (socket) "x" } catch e { explain }'], capture_output=True,
                              text=True, timeout=60)
        self.assertIn("nobody is there to read", done.stdout)

    def test_what_is_taken_is_not_explained(self):
        done = subprocess.run([SOCKSH, "-c", 'try { send (socket) "x" } catch e { print e; fail e }'],
                              capture_output=True, text=True, timeout=60)
        text = "EPIPE: the connection has no other end to send to"
        self.assertEqual(done.stdout, text + "\n")
        self.assertIn(text, done.stderr)
        self.assertNotIn("try:", done.stderr)


if __name__ == "__main__":
    unittest.main()
