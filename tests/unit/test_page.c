// test_page: what pages of Markdown look like on screens of several widths, and what hostile ones
// cannot do.

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "ui/output.h"
#include "ui/page.h"
#include "ui/screen.h"

static struct session session;

static void set_up(void)
{
    screen_start(stdout, &session, COLOR_NEVER);
}

TestSuite(page, .init = set_up, .timeout = 60);

// The page as a text, to be freed with buffer_finish().
static struct buffer shown(struct str markdown, size_t columns)
{
    struct buffer page = {0};
    page_show(markdown, columns, &page);
    return page;
}

static void expect(const char *markdown, size_t columns, const char *wanted)
{
    struct buffer page = shown(str_from(markdown), columns);
    cr_assert(eq(str, (char *)buffer_text(&page), (char *)wanted), "%s\nat %zu columns", markdown,
              columns);
    buffer_finish(&page);
}

// --- whole pages ---------------------------------------------------------------------------------

static const char english[] =
    "# Who answers the client\n"
    "\n"
    "The server listens now, and does *nothing* else: it has not called `accept`. The client "
    "tries\n"
    "again, with the same socket, and **is** connected.\n"
    "\n"
    "- `bind` gives a socket a name; nobody can come yet, whatever the tutorials write above it\n"
    "- `listen` opens the port\n"
    "  1. the kernel answers\n"
    "  2. `accept` takes out what is there\n"
    "\n"
    "| call | made by | what the kernel does |\n"
    "|:-----|:-------:|---------------------:|\n"
    "| `connect` | client | sends SYN, and waits for the SYN ACK of the other side |\n"
    "| `accept` | server | takes a connection out of the queue |\n"
    "\n"
    "```\n"
    "s = socket AF_INET SOCK_STREAM; bind s 127.0.0.1:9999; listen s 5\n"
    "```\n";

static const char chinese[] =
    "# 谁来回答客户端\n"
    "\n"
    "服务器现在只是在监听：它还没有调用 `accept`。客户端用同一个套接字\n"
    "再试一次，连接**成功**了——“握手”由内核自己完成，\n"
    "`accept` 只是把已经建好的连接从队列里取出来。\n"
    "\n"
    "- `bind` 给套接字起一个名字；不管教程在上面写了什么，这时候谁也连不进来\n"
    "- `listen` 打开端口\n"
    "\n"
    "| 调用 | 由谁调用 | 内核做什么 |\n"
    "|:-----|:--------:|-----------:|\n"
    "| `connect` | 客户端 | 发送 SYN，然后等待对方的 SYN ACK，收到之后再回一个 ACK |\n"
    "| `accept` | 服务器 | 从队列里取出一个连接 |\n";

static const char english_60[] = " Who answers the client\n"
                                 " ======================\n"
                                 " The server listens now, and does nothing else: it has not\n"
                                 " called `accept`. The client tries again, with the same\n"
                                 " socket, and is connected.\n"
                                 "\n"
                                 " • `bind` gives a socket a name; nobody can come yet,\n"
                                 "   whatever the tutorials write above it\n"
                                 " • `listen` opens the port\n"
                                 "   1. the kernel answers\n"
                                 "   2. `accept` takes out what is there\n"
                                 "\n"
                                 " call       made by                    what the kernel does\n"
                                 " ─────────  ───────  ──────────────────────────────────────\n"
                                 " `connect`  client     sends SYN, and waits for the SYN ACK\n"
                                 "                                          of the other side\n"
                                 "\n"
                                 " `accept`   server      takes a connection out of the queue\n"
                                 "\n"
                                 "     s = socket AF_INET SOCK_STREAM; bind s\n"
                                 "   … 127.0.0.1:9999; listen s 5\n";

