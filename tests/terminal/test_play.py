"""A lesson played to a class: what the screen shows, and what keys do meanwhile."""

import json
import os
import pathlib
import re
import subprocess
import unittest

import terminal

LESSON = """---
title: A small lesson
minutes: 5
---

# A small lesson

One waits, the other one comes.

```socksh server
s = socket; bind s 127.0.0.1:9999; listen s 5
```

The server waits for a client.

```socksh server
sock, addr = accept s            #=> waits
```

```predict
The server waits in accept. What will connect do?
- [ ] fail                                      #=> error ECONNREFUSED
- [x] succeed at once                           #=> done
- [ ] wait                                      #=> waits
The kernel makes the connection.
```

```socksh client
c = socket; connect c 127.0.0.1:9999
```

Now it waits for a name.

```socksh server
#=> <sock>, 127.0.0.1:<port>
data = recv sock 1024            #=> waits
```

**Your turn**, as `client`: send `Michael`.

```socksh client task
send c "Michael"                 #=> 7
```

```check
(sent ?c) == "Michael"
```

```socksh server
#=> "Michael"
send sock "Hello, {data}!"       #=> 15
```

```socksh client
recv c 5; recv c 100             #=> ", Michael!"
close c
```

```socksh server
recv sock 10                     #=> ""
```

## What you know now

- It works.
"""
STEPS = 9
TWO = """---
title: Two
minutes: 5
---

# Two

```socksh server
s = socket; bind s 127.0.0.1:9999; listen s 5
```

```socksh client
c = socket; connect c 127.0.0.1:9999
```

```socksh server
sock, addr = accept s; send sock "abc"
```

```socksh other
send 5 "de"
```

```socksh client
recv c 3; recv c 2
```

The end.
"""
MEETINGS = """---
title: Meetings
minutes: 5
---

# Meetings

```socksh server
s = socket; bind s 127.0.0.1:9999; listen s 5
u = socket AF_INET SOCK_DGRAM; bind u 127.0.0.1:9999
```

The client comes, and goes on at once.

```socksh client
c = socket; connect c 127.0.0.1:9999; d = socket AF_INET SOCK_DGRAM
sendto d "one" 127.0.0.1:9999; sendto d "two" 127.0.0.1:9999
```

```socksh server
sock, addr = accept s; send sock "ab"; send sock "c"; a, b = socketpair; send a "pair"
```

```socksh client
recv c 1; recv c 10 MSG_PEEK; recv c 10
```

```socksh server
recv u 10; recv u 10; shutdown sock SHUT_WR; close sock
```

```socksh client
recv c 10; recv 9 4
```

The end.
"""
LOSS = """---
title: Loss
minutes: 5
---

# Loss

```socksh client
c = socket; connect c 127.0.0.1:9999             #=> error ECONNREFUSED
```

```socksh server
s = socket; bind s 127.0.0.1:9999; listen s 5
u = socket AF_INET SOCK_DGRAM; bind u 127.0.0.1:9999
```

```socksh client
c = socket; connect c 127.0.0.1:9999
d = socket AF_INET SOCK_DGRAM; sendto d "张三" 127.0.0.1:9999
```

```socksh server
x, addr = accept s; drop x; drop u
```

```socksh client
send c "Tracy"; sendto d "two" 127.0.0.1:9999
```

```socksh server
y = recv x 10                                    #=> waits
```

```socksh main
undrop 8
```

```socksh server
#=> "Tracy"
```

```socksh client
network mtu 1500; big = ""; for i in range 3000 { append big "0123456789" }; sendall c big
```

```socksh client
close c
```

The end.
"""
DROPS = """---
title: Drops
minutes: 5
---

# Drops

```socksh server
s = socket; bind s 127.0.0.1:9999; listen s 5
```

```socksh client
c = socket; connect c 127.0.0.1:9999; send c "one"
```

```socksh server
x, addr = accept s; recv x 9; send x "hi"; drop x
```

```socksh client
send c "two"
```

The end.
"""
ROUTED = """---
title: A router
minutes: 5
---

# A router

```socksh main
network host alice 10.0.0.1/24; network host bob 10.0.1.1/24; network router r 10.0.0.254/24 10.0.1.254/24
```

```socksh bob
l = socket; bind l 10.0.1.1:80; listen l 5
u = socket AF_INET SOCK_DGRAM; bind u 10.0.1.1:53
```

```socksh alice
c = socket; connect c 10.0.1.1:80; send c "GET"
v = socket AF_INET SOCK_DGRAM; setsockopt v IP_TTL 1; sendto v "one" 10.0.1.1:53
setsockopt v IP_TTL 9; sendto v "two" 10.0.1.1:53
```

The end.
"""
NEIGHBOURS = """---
title: Two computers
minutes: 5
---

# Two computers

```socksh main private
network host bob 10.0.0.2/24; network host alice 10.0.0.1/24
```

```socksh bob private
h = socket; bind h 127.0.0.1:8000; listen h; connect (socket) 127.0.0.1:8000
```

```socksh alice private
connect (socket) 127.0.0.1:8000                  #=> error ECONNREFUSED
```

```socksh alice private
connect (socket) 10.0.0.1:8000                   #=> error ECONNREFUSED
```

```socksh alice private
connect (socket) 10.0.0.2:8000                   #=> error ECONNREFUSED
```

The end.
"""
HELPED = """---
title: A helper
minutes: 5
---

# A helper

```socksh server
s = socket; bind s 127.0.0.1:9999; listen s 5
```

```socksh client
c = socket; connect c 127.0.0.1:9999
```

```socksh server
x, addr = accept s
```

```socksh helper
recv 5 10                                        #=> waits
```

```socksh client
send c "hi"
```

```socksh main
kill helper; close 5
```

The end.
"""
REAL = pathlib.Path(__file__).resolve().parents[2] / "lessons"
HELD = "Held. Space goes on"
COUNTED = re.compile(r"⏳ (\w+ \d+)( +\d+ s)?")


