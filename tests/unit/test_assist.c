// test_assist: what the prompt knows of lines being typed: a table each of looks, hints and
// candidates, in a session with real sockets.

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "actor/actor.h"
#include "actor/variables.h"
#include "base/memory.h"
#include "commands/table.h"
#include "net/hosts.h"
#include "net/kernel.h"
#include "ui/assist.h"

static struct session session;
static struct actor *main_actor;
static char folder[] = "/tmp/assist-XXXXXX";

static void drop(struct sink *sink, enum stream stream, const struct actor *actor, struct str text)
{
    (void)sink, (void)stream, (void)actor, (void)text;
}

static struct sink sink = {drop};

// Runs a text as main and notes its variables, as a prompt does.
static void run(const char *text)
{
    struct reading reading =
        program_read(&session.world, STR(""), str_from(text), STR("main"), NULL);
    cr_assert(ne(ptr, reading.program, NULL), "%s: %s", text, reading.diag.message);
    cr_assert(actor_run(main_actor, reading.program, false), "%s", text);
    variables_note(main_actor);
}

static void set_up(void)
{
    wait_start();
    commands_install();
    session_init(&session, &sink);
    main_actor = actor_new_main(&session);
    cr_assert(ne(ptr, mkdtemp(folder), NULL));
    cr_assert(eq(int, chdir(folder), 0));
    cr_assert(eq(int, mkdir("pages", 0700), 0));
    fclose(fopen("pages/index.html", "w"));
    fclose(fopen("page.html", "w"));
    fclose(fopen("odd\nname", "w"));
    fclose(fopen(".hidden", "w"));
}

static void tear_down(void)
{
    remove("pages/index.html");
    rmdir("pages");
    remove("page.html");
    remove("odd\nname");
    remove(".hidden");
    rmdir(folder);
    hosts_clear();
    session_finish(&session);
    kernel_finish();
    handles_finish();
}

TestSuite(assist, .init = set_up, .fini = tear_down, .timeout = 60);

// A listener l, a connection c and conn, a fresh tcp socket u, a udp socket g, one that was closed.
static void open_sockets(void)
{
    run("u = socket; l = socket; bind l 127.0.0.1:0; listen l 5");
    run("c = socket; connect c (getsockname l); conn, peer = accept l");
    run("g = socket AF_INET SOCK_DGRAM; old = socket; bind old 127.0.0.1:0; close old");
    run("data = \"x\"; n = 5; t = 1s; flag = true; items = [1]; here = getsockname l");
    run("def greet name times { print name }; @server { w = socket; bind w 127.0.0.1:0 }");
    struct actor *server = actor_find(&session, STR("server"));
    variables_note(server);
    actor_release(server);
}

// --- texts with the addresses and numbers of this run --------------------------------------------

struct search {
    struct str name;
    struct handle *handle;
};

static void find_handle(const struct actor *actor, const struct variable *variable, void *context)
{
    struct search *search = context;
    (void)actor;
    if (str_equal(variable->name, search->name))
        search->handle = variable->handle;
}

// <l> is where the socket in l is, <l#> its number.
static void show_marked(struct str mark, struct buffer *to)
{
    bool number = str_ends(mark, STR("#"));
    struct search search = {.name = str_slice(mark, 0, mark.size - number)};
    variables_each(&session, STR(""), find_handle, &search);
    cr_assert(ne(ptr, search.handle, NULL), "%.*s", STR_ARG(mark));
    if (number)
        buffer_print(to, "%d", search.handle->fd);
    else if (!handle_is_dead(search.handle))
        kernel_remember(search.handle);
    if (!number)
        address_show(search.handle->local, to);
}

// The text with its marks filled in; ^ is the cursor, at the end where there is none. To be freed.
static char *filled(const char *text, size_t *cursor)
{
    struct buffer filled = {0};
    *cursor = SIZE_MAX;
    for (const char *c = text; *c; c++) {
        const char *end = *c == '<' ? strchr(c, '>') : NULL;
        if (end != NULL && end > c + 1 && end[-1] != ' ') {
            show_marked((struct str){c + 1, (size_t)(end - c - 1)}, &filled);
            c = end;
        } else if (*c == '^') {
            *cursor = filled.size;
        } else {
            buffer_add_char(&filled, *c);
        }
    }
    if (*cursor == SIZE_MAX)
        *cursor = filled.size;
    char *copy = mem_copy(buffer_str(&filled));
    buffer_finish(&filled);
    return copy;
}