static const char english_70[] =
    " Who answers the client\n"
    " ======================\n"
    " The server listens now, and does nothing else: it has not called\n"
    " `accept`. The client tries again, with the same socket, and is\n"
    " connected.\n"
    "\n"
    " • `bind` gives a socket a name; nobody can come yet, whatever the\n"
    "   tutorials write above it\n"
    " • `listen` opens the port\n"
    "   1. the kernel answers\n"
    "   2. `accept` takes out what is there\n"
    "\n"
    " call       made by                              what the kernel does\n"
    " ─────────  ───────  ────────────────────────────────────────────────\n"
    " `connect`  client        sends SYN, and waits for the SYN ACK of the\n"
    "                                                           other side\n"
    "\n"
    " `accept`   server                takes a connection out of the queue\n"
    "\n"
    "     s = socket AF_INET SOCK_STREAM; bind s 127.0.0.1:9999; listen s\n"
    "   … 5\n";

static const char english_80[] =
    " Who answers the client\n"
    " ======================\n"
    " The server listens now, and does nothing else: it has not called `accept`.\n"
    " The client tries again, with the same socket, and is connected.\n"
    "\n"
    " • `bind` gives a socket a name; nobody can come yet, whatever the tutorials\n"
    "   write above it\n"
    " • `listen` opens the port\n"
    "   1. the kernel answers\n"
    "   2. `accept` takes out what is there\n"
    "\n"
    " call       made by                                    what the kernel does\n"
    " ─────────  ───────  ──────────────────────────────────────────────────────\n"
    " `connect`  client   sends SYN, and waits for the SYN ACK of the other side\n"
    " `accept`   server                      takes a connection out of the queue\n"
    "\n"
    "     s = socket AF_INET SOCK_STREAM; bind s 127.0.0.1:9999; listen s 5\n";

static const char english_200[] =
    " Who answers the client\n"
    " ======================\n"
    " The server listens now, and does nothing else: it has not called `accept`. The client tries\n"
    " again, with the same socket, and is connected.\n"
    "\n"
    " • `bind` gives a socket a name; nobody can come yet, whatever the tutorials write above it\n"
    " • `listen` opens the port\n"
    "   1. the kernel answers\n"
    "   2. `accept` takes out what is there\n"
    "\n"
    " call       made by                                    what the kernel does\n"
    " ─────────  ───────  ──────────────────────────────────────────────────────\n"
    " `connect`  client   sends SYN, and waits for the SYN ACK of the other side\n"
    " `accept`   server                      takes a connection out of the queue\n"
    "\n"
    "     s = socket AF_INET SOCK_STREAM; bind s 127.0.0.1:9999; listen s 5\n";

static const char chinese_60[] = " 谁来回答客户端\n"
                                 " ==============\n"
                                 " 服务器现在只是在监听：它还没有调用 `accept`。客户端用同一\n"
                                 " 个套接字再试一次，连接成功了——“握手”由内核自己完成，\n"
                                 " `accept` 只是把已经建好的连接从队列里取出来。\n"
                                 "\n"
                                 " • `bind` 给套接字起一个名字；不管教程在上面写了什么，这时\n"
                                 "   候谁也连不进来\n"
                                 " • `listen` 打开端口\n"
                                 "\n"
                                 " 调用       由谁调用                             内核做什么\n"
                                 " ─────────  ────────  ─────────────────────────────────────\n"
                                 " `connect`   客户端    发送 SYN，然后等待对方的 SYN ACK，收\n"
                                 "                                         到之后再回一个 ACK\n"
                                 "\n"
                                 " `accept`    服务器                    从队列里取出一个连接\n";

static const char chinese_70[] =
    " 谁来回答客户端\n"
    " ==============\n"
    " 服务器现在只是在监听：它还没有调用 `accept`。客户端用同一个套接字再\n"
    " 试一次，连接成功了——“握手”由内核自己完成，`accept` 只是把已经建好的\n"
    " 连接从队列里取出来。\n"
    "\n"
    " • `bind` 给套接字起一个名字；不管教程在上面写了什么，这时候谁也连不\n"
    "   进来\n"
    " • `listen` 打开端口\n"
    "\n"
    " 调用       由谁调用                                       内核做什么\n"
    " ─────────  ────────  ───────────────────────────────────────────────\n"
    " `connect`   客户端    发送 SYN，然后等待对方的 SYN ACK，收到之后再回\n"
    "                                                             一个 ACK\n"
    "\n"
    " `accept`    服务器                              从队列里取出一个连接\n";