class Class(terminal.Case):

    def play(self, columns=80, rows=24, words="", environment=None, held=True, lesson=LESSON, steps=STEPS):
        """The lesson, before its first line is typed."""
        screen = self.terminal(columns, rows, environment, started=False)
        path = screen.folder / "en.md"
        path.write_text(lesson)
        screen.start(f"play {words} {path}", prompt=None)
        self.shows(screen, f"step 1 of {steps}")
        if held:
            screen.key("Space")
            self.shows(screen, HELD)
        return screen

    @staticmethod
    def rows(screen):
        return [one.rstrip() for one in screen.tmux("capture-pane", "-p")]

    def shows(self, screen, *patterns):
        """Waits until the screen, without what scrolled away, has a match of each."""
        def all_there():
            text = "\n".join(self.rows(screen))
            return all(re.search(one, text, re.MULTILINE) for one in patterns)
        screen.until(all_there, f"{patterns} show")

    def step_to(self, screen, number):
        """Goes to that step: what stands before it has been run, and its page is held."""
        screen.put(f"g{number}\r")
        self.shows(screen, f"step {number} of", f"{HELD}|A vote")


class Steps(Class):

    def test_keys_go_on(self):
        screen = self.play(70, 22)
        self.assertNotIn("server>", "\n".join(self.rows(screen)))
        screen.key("n")
        self.shows(screen, r"server> s = socket; bind", r"listen\(3, 5\) = 0")
        screen.key("n")
        self.shows(screen, f"step 2 of {STEPS}")
        screen.key("n")
        self.shows(screen, r"accept s", COUNTED.pattern)

    def test_space_goes_on_and_holds(self):
        screen = self.play()
        for _ in range(3):
            screen.key("-")
        screen.key("Space")
        self.shows(screen, "^server> s")
        screen.key("Space")
        self.shows(screen, HELD)
        self.assertNotIn("socket(", "\n".join(self.rows(screen)))  # it was not typed to its end
        screen.key("n")
        self.shows(screen, r"listen\(3, 5\) = 0", HELD)

    def test_goes_on_by_itself_to_a_question_and_no_further(self):
        screen = self.play(held=False)
        for _ in range(5):
            screen.key("+")
        self.shows(screen, "A vote", "What will connect do", "^   b +succeed at once")
        before = self.rows(screen)
        self.assertNotIn("client> c", "\n".join(before))
        screen.key("Space")
        self.shows(screen, r"client> c = socket", "✓ b +succeed at once", "The kernel makes the connection")

    def test_arrows_lead_from_call_to_call(self):
        screen = self.play(120, 50, words="--host")
        self.step_to(screen, STEPS)
        self.shows(screen, r"^server ─+ +calls +client ─+$", r"accept\(3.* <─+ connect ─+ ", r'recv\(5.* <─+ "Michael" 7 ─+ ', r'─ "Hello" 5 ─+> +recv',
                   r'─ ", Michael!" 10 ─+> +recv', r"recv\(5.* <─+ close ─+")
        self.shows(screen, "What you know now")

    def test_what_meets_what_is_told_by_addresses_and_counts(self):
        screen = self.play(120, 90, words="--host", lesson=MEETINGS, steps=7)
        self.step_to(screen, 7)
        rows = [row for row in self.rows(screen) if re.search("[<─]─.*─", row) and "server ─" not in row]
        labels = [re.search(r"<─|─>", row)[0] + re.sub(r"[─<>]", "", re.search(r"<?─.*─>?", row)[0]).strip() for row in rows]
        self.assertEqual(labels, ["<─connect", "─>\"a\" 1", "─>\"bc\" 2", '<─"one" 3', '<─"two" 3', "─>shutdown",
                                  '─>"pair" 4'])

    def test_two_actors_send_through_one_socket(self):
        screen = self.play(120, 40, words="--host", lesson=TWO, steps=6)
        self.step_to(screen, 6)
        self.shows(screen, r'─3─+> +recv\(', r'recv\(.*<─+2─+')

    def test_the_last_page_stays(self):
        screen = self.play()
        self.step_to(screen, STEPS)
        screen.key("n")
        self.shows(screen, "The end. q leaves")
        screen.key("n")
        screen.key("q")
        self.assertEqual(screen.ended(), 0)

    def test_what_does_not_come_out_is_said_and_held(self):
        screen = self.play(held=False, lesson=LESSON.replace("#=> 7", "#=> 8"))
        screen.put("g6\r")
        self.shows(screen, "✗ on the page: 8", HELD)

    def test_pages_that_say_what_is_printed_hold_on_any_screen(self):
        for path in sorted(REAL.glob("*/en.md")):
            page = path.read_text()
            if "\n#| " not in page:
                continue
            with self.subTest(path.parent.name):
                screen = self.terminal(60, 20, {"SOCKSH_LESSONS": str(REAL)}, started=False)
                screen.start(f"play {path.parent.name}", prompt=None)
                self.shows(screen, "step 1 of")
                last = re.search(r"step 1 of (\d+)", "\n".join(self.rows(screen)))[1]
                screen.put(f"g{last}\r")
                self.shows(screen, f"step {last} of")
                self.assertNotIn(HELD, "\n".join(self.rows(screen)))  # which is what a difference does
                screen.close()

    def test_sizes(self):
        for columns, rows in ((70, 22), (80, 24), (100, 30), (200, 50)):
            with self.subTest(columns=columns, rows=rows):
                screen = self.play(columns, rows)
                self.step_to(screen, 7)
                self.shows(screen, r"^server ─+ +(packets|calls) +client ─+$", "<─|─>")
                self.assertEqual(len(self.rows(screen)), rows)
                self.assertTrue(all(terminal.width(one) <= columns for one in self.rows(screen)))

    def test_another_size(self):
        screen = self.play(70, 22)
        self.step_to(screen, 3)
        for columns, rows, pattern in ((120, 30, "space hold"), (50, 15, "too small"), (80, 24, "h keys")):
            screen.resize(columns, rows)
            self.shows(screen, pattern)
        screen.key("n")
        self.shows(screen, "✓ b")

    def test_chinese_and_ascii(self):
        screen = self.play(80, 24, environment={"LANG": "C", "LC_ALL": "C"})
        self.step_to(screen, 3)
        self.shows(screen, r"^server -+ +(packets|calls) +client -+$", r"\[waits\] accept 3")
        chinese = LESSON.replace("A small lesson", "一节小课").replace("What will connect do?", "`connect` 会怎样？")
        screen = self.play(80, 24, lesson=chinese)
        self.step_to(screen, 3)
        self.shows(screen, "^ 一节小课 ", "会怎样？")
        self.assertTrue(all(terminal.width(one) <= 80 for one in self.rows(screen)))