static struct assist by_main(const char *before)
{
    return (struct assist){.session = &session, .actor = STR("main"), .before = str_from(before)};
}

// --- looks ---------------------------------------------------------------------------------------

// By enum look.
static const char letters[] = " CWVHKNSA@#!";

static const struct {
    const char *line, *looks; // one letter an octet of the line
} looks[] = {
    {"", ""},
    {"   ", "   "},
    {"socket", "CCCCCC"},
    {"s = socket AF_INET SOCK_STREAM", "V   CCCCCC KKKKKKK KKKKKKKKKKK"},
    {"send c \"hi\" MSG_PEEK|MSG_OOB", "CCCC H SSSS KKKKKKKKKKKKKKKK"},
    {"recv c 1024", "CCCC H NNNN"},
    {"send c data", "CCCC H VVVV"},
    {"sleep 10ms", "CCCCC NNNN"},
    {"bind u 127.0.0.1:9999", "CCCC H AAAAAAAAAAAAAA"},
    {"close <l#>", "CCCCC H"},
    {"close 99999", "CCCCC NNNNN"},
    {"print <l#>", "CCCCC N"},
    {"a, b = accept l", "V  V   CCCCCC H"},
    {"if n > 3 { print n } else { break }", "WW V   N   CCCCC V   WWWW   !!!!!  "},
    {"for i in items { print i }", "WWW V WW VVVVV   CCCCC V  "},
    {"for i in range 5 { print i }", "WWW V WW CCCCC N   CCCCC V  "},
    {"while d = recv c 9 { print d }", "WWWWW V   CCCC H N   CCCCC V  "},
    {"def f x { return x }", "WWW C V   WWWWWW V  "},
    {"def f x { return x }; f 1", "WWW C V   WWWWWW V    C N"},
    {"try { fail 1 } catch e { print e }", "WWW   CCCC N   WWWWW V   CCCCC V  "},
    {"greet \"a\" 2", "CCCCC SSS N"},
    {"spawn greet 1 2", "WWWWW CCCCC N N"},
    {"print true none", "CCCCC WWWW WWWW"},
    {"print (len data)", "CCCCC  CCC VVVV "},
    {"connect (socket) <l>", NULL},
    {"print items[0] [1, n]", "CCCCC VVVVV N   N  V "},
    {"x = 1 # one", "V   N #####"},
    {"# all of it", "###########"},
    {"print '#' # no", "CCCCC SSS ####"},
    {"@server print 1", "@@@@@@@ CCCCC N"},
    {"@server print w", "@@@@@@@ CCCCC H"},
    {"@server^", "@@@@@@@"},
    {"@new^", "@@@@"},
    {"join greet.1", "CCCC @@@@@@@"},
    {"kill server", "CCCC @@@@@@"},
    {"trace python", "CCCCC KKKKKK"},
    {"help recv", "CCCC CCCC"},
    {"help while", "CCCC WWWWW"},
    {"explain EPIPE", "CCCCCCC KKKKK"},
    {"hosts web 127.0.0.1:80", "CCCCC SSS SSSSSSSSSSSS"},
    {"?recv", " CCCC"},
    {"recv ?", "CCCC  "},
    {"!ls -l", "      "},
    {"fg", "CC"},
    // mistakes, and what is none yet
    {"conect^", "      "},
    {"conect ^", "       "}, // may become: conect = 5
    {"conect u^", "!!!!!! H"},
    {"conec^t u", "       H"},
    {"conect u 127.0.0.1:80^", "!!!!!! H AAAAAAAAAAAA"},
    {"send c dta^", "CCCC H    "},
    {"send c dta ^", "CCCC H !!! "},
    {"send c (len dta) ^", "CCCC H  CCC !!!  "},
    {"send c (len dta ^", "CCCC H  CCC !!! "},
    {"loop { send c dta ; ^", "WWWW   CCCC H !!!   "},
    {"socket AF_INTE^", "CCCCCC        "},
    {"socket AF_INTE ^", "CCCCCC !!!!!!! "},
    {"send c", "CCCC H"},
    {"send ^", "CCCC "},
    {"send c; close c", "!!!! H  CCCCC H"},
    {"send c 5^", "CCCC H N"},
    {"send c 5 ^", "CCCC H ! "},
    {"setsockopt c SO_LINGER 5 ^", "CCCCCCCCCC H KKKKKKKKK ! "},
    {"setsockopt c SO_LINGER 5s ^", "CCCCCCCCCC H KKKKKKKKK NN "},
    {"listen l 5 6 ^", "CCCCCC H N ! "},
    {"listen l 5 6^", "CCCCCC H N N"},
    {"bind u 127.0.0.1^", "CCCC H          "},
    {"bind u 127.0.0.1 ^", "CCCC H !!!!!!!!! "},
    {"print \"open", "CCCCC SSSSS"},
    {"print (1 +", "CCCCC  N  "},
    {"x = ", "V   "},
    {"def f {", "WWW C  "},
    {"print “a” ", "CCCCC !!! !!! "},
    {"print 5x 1", "CCCCC !! N"},
    {"print 1) ", "CCCCC N! "},
    {"source lib.socksh; helper 1", "CCCCCC SSSSSSSSSS         N"},
    {"@server print n ", "@@@@@@@ CCCCC ! "},
    {"break ", "!!!!! "},
};

