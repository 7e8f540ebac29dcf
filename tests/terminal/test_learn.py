"""`socksh learn`: a small lesson of the tests' own, learnt as people do, and one real lesson to its end."""

import contextlib
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import unittest

import terminal

HERE = pathlib.Path(__file__).resolve().parent
LESSONS = HERE / "lessons"
REAL = HERE.parents[1] / "lessons"
FIRST = "l = socket; bind l 127.0.0.1:9999"
GO_ON, TURN = "(Enter goes on)", "(your turn)"


class Learner(terminal.Terminal):
    """A terminal in which a lesson is learnt. `ghost` is what stands dim behind the cursor."""

    def __init__(self, columns=80, rows=24, environment=None):
        super().__init__(columns, rows, {"SOCKSH_LESSONS": str(LESSONS)} | (environment or {}))

    def is_ready(self, prompt, ghost):
        rows, column, row = self.cells()
        text = "".join(one for one, _ in rows[row])
        return (column == terminal.width(prompt) and text.startswith(prompt.rstrip())
                and text[len(prompt):].strip().removeprefix("<").removesuffix(">").startswith(ghost)
                and bool(ghost) == bool(text[len(prompt):].strip()))

    def ready(self, prompt, ghost=""):
        """Waits until an empty line is edited behind the prompt."""
        self.until(lambda: self.is_ready(prompt, ghost), f"{prompt!r} is there, and {ghost!r}")
        return self

    def begin(self, words="learn small", prompt="server> ", ghost=FIRST):
        self.start(words, prompt=None)
        return self.ready(prompt, ghost)

    def enter_line(self, text, prompt, ghost=""):
        """Types a line, or only Enter, and waits for the prompt. Returns the lines that came in between."""
        begin = len(self.lines())
        if text:
            self.type(text)
        self.key("Enter")
        # The same prompt may stand there already, a row higher.
        self.until(lambda: len(self.lines()) > begin or not text, "the line is taken")
        self.ready(prompt, ghost)
        return self.lines()[begin:-1]

    def at(self, step, prompt, ghost, words="learn small"):
        return self.begin(f"{words} --at {step}", prompt, ghost)

    def at_task(self):
        return self.at(4, "client> ", TURN)

    def progress(self):
        path = self.folder / ".local/state/socksh/progress.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()]

    def last_step(self):
        return [line for line in self.progress() if line["event"] == "step"][-1]


class LearnTest(unittest.TestCase):
    def learner(self, columns=80, rows=24, **environment):
        learner = Learner(columns, rows, environment)
        self.addCleanup(learner.close)
        return learner


