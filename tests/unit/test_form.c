// test_form: calls as the trace shows them, as C, and as Python, written by the templates of the
// command table.

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands/form.h"
#include "commands/table.h"

// --- a call made by hand
// --------------------------------------------------------------------------

// Values made by a test, and its samples, are let go when it ends.
enum { KEPT_MOST = 1000 };
static struct value kept[KEPT_MOST];
static size_t kept_count;

static struct value keep(struct value value)
{
    cr_assert(lt(sz, kept_count, KEPT_MOST));
    return kept[kept_count++] = value;
}

static struct handle handles[100];

static struct value handle(int fd)
{
    handles[fd].fd = fd;
    atomic_store(&handles[fd].references, KEPT_MOST); // never freed
    return value_handle_take(&handles[fd]);
}

static struct value address(const char *text)
{
    struct address read;
    struct diag diag = {0};
    cr_assert(address_parse(str_from(text), &read, &diag), "%s: %s", text, diag.message);
    return keep(value_address(&read));
}

static struct value octets(struct str data)
{
    return keep(value_bytes(data));
}

static struct value bytes(const char *text)
{
    return octets(str_from(text));
}

static struct value constant(const char *name)
{
    return value_symbol(symbol_find(str_from(name)));
}

static struct value empty_list(void)
{
    return keep(value_list(0));
}

static struct value pair(struct value first, struct value second)
{
    struct value list = value_list(2);
    value_append_item_take(&list, value_retain(first));
    value_append_item_take(&list, value_retain(second));
    return keep(list);
}

// A call and its text. Results and error are its own, arguments are borrowed.
struct sample {
    struct call call;
    struct value args[PARAMS_MOST];
    struct buffer text;
    struct sample *next;
};

static struct sample *samples;

static void forget(void)
{
    while (samples != NULL) {
        struct sample *next = samples->next;
        for (size_t i = 0; i < samples->call.result_count; i++)
            value_release(samples->call.results[i]);
        value_release(samples->call.error);
        buffer_finish(&samples->text);
        free(samples);
        samples = next;
    }
    while (kept_count > 0)
        value_release(kept[--kept_count]);
}

TestSuite(form, .init = commands_install, .fini = forget);

#define SAMPLE(name, ...)                                                                          \
    sample_of(name, (struct value[]){__VA_ARGS__},                                                 \
              sizeof((struct value[]){__VA_ARGS__}) / sizeof(struct value))

// A call of that command. Arguments not given are unset, as the decoder leaves them.
static struct sample *sample_of(const char *name, const struct value *args, size_t count)
{
    struct sample *sample = calloc(1, sizeof *sample);
    memcpy(sample->args, args, count * sizeof *args);
    sample->call.command = command_find(str_from(name));
    cr_assert(ne(ptr, (void *)sample->call.command, NULL), "%s", name);
    sample->call.args = sample->args;
    sample->call.count = sample->call.command->params.count;
    sample->next = samples;
    return samples = sample;
}

// As the command itself reports it: rows whose templates begin with "*" do.
static struct sample *limit_sample(void)
{
    static struct command row;
    struct sample *sample = SAMPLE("setrlimit", constant("RLIMIT_NOFILE"), value_int(64));
    row = *sample->call.command;
    row.c++;
    row.python++;
    sample->call.command = &row;
    return sample;
}

static const char *shown(struct sample *sample, bool good, enum trace trace)
{
    buffer_clear(&sample->text);
    form_show_call(&sample->call, good, trace, &sample->text);
    return buffer_text(&sample->text);
}

static const char *traced(struct sample *sample)
{
    return shown(sample, true, TRACE_CALL);
}

static const char *failed(struct sample *sample, int error, enum trace trace)
{
    value_release(sample->call.error);
    call_failed(&sample->call, error);
    return shown(sample, false, trace);
}

static void gives(struct sample *sample, struct value value)
{
    call_give_take(&sample->call, value_retain(value));
}

static void gives_two(struct sample *sample, struct value first, struct value second)
{
    call_give_two_take(&sample->call, value_retain(first), value_retain(second));
}

