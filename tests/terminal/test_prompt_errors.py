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

    def test_the_place_of_one_in_several(self):
        self.check('s = socket; send s "x"', "s = 3 .*",
                   "error: EPIPE: 3 has never been connected: nobody is there to read",
                   '  s = socket; send s "x"', r"  +\^{10}", "  try: connect s ADDRESS first; .*")
        self.screen.enter('def f s { send s "x" }')
        self.check("f s", "error: EPIPE: 3 has never been .*",
                   r'  def f s \{ send s "x" \}', r"  +\^{10}", "  try: .*")

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