class Pages(LearnTest):
    def test_through_the_whole(self):
        for columns, rows in ((60, 20), (70, 22), (80, 24), (200, 50)):
            with self.subTest(columns=columns):
                screen = self.learner(columns, rows).begin()
                self.through(screen)
                self.assertLessEqual(max(terminal.width(row) for row in screen.look()[0]), columns)
                screen.close()

    def through(self, screen):
        enter = screen.enter_line
        screen.shows(r"^ Small +step 1 of 9  ▓░+$")
        enter("", "server> ", "listen l 5")
        enter("", "server> ", "def twice x { return x + x }")  # a step without a page goes straight on
        enter("def twice x { return x + x }", "server> ", "twice 4")
        enter("twice   4", "server> ", "print")
        self.assertEqual(enter("", "server> ", GO_ON), ["eight"])
        enter("", "your guess> ", "a to c")
        self.assertIn(" Right. The kernel answers for a port that nobody has.", " ".join(enter("b", "client> ", "e = socket"))
                      .replace("  ", " "))
        enter("", "client> ", "connect e 127.0.0.1:9998")
        enter("", "client> ", GO_ON)
        enter("", "client> ", TURN)
        self.assertIn(" hint · show · skip · back · lessons · help · quit", screen.lines())
        enter("c = socket", "client> ", TURN)
        shown = enter("connect c 127.0.0.1:9999", "client> ", GO_ON)
        self.assertLess(shown.index(" ✓ (getpeername c) == 127.0.0.1:9999"), shown.index(' ✓ (sent c) != "who?"'))
        self.assertEqual((screen.last_step()["step"], screen.last_step()["tries"], screen.last_step()["help"]), (4, 2, "none"))
        enter("", "server> ", "conn, peer = accept l")
        enter("", "server> ", "recv conn 10")
        screen.key("Enter")
        screen.shows(r"^server is left waiting in recv \d\.")  # by itself
        self.assertIsNone(re.search("Ctrl-Z leaves", screen.text()))
        screen.ready("client> ", GO_ON)
        enter("", "client> ", 'send c "hi"')
        enter("", "server> ", "state l")
        screen.shows(r'^server │ "hi"')
        enter("", "server> ", GO_ON)
        enter("", "third> ", TURN)
        screen.shows("A challenge")
        enter("skip", "third> ", GO_ON)  # passed by
        enter("", "third> ", GO_ON)
        screen.shows("✓ You have finished this lesson: Small")
        screen.shows("What comes next: The next one.")
        self.assertEqual([line["event"] for line in screen.progress()], ["begin"] + ["step"] * 9 + ["finish"])
        self.assertEqual(screen.progress()[-1]["help"], "none")
        enter("", "main> ", "1 + 1")
        screen.shows("^ The next one +step 1 of 2")

    def test_what_else_is_typed_is_tried_and_not_judged(self):
        screen = self.learner().begin()
        screen.enter_line("x = 5", "server> ", FIRST)
        self.assertEqual(screen.enter_line("print x", "server> ", FIRST), ["5"])
        self.assertEqual(screen.enter_line("@other print 6", "server> ", FIRST), ["other │ 6"])
        screen.enter_line("@other", "other> ", f"(Enter, as server: {FIRST})")
        screen.enter_line("", "server> ", "listen l 5")  # it is run as whom the page says
        self.assertEqual([line["event"] for line in screen.progress()], ["begin"])
        screen.enter_line("close l", "server> ", "listen l 5")
        shown = " ".join(line.strip() for line in screen.enter_line("", "server> ", "def twice"))
        self.assertIn("error: EBADF", shown)
        self.assertIn("On the page this gives: done. What was tried before may be why it differs; goto 1", shown)

    def test_several_lines_at_once(self):
        screen = self.learner().begin()
        screen.enter_line(f"{FIRST}; listen l 5", "server> ", "def twice")
        if terminal.HAS_READLINE:
            screen.paste("def twice x {\n    return x + x\n}\ntwice 4  #=> 8\nprint \"eight\"")
            screen.key("Enter")
            screen.ready("server> ", GO_ON)

    def test_questions(self):
        screen = self.learner().at(3, "your guess> ", "a to c")
        self.assertEqual(screen.enter_line("q", "your guess> ", "a to c"), [" The answers are a to c."])
        self.assertEqual(screen.enter_line("1 + 1", "your guess> ", "a to c"), ["2"])
        screen.enter_line("e = 7", "your guess> ", "a to c")
        self.assertEqual(screen.enter_line("e", "your guess> ", "a to c"), ["7"])
        self.assertIn("a letter answers it", screen.enter_line("hint", "your guess> ", "a to c")[0])
        self.assertEqual(screen.enter_line("C)", "client> ", "e = socket")[0],
                         " It is b. The kernel answers for a port that nobody has.")
        for _ in range(2):
            screen.key("Enter")
        screen.ready("client> ", GO_ON)
        self.assertEqual((screen.last_step()["step"], screen.last_step()["tries"]), (3, 1))

    def test_help_and_words(self):
        screen = self.learner(80, 50).at_task()
        for typed in "help skip", "?hint", "goto ?":
            self.assertEqual(screen.enter_line(typed, "client> ", TURN)[0], " In this lesson:", typed)
        for typed in "help", "?":
            shown = screen.enter_line(typed, "client> ", TURN)
            self.assertTrue(shown[0].startswith("  sockets "), shown)
            self.assertIn(" In this lesson:", shown)
        self.assertIn("connect SOCKET ADDRESS", "\n".join(screen.enter_line("connect ?", "client> ", TURN)))
        self.assertIn(" 1 small ", "\n".join(screen.enter_line("lessons", "client> ", TURN)))
        self.assertEqual(screen.progress()[-1]["event"], "begin")
        screen.put("ski")
        screen.key("Tab")
        screen.until(lambda: screen.edited() == "client> skip", "a word is completed")

    def test_in_chinese(self):
        for columns, rows in (70, 22), (60, 20):
            with self.subTest(columns=columns):
                screen = self.learner(columns, rows).begin("--lang zh learn small")
                self.assertIn(" 一个在监听的套接字。", screen.lines())
                for _ in range(3):
                    screen.key("Enter")
                screen.enter_line('twice 4; print "eight"', "server> ", "（")
                screen.key("Enter")
                screen.shows("^ 连接 127.0.0.1:9998 会怎样？$")
                screen.until(lambda: screen.lines()[-1].replace("<", "").replace(">", "")[:3].strip()
                             and "a" in screen.lines()[-1], "a letter is asked for")
                screen.put("b")
                screen.key("Enter")
                screen.shows("没有人用的端口由内核应答。")
                screen.ready("client> ", "e = socket")
                self.assertLessEqual(max(terminal.width(row) for row in screen.look()[0]), columns)
                self.assertNotRegex(screen.text(), "Enter runs|Right|step 1")
                screen.close()

    def test_plain(self):
        for changes in {"NO_COLOR": "1"}, {"TERM": "dumb"}, {"LANG": "C"}:
            with self.subTest(**changes):
                screen = self.learner(**changes)
                screen.start("learn small", prompt=None)
                screen.shows(re.escape(FIRST))  # where nothing can stand behind the cursor as well
                screen.shows("server>")
                screen.key("Enter")
                screen.shows(r"socket\(AF_INET, SOCK_STREAM, 0\) = 3")
                screen.shows("listen l 5")
                if "TERM" in changes:
                    screen.put("goto 6\n")
                    screen.shows('next line: send c "hi"')
                if "LANG" in changes:
                    self.assertTrue(screen.text().isascii(), screen.text())
                screen.close()

    def test_on_the_computers_own_network(self):
        holder = socket.socket()
        self.addCleanup(holder.close)
        with contextlib.suppress(OSError):  # somebody else may hold the port: as good
            holder.bind(("127.0.0.1", 9999))
            holder.listen()
        screen = self.learner()
        screen.start("learn small --host", prompt=None)
        screen.shows("This lesson runs on the computer's network, not on one of its own")
        port = screen.shows(r"^ port 9999 is not to be had here: (\d+) stands for it$")[1]
        screen.shows(rf"^server> .*l = socket; bind l 127\.0\.0\.1:{port}")
        screen.key("Enter")
        screen.shows(r"bind\(3, \{AF_INET, 127\.0\.0\.1, port \d+\}, 16\) = 0")