// --- trace call ----------------------------------------------------------------------------------

Test(form, a_socket_with_what_was_left_out)
{
    struct sample *sample = SAMPLE("socket", VALUE_UNSET);
    gives(sample, handle(3));
    cr_expect(eq(str, (char *)traced(sample), "socket(AF_INET, SOCK_STREAM, 0) = 3"));
}

Test(form, plain_ints_get_the_names_of_their_family)
{
    struct sample *sample = SAMPLE("socket", value_int(10), value_int(2), value_int(17));
    gives(sample, handle(3));
    cr_expect(eq(str, (char *)traced(sample), "socket(AF_INET6, SOCK_DGRAM, IPPROTO_UDP) = 3"));
    sample = SAMPLE("socket", value_int(12345), constant("SOCK_STREAM"), value_int(0));
    cr_expect(eq(str, (char *)failed(sample, EAFNOSUPPORT, TRACE_CALL),
                 "socket(12345, SOCK_STREAM, 0) = -1 EAFNOSUPPORT"));
}

Test(form, addresses_with_their_size)
{
    struct sample *sample = SAMPLE("bind", handle(3), address("127.0.0.1:9999"));
    cr_expect(eq(str, (char *)traced(sample), "bind(3, {AF_INET, 127.0.0.1, port 9999}, 16) = 0"));
    cr_expect(eq(str, (char *)failed(sample, EADDRINUSE, TRACE_CALL),
                 "bind(3, {AF_INET, 127.0.0.1, port 9999}, 16) = -1 EADDRINUSE"));
    sample = SAMPLE("bind", handle(3), address("[::1]:80"));
    cr_expect(eq(str, (char *)traced(sample), "bind(3, {AF_INET6, ::1, port 80}, 28) = 0"));
    sample = SAMPLE("bind", handle(3), address("unix:/tmp/x"));
    cr_expect(eq(str, (char *)traced(sample), "bind(3, {AF_UNIX, \"/tmp/x\"}, 9) = 0"));
}

Test(form, what_the_kernel_filled_in)
{
    struct sample *sample = SAMPLE("accept", handle(3));
    gives_two(sample, handle(5), address("127.0.0.1:45678"));
    cr_expect(
        eq(str, (char *)traced(sample), "accept(3, {AF_INET, 127.0.0.1, port 45678}, 16) = 5"));
    sample = SAMPLE("accept", handle(3));
    cr_expect(eq(str, (char *)failed(sample, EMFILE, TRACE_CALL), "accept(3, …) = -1 EMFILE"));
    sample = SAMPLE("getsockname", handle(3));
    gives(sample, address("127.0.0.1:9999"));
    cr_expect(
        eq(str, (char *)traced(sample), "getsockname(3, {AF_INET, 127.0.0.1, port 9999}, 16) = 0"));
    sample = SAMPLE("socketpair", VALUE_UNSET);
    gives_two(sample, handle(3), handle(4));
    cr_expect(eq(str, (char *)traced(sample), "socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0"));
}

Test(form, data_with_its_size)
{
    struct sample *sample = SAMPLE("send", handle(3), bytes("hello\r\n"));
    gives(sample, value_int(7));
    cr_expect(eq(str, (char *)traced(sample), "send(3, \"hello\\r\\n\", 7, 0) = 7"));
    sample =
        SAMPLE("send", handle(3), bytes("x"), value_constant(FAMILY_MSG, MSG_DONTWAIT | MSG_MORE));
    gives(sample, value_int(1));
    cr_expect(eq(str, (char *)traced(sample), "send(3, \"x\", 1, MSG_DONTWAIT|MSG_MORE) = 1"));
}

Test(form, long_data_is_cut)
{
    struct sample *sample =
        SAMPLE("send", handle(3), bytes("0123456789012345678901234567890123456789"));
    gives(sample, value_int(40));
    cr_expect(eq(str, (char *)traced(sample),
                 "send(3, \"01234567890123456789012345678901\"…, 40, 0) = 40"));
    sample = SAMPLE("recv", handle(3), value_int(1024));
    gives(sample, bytes("0123456789012345678901234567890123456789"));
    cr_expect(eq(str, (char *)traced(sample),
                 "recv(3, buf, 1024, 0) = 40 \"01234567890123456789012345678901\"…"));
}

