"""Actors at the prompt: what waits, what is queued behind it, whose handle is used, and the list of them."""

import socket

import terminal


class Actors(terminal.Case):

    def server(self):
        """A prompt whose actor `server` waits in accept on 3."""
        screen = self.terminal()
        screen.enter("l = socket; bind l 127.0.0.1:0; listen l 5")
        self.assertEqual(screen.enter("@server conn, peer = accept 3"), ["server is left waiting in accept 3"])
        return screen

    def listed(self, screen):
        """The rows of `actors`: {name: (what it does, what it opened)}."""
        heading, *rows = screen.enter("actors")
        at, opened = heading.index("what"), heading.index("opened")
        return {row[:at].strip(): (row[at:opened].strip(), row[opened:].strip()) for row in rows}

    def test_statements_queue_behind_one_that_waits(self):
        screen = self.server()
        for count in 1, 2:
            self.assertEqual(screen.enter(f'@server print "{count}"'),
                             [f"server still waits in accept 3; statements queued behind that: {count}"])
        self.assertRegex(self.listed(screen)["server"][0], r"^waiting in accept 3 for \d+ s, 2 queued$")
        screen.enter("c = socket")
        screen.put("connect c (getsockname l)")
        screen.key("Enter")
        screen.shows(r"^server │ conn, peer = 5, 127\.0\.0\.1:\d+(    .*)?\n(.*\n)*server │ 1\n(.*\n)*server │ 2$")
        screen.wait_for_prompt("main> ")
        self.assertEqual(self.listed(screen)["server"], ("idle", "5"))

    def test_what_it_gives_carries_its_name(self):
        screen = self.terminal()
        for typed, shown in (('@server name = "Bob"', ['server │ name = "Bob"']),
                             ("@server 1 + 1", ["server │ 2"]),
                             ("@server { @other 1 + 2 }", ["other │ 3"]),
                             ("@main 3 + 4", ["7"])):
            with self.subTest(typed):
                self.assertEqual(screen.enter(typed), shown)
        screen.enter("@server", prompt="server> ")
        self.assertEqual(screen.enter("@server name"), ['"Bob"'])
        self.assertEqual(screen.enter("@main 2 * 4"), ["main │ 8"])

    def test_a_note_leaves_room_for_the_name(self):
        screen = self.terminal(80)
        screen.enter("trace off")
        shown = "a TCP socket over IPv4, without an address or a peer yet"
        self.assertEqual(screen.enter("@server s = socket"), [f"server │ s = 3    {shown}"])
        self.assertEqual(screen.enter("@another_server s = socket"),
                         ["another_server │ s = 4", f"another_server │     {shown}"])

    def test_going_to_one_that_waits_says_so(self):
        screen = self.server()
        self.assertEqual(screen.enter("@other", prompt="other> "), [])
        self.assertEqual(screen.enter("@server", prompt="server> "),
                         ["server still waits in accept 3; what you type comes after it"])
        self.assertEqual(screen.enter("@main", prompt="main> "), [])

    def test_list(self):
        screen = self.server()
        screen.enter("def talk { sleep 60m }")
        screen.enter("t = spawn talk")
        listed = self.listed(screen)
        self.assertEqual(listed["main"], ("runs this command", "3"))
        self.assertRegex(listed["talk.1"][0], r"^waiting in sleep for \d+ s$")
        screen.enter("def wrong { fail \"too bad\" }")
        screen.enter("w = spawn wrong")
        screen.until(lambda: self.listed(screen)["wrong.1"][0] == "ended: too bad", "it has ended")
        screen.enter("kill server")
        self.assertEqual(self.listed(screen)["server"], ("ended", ""))
        screen.enter("@server 1 + 1")  # another one of that name
        self.assertEqual(self.listed(screen)["server"], ("idle", ""))

    def test_who_ends_itself_begins_afresh(self):
        screen = self.terminal()
        screen.enter("@server", prompt="server> ")
        screen.enter("s = socket", prompt="server> ")
        self.assertEqual(screen.enter("kill server", prompt="server> "), [])
        self.assertEqual(screen.enter("1 + 1", prompt="server> "), ["2"])
        self.assertEqual(screen.enter("handles", prompt="server> "), ["no sockets are open; make one with: s = socket"])

    def test_what_was_typed_behind_a_wait_ends_with_its_actor(self):
        screen = self.server()
        screen.enter("trace off; k = socket; bind k 127.0.0.1:0; listen k")
        port = int(screen.enter("getsockname k")[0].rsplit(":", 1)[1])
        screen.enter("@other { accept 4; kill server }")
        screen.enter("@server", prompt="server> ")
        screen.put("x = 3")  # the prompt waits for it, and it for accept
        screen.key("Enter")
        screen.until(lambda: screen.text().endswith("server> x = 3"), "it waits")
        with socket.create_connection(("127.0.0.1", port)):
            screen.wait_for_prompt("server> ")
        self.assertEqual(screen.enter("1 + 1", prompt="server> "), ["2"])

    def test_a_handle_of_another_actor(self):
        screen = self.terminal()
        screen.enter("a, b = socketpair")
        said = "3 was opened by main"
        self.assertIn(f"server │ {said}", screen.enter('@server send 3 "x"'))
        self.assertNotIn(f"server │ {said}", screen.enter('@server send 3 "x"'))  # once is enough
        self.assertNotIn(said, "\n".join(screen.enter("recv b 5")))

    def test_handles_are_shown_with_the_variables_that_hold_them(self):
        screen = self.server()
        screen.enter("other = l")
        screen.enter("c = socket")
        screen.enter("connect c (getsockname l)")
        screen.shows(r"^server │ conn, peer = 5")
        rows = [row.split("  ")[0] for row in screen.enter("handles")]
        self.assertEqual(rows, ["handle", "3 l, other", "4 c", "5 conn"])
        screen.enter("c = 1")
        self.assertIn("4", [row.split("  ")[0] for row in screen.enter("handles")])

    def test_a_spawned_actor_that_fails_is_told_at_once(self):
        screen = self.terminal()
        screen.enter('def work { fail "too bad" }')
        screen.put("t = spawn work")
        screen.key("Enter")
        screen.shows(r"^work\.1 │ .*error: too bad$")
        screen.wait_for_prompt("main> ")
        self.assertIn("error: too bad", "\n".join(screen.enter("join t")))  # and can be joined nevertheless
        screen.enter("t = 0")
        self.assertEqual(screen.text().count("work.1 │"), 3)