class Tasks(LearnTest):
    def test_right_answers_of_other_looks(self):
        for lines in (["connect (socket) 127.0.0.1:9999"], ["k = socket", "connect k localhost:9999"],
                      ["p = 9999", "k = socket", 'connect k "127.0.0.1:{p}"'],
                      ["a = socket", "bind a 127.0.0.1:0", "connect a 127.0.0.1:9999"]):
            with self.subTest(lines[-1]):
                screen = self.learner().at_task()
                for line in lines[:-1]:
                    screen.enter_line(line, "client> ", TURN)
                self.assertIn(" ✓ (getpeername c) == 127.0.0.1:9999", screen.enter_line(lines[-1], "client> ", GO_ON))
                screen.shows("On the pages it is called c")
                self.assertNotIn("c = ", screen.text())  # nobody has typed that
                screen.enter_line("", "server> ", "conn, peer")
                self.assertIn("127.0.0.1:9999", screen.enter_line("@client getpeername c", "server> ", "conn, peer")[-1])
                screen.close()

    def test_wrong_answers_and_help_in_its_order(self):
        screen = self.learner().at_task()
        wrong = "connect (socket) 127.0.0.1:9996"
        offers = []
        for count in range(6):
            shown = screen.enter_line(wrong, "client> ", TURN)
            offers.append(next((line for line in shown if "Not there" in line), None))
            self.assertNotIn("Not there", "".join(screen.enter_line("handles", "client> ", TURN)))
        self.assertEqual(offers[:3], [None] * 3)  # the first line of two is no mistake
        self.assertEqual(offers[3:], [" Not there yet. hint helps."] * 3)
        self.assertEqual(screen.enter_line("hint", "client> ", TURN), [" The first hint."])
        self.assertEqual(screen.enter_line("hint", "client> ", TURN), [" The second hint."])
        self.assertEqual(screen.enter_line("hint", "client> ", TURN),
                         [" There are no more hints. show puts the answer on the line."])
        self.assertEqual(screen.enter_line(wrong, "client> ", TURN)[-1], " Not there yet. show puts the answer on the line.")
        screen.type("show")
        screen.key("Enter")
        screen.until(lambda: screen.edited() == "client> c = socket", "the answer is on the line")
        screen.key("C-u")
        self.assertEqual(screen.enter_line(wrong, "client> ", TURN)[-1], " Not there yet. skip goes on without it.")
        shown = "\n".join(screen.enter_line("skip", "client> ", GO_ON))
        self.assertRegex(shown, r"(?s)client> c = socket\n.*client> connect c 127\.0\.0\.1:9999\n.* ✓ ")
        self.assertEqual((screen.last_step()["tries"], screen.last_step()["help"]), (8, "skip"))
        self.assertNotIn(" line ", "\n".join(screen.enter_line("handles", "client> ", GO_ON)))  # of which nobody sees the file

    def test_show_goes_through_the_answer(self):
        screen = self.learner().at_task()
        screen.type("show")
        screen.key("Enter")
        screen.until(lambda: screen.edited() == "client> c = socket", "the first line is there")
        screen.key("Enter")
        screen.until(lambda: screen.edited() == "client> connect c 127.0.0.1:9999", "the second line is there")
        screen.key("Enter")
        screen.ready("client> ", GO_ON)
        self.assertEqual(screen.last_step()["help"], "show")

    def test_show_has_several_lines_as_several(self):
        screen = self.learner()
        path = screen.folder / "en.md"
        path.write_text("---\ntitle: Rows\nminutes: 1\n---\n\n# Rows\n\n```socksh task\nrest = [1, 2]; while rest != [] {  # until none is left\n"
                        "    print rest\n\n    # one less\n    rest = slice rest 1\n}\ns = socket\n```\n\n"
                        "```check\n(getsockopt ?s SO_TYPE) == SOCK_STREAM\n```\n\nThe end.\n")
        rows = ["main> rest = [1, 2]; while rest != [] {", "...>     print rest", "...>     rest = slice rest 1", "...> }",
                "main> s = socket"]
        screen.begin(f"learn {path}", "main> ", TURN)
        screen.type("show")
        for row in rows:
            screen.key("Enter")
            screen.until(lambda row=row: screen.edited() == row, f"{row!r} is on the line")
        screen.shows(r"^\[1, 2\]\n\[2\]$")
        screen.key("Enter")
        screen.ready("main> ", GO_ON)
        self.assertEqual(screen.last_step()["help"], "show")
        self.assertEqual(screen.last_step()["tries"], 1)

    def test_show_says_nothing_behind_what_somebody_has_changed(self):
        screen = self.learner()
        path = screen.folder / "en.md"
        path.write_text("---\ntitle: Rows\nminutes: 1\n---\n\n# Rows\n\n```socksh task\nif 1 == 1 {\n    s = socket\n}\n```\n\n"
                        "```check\n(getsockopt ?s SO_TYPE) == SOCK_STREAM\n```\n\nThe end.\n")
        screen.begin(f"learn {path}", "main> ", TURN)
        screen.type("show")
        screen.key("Enter")
        screen.until(lambda: screen.edited() == "main> if 1 == 1 {", "the first row is there")
        screen.type(" print 3")
        screen.key("Enter")
        screen.until(lambda: screen.edited() == "...>", "nothing stands on the second")
        screen.type("}")
        screen.key("Enter")
        screen.ready("main> ", TURN)

    def test_locked(self):
        screen = self.learner(SOCKSH_LOCK="show skip").at_task()
        self.assertIn(" hint · back · lessons · help · quit", screen.lines())
        self.assertEqual(screen.enter_line("show", "client> ", TURN), [" show is locked here."])
        self.assertEqual(screen.enter_line("skip", "client> ", TURN), [" skip is locked here."])
        for _ in range(4):
            screen.enter_line("connect (socket) 127.0.0.1:9996", "client> ", TURN)
        screen.shows("Not there yet. hint helps.")
        screen.close()
        screen = self.learner(SOCKSH_LOCK="skip").at(8, "client> ", TURN)
        screen.shows("this is the first task that is to be done")
        screen.enter_line("connect (socket) 127.0.0.1:9999", "client> ", GO_ON)
        screen.enter_line("goto 8", "third> ", TURN)  # it is done
        screen.enter_line("skip", "third> ", GO_ON)  # a challenge may be passed by
        screen.enter_line("", "third> ", GO_ON)
        screen.shows("You have finished")

    def test_what_is_passed_by_counts_as_skipped(self):
        screen = self.learner().at(8, "third> ", TURN)
        self.assertEqual([(line["step"], line["help"]) for line in screen.progress() if line["event"] == "step"], [(4, "skip")])
        screen.enter_line("skip", "third> ", GO_ON)
        screen.enter_line("", "third> ", GO_ON)
        screen.shows("skipped: 1")
        self.assertEqual(screen.progress()[-1]["help"], "skip")

    def test_done_by_itself_while_a_line_is_edited(self):
        screen = self.learner().at_task()
        screen.enter_line("k = socket", "client> ", TURN)
        screen.enter_line("def later s { sleep 400ms; connect s 127.0.0.1:9999 }", "client> ", TURN)
        screen.type("t = spawn later k")
        screen.key("Enter")
        screen.shows("✓ .getpeername c")  # while nothing is typed
        screen.ready("client> ", GO_ON)

    def test_an_answer_that_waits_is_left_by_itself(self):
        screen = self.learner().at(8, "third> ", TURN)
        screen.enter_line("k = socket; bind k 127.0.0.1:9997; listen k 5", "third> ", TURN)
        screen.type("accept k")
        screen.key("Enter")
        screen.shows("third is left waiting in accept")
        screen.shows(r"✓ \(blocked third\)")

    def test_asked_of_another_actor(self):
        screen = self.learner().at_task()
        screen.enter_line("@other", "other> ", TURN)
        for _ in range(4):
            shown = screen.enter_line("connect (socket) 127.0.0.1:9999", "other> ", TURN)
        self.assertRegex(" ".join(shown), "This is for client to do, and you talk to other: @client goes +there.")

    def test_skip_of_what_the_learner_has_left_waiting(self):
        screen = self.learner().at(5, "server> ", "conn, peer")
        screen.key("Enter", "Enter")
        screen.shows("left waiting in recv")
        screen.ready("client> ", GO_ON)
        screen.enter_line("", "client> ", 'send c "hi"')
        screen.enter_line("", "server> ", "state l")
        screen.enter_line("skip", "server> ", GO_ON)
        self.assertNotIn("does not come out", screen.text())

    def test_who_waits_leaves_for_the_actor_of_the_next_page(self):
        screen = self.learner().at(5, "server> ", "conn, peer")
        screen.key("Enter", "Enter")
        screen.shows("left waiting in recv")
        screen.ready("client> ", GO_ON)
        self.assertNotIn("a new actor", screen.text())
        screen.enter_line("", "client> ", 'send c "hi"')

    def test_who_has_nobody_else_on_the_pages_is_given_somebody(self):
        screen = self.learner().at(8, "third> ", TURN)
        screen.enter_line("k = socket; bind k 127.0.0.1:9997; listen k 5", "third> ", TURN)
        screen.type("accept k")
        screen.key("Enter")
        screen.ready("main> ", GO_ON)

    def test_skip_after_play_that_is_in_the_way(self):
        screen = self.learner().begin()
        screen.enter_line("x = socket; bind x 127.0.0.1:9999; listen x 1", "server> ", FIRST)
        screen.type("skip")
        screen.key("Enter")
        screen.shows("this does not come out as on the page")
        screen.ready("server> ", "def twice")
        self.assertEqual((screen.last_step()["step"], screen.last_step()["help"]), (1, "skip"))


