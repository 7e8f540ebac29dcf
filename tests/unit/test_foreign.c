// test_foreign: lines of other languages, and signs of other keyboards, as they are written here.

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>

#include "commands/table.h"
#include "lang/foreign.h"

static const char *translated(const char *line)
{
    static char kept[400];
    struct buffer to = {0};
    commands_install();
    bool good = foreign_translate(str_from(line), &to);
    snprintf(kept, sizeof kept, "%s", good ? buffer_text(&to) : "-");
    buffer_finish(&to);
    return kept;
}

static const char *mended(const char *line)
{
    static char kept[400];
    struct buffer to = {0};
    bool good = foreign_mend_signs(str_from(line), &to);
    snprintf(kept, sizeof kept, "%s", good ? buffer_text(&to) : "-");
    buffer_finish(&to);
    return kept;
}

Test(foreign, translates)
{
    static const char *const rows[][2] = {
        {"s.connect((host, port))", "connect s \"{host}:{port}\""},
        {"s.connect(('localhost', port))", "connect s \"localhost:{port}\""},
        {"s.bind(('', 80))", "bind s *:80"},
        {"x = f'{y} and {z}'", "x = \"{y} and {z}\""},
        {"s.send('{name}')", "send s \"\\{name}\""},
        {"s.send('say \"hi\" it\\'s')", "send s \"say \\\"hi\\\" it's\""},
        {"x = '%s is %d' % (a, b)", "x = \"{a} is {b}\""},
        {"n = write(fd, buf, len);", "n = send fd buf"},
        {"sendto(fd, buf, n, 0, (struct sockaddr *)&to, sizeof to);", "sendto fd buf HOST:PORT"},
        {"if (listen(fd, 5) == -1) exit(1);", "listen fd 5"},
        {"while len(d) > 0:", "while (len d) > 0 {"},
        {"d = s.recv(1024, socket.MSG_PEEK)", "d = recv s 1024 MSG_PEEK"},
        {"s.bind(('::1', 80))", "bind s [::1]:80"},
        {"s.settimeout(2.0)", "settimeout s 2s"},
        {"s.settimeout(0.5)", "settimeout s 500ms"},
        {"s.settimeout(None)", "settimeout s 0s"},
        {"time.sleep(1.25)", "sleep 1250ms"},
        {"poll(fds, 2, 1000);", "poll fds 1s"},
        {"port = s.getsockname()[1]", "port = (getsockname s)[1]"},
        {"print(data[:4])", "print (slice data 0 4)"},
        {"x = s.recv(9)[2:]", "x = slice (recv s 9) 2"},
        {"print(repr(data))", "print \"{data}\""},
        {"s.send(str(len(d)).encode())", "send s \"{len d}\""},
        {"s.send(bytes(d, 'utf-8'))", "send s d"},
        {"s.send(str(42).encode())", "send s \"42\""},
        {"setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof tv);", "setsockopt s SO_RCVTIMEO 1s"},
        {"s.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 5)",
         "setsockopt s TCP_KEEPIDLE 5s"},
        {"let x = 3", "x = 3"},
        {"SOCKET s = socket(AF_INET, SOCK_STREAM, 0);", "s = socket AF_INET SOCK_STREAM"},
        {"closesocket(s);", "close s"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cr_assert_str_eq(translated(rows[i][0]), rows[i][1]);
}

Test(foreign, leaves_alone_what_it_does_not_know)
{
    static const char *const rows[] = {
        "connect s localhost:80",
        "x = 1",
        "f(",
        "s.nosuch(1)",
        "x = 'a",
        "int none",
        "print x",
        "'%s %s' % (a, 'b')",
        "s.send(1, 2, 3, 4, 5, 6, 7, 8, 9)",
        "while x",
        "",
        "(((((",
        "[",
        "'%s%s%s' % (a, b)",
        "x = (1, 2)",
        "struct.pack('!H', 80)",
        "p = select.poll()",
        "x[",
        "x[:",
        "x[1:2:3]",
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cr_assert_str_eq(translated(rows[i]), "-", "%s", rows[i]);
}

Test(foreign, is_not_lost_in_brackets)
{
    struct buffer line = {0};
    for (size_t i = 0; i < 100000; i++)
        buffer_add_text(&line, i % 2 ? "f(args=(" : "if x: ");
    cr_assert_str_eq(translated(buffer_text(&line)), "-");
    buffer_finish(&line);
}

Test(foreign, mends_signs_outside_strings)
{
    static const char *const rows[][2] = {
        {"bind s 127.0.0.1：80", "bind s 127.0.0.1:80"},
        {"send s “你好，世界”", "send s \"你好，世界\""},
        {"print \"：“”\"", "-"},
        {"print \"：\"；x", "print \"：\";x"},
        {"print '“' “a”", "print '“' \"a\""},
        {"ｘ＝１", "x=1"},
        {"【１，２】～！", "[1,2]~!"},
        {"x　=　1", "x = 1"},
        {"print \"\\\"：\" ：", "print \"\\\"：\" :"},
        {"größe", "-"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cr_assert_str_eq(mended(rows[i][0]), rows[i][1]);
}