// The looks of a line, one letter an octet. To be freed.
static char *painted(const struct assist *assist, struct str line, size_t cursor)
{
    struct spans spans;
    struct buffer shown = {0};
    size_t end = 0;
    assist_paint(assist, line, cursor, &spans);
    for (size_t i = 0; i < spans.count; i++) {
        cr_assert(eq(sz, spans.items[i].start, end));
        cr_assert(lt(sz, end, spans.items[i].end));
        for (end = spans.items[i].start; end < spans.items[i].end; end++)
            buffer_add_char(&shown, letters[spans.items[i].look]);
    }
    cr_assert(eq(sz, end, line.size));
    spans_finish(&spans);
    char *copy = mem_copy(buffer_str(&shown));
    buffer_finish(&shown);
    return copy;
}

Test(assist, paints_each_part_by_what_it_is)
{
    open_sockets();
    struct assist assist = by_main("");
    for (size_t i = 0; i < sizeof looks / sizeof *looks; i++) {
        size_t cursor;
        char *line = filled(looks[i].line, &cursor);
        char *shown = painted(&assist, str_from(line), cursor);
        if (looks[i].looks != NULL && strstr(looks[i].line, "#>"))
            shown[strlen(looks[i].looks)] = '\0'; // a number may have several digits
        if (looks[i].looks != NULL)
            cr_expect(eq(str, shown, (char *)(uintptr_t)looks[i].looks), "%s", looks[i].line);
        else // nothing of it is a mistake
            cr_expect(eq(ptr, strchr(shown, '!'), NULL), "%s: %s", line, shown);
        free(shown);
        free(line);
    }
}

Test(assist, paints_a_line_by_those_before_it)
{
    open_sockets();
    static const struct {
        const char *before, *line, *looks;
    } rows[] = {
        {"def f x {\n", "print x; f 2", "CCCCC V  C N"},
        {"print \"a\n", "b\" n", "SS V"},
        {"while true {\n", "send c dta ", "CCCC H !!! "},
        {"while true {\n", "}", " "},
        {"conect u\n", "print 1", "CCCCC N"},
        {"@server {\n", "print w", "CCCCC H"},
        {"if true {\n", "?x", "! "},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct assist assist = by_main(rows[i].before);
        struct str line = str_from(rows[i].line);
        char *shown = painted(&assist, line, line.size);
        cr_expect(eq(str, shown, (char *)(uintptr_t)rows[i].looks), "%s", rows[i].line);
        free(shown);
    }
}

// --- hints ---------------------------------------------------------------------------------------