class Ways(LearnTest):
    def test_back_restart_goto(self):
        screen = self.learner().at(6, "client> ", 'send c "hi"')
        screen.shows("What comes before step 6 is replayed")
        self.assertNotIn("Not all of that", screen.text())
        for typed, prompt, ghost, step in (("back", "server> ", "conn, peer", 5), ("goto 3", "your guess> ", "a to c", 3),
                                           ("restart", "server> ", FIRST, 1), ("back", "server> ", FIRST, 1)):
            screen.type(typed)
            screen.key("Enter")
            screen.shows(rf"> {typed}(?!(.|\n)*> {typed})(.|\n)*step {step} of 9(.|\n)*> ")
            screen.ready(prompt, ghost)
        for typed in "goto", "goto 0", "goto 10", "goto x":
            self.assertEqual(screen.enter_line(typed, "server> ", FIRST), [" goto wants a step: 1 to 9."])
        # What came before is there, and what was tried is not.
        screen.enter_line("q = socket; bind q 127.0.0.1:9990", "server> ", FIRST)
        screen.type("goto 5")
        screen.key("Enter")
        screen.ready("server> ", "conn, peer")
        self.assertIn("[1, 5]", screen.enter_line("queued l", "server> ", "conn, peer")[0])
        self.assertNotIn("9990", "\n".join(screen.enter_line("handles", "server> ", "conn, peer")))

    def test_killed_and_gone_on_with(self):
        screen = self.learner().begin()
        for _ in range(5):
            screen.key("Enter")
        screen.ready("server> ", GO_ON)
        screen.enter_line("", "your guess> ", "a to c")
        child = pathlib.Path(f"/proc/{screen.pid}/task/{screen.pid}/children").read_text()
        os.kill(int(child), signal.SIGKILL)
        self.assertEqual(screen.ended(), 137)
        self.assertTrue(screen.mode()["canonical"])
        screen.begin("learn small", "your guess> ", "a to c")
        screen.shows("step 3 of 9")

    def test_leaving_and_coming_back(self):
        for keys in ("quit", "Enter"), ("C-d",):
            with self.subTest(keys[0]):
                screen = self.learner().at(6, "client> ", 'send c "hi"')
                screen.key(*keys)
                self.assertEqual(screen.ended(), 0)
                screen.shows("You stopped at step 6 of 9; socksh learn small goes on there")
                screen.begin("learn", "client> ", 'send c "hi"')
                screen.close()

    def test_quit_after_the_end_begins_nothing(self):
        screen = self.learner().at(9, "main> ", GO_ON)
        screen.shows("You have finished")
        screen.key("quit", "Enter")
        self.assertEqual(screen.ended(), 0)
        self.assertNotIn("The next one  ", screen.text())

    def test_keys_of_a_waiting_call(self):
        screen = self.learner().at(5, "server> ", "conn, peer")
        screen.type("x, y = accept l; accept l")
        screen.key("Enter")
        screen.shows("Ctrl-Z leaves it waiting")
        screen.key("C-c")
        screen.ready("server> ", "conn, peer")
        screen.shows("EINTR")
        screen.put("accept l\n")
        screen.shows("(?s)EINTR.*Ctrl-Z leaves it waiting")
        screen.key("C-z")
        screen.shows("server is left waiting in accept")
        screen.until(lambda: "(Enter, as server: conn, peer" in screen.lines()[-1], "somebody else is talked to")
        screen.put("abc")
        screen.key("C-c")
        screen.until(lambda: "(Enter, as server: conn, peer" in screen.lines()[-1], "the line is dropped")

    def test_stopped_by_the_shell(self):
        for words in "learn small", "":
            with self.subTest(words or "from the prompt"):
                screen = self.learner()
                if words:
                    screen.begin(words)
                else:
                    screen.start("")
                    screen.put("learn small\n")
                    screen.ready("server> ", FIRST)
                screen.key("C-z")
                screen.wait_for_prompt(terminal.SHELL)
                screen.put("fg\n")
                screen.ready("server> ", FIRST)
                screen.enter_line("", "server> ", "listen l 5")
                screen.close()

    def test_from_the_prompt_and_to_another(self):
        screen = self.learner()
        screen.start("")
        screen.enter("s = socket")
        screen.put("learn small\n")
        screen.ready("server> ", FIRST)
        self.assertEqual(screen.enter_line("learn", "server> ", FIRST),
                         [" This is lesson small, step 1 of 9. learn NAME begins another one."])
        self.assertEqual(screen.enter_line("learn nosuch", "server> ", FIRST),
                         [' There is no lesson "nosuch"; lessons lists them.'])
        screen.enter_line("learn next", "main> ", "1 + 1")
        screen.put("quit\n")
        screen.shows("You stopped at step 1 of 2; learn next goes on there.")
        screen.ready("main> ")
        self.assertEqual(screen.enter("s"), ["3"])  # the prompt is as it was
        screen.enter("learn nosuch")
        screen.shows('there is no lesson "nosuch"')

    def test_words_of_the_command_line(self):
        for words, status, said in (("learn nosuch", 2, 'there is no lesson "nosuch"'), ("learn small --at x", 2, "--at x: "),
                                    ("learn small next", 2, '"next" is none of these'),
                                    ("learn small", 2, "a lesson wants a terminal"),
                                    ("-c learn", 1, "a lesson wants a prompt")):
            with self.subTest(words):
                done = subprocess.run([terminal.SOCKSH, *words.split()], stdin=subprocess.DEVNULL, capture_output=True,
                                      text=True, env=os.environ | {"SOCKSH_LESSONS": str(LESSONS)})
                self.assertEqual(done.returncode, status)
                self.assertIn(said, done.stderr)