OWN_NETWORK = subprocess.run(["unshare", "-Urn", "true"], capture_output=True, check=False).returncode == 0


@unittest.skipUnless(OWN_NETWORK, "namespaces are not allowed here")
class Packets(Class):
    """In a network of the lesson's own, what passes stands between the columns."""

    @staticmethod
    def arrows(rows):
        """What stands between the columns: each arrow as ">SYN", each text below one as it is, "x" for what does not arrive."""
        begin = next(at for at, row in enumerate(rows) if " packets " in row)
        left, right = re.search(" +packets +", rows[begin]).span()
        found = []
        for row in rows[begin + 1:-1]:
            cells = "".join(one * terminal.width(one) for one in row.ljust(right))[left:right]
            head = re.search("[<>╳]|(?<![a-z\"])x-|-x", cells)
            words = re.sub(r"^[ ─<>╳│]+|[ ─<>╳│]+$", "", cells)
            words = "".join(one for at, one in enumerate(words) if terminal.width(one) == 1 or at % 2 == 0)
            if head or words:
                found.append(("x" if head and head[0] in "╳x--x" else head[0] if head else "") + words)
        return found

    def test_a_dialogue(self):
        wanted = ["<SYN", ">SYN ACK", "<ACK", '<"Michael" 7', ">ACK", ">15", '"Hello, Michael!"', "<ACK", "<FIN ACK", ">ACK"]
        for at in (STEPS, 7):  # at once, or the rest of it step by step
            with self.subTest(at=at):
                screen = self.play(120, 60)
                self.step_to(screen, at)
                while at < STEPS and "The end" not in self.rows(screen)[-1]:
                    screen.key("n")
                    self.shows(screen, f"{HELD}|The end")
                self.assertEqual(self.arrows(self.rows(screen)), wanted)

    def test_sizes(self):
        for columns, rows, words in ((70, 48, ["<7", '"Michael"']), (80, 48, ["<7", '"Michael"']),
                                     (200, 48, ['<"Michael" 7'])):
            with self.subTest(columns=columns):
                screen = self.play(columns, rows)
                self.step_to(screen, STEPS)
                found = self.arrows(self.rows(screen))
                self.assertEqual([one for one in found if one in words], words)
                self.assertEqual([one for one in found if "FIN" in one], ["<FIN ACK"])
                self.assertTrue(all(terminal.width(one) <= columns for one in self.rows(screen)))

    def test_it_grows_as_things_happen(self):
        screen = self.play(70, 22)
        self.step_to(screen, 3)
        self.assertEqual(self.arrows(self.rows(screen)), [])
        screen.key("n")
        self.shows(screen, "<── SYN ── client> c = socket", "─SYN ACK─>", "<── ACK ──")
        self.assertNotRegex("\n".join(self.rows(screen)), "─ connect ─")

    def test_losses_and_runs(self):
        screen = self.play(120, 150, lesson=LOSS, steps=11)
        self.step_to(screen, 11)
        found = self.arrows(self.rows(screen))
        self.assertEqual(found[:11], [">SYN", "<RST ACK", ">SYN", "<SYN ACK", ">ACK", ">UDP 6", '"张三"',
                                      "x5", '"Tracy"', "xUDP 3", '"two"'])
        again = found.index("again \"Tra…")
        self.assertRegex(found[again - 1], "^[x>]5")
        self.assertIn(">5", found[11:])  # the one that arrived, once nothing was lost any more
        self.assertRegex("|".join(found), r">1448\|\"01\S+\|>\d+\|\d+ more\|<ACK")
        self.assertEqual(found[-2:], [">FIN ACK", "<ACK"])

    def test_what_came_before_a_drop_has_arrived(self):
        screen = self.play(120, 60, lesson=DROPS, steps=5)
        self.step_to(screen, 5)
        found = self.arrows(self.rows(screen))
        self.assertEqual(found[:8], ["<SYN", ">SYN ACK", "<ACK", '<"one" 3', ">ACK", '>"hi" 2', "<ACK", 'x"two" 3'])

    def test_what_has_no_packets_is_told_by_calls(self):
        screen = self.play(120, 90, lesson=MEETINGS, steps=7)
        self.step_to(screen, 7)
        found = self.arrows(self.rows(screen))
        self.assertIn('>"pair" 4', found)
        self.assertEqual([one for one in found if "UDP" in one], ['<UDP "one" 3', '<UDP "two" 3'])

    def test_they_lead_to_who_talks(self):
        screen = self.play(120, 40, lesson=HELPED, steps=7)
        self.step_to(screen, 6)
        self.shows(screen, "^client ─+ +packets +helper ─+ +packets +main ─+$", r"^client> c = socket; .* ─ SYN ──>",
                   r'^client> send c "hi" +─+ 2 ─+>$', "<─FIN ACK─ .*main> kill helper")

    def test_a_router_passes_on_or_does_not(self):
        screen = self.play(120, 60, lesson=ROUTED, steps=4)
        self.step_to(screen, 4)
        rows = self.rows(screen)
        heading = next(row for row in rows if "bob ─" in row)
        begin = heading.rindex(" packets ") - 2
        found = [row[begin:heading.rindex("alice")].strip() for row in rows[rows.index(heading) + 1:]]
        self.assertEqual([re.sub("[─ ]+", " ", one).strip() for one in found if one],
                         ["< SYN", "SYN ACK >", "< ACK", "< 3", '"GET"', "ACK >", "╳ UDP 3", '"one"',
                          "ICMP >", "TTL ran out", "< UDP 3", '"two"'])

    def test_what_stays_on_a_computer_and_what_reaches_another(self):
        screen = self.play(70, 90, lesson=NEIGHBOURS, steps=6)
        self.step_to(screen, 6)
        rows = self.rows(screen)
        heading = next(row for row in rows if row.startswith("bob ─"))
        found = [row[heading.index(" packets ") - 1:heading.index("alice")].strip()
                 for row in rows[rows.index(heading) + 1:-1]]
        own, refused = ["─ SYN ──>│", "<─SYN ACK│", "─ ACK ──>│"], ["│<── SYN ─", "│RST ACK─>"]
        self.assertEqual([one for one in found if one], own + refused + refused + ["<── SYN ──", "─RST ACK─>"])

    def test_both_ends_of_one_actor_and_a_picture_across_the_columns(self):
        lesson = ("---\ntitle: Alone\nminutes: 1\n---\n\n# Alone\n\n"
                  "```socksh\ns = socket; bind s 127.0.0.1:9999; listen s; c = socket; connect c 127.0.0.1:9999\n```\n\n"
                  "Now the picture.\n\n```socksh\ndiagram\n```\n\n```socksh other\nprint 1\n```\n")
        screen = self.play(70, 40, lesson=lesson, steps=3)
        self.step_to(screen, 2)
        self.shows(screen, "main> s = socket; .* ─ SYN ──>│$", "<─SYN ACK│$", "─ ACK ──>│$")
        screen.key("n")
        self.shows(screen, "^main ─+ +packets +other ─+$", r"^ *connect ├─ SYN .*─{8,}>│$", r"= 0 ┤ +ESTABLISHED │$")

    def test_ascii(self):
        screen = self.play(80, 60, environment={"LANG": "C", "LC_ALL": "C"})
        self.step_to(screen, STEPS)
        self.shows(screen, "<-- SYN --", "-SYN ACK->", "<-FIN ACK-")
        self.assertTrue("\n".join(self.rows(screen)).isascii())

    def test_where_they_cannot_be_seen(self):
        screen = self.play(80, 24, words="--host", held=False)
        self.shows(screen, "^server ─+ +calls +client ─+$", "^ Packets cannot be seen here: arrows lead from call to call.$")