Test(form, received_data_behind_its_size)
{
    struct sample *sample = SAMPLE("recv", handle(3), value_int(1024));
    gives(sample, bytes("Michael"));
    cr_expect(eq(str, (char *)traced(sample), "recv(3, buf, 1024, 0) = 7 \"Michael\""));
    sample = SAMPLE("recv", handle(3), value_int(1024));
    gives(sample, bytes("\x1b[2J"));
    cr_expect(eq(str, (char *)traced(sample), "recv(3, buf, 1024, 0) = 4 \"\\x1b[2J\""));
    sample = SAMPLE("recv", handle(3), value_int(1024));
    gives(sample, bytes(""));
    cr_expect(eq(str, (char *)traced(sample), "recv(3, buf, 1024, 0) = 0 \"\""));
    sample = SAMPLE("recvfrom", handle(3), value_int(1024));
    gives_two(sample, bytes("Michael"), address("127.0.0.1:4000"));
    cr_expect(eq(str, (char *)traced(sample),
                 "recvfrom(3, buf, 1024, 0, {AF_INET, 127.0.0.1, port 4000}, 16) = 7 \"Michael\""));
    sample = SAMPLE("recvfrom", handle(3), value_int(1024));
    cr_expect(eq(str, (char *)failed(sample, EAGAIN, TRACE_CALL),
                 "recvfrom(3, buf, 1024, 0, …) = -1 EAGAIN"));
}