class Real(LearnTest):
    def test_an_ordinary_user_is_one_for_whoever_types_too(self):
        screen = self.learner(80, 50, SOCKSH_LESSONS=str(REAL))
        screen.at(10, "user> ", "o = socket", "learn ports")
        said = screen.enter_line("", "user> ", "bind o 127.0.0.1:1023")
        self.assertRegex("\n".join(said), r"= -1 EACCES\n")
        self.assertRegex("\n".join(screen.enter_line("bind o 127.0.0.1:25", "user> ", "bind o")), r"= -1 EACCES\n")
        for ghost in "bind o 127.0.0.1:1024", GO_ON:
            said = screen.enter_line("", "user> ", ghost)
        self.assertNotIn("On the page", screen.text())
        screen.enter_line("@user o = socket", "user> ", GO_ON)
        self.assertRegex("\n".join(screen.enter_line("bind o 127.0.0.1:80", "user> ", GO_ON)), r"= -1 EACCES\n")

    def test_hello_to_its_end(self):
        screen = self.learner(70, 22, SOCKSH_LESSONS=str(REAL))
        screen.start("learn hello", prompt=None)
        screen.shows(r"> .*s = socket AF_INET SOCK_STREAM")
        steps = int(screen.shows(r"step 1 of (\d+)")[1])
        shown = 0
        while "You have finished this lesson" not in screen.text():
            at = len(screen.progress())
            screen.put("skip\n")
            screen.until(lambda: len(screen.progress()) > at or screen.lines()[-1].count(">") and
                         screen.text().count("skip") > shown, "skip did something")
            shown = screen.text().count("skip")
            screen.until(lambda: not screen.lines()[-1].endswith("skip"), "the line is taken")
        self.assertEqual({line["step"] for line in screen.progress() if line["event"] == "step"}, set(range(1, steps + 1)))
        self.assertNotIn("does not come out", screen.text())
        self.assertNotIn("On the page this gives", screen.text())
