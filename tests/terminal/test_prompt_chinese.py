"""A prompt that speaks Chinese: what stands in columns does so on the screen, where a Chinese character takes two."""

import re
import socket

import terminal

PROMPT = "main> "
WIDTHS = 60, 80, 200
CHINESE = re.compile("[一-鿿]")


def starts(line):
    """The columns of the terminal at which the cells of a table's row begin: two blanks at least are between cells."""
    return [terminal.width(line[:cell.start()]) for cell in re.finditer(r"(?:(?<=  )|^)\S", line)]


class Chinese(terminal.Case):

    def screens(self):
        """A prompt at each width; every row that it has shown must fit."""
        for columns in WIDTHS:
            screen = self.terminal(columns, environment={"LANG": "zh_CN.UTF-8"})
            screen.enter("trace off")
            yield screen
            self.assertEqual([row for row in screen.look()[0] if terminal.width(row) > columns], [])

    def test_completion(self):
        for screen in self.screens():
            screen.enter("l = socket")
            screen.enter("@a s = socket")
            for typed, last, count in ("getso", "getsock", 2), ("socket AF_IN", "socket AF_INET", 2), ("close ", "close", 2):
                lines = screen.listed(typed, last)
                self.assertEqual(len(lines), count, lines)
                self.assertEqual(len({tuple(starts(line)) for line in lines}), 1, lines)
            self.assertRegex(lines[1], "（a 的 s）$")

    def test_hint(self):
        for screen in self.screens():
            screen.type('print "你好，世界"; recv ')
            screen.until(lambda: screen.painted()[-1] == ("SOCKET SIZE [FLAGS]", "hint"), "the hint is there")
            self.assertEqual(screen.look()[1], terminal.width(PROMPT + 'print "你好，世界"; recv '))
            screen.key("C-u")
            screen.wait_for_prompt(PROMPT)

    def test_tables(self):
        for screen in self.screens():
            screen.enter("l = socket; bind l 127.0.0.1:0; listen l")
            screen.enter("@server accept 3")
            for command, heading in ("handles", "句柄"), ("actors", "角色"):
                first, *rows = screen.enter(command)
                self.assertTrue(first.startswith(heading), first)
                self.assertTrue(rows)
                for row in rows:
                    self.assertLessEqual(set(starts(row)), set(starts(first)), "\n".join([first, row]))

    def test_help(self):
        for screen in self.screens():
            lines = screen.enter("help recv")
            labels = [line for line in lines if re.match("  (返回|等待|C 语言|Python|手册)  ", line)]
            self.assertEqual(len(labels), 5, lines)
            self.assertEqual({starts(line)[1] for line in labels}, {10})
            for command in "help", "help waiting", "help SO_LINGER", "explain EINVAL", "set":
                self.assertRegex("\n".join(screen.enter(command)), CHINESE)

    def test_no_line_begins_with_what_closes(self):
        for screen in self.screens():
            for command in "help recv", "help tcp", "explain backlog":
                for line in screen.enter(command):
                    self.assertNotRegex(line, "^ *[，。：；！？、）”]")

    def test_marks_stand_below_what_they_mean(self):
        for screen in self.screens():
            lines = screen.enter('print "你好，世界"; conect s')
            self.assertEqual(lines[0], "错误: 没有“conect”这个命令")
            column = terminal.width('  print "你好，世界"; ')
            self.assertEqual(lines[1:], ['  print "你好，世界"; conect s', " " * column + "^^^^^^  是不是想写“connect”？"])

    def test_failed_call(self):
        for screen in self.screens():
            lines = "".join(screen.enter('s = socket; send s "x"'))
            self.assertIn("错误: EPIPE: 3 号句柄从未连接过：没有人会读", lines)
            self.assertIn("试试：先 connect s ADDRESS；", lines)

    def test_another_actor(self):
        """What it says stands above the line that is typed, and the line stays."""
        for screen in self.screens():
            screen.enter("l = socket; bind l 127.0.0.1:0; listen l")
            port = int(screen.enter("print (getsockname l)[1]")[0])
            screen.enter('@server { accept 3; send 3 "x" }')
            screen.type('print "你好，世界"')
            socket.create_connection(("127.0.0.1", port)).close()
            screen.shows("server │ 错误: EPIPE: 3 号句柄在监听")
            screen.until(lambda: screen.edited() == PROMPT + 'print "你好，世界"', "the line is as it was")
            screen.key("Enter")
            screen.wait_for_prompt(PROMPT)
            self.assertEqual(screen.lines()[-2:], ["你好，世界", PROMPT.rstrip()])


class WithoutItsLocale(terminal.Case):
    """Most systems lack a locale for Chinese, and containers have none set at all."""

    def test_characters_stay_whole(self):
        for words, environment in (("", {"LANG": "zh_CN.UTF-8"}), ("--lang zh", {"LANG": None}),
                                   ("--lang=zh", {"LANG": "C"}), ("", {"LANG": None, "LC_ALL": "zh_CN"})):
            with self.subTest(words, **environment):
                screen = self.terminal(environment=environment, started=False)
                screen.start(words)
                self.assertEqual(screen.enter('print "你好，世界"'), ["你好，世界"])
                self.assertIn("套接字 API，一次一个调用。", screen.text())
                self.assertEqual(screen.enter("now2"), ["错误: 没有“now2”这个命令，也没有这个变量", "  now2", "  ^^^^  是不是想写“now”？"])

    def test_what_is_typed_where_only_ascii_is_known(self):
        """Readline shows octets as numbers then; the line that runs is the same."""
        screen = self.terminal(environment={"LANG": None})
        screen.enter("trace off")
        screen.put('print "半截的行 half"')
        screen.key("Enter")
        screen.shows("^半截的行 half$")