Test(form, values_of_options)
{
    const struct {
        const char *option;
        struct value value;
        const char *line;
    } cases[] = {
        {"SO_REUSEADDR", value_int(1), "SOL_SOCKET, SO_REUSEADDR, [1], 4"},
        {"SO_REUSEADDR", value_bool(true), "SOL_SOCKET, SO_REUSEADDR, [1], 4"},
        {"TCP_NODELAY", value_int(1), "IPPROTO_TCP, TCP_NODELAY, [1], 4"},
        {"SO_RCVTIMEO", value_duration(2500000000), "SOL_SOCKET, SO_RCVTIMEO, {2, 500000}, 16"},
        {"SO_LINGER", value_duration(5000000000), "SOL_SOCKET, SO_LINGER, {1, 5}, 8"},
        {"SO_LINGER", VALUE_NONE, "SOL_SOCKET, SO_LINGER, {0, 0}, 8"},
        {"TCP_KEEPIDLE", value_duration(60000000000), "IPPROTO_TCP, TCP_KEEPIDLE, [60], 4"},
        {"TCP_USER_TIMEOUT", value_duration(60000000), "IPPROTO_TCP, TCP_USER_TIMEOUT, [60], 4"},
        {"IP_MTU_DISCOVER", constant("IP_PMTUDISC_DO"),
         "IPPROTO_IP, IP_MTU_DISCOVER, [IP_PMTUDISC_DO], 4"},
        {"IP_ADD_MEMBERSHIP", bytes("239.1.2.3"),
         "IPPROTO_IP, IP_ADD_MEMBERSHIP, {\"239.1.2.3\"}, 12"},
        {"IP_MULTICAST_IF", bytes("127.0.0.1"), "IPPROTO_IP, IP_MULTICAST_IF, {\"127.0.0.1\"}, 4"},
        {"IP_MULTICAST_IF", bytes("lo"), "IPPROTO_IP, IP_MULTICAST_IF, {\"lo\"}, 12"},
        {"TCP_CONGESTION", bytes("reno"), "IPPROTO_TCP, TCP_CONGESTION, \"reno\", 4"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char expected[200];
        snprintf(expected, sizeof expected, "setsockopt(3, %s) = 0", cases[i].line);
        struct sample *sample =
            SAMPLE("setsockopt", handle(3), constant(cases[i].option), cases[i].value);
        cr_expect(eq(str, (char *)traced(sample), expected));
        snprintf(expected, sizeof expected, "getsockopt(3, %s) = 0", cases[i].line);
        sample = SAMPLE("getsockopt", handle(3), constant(cases[i].option));
        gives(sample, cases[i].value);
        cr_expect(eq(str, (char *)traced(sample), expected));
    }
}

Test(form, a_list_of_fields_is_cut)
{
    struct sample *sample = SAMPLE("getsockopt", handle(3), constant("SO_PEERCRED"));
    gives(sample, pair(pair(bytes("pid"), value_int(7)), pair(bytes("uid"), value_int(0))));
    cr_expect(eq(str, (char *)traced(sample),
                 "getsockopt(3, SOL_SOCKET, SO_PEERCRED, {pid=7, uid=0}, 12) = 0"));
}

Test(form, poll_as_an_array)
{
    struct value asked = pair(handle(3), pair(handle(4), value_constant(FAMILY_POLL, POLLOUT)));
    struct sample *sample = SAMPLE("poll", asked, value_duration(500000000));
    gives(sample, pair(value_int(1), value_int(2)));
    cr_expect(
        eq(str, (char *)traced(sample), "poll([{3, POLLIN|POLLRDHUP}, {4, POLLOUT}], 2, 500) = 2"));
    sample = SAMPLE("poll", asked);
    gives(sample, empty_list());
    cr_expect(
        eq(str, (char *)traced(sample), "poll([{3, POLLIN|POLLRDHUP}, {4, POLLOUT}], 2, -1) = 0"));
}

Test(form, results_that_a_template_words_itself)
{
    struct sample *sample = SAMPLE("getaddrinfo", bytes("localhost"), value_int(80));
    gives(sample, pair(address("127.0.0.1:80"), address("[::1]:80")));
    cr_expect(eq(str, (char *)traced(sample),
                 "getaddrinfo(\"localhost\", \"80\") = [127.0.0.1:80, [::1]:80]"));
    sample = SAMPLE("getaddrinfo", bytes("nowhere"));
    call_failed_lookup(&sample->call, EAI_NONAME);
    cr_expect(eq(str, (char *)shown(sample, false, TRACE_CALL),
                 "getaddrinfo(\"nowhere\", NULL) = EAI_NONAME"));
    sample = SAMPLE("inet_ntop", constant("AF_INET"), octets(STR("\x7f\0\0\1")));
    gives(sample, bytes("127.0.0.1"));
    cr_expect(eq(str, (char *)traced(sample),
                 "inet_ntop(AF_INET, \"\\x7f\\x00\\x00\\x01\") = \"127.0.0.1\""));
}

Test(form, a_choice)
{
    struct sample *sample = SAMPLE("setblocking", handle(3), value_bool(false));
    cr_expect(eq(str, (char *)traced(sample), "fcntl(3, F_SETFL, O_NONBLOCK) = 0"));
    sample = SAMPLE("setblocking", handle(3), value_bool(true));
    cr_expect(eq(str, (char *)traced(sample), "fcntl(3, F_SETFL, 0) = 0"));
}

// --- what is not shown ---------------------------------------------------------------------------

Test(form, a_closed_handle_reached_no_kernel)
{
    struct sample *sample = SAMPLE("close", handle(9));
    cr_expect(eq(str, (char *)failed(sample, EBADF, TRACE_CALL), "close(9) = -1 EBADF"));
    atomic_store(&handles[9].inside, HANDLE_DEAD);
    cr_expect(eq(str, (char *)failed(sample, EBADF, TRACE_CALL), ""));
    cr_expect(eq(str, (char *)failed(sample, EBADF, TRACE_C), ""));
    cr_expect(eq(str, (char *)failed(sample, EBADF, TRACE_PYTHON), ""));
}

Test(form, a_failed_look_up_and_a_refusal_made_no_call)
{
    struct sample *sample = SAMPLE("bind", handle(3), address("nowhere:80"));
    call_failed_lookup(&sample->call, EAI_NONAME);
    cr_expect(eq(str, (char *)shown(sample, false, TRACE_CALL), ""));
    sample = SAMPLE("bind", handle(3), address("127.0.0.1:80"));
    call_refused(&sample->call, "no");
    cr_expect(eq(str, (char *)shown(sample, false, TRACE_CALL), ""));
    cr_expect(eq(str, (char *)failed(sample, ECANCELED, TRACE_CALL), ""));
    cr_expect(eq(str, (char *)failed(sample, EINTR, TRACE_CALL),
                 "bind(3, {AF_INET, 127.0.0.1, port 80}, 16) = -1 EINTR"));
}

Test(form, rows_without_a_call_and_those_that_report_themselves)
{
    struct sample *sample = SAMPLE("len", bytes("x"));
    cr_expect(eq(str, (char *)traced(sample), ""));
    sample = SAMPLE("connect", handle(3), address("127.0.0.1:80"));
    cr_expect(eq(str, (char *)traced(sample), ""));
}

// --- trace python --------------------------------------------------------------------------------

Test(form, python)
{
    struct sample *sample = SAMPLE("socket", VALUE_UNSET, VALUE_UNSET, value_int(6));
    gives(sample, handle(3));
    cr_expect(eq(str, (char *)shown(sample, true, TRACE_PYTHON),
                 "sock3 = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)"));
    sample = SAMPLE("bind", handle(3), address("127.0.0.1:9999"));
    cr_expect(
        eq(str, (char *)shown(sample, true, TRACE_PYTHON), "sock3.bind(('127.0.0.1', 9999))"));
    sample = SAMPLE("bind", handle(3), address("unix:@x"));
    cr_expect(eq(str, (char *)shown(sample, true, TRACE_PYTHON), "sock3.bind('\\x00x')"));
    sample = SAMPLE("getsockopt", handle(3), constant("SO_LINGER"));
    cr_expect(eq(str, (char *)shown(sample, true, TRACE_PYTHON),
                 "sock3.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, 8)"));
    sample = SAMPLE("getsockopt", handle(3), constant("SO_REUSEADDR"));
    cr_expect(eq(str, (char *)shown(sample, true, TRACE_PYTHON),
                 "sock3.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR)"));
    sample = SAMPLE("accept", handle(3));
    gives_two(sample, handle(5), address("127.0.0.1:45678"));
    cr_expect(
        eq(str, (char *)shown(sample, true, TRACE_PYTHON), "sock5, address = sock3.accept()"));
    sample = SAMPLE("recv", handle(3), value_int(1024),
                    value_constant(FAMILY_MSG, MSG_PEEK | MSG_DONTWAIT));
    cr_expect(eq(str, (char *)failed(sample, EAGAIN, TRACE_PYTHON),
                 "data = sock3.recv(1024, socket.MSG_PEEK|socket.MSG_DONTWAIT)"));
    sample = SAMPLE("sendto", handle(3), bytes("it's\n\xe4"), address("[::1]:80"));
    gives(sample, value_int(6));
    cr_expect(eq(str, (char *)shown(sample, true, TRACE_PYTHON),
                 "sock3.sendto(b'it\\'s\\n\\xe4', ('::1', 80))"));
    sample = SAMPLE("setblocking", handle(3), value_bool(false));
    cr_expect(eq(str, (char *)shown(sample, true, TRACE_PYTHON), "sock3.setblocking(False)"));
    sample = SAMPLE("setsockopt", handle(3), constant("SO_RCVTIMEO"), value_duration(500000000));
    cr_expect(eq(str, (char *)shown(sample, true, TRACE_PYTHON),
                 "sock3.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, "
                 "struct.pack('ll', 0, 500000))"));
    cr_expect(eq(str, (char *)shown(limit_sample(), true, TRACE_PYTHON),
                 "resource.setrlimit(resource.RLIMIT_NOFILE, (64, "
                 "resource.getrlimit(resource.RLIMIT_NOFILE)[1]))"));
}

// --- trace c -------------------------------------------------------------------------------------

Test(form, c_declares_the_address_and_tests_the_result)
{
    struct sample *sample = SAMPLE("bind", handle(3), address("127.0.0.1:9999"));
    cr_expect(eq(str, (char *)failed(sample, EADDRINUSE, TRACE_C),
                 "struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(9999)};\n"
                 "inet_pton(AF_INET, \"127.0.0.1\", &to.sin_addr);\n"
                 "if (bind(3, (struct sockaddr *)&to, sizeof to) == -1)  // = -1 EADDRINUSE\n"
                 "    perror(\"bind\");"));
    sample = SAMPLE("accept", handle(3));
    gives_two(sample, handle(5), address("[::1]:45678"));
    cr_expect(eq(str, (char *)shown(sample, true, TRACE_C),
                 "struct sockaddr_in6 from;\n"
                 "socklen_t length = sizeof from;\n"
                 "int fd = accept(3, (struct sockaddr *)&from, &length);  // = 5\n"
                 "if (fd == -1)\n"
                 "    perror(\"accept\");"));
    sample = SAMPLE("recv", handle(3), value_int(1024));
    gives(sample, bytes("Michael"));
    cr_expect(eq(str, (char *)shown(sample, true, TRACE_C),
                 "char buf[1024];\n"
                 "ssize_t n = recv(3, buf, 1024, 0);  // = 7 \"Michael\"\n"
                 "if (n == -1)\n"
                 "    perror(\"recv\");"));
}

static const char headers[] = "#define _GNU_SOURCE\n"
                              "#include <arpa/inet.h>\n"
                              "#include <errno.h>\n"
                              "#include <fcntl.h>\n"
                              "#include <net/if.h>\n"
                              "#include <netdb.h>\n"
                              "#include <netinet/in.h>\n"
                              "#include <netinet/tcp.h>\n"
                              "#include <poll.h>\n"
                              "#include <stddef.h>\n"
                              "#include <stdio.h>\n"
                              "#include <sys/resource.h>\n"
                              "#include <sys/socket.h>\n"
                              "#include <sys/time.h>\n"
                              "#include <sys/un.h>\n"
                              "#include <unistd.h>\n"
                              "int main(void)\n";

static void add_block(FILE *file, struct sample *sample, struct value result)
{
    if (result.type != TYPE_UNSET)
        gives(sample, result);
    fprintf(file, "{\n%s\n}\n", shown(sample, true, TRACE_C));
}

static void add_calls(FILE *file)
{
    struct value s = handle(3);
    char large[300];
    memset(large, 'x', sizeof large);
    add_block(file, SAMPLE("socket", VALUE_UNSET), s);
    add_block(file, SAMPLE("bind", s, address("*:80")), VALUE_UNSET);
    add_block(file, SAMPLE("bind", s, address("[::]:80")), VALUE_UNSET);
    add_block(file, SAMPLE("bind", s, address("[fe80::1%1]:80")), VALUE_UNSET);
    add_block(file, SAMPLE("bind", s, address("unix:/tmp/\\\\\"x")), VALUE_UNSET);
    add_block(file, SAMPLE("bind", s, address("unix:@12")), VALUE_UNSET);
    add_block(file, SAMPLE("bind", s, address("unix:")), VALUE_UNSET);
    add_block(file, SAMPLE("getsockname", s), address("unix:/x"));
    add_block(file, SAMPLE("getsockname", s), VALUE_UNSET);
    add_block(file, SAMPLE("send", s, octets(STR("\0001\xff\r\"\\?"))), value_int(6));
    add_block(file, SAMPLE("send", s, octets((struct str){large, sizeof large})), value_int(300));
    add_block(file, SAMPLE("sendto", s, bytes("x"), address("[::1]:9")), value_int(1));
    add_block(file, SAMPLE("recvfrom", s, value_int(0)), bytes(""));
    add_block(file, SAMPLE("close", s), VALUE_UNSET);
    add_block(file, SAMPLE("poll", pair(s, s), value_duration(1000000)), empty_list());
    add_block(file, SAMPLE("socketpair", VALUE_UNSET), VALUE_UNSET);
    add_block(file, SAMPLE("getaddrinfo", bytes("localhost"), value_int(80)), empty_list());
    add_block(file, SAMPLE("inet_ntop", constant("AF_INET"), bytes("abcd")), bytes("x"));
    add_block(file, SAMPLE("setblocking", s, value_bool(false)), VALUE_UNSET);
    add_block(file, SAMPLE("htons", value_int(80)), value_int(20480));
    add_block(file, limit_sample(), VALUE_UNSET);
    add_block(file, SAMPLE("setsockopt", s, constant("IP_MULTICAST_IF"), bytes("lo")), VALUE_UNSET);
}

// A value of the type that the option wants.
static struct value value_for(const struct option *option)
{
    switch (option->type) {
    case OPTION_LINGER:
    case OPTION_TIMEVAL:
    case OPTION_SECONDS:
    case OPTION_MILLISECONDS:
        return value_duration(1500000000);
    case OPTION_GROUP:
        return pair(bytes(option->level == IPPROTO_IP ? "239.1.2.3" : "ff02::1"), bytes("lo"));
    case OPTION_BYTES:
    case OPTION_NAME:
    case OPTION_INTERFACE:
        return bytes("127.0.0.1");
    default:
        return value_int(1);
    }
}

static void add_options(FILE *file)
{
    struct value s = handle(3);
    for (size_t i = 0; i < option_count; i++) {
        struct value option = constant(options[i].name);
        fprintf(file, "#ifdef %s\n", options[i].name);
        if (options[i].writable)
            add_block(file, SAMPLE("setsockopt", s, option, value_for(&options[i])), VALUE_UNSET);
        if (options[i].readable)
            add_block(file, SAMPLE("getsockopt", s, option), value_for(&options[i]));
        fprintf(file, "#endif\n");
    }
}

// What `trace c` shows is what a C compiler takes.
Test(form, c_compiles)
{
    FILE *file = popen("cc -x c -Wall -Wno-unused-variable -Werror -fsyntax-only -", "w");
    fputs(headers, file);
    fputs("{\n", file);
    add_calls(file);
    add_options(file);
    fputs("}\n", file);
    cr_expect(eq(int, pclose(file), 0));
}

// --- names for help ------------------------------------------------------------------------------

static const char *named(const char *name, enum trace trace)
{
    struct sample *sample = SAMPLE(name, VALUE_UNSET);
    form_show_names(sample->call.command, trace, &sample->text);
    return buffer_text(&sample->text);
}

Test(form, names_in_place_of_values)
{
    cr_expect(eq(str, (char *)named("socket", TRACE_C), "socket(family, type, protocol)"));
    cr_expect(eq(str, (char *)named("accept", TRACE_C),
                 "accept(socket, (struct sockaddr *)&from, &length)"));
    cr_expect(eq(str, (char *)named("setsockopt", TRACE_C),
                 "setsockopt(socket, level, option, &value, sizeof value)"));
    cr_expect(eq(str, (char *)named("getaddrinfo", TRACE_C),
                 "getaddrinfo(host, service, &hints, &list)"));
    cr_expect(eq(str, (char *)named("connect", TRACE_C),
                 "connect(socket, (struct sockaddr *)&address, sizeof address)"));
    cr_expect(eq(str, (char *)named("send", TRACE_C), "send(socket, data, size, flags)"));
    cr_expect(eq(str, (char *)named("send", TRACE_PYTHON), "socket.send(data, flags)"));
    cr_expect(eq(str, (char *)named("accept", TRACE_PYTHON), "sock, address = socket.accept()"));
}

// --- templates -----------------------------------------------------------------------------------

static const char *checked(const char *template)
{
    struct sample *sample = SAMPLE("send", VALUE_UNSET);
    struct command row = *sample->call.command;
    row.c = template;
    return form_check(&row, &sample->text) ? "good" : buffer_text(&sample->text);
}

Test(form, templates_are_checked)
{
    cr_expect(eq(str, (char *)checked("send({socket}, {data}, {{}, {flags|0}) = {#}"), "good"));
    cr_expect(eq(str, (char *)checked("send({sock})"), "send: {sock} is no parameter of it"));
    cr_expect(eq(str, (char *)checked("send({data.size})"), "send: {data} is no parameter of it"));
    cr_expect(eq(str, (char *)checked("send({socket)"), "send: a brace is not closed"));
}