class Keys(Class):

    def test_taking_over_and_giving_back(self):
        screen = self.play()
        self.step_to(screen, 3)
        for give_back in ("Tab", "C-d", "word"):
            with self.subTest(give_back=give_back):
                screen.key("Tab")
                screen.wait_for_prompt("client> ")
                self.assertIn("You type", screen.text())
                self.assertEqual(screen.enter(f'print "by {give_back}"'), [f"by {give_back}"])
                if give_back == "word":
                    screen.type("play")
                    screen.key("Enter")
                else:
                    screen.key(give_back)
                self.shows(screen, "A vote", f'client> print "by {give_back}"', "step 3 of", r"⏳ accept 3")
        screen.key("n")
        self.shows(screen, "✓ b")

    def test_tab_in_a_statement_that_goes_on_is_no_giving_back(self):
        screen = self.play()
        self.step_to(screen, 3)
        screen.key("Tab")
        screen.wait_for_prompt("client> ")
        screen.type("if true {")
        screen.key("Enter")
        screen.wait_for_prompt("...> ")
        screen.key("Tab")
        screen.type('print "inside" }')
        screen.key("Enter")
        screen.wait_for_prompt("client> ")
        self.shows(screen, "^inside$")

    def test_what_was_done_by_hand_is_on_the_board(self):
        screen = self.play(120, 30)
        self.step_to(screen, 3)
        screen.key("Tab")
        screen.wait_for_prompt("client> ")
        screen.enter("mine = socket; connect mine (getsockname 3)")
        screen.key("Tab")
        self.shows(screen, "<─+ (SYN|connect) ─+ +client> mine = socket|accept.* <─+ connect ─+")

    def test_what_was_half_typed_is_typed_again(self):
        screen = self.play()
        screen.key("-", "-", "-", "Space")
        self.shows(screen, "^server> s")
        screen.key("Tab")
        screen.wait_for_prompt("server> ")
        screen.key("C-d")
        self.shows(screen, "step 1 of", "^server> s")
        screen.key("n")
        self.shows(screen, r"listen\(3, 5\) = 0")
        self.assertEqual(len([row for row in self.rows(screen) if row.startswith("server>")]), 1)

    def test_back_and_again_and_to_a_step(self):
        screen = self.play()
        self.step_to(screen, 5)
        for keys, number in ((["b"], 4), (["r"], 4), (["g", "2", "Enter"], 2), (["g", "6", "Enter"], 6)):
            with self.subTest(keys=keys):
                screen.key(*keys)
                self.shows(screen, f"step {number} of {STEPS}", HELD)
        screen.key("g", "9", "9", "Enter")
        self.step_to(screen, 7)
        # The sockets are fresh ones: their numbers are as at the first time.
        self.shows(screen, r"send\(5")

    def test_ctrl_c_reaches_the_call_that_waits(self):
        screen = self.play()
        screen.key("n", "n", "n")
        self.shows(screen, r"⏳ accept 3")
        screen.key("C-c")
        self.shows(screen, "EINTR")
        self.assertNotRegex("\n".join(self.rows(screen)), "⏳")

    def test_keys_that_were_pressed_while_a_line_takes_its_time(self):
        lesson = ("---\ntitle: Slow\nminutes: 1\n---\n\n# Slow\n\n```socksh\nprint 1\n```\n\nIt takes a while.\n\n"
                  "```socksh\nsleep 3s\n```\n\nTwo.\n\n```socksh\nprint 2\n```\n\nThree.\n\n```socksh\nprint 3\n```\n")
        screen = self.play(80, 24, lesson=lesson, steps=4)
        self.step_to(screen, 2)
        screen.key("n")
        self.shows(screen, "This line is not done yet")
        for _ in range(3):
            screen.key("n")
        self.shows(screen, "step 3 of 4", HELD)
        self.assertNotIn("step 4", "\n".join(self.rows(screen)))

    def test_a_task_that_play_has_made_impossible(self):
        for key in "n", "q":
            with self.subTest(key):
                screen = self.play(120, 30)
                self.step_to(screen, 5)
                screen.key("Tab")
                screen.wait_for_prompt("client> ")
                screen.enter('send c "Tracy"')
                screen.key("Tab")
                self.shows(screen, "step 5 of", HELD)
                screen.key("n")
                self.shows(screen, r'client> send c "Michael"')
                screen.key("n")
                self.shows(screen, "Any key goes on without it")
                screen.key(key)
                if key == "q":
                    self.assertEqual(screen.ended(), 0)
                    continue
                self.shows(screen, "✗ the task is not done, which wants:", r'\(sent c\) == "Michael"$', HELD)
                self.assertNotIn("goes on without it", "\n".join(self.rows(screen)))

    def test_the_list_of_keys(self):
        screen = self.play()
        screen.key("h")
        self.shows(screen, "Ctrl-C +ends the call that waits", "any key +the next line")
        screen.key("n")
        screen.until(lambda: "Ctrl-C" not in "\n".join(self.rows(screen)), "the list is gone")
        self.shows(screen, "step 1 of")

    def test_a_long_page_is_scrolled(self):
        long = LESSON.replace("One waits", "\n\n".join(f"paragraph {i}" for i in range(30)) + "\n\nOne waits")
        screen = self.play(lesson=long)
        self.shows(screen, "paragraph 0$", "lines below")
        for _ in range(20):
            screen.key("PageDown")
        self.shows(screen, "One waits", "lines above")
        screen.key("PageUp")
        self.shows(screen, "lines below")