static const char chinese_80[] =
    " 谁来回答客户端\n"
    " ==============\n"
    " 服务器现在只是在监听：它还没有调用 `accept`。客户端用同一个套接字再试一次，连\n"
    " 接成功了——“握手”由内核自己完成，`accept` 只是把已经建好的连接从队列里取出来。\n"
    "\n"
    " • `bind` 给套接字起一个名字；不管教程在上面写了什么，这时候谁也连不进来\n"
    " • `listen` 打开端口\n"
    "\n"
    " 调用       由谁调用                                              内核做什么\n"
    " ─────────  ────────  ──────────────────────────────────────────────────────\n"
    " `connect`   客户端   发送 SYN，然后等待对方的 SYN ACK，收到之后再回一个 ACK\n"
    " `accept`    服务器                                     从队列里取出一个连接\n";

static const char chinese_200[] =
    " 谁来回答客户端\n"
    " ==============\n"
    " 服务器现在只是在监听：它还没有调用 "
    "`accept`。客户端用同一个套接字再试一次，连接成功了——“握手”由内\n"
    " 核自己完成，`accept` 只是把已经建好的连接从队列里取出来。\n"
    "\n"
    " • `bind` 给套接字起一个名字；不管教程在上面写了什么，这时候谁也连不进来\n"
    " • `listen` 打开端口\n"
    "\n"
    " 调用       由谁调用                                              内核做什么\n"
    " ─────────  ────────  ──────────────────────────────────────────────────────\n"
    " `connect`   客户端   发送 SYN，然后等待对方的 SYN ACK，收到之后再回一个 ACK\n"
    " `accept`    服务器                                     从队列里取出一个连接\n";

