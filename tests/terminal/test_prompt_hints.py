"""What stands dim behind the cursor, for every command and for what is typed further on: compared with hints.txt, which
SOCKSH_GOLDEN=write writes anew."""

import json
import os
import pathlib
import subprocess
import unittest

import terminal

GOLDEN = pathlib.Path(__file__).with_name("hints.txt")
FURTHER = ["soc", "recvf", "bind s ", "connect s ", "send s ", 'send s "x" ', "recv s 1024 ", "recv s 1024 MSG_PEEK|",
           "setsockopt s ", "setsockopt s SO_REUSEADDR ", "setsockopt s SO_LINGER ", "setsockopt s IP_ADD_MEMBERSHIP ",
           "getsockopt s SO_RCVBUF ", "x = socket ", "x = socket AF_INET ", "connect (socket ", "connect (socket) ",
           "connect s (getsockname ", "c, peer = accept ", "@server accept ", "spawn greet ", "greet ", "poll [s] ",
           "pack ", 'pack "u16" ', "print ", "if len ", "socket AF_INET SOCK_STREAM IPPROTO_TCP ", "help ", "nonesuch "]


class Hints(terminal.Case):
    def hint(self, screen, line):
        """Types the line and gives what stands behind it."""
        screen.type(line)
        now = screen.painted()
        screen.key("C-u")
        screen.until(lambda: screen.edited() == "main>", "the line is empty")
        return "".join(text for text, style in now if style == "hint").strip()

    def test_golden(self):
        dump = subprocess.run([terminal.SOCKSH, "--dump=json"], capture_output=True, check=True).stdout
        lines = [one["name"] + " " for one in json.loads(dump)["commands"]] + FURTHER
        screen = self.terminal(columns=100)
        screen.enter("trace off; set values off")
        screen.enter("s = socket")
        screen.enter("def greet name times { print name }")
        shown = [f"{line.rstrip():<40} {self.hint(screen, line)}".rstrip() for line in lines]
        if os.environ.get("SOCKSH_GOLDEN") == "write":
            GOLDEN.write_text("\n".join(shown) + "\n")
        for got, wanted in zip(shown, GOLDEN.read_text().splitlines(), strict=True):
            with self.subTest(got[:40].rstrip()):
                self.assertEqual(got, wanted)


if __name__ == "__main__":
    unittest.main()
