"""Errors at the prompt: what they mean in the situation, without the place that stands right above, and what to try."""

import unittest

import terminal


class Errors(terminal.Case):

    def setUp(self):
        self.screen = self.terminal(120, 40)
        self.screen.enter("trace off")

    def check(self, statement, *wanted):
        """Types a statement; each line that is shown is to match."""
        shown = self.screen.enter(statement)
        self.assertEqual(len(shown), len(wanted), shown)
        for line, pattern in zip(shown, wanted):
            self.assertRegex(line, f"^(?:{pattern})$")

    def test_the_place_is_not_repeated(self):
        self.screen.enter("@server l = socket; bind l 127.0.0.1:0; listen l 5")
        self.check("bind (socket) (getsockname 3)",
                   r"error: EADDRINUSE: 127\.0\.0\.1:\d+ is taken by your own 3 \(server's l, LISTEN\)",
                   r"  try: another port, or port 0 and getsockname to see which one the kernel chose; or close 3")
        self.check('@server send l "hello"', "error: EPIPE: 3 listens; it has no peer to send to",
                   "  try: c, peer = accept l, then send on c")

    def test_the_connection_that_was_meant(self):
        self.screen.enter("l = socket; listen l")
        self.screen.enter("c = socket; connect c (getsockname l)")
        self.screen.enter("conn, peer = accept l")
        self.check("recv l 10", "error: ENOTCONN: 3 listens; it has no peer of its own",
                   r"  try: recv on the connection that accept gave: 5 \(conn, ESTABLISHED\)")

    def test_a_reset_by_a_peer_that_gave_up(self):
        self.screen = self.terminal(120, 40, started=False)
        self.screen.start("--sandbox")
        self.screen.enter("trace off")
        self.screen.enter("l = socket; listen l; c = socket; connect c (getsockname l); conn, peer = accept l")
        self.screen.enter("setsockopt c TCP_USER_TIMEOUT 50ms; drop conn")
        self.screen.enter('send c "lost"')
        self.assertIn("error: ETIMEDOUT: ", "\n".join(self.screen.enter("recv c 10")))
        self.screen.enter("undrop conn")
        self.screen.enter('send conn "are you there?"')
        self.check("recv conn 10", r"error: ECONNRESET: your own \d+ \(c\) had given the connection up, as no answer "
                   "came back to it, and tells so with a reset",
                   "  try: close both, connect a new socket; what was not acknowledged is lost")

    def test_the_place_of_one_in_several(self):
        self.check('s = socket; send s "x"', "s = 3 .*",
                   "error: EPIPE: 3 has never been connected: nobody is there to read",
                   '  s = socket; send s "x"', r"  +\^{10}", "  try: connect s ADDRESS first; .*")
        self.screen.enter('def f s { send s "x" }')
        self.check("f s", "error: EPIPE: 3 has never been .*",
                   r'  def f s \{ send s "x" \}', r"  +\^{10}", "  try: .*")

    def test_the_place_in_a_line_that_is_too_wide(self):
        narrow = "; ".join(["x = 1"] * 18)
        wide = 'print "' + "你好，世界。" * 9 + '"'
        for columns in 60, 80:
            screen = self.terminal(columns, 40)
            for before in narrow, wide:
                for statement, place in (f"{before}; s = 1 / 0; x = 2", "1 / 0"), (f"{before}; print unknown_name", "unkno"):
                    with self.subTest(statement, columns=columns):
                        screen.enter("clear")
                        shown = screen.enter(statement)
                        at = next(i for i, line in enumerate(shown) if "^" in line)
                        self.assertRegex(shown[at], "^ +\\^+")
                        line = shown[at - 1]
                        self.assertLess(terminal.width(line), columns)
                        self.assertTrue(line.startswith("  … ") or before == wide, line)
                        self.assertEqual(terminal.width(line[:line.index(place)]), shown[at].index("^"), shown)
                        self.assertRegex(shown[at - 2], "^error: ")

    def test_the_place_behind_a_speaker(self):
        screen = self.terminal(60, 40)
        statement = "@server " + "; ".join(["x = 1"] * 12) + "; s = 1 / 0"
        shown = screen.enter(statement)
        at = next(i for i, line in enumerate(shown) if "^" in line)
        self.assertEqual(shown[at - 1].index("1 / 0"), shown[at].index("^"), shown)
        self.assertLess(len(shown[at - 1]), 60)

    def test_an_error_without_a_situation_keeps_its_place(self):
        self.check("1 / 0", "error: division by zero", "  1 / 0", r"  \^+")

    def test_explain_goes_on_from_any_actors_last_error(self):
        self.screen.enter("@server s = socket")
        self.screen.enter("@server recv s 10")
        shown = self.screen.enter("explain")
        self.assertEqual(shown[:4], ["ENOTCONN: 3 has never been connected",
                                     "try: connect s ADDRESS first; in a server, the handle that accept gives", "",
                                     "ENOTCONN: no peer"])
        self.assertIn("In a program: ", "\n".join(shown))

    def test_a_call_that_was_left_waiting(self):
        self.screen.enter("@server l = socket; listen l")
        self.screen.enter("@server accept l")
        self.screen.enter("interrupt server")
        self.screen.shows(r"^server . error: EINTR: the wait was ended from outside; .*\n"
                          r"server .   @server accept l\n"
                          r"server . +\^+\n"
                          r"server .   try: accept again, when it is still wanted$")


if __name__ == "__main__":
    unittest.main()