class Ends(Class):

    def check_terminal(self, screen):
        self.assertTrue(screen.mode()["canonical"])
        self.assertIn(" echo ", screen.mode()["settings"])
        self.assertEqual(screen.tmux("display-message", "-p", "#{alternate_on} #{cursor_flag}"), ["0 1"])

    def test_the_terminal_is_as_before(self):
        screen = self.play()
        self.step_to(screen, 3)
        screen.key("q")
        self.assertEqual(screen.ended(), 0)
        self.check_terminal(screen)
        self.assertNotIn("closing", screen.text())

    def test_after_a_signal(self):
        screen = self.play()
        os.kill(screen.pid, 15)
        self.assertEqual(screen.ended(), 143)
        self.check_terminal(screen)

    def test_quit_while_typing(self):
        screen = self.play()
        screen.key("Tab")
        screen.wait_for_prompt("server> ")
        screen.type("quit")
        screen.key("Enter")
        self.assertEqual(screen.ended(), 0)
        self.check_terminal(screen)

    def test_where_it_cannot_be_shown(self):
        for environment, pattern in (({"TERM": "dumb"}, "wants a terminal that can move"), ({}, "wants a terminal")):
            with self.subTest(environment=environment):
                done = subprocess.run([terminal.SOCKSH, "play", "x.md"], env=os.environ | environment, text=True,
                                      stdin=subprocess.DEVNULL, capture_output=True, check=False)
                self.assertEqual(done.returncode, 2)
                self.assertEqual(done.stderr.count("\n"), 1)
        self.assertIn("wants a terminal that can move", subprocess.run(
            [terminal.SOCKSH, "play"], env=os.environ | {"TERM": "dumb"}, text=True, capture_output=True,
            check=False).stderr)