static const struct {
    const char *line, *hint;
} hints[] = {
    {"", ""},
    {"send", " SOCKET DATA [FLAGS]"},
    {"send ", "SOCKET DATA [FLAGS]"},
    {"send c", " DATA [FLAGS]"},
    {"send c \"x\"", " [FLAGS]"},
    {"send c \"x\" ", "[FLAGS]"},
    {"send c \"x\" MSG_PEEK", ""},
    {"send c \"x\" MSG_PEEK|", ""},
    {"send c \"x", ""},
    {"bind u", " ADDRESS"},
    {"bind u 127.0.0.1:80", ""},
    {"socket", " [FAMILY] [TYPE] [PROTOCOL]"},
    {"socket AF_INET", " [TYPE] [PROTOCOL]"},
    {"x = socket AF_INET ", "[TYPE] [PROTOCOL]"},
    {"conn", ""}, // a variable
    {"connec", "t SOCKET ADDRESS"},
    {"listn", ""},
    {"liste", "n SOCKET [BACKLOG]"},
    {"li", "sten SOCKET [BACKLOG]"},
    {"l", ""},
    {"se", ""},
    {"gree", "t NAME TIMES"},
    {"greet \"a\"", " TIMES"},
    {"spawn greet", " NAME TIMES"},
    {"whil", "e"},
    {"connect (socket", " [FAMILY] [TYPE] [PROTOCOL]"},
    {"connect (socket)", " ADDRESS"},
    {"connect (socket) ", "ADDRESS"},
    {"connect (socket) 1.2.3.4:5", ""},
    {"print (recv c", " SIZE [FLAGS]"},
    {"print (x", ""},
    {"if true { send c", " DATA [FLAGS]"},
    {"if true { send c data }", ""},
    {"x = 1; recv c", " SIZE [FLAGS]"},
    {"@server send", " SOCKET DATA [FLAGS]"},
    {"setsockopt c", " OPTION VALUE"},
    {"setsockopt c SO_REUSEADDR", " 0 or 1, false or true"},
    {"setsockopt c SO_LINGER ", "a duration of whole seconds, or none for off"},
    {"setsockopt c IP_MTU_DISCOVER", " a constant (IP_PMTUDISC_…)"},
    {"setsockopt c opt", " VALUE"},
    {"setsockopt c SO_REUSEADDR 1", ""},
    {"print", " [VALUE …]"},
    {"bind # u", ""},
    {"recv ?", ""},
    {"!ls", ""},
    {"x + ", ""},
    {"nosuch a b", ""},
};

// What is hinted behind a line is this.
static void expect_hint(const char *before, const char *line, const char *wanted)
{
    struct assist assist = by_main(before);
    struct buffer hint = {0};
    assist_hint(&assist, str_from(line), &hint);
    cr_expect(eq(str, (char *)(uintptr_t)buffer_text(&hint), (char *)(uintptr_t)wanted), "%s",
              line);
    buffer_finish(&hint);
}

Test(assist, hints_what_is_still_to_come)
{
    open_sockets();
    for (size_t i = 0; i < sizeof hints / sizeof *hints; i++)
        expect_hint("", hints[i].line, hints[i].hint);
    expect_hint("connect (socket\n", "AF_INET) ", "ADDRESS");
}

// --- candidates ----------------------------------------------------------------------------------