Test(page, fits_the_screen)
{
    const struct {
        const char *markdown;
        size_t columns;
        const char *page;
    } rows[] = {
        {english, 60, english_60},   {english, 70, english_70},   {english, 80, english_80},
        {english, 200, english_200}, {chinese, 60, chinese_60},   {chinese, 70, chinese_70},
        {chinese, 80, chinese_80},   {chinese, 200, chinese_200},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        expect(rows[i].markdown, rows[i].columns, rows[i].page);
}

Test(page, shows_each_kind_of_text)
{
    const struct {
        const char *markdown, *page;
    } rows[] = {
        {"", ""},
        {"one  \ntwo\\\nthree\nfour", " one\n two\n three four\n"},
        {"AT&amp;T &lt;b&gt; &#233; &#x4F60; &nosuch; &#0;", " AT&T <b> é 你\n &nosuch; \uFFFD\n"},
        {"a <b>tag</b>\n\n<div>\nblock\n</div>", " a <b>tag</b>\n\n <div> block </div>\n"},
        {"[bind](https://x.org/?a&amp;b \"t\") <https://x.org> <a@x.org> [up](#top)",
         " bind\n (https://x.org/?a&b)\n https://x.org\n a@x.org up\n"},
        {"![a ladder](l.png) ![](l.png)", " a ladder (l.png)\n (l.png)\n"},
        {"one\n\n***\n\ntwo", " one\n\n ────────────────────\n\n two\n"},
        {"one\n# H\ntext\n## L\n* a", " one\n\n H\n =\n text\n\n L\n -\n • a\n"},
        {"> one\n> - two\n>\n> three", " │ one\n\n │ • two\n\n │ three\n"},
        {"9. a\n2. b\n\n   more\n3. c", " 9. a\n\n 10. b\n\n     more\n\n 11. c\n"},
        {"- a\n  - b\n- - c\n-", " • a\n   • b\n • • c\n • \n"},
        {"- a\n  ```\n  x\n  ```\n- b", " • a\n\n       x\n\n • b\n"},
        {"```c\nif\n\n\ty  \n```\nz", "     if\n\n         y\n\n z\n"},
        {"```\n```\nz", " z\n"},
        {"    no code", " no code\n"},
        {"\\*a\\* `*b* ``", " *a* `b ``\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        expect(rows[i].markdown, 22, rows[i].page);
}

// No blank where a line of the source ended within Chinese.
Test(page, joins_lines)
{
    const struct {
        const char *markdown, *page;
    } rows[] = {
        {"内核\n回答", " 内核回答\n"},     {"内核，\nTCP", " 内核，TCP\n"},
        {"用\n`recv`", " 用 `recv`\n"},    {"说\n“好”\n的", " 说“好”的\n"},
        {"so\n“good”", " so “good”\n"},    {"a\n*b*", " a b\n"},
        {"取出——\n握手", " 取出——握手\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        expect(rows[i].markdown, 40, rows[i].page);
}

Test(page, makes_a_list_of_a_table_without_room)
{
    expect(
        "|a|b|c|d|\n|---|---|---|---|\n|abcdefghijkl|abcdefghijkl|abcdefghijkl|one two|\n|x| |y|z|",
        30,
        " a\n   abcdefghijkl\n b\n   abcdefghijkl\n c\n   abcdefghijkl\n d\n   one two\n"
        "\n a\n   x\n c\n   y\n d\n   z\n");
    expect("|a|b|\n|---|---|\n|abcdefghijklmnopqrst|uvw|", 22,
           " a                b\n ───────────────  ───\n abcdefghijklmno  uvw\n pqrst\n");
}

// --- looks ---------------------------------------------------------------------------------------

Test(page, has_looks)
{
    atomic_store(&session.show_colors, true);
    expect("# A *b*\n`c` **d *e*** [f](g)", 40,
           " \033[1mA \033[m\033[1;4mb\033[m\n"
           " \033[36mc\033[m \033[1md \033[m\033[1;4me\033[m f\033[2m (g)\033[m\n");
    expect("> - a", 40, " \033[2m│ \033[m\033[2m• \033[ma\n");
    expect("`one two` x", 6, " \033[36mone two\033[m x\n");
    // A look does not reach over a line's end, into the margin.
    expect("**one two three four five six seven**", 20,
           " \033[1mone two three\033[m\n \033[1mfour five six\033[m\n \033[1mseven\033[m\n");
    atomic_store(&session.projector, true);
    expect("> [f](g)", 40, " │ f (g)\n");
}

Test(page, is_ascii_where_that_is_wanted)
{
    output_use_ascii(true);
    expect("- a – b…\n\n> “q”\n\n---", 20, " * a - b...\n\n | \"q\"\n\n ------------------\n");
    expect("```\nabcdefghijklmnopqrst\n```", 22, "     abcdefghijklmnop\n ... qrst\n");
    expect("|a|\n|---|\n|b|", 20, " a\n -\n b\n");
}

// --- what is hostile -----------------------------------------------------------------------------

// Whole lines of UTF-8 that move no cursor and fit the screen.
static void check_lines(struct str page, size_t columns)
{
    cr_assert(page.size == 0 || str_ends(page, STR("\n")));
    while (page.size > 0) {
        struct str line = str_take_line(&page);
        cr_assert(lt(sz, utf8_width(line), columns), "%.*s", STR_ARG(line));
        for (size_t i = 0, size; i < line.size; i += size) {
            uint32_t point = 0;
            size = utf8_decode(str_slice(line, i, line.size), &point);
            cr_assert(gt(sz, size, 0));
            cr_assert(point >= 0x20 && (point < 0x7F || point > 0x9F));
        }
    }
}

Test(page, lets_no_control_character_through)
{
    expect("a\033[2J \x07 \xC2\x9B"
           "31m \xFF \r\nb &#27;[m &#x9b; c\tc",
           80, " a\\x1b[2J \\x07 \\xc2\\x9b31m \\xff b \\x1b[m \\xc2\\x9b c c\n");
    expect("```\n\033]0;t\007\n```", 80, "     \\x1b]0;t\\x07\n");
    expect("[a](<\033[2J> \"\033\")", 80, " a (\\x1b[2J)\n");
    expect("|\033|\n|---|\n|\033c|", 80, " \\x1b\n ─────\n \\x1bc\n");
}

// Texts put together at random from what Markdown knows.
Test(page, stays_on_the_screen)
{
    static const char *const parts[] = {
        "# ",          "- ",     "1. ",    "> ",   "\n", "\n\n",  "```",   "`",    "*",
        "**",          "[a](b)", "|",      "-",    "\\", "&amp;", "word ", "世界", "“",
        "\t",          "  ",     "\x1b",   "\xFF", "<",  "---",   "x",     "\r",   "    ",
        "|---|---|\n", "!",      "\u0301", "，",   "![", "](",    "~~~",   "=",    "_"};
    srand(7);
    for (int round = 0; round < 4000; round++) {
        struct buffer text = {0};
        for (int i = rand() % 60; i > 0; i--)
            buffer_add_text(&text, parts[(size_t)rand() % (sizeof parts / sizeof *parts)]);
        size_t columns = 20 + (size_t)rand() % 60;
        struct buffer page = shown(buffer_str(&text), columns);
        check_lines(buffer_str(&page), columns);
        buffer_finish(&page);
        buffer_finish(&text);
    }
}

enum { LARGE = 1 << 20 };

// `begin`, then `unit` up to half of a large text, then `again` up to all of it.
static void feed(const char *begin, const char *unit, const char *again)
{
    struct buffer text = {0};
    buffer_add_text(&text, begin);
    while (text.size < LARGE / 2)
        buffer_add_text(&text, unit);
    while (text.size < LARGE)
        buffer_add_text(&text, again);
    struct buffer page = shown(buffer_str(&text), 80);
    check_lines(buffer_str(&page), 80);
    // A margin of half the screen before one octet is the worst that is allowed.
    cr_assert(lt(sz, page.size, 64 * LARGE), "%s%s%s: %zu", begin, unit, again, page.size);
    buffer_finish(&page);
    buffer_finish(&text);
}

Test(page, survives_what_is_made_to_do_harm)
{
    feed("", "- ", "- a\n");
    feed("", "> ", "\n> a");
    feed("", "1. ", "\n\n1. a");
    feed("", "*a **b ", "_c `d ");
    feed("", "[", "](");
    feed("", "word", "世");
    feed("", "\u0301", "a\\\n");
    feed("```\n", "\t", "x\n");
    feed("|a|b|c|d|e|f|g|h|i|j|k|l|m|\n|-|-|-|-|-|-|-|-|-|-|-|---|---|\n", "|\n", "|世|\n");
    feed("|a|b|\n|---|---|\n|", "word ", "word");
}

// A definition of a kilobyte that is used half a million times is cut short, and that is said.
Test(page, bounds_what_little_text_makes)
{
    struct buffer text = {0};
    buffer_add_text(&text, "[a]: ");
    for (int i = 0; i < 1000; i++)
        buffer_add_char(&text, 'x');
    buffer_add_text(&text, "\n\n");
    while (text.size < LARGE)
        buffer_add_text(&text, "[a] ");
    struct buffer page = shown(buffer_str(&text), 80);
    cr_assert(lt(sz, page.size, 8 * LARGE));
    cr_assert(
        str_ends(buffer_str(&page), STR(" (the rest of this page is too much to be shown)\n")));
    buffer_finish(&page);
    buffer_finish(&text);
}