class Recordings(Class):

    def replay(self, path, columns, rows):
        """What a terminal shows that is sent all that was recorded."""
        head, *events = map(json.loads, path.read_text().splitlines())
        self.assertEqual((head["version"], head["width"], head["height"]), (2, columns, rows))
        self.assertEqual(sorted(one[0] for one in events), [one[0] for one in events])
        self.assertLessEqual({one[1] for one in events}, {"o", "r"})
        text = path.with_name("text")
        text.write_text("".join(data for _, kind, data in events if kind == "o"), encoding="utf-8")
        other = terminal.Terminal(columns, rows)
        self.addCleanup(other.close)
        other.put(f"stty raw -echo; cat {text}; sleep 30")
        other.key("Enter")
        return other

    def test_a_recording_shows_the_same(self):
        screen = self.play(90, 24, words="--record kept.cast")
        path = screen.folder / "kept.cast"
        self.step_to(screen, 4)
        screen.key("Tab")
        screen.wait_for_prompt("server> ")
        screen.enter('print "世界"')
        screen.key("Tab")
        self.shows(screen, "step 4 of", "世界")
        screen.key("b")
        self.shows(screen, "step 3 of", "A vote")
        self.step_to(screen, 6)
        wanted = self.rows(screen)
        # The file is whole at any time: what is there is what was shown.
        screen.until(lambda: "step 6 of" in path.read_text(), "it is written")
        other = self.replay(path, 90, 24)
        other.until(lambda: COUNTED.sub(r"\1", "\n".join(self.rows(other))) == COUNTED.sub(r"\1", "\n".join(wanted)),
                    "both show the same")
        os.kill(screen.pid, 9)
        json.loads(path.read_text().splitlines()[-1])

    def test_another_size_is_kept(self):
        screen = self.play(90, 24, words="--record kept.cast")
        screen.resize(100, 30)
        path = screen.folder / "kept.cast"
        screen.until(lambda: '"r", "100x30"' in path.read_text(), "the size is kept")
        self.shows(screen, "space hold|h keys")
        screen.key("q")
        self.assertEqual(screen.ended(), 0)

    def test_where_nothing_can_be_written(self):
        screen = self.terminal(started=False)
        path = screen.folder / "en.md"
        path.write_text(LESSON)
        screen.start(f"play --record /no/such/folder/x {path}", prompt=None)
        self.assertEqual(screen.ended(), 2)
        self.assertIn("the recording cannot be written", screen.text())


if __name__ == "__main__":
    unittest.main()