static const struct {
    const char *line;
    const char *candidates; // in order with blanks between; … stands for any more
} completions[] = {
    {"conne", "connect"},
    {"con", "concat connect continue conn"},
    {"sl", "sleep slice"},
    {"gr", "greet"},
    {"wh", "while"},
    {"x = soc", "socket socketpair"},
    {"x = clo", ""}, // close gives no value
    {"x = sp", "split spawn"},
    {"print (acc", "accept"},
    {"accept ", "l u c conn g <w#> old"},
    {"connect ", "u g <w#> l …"},
    {"bind ", "u g l c conn …"},
    {"send ", "c conn u l g …"},
    {"recv c", "c conn"},
    {"shutdown ", "c conn …"},
    {"listen ", "u g …"},
    {"close ", "u l c conn g <w#> old"},
    {"close <l#>", "<l#>…"},
    {"accept (", "greet accept …"},
    {"@server close ", "w <u#> …"},
    {"socket ", "AF_INET …"},
    {"socket AF_INET ", "SOCK_STREAM …"},
    {"socket AF_INET SOCK_D", "SOCK_DGRAM SOCK_DCCP"},
    {"socket af_inet", "AF_INET AF_INET6"},
    {"shutdown c ", "SHUT_WR SHUT_RD SHUT_RDWR n"},
    {"send c data MSG_D", "MSG_DONTROUTE MSG_DONTWAIT"},
    {"recv c 10 MSG_", "MSG_OOB MSG_PEEK MSG_TRUNC MSG_DONTWAIT MSG_WAITALL MSG_ERRQUEUE"},
    {"capture ", "off page.html pages/"},
    {"recv c 10 MSG_PEEK|MSG_P", ""},
    {"setsockopt c SO_REUSEP", "SO_REUSEPORT"},
    {"setsockopt c SO_ERR", ""}, // read only
    {"getsockopt c SO_ERR", "SO_ERROR"},
    {"getsockopt c SO_RCVBUFF", ""}, // set only
    {"setsockopt c ", "SO_BINDTODEVICE …"},
    {"setsockopt c so_reusep", "SO_REUSEPORT"},
    {"setsockopt c SO_REUSEADDR ", "1 0 true false n flag"},
    {"setsockopt c SO_LINGER ", "none t"},
    {"setsockopt c IP_MTU_DISCOVER IP_PMTUDISC_DO", "IP_PMTUDISC_DONT IP_PMTUDISC_DO"},
    {"setblocking c ", "true false flag"},
    {"sleep ", "t"},
    {"send c ", "data"},
    {"append ", "args data items"},
    {"connect u ", "<l> peer here <c> <w> <old> web:80 localhost: data"},
    {"connect u lo", "localhost:"},
    {"connect u w", "web:80"},
    {"connect u <old>", "<old>"},
    {"load \"pa", "\"page.html\" \"pages/"},
    {"load \"pages/", "\"pages/index.html\""},
    {"load 'page.", "'page.html'"},
    {"load ", "data \"page.html\" \"pages/"},
    {"load \".h", "\".hidden\""},
    {"load \"od", ""},
    {"source pag", "page.html pages/"},
    {"source pages/in", "pages/index.html"},
    {"@", "server"},
    {"@ser", "server"},
    {"@server pri", "print"},
    {"join ", "server"},
    {"kill se", "server"},
    {"kill main", ""},
    {"trace ", "off call c python"},
    {"trace py", "python"},
    {"pack u", "u8 u16 u32 u64"},
    {"network d", "delay down"},
    {"set va", "values"},
    {"set values ", "off on"},
    {"help rec", "received recv recvfrom"},
    {"help @so", "@sockets"},
    {"help SO_REUSEA", "SO_REUSEADDR"},
    {"help whi", "while"},
    {"help wai", "waiting"},
    {"?recvf", "recvfrom"},
    {"explain EADDRI", "EADDRINUSE"},
    {"explain empty", "empty-recv"},
    {"explain ", "E2BIG …"},
    {"print \"Hello, {da", "data"},
    {"print \"{len da", "data"},
    {"print \"Hello, {data}", ""},
    {"print \"Hello", ""},
    {"x = n a", "and"},
    {"if n > 3 { } e", "else"},
    {"spawn ", "greet"},
    {"print 1 # se", ""},
    {"def x", ""},
    {"!ls", ""},
    {"close c^ose", "c conn"},
};

// Whether the candidates are these, in this order.
static void expect_candidates(const char *line, const struct candidates *found, const char *wanted)
{
    struct buffer shown = {0};
    size_t ignored;
    char *all = filled(wanted, &ignored), *more = strstr(all, "…");
    for (size_t i = 0; i < found->count; i++)
        buffer_print(&shown, "%s%.*s", i ? " " : "", STR_ARG(found->items[i].text));
    if (more != NULL) {
        *more = '\0';
        cr_expect(str_starts(buffer_str(&shown), str_from(all)), "%s: %s", line,
                  buffer_text(&shown));
    } else {
        cr_expect(eq(str, (char *)(uintptr_t)buffer_text(&shown), all), "%s", line);
    }
    buffer_finish(&shown);
    free(all);
}

Test(assist, completes_by_what_is_wanted)
{
    open_sockets();
    hosts_set(STR("web"), STR("80"), STR("127.0.0.1"), STR(""));
    struct assist assist = by_main("");
    for (size_t i = 0; i < sizeof completions / sizeof *completions; i++) {
        struct candidates found;
        size_t cursor;
        char *line = filled(completions[i].line, &cursor);
        assist_complete(&assist, str_from(line), cursor, &found);
        cr_assert(le(sz, found.start, cursor));
        expect_candidates(line, &found, completions[i].candidates);
        candidates_finish(&found);
        free(line);
    }
}

// What the first candidate of a line is said to be.
static void expect_about(const char *line, size_t start, const char *about)
{
    struct assist assist = by_main("");
    struct candidates found;
    size_t cursor;
    char *text = filled(line, &cursor), *wanted = filled(about, &(size_t){0});
    assist_complete(&assist, str_from(text), cursor, &found);
    cr_assert(lt(sz, 0, found.count), "%s", line);
    char *shown = mem_copy(found.items[0].about);
    cr_expect(eq(str, shown, wanted), "%s", line);
    cr_expect(eq(sz, found.start, start), "%s", line);
    candidates_finish(&found);
    free(shown);
    free(wanted);
    free(text);
}

Test(assist, says_what_a_candidate_is)
{
    open_sockets();
    expect_about("accept ", 7, "tcp <l> LISTEN");
    expect_about("send ", 5, "tcp <c> -> <l> ESTABLISHED");
    expect_about("bind ", 5, "tcp CLOSED");
    expect_about("close g", 6, "udp UNCONNECTED");
    expect_about("close old", 6, "tcp <old> CLOSED (closed)");
    expect_about("@server close ", 14, "tcp <w> CLOSED");
    expect_about("close <w#>", 6, "tcp <w> CLOSED (server's w)");
    expect_about("x = soc", 4, "make a socket: an endpoint, not yet connected");
}

Test(assist, says_when_the_only_candidate_goes_on)
{
    struct assist assist = by_main("");
    struct candidates found;
    static const struct {
        const char *line;
        bool goes_on;
    } rows[] = {{"load \"pages", true},
                {"load \"page.", false},
                {"connect 3 loc", true},
                {"load \"pa", false},
                {"conne", false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assist_complete(&assist, str_from(rows[i].line), strlen(rows[i].line), &found);
        cr_expect(eq(int, found.is_folder, rows[i].goes_on), "%s", rows[i].line);
        candidates_finish(&found);
    }
}

// --- what must not happen ------------------------------------------------------------------------

// All three of a line, with the cursor in its middle and at its end.
static void assist_all(struct str line)
{
    struct assist assist = by_main("");
    struct buffer hint = {0};
    for (size_t cursor = line.size / 2; cursor <= line.size; cursor += line.size / 2 + 1) {
        struct candidates found;
        free(painted(&assist, line, cursor));
        assist_complete(&assist, line, cursor, &found);
        candidates_finish(&found);
    }
    assist_hint(&assist, line, &hint);
    buffer_finish(&hint);
}

// Milliseconds of this thread.
static double spent(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

Test(assist, bears_anything)
{
    static const char *const pieces[] = {"(",  "[",     "{",      "\"{(", "a ",    "@a ",  "\xff",
                                         "）", "a|",    "\n",     "#",    "x=",    "1.2.", "\\",
                                         "[:", "send ", "def f ", ";",    "unix:", "'"};
    open_sockets();
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        struct buffer line = {0};
        while (line.size < 10000)
            buffer_add_text(&line, pieces[i]);
        double begun = spent();
        assist_all(buffer_str(&line));
        cr_expect(lt(dbl, spent() - begun, 2000), "%s", pieces[i]);
        buffer_finish(&line);
    }
    assist_all(STR("send\0c \0\"x\""));
    assist_all(STR("\0"));
}

Test(assist, leaves_nothing_in_the_world)
{
    open_sockets();
    uint32_t functions = session.world.function_names.count;
    uint32_t variables = world_scope(&session.world, STR("main"))->names.count;
    assist_all(STR("def f { }; zz = 1; @nobody { yy = 1 }"));
    cr_assert(eq(u32, session.world.function_names.count, functions));
    cr_assert(eq(u32, world_scope(&session.world, STR("main"))->names.count, variables));
    cr_assert(eq(ptr, actor_find(&session, STR("nobody")), NULL));
}
