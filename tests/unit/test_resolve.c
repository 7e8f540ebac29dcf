// test_resolve: names become addresses, and a look-up can be ended.
//
// The helper is this very program: its constructor answers `--look-up` before Criterion begins.

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "net/handle.h"
#include "net/hosts.h"
#include "net/network.h"
#include "net/resolve.h"

// Whether the signals are as a program wants to find them.
static bool starts_clean(void)
{
    sigset_t blocked;
    struct sigaction action;
    sigprocmask(SIG_BLOCK, NULL, &blocked);
    sigaction(SIGPIPE, NULL, &action);
    return sigisemptyset(&blocked) && action.sa_handler == SIG_DFL;
}

__attribute__((constructor)) static void answer_look_ups(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "--look-up") == 0)
        _exit(starts_clean() ? resolve_helper_main(argc, argv) : 3);
}

static struct waiter waiter;

static void start(void)
{
    wait_start();
    signal(SIGPIPE, SIG_IGN);
    wait_register(&waiter);
}

static void finish(void)
{
    hosts_clear();
    wait_unregister(&waiter);
}

TestSuite(resolve, .init = start, .fini = finish, .timeout = 30);

// The result, and in `answer` the addresses, which last until the next call.
static int look_up(struct str host, const char *service, int family, struct resolve_answer **answer)
{
    static struct resolve_answer kept;
    struct resolve_query query = {.call = "getaddrinfo",
                                  .host = host,
                                  .service = str_from(service),
                                  .family = family,
                                  .type = SOCK_STREAM};
    resolve_answer_finish(&kept);
    int result = resolve(&query, &waiter, &kept);
    if (answer != NULL)
        *answer = &kept;
    return result;
}

static char *shown(const struct resolve_answer *answer, size_t i)
{
    static struct buffer text;
    buffer_clear(&text);
    if (i < answer->count)
        address_show(&answer->addresses[i], &text);
    return (char *)(uintptr_t)buffer_text(&text);
}

// --- without a helper ------------------------------------------------------------------------

Test(resolve, takes_numbers_as_they_are)
{
    static const struct {
        const char *host, *service, *shown;
    } numbers[] = {
        {"127.0.0.1", "80", "127.0.0.1:80"}, {"127.0.0.1", "", "127.0.0.1:0"},
        {"::1", "65535", "[::1]:65535"},     {"fe80::1%4000000000", "1", "[fe80::1%4000000000]:1"},
        {"10.0.0.1", "080", "10.0.0.1:80"},
    };
    struct resolve_answer *answer;
    resolve_program("/nonexistent"); // none is started
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        int result = look_up(str_from(numbers[i].host), numbers[i].service, AF_UNSPEC, &answer);
        cr_assert(eq(int, result, 0));
        cr_assert(eq(sz, answer->count, 1));
        cr_assert(eq(str, shown(answer, 0), (char *)numbers[i].shown));
        cr_assert(not(answer->from_hosts));
    }
    cr_assert(eq(int, look_up(STR("localhost"), "80", AF_UNSPEC, NULL), ENOENT));
}

Test(resolve, refuses_what_cannot_be)
{
    char many[2000];
    memset(many, 'a', sizeof many);
    struct str long_name = {many, sizeof many};
    resolve_program("/nonexistent");
    cr_assert(eq(int, look_up(STR("127.0.0.1"), "80", AF_INET6, NULL), EAI_ADDRFAMILY));
    cr_assert(eq(int, look_up(STR("::1"), "80", AF_INET, NULL), EAI_ADDRFAMILY));
    cr_assert(eq(int, look_up(STR("::1"), "80", AF_UNIX, NULL), EAI_FAMILY));
    cr_assert(eq(int, look_up(STR("127.0.0.1"), "65536", AF_INET, NULL), EAI_SERVICE));
    cr_assert(eq(int, look_up(STR(""), "80", AF_INET, NULL), EAI_NONAME));
    cr_assert(eq(int, look_up(STR("local\0host"), "80", AF_INET, NULL), EAI_NONAME));
    cr_assert(eq(int, look_up(long_name, "80", AF_INET, NULL), EAI_NONAME));
}

Test(resolve, asks_hosts_first)
{
    struct resolve_answer *answer;
    resolve_program("/nonexistent");
    hosts_set(STR("www.sina.com.cn"), STR("80"), STR("127.0.0.1"), STR("8080"));
    cr_assert(eq(int, look_up(STR("www.sina.com.cn"), "80", AF_INET, &answer), 0));
    cr_assert(eq(str, shown(answer, 0), (char *)"127.0.0.1:8080"));
    cr_assert(answer->from_hosts);
    cr_assert(eq(int, look_up(STR("www.sina.com.cn"), "443", AF_INET, &answer), ENOENT));
    cr_assert(not(answer->from_hosts));
}

// --- with one --------------------------------------------------------------------------------

static bool is_loopback(const struct address *address)
{
    static const uint8_t six[16] = {[15] = 1};
    if (address->kind == ADDRESS_INET)
        return address->ip[0] == 127;
    return address->kind == ADDRESS_INET6 && memcmp(address->ip, six, sizeof six) == 0;
}

Test(resolve, finds_localhost)
{
    struct resolve_answer *answer;
    cr_assert(eq(int, look_up(STR("localhost"), "8080", AF_UNSPEC, &answer), 0));
    cr_assert(gt(sz, answer->count, 0));
    for (size_t i = 0; i < answer->count; i++) {
        cr_assert(is_loopback(&answer->addresses[i]), "%s", shown(answer, i));
        cr_assert(eq(int, answer->addresses[i].port, 8080));
        for (size_t k = 0; k < i; k++)
            cr_assert(not(address_equal(&answer->addresses[i], &answer->addresses[k])));
    }
    cr_assert(eq(int, look_up(STR("localhost"), "80", AF_INET, &answer), 0));
    cr_assert(eq(int, answer->addresses[0].kind, ADDRESS_INET));
}

Test(resolve, finds_services)
{
    struct resolve_answer *answer;
    struct address address;
    struct diag diag;
    cr_assert(address_parse(STR("127.0.0.1:http"), &address, &diag));
    struct resolve_query query = resolve_query_of(&address, AF_UNSPEC, SOCK_STREAM);
    cr_assert(str_is(query.host, "127.0.0.1"));
    cr_assert(str_is(query.service, "http"));
    int result = look_up(query.host, "http", AF_UNSPEC, &answer);
    if (result == EAI_SERVICE)
        cr_skip_test("there is no /etc/services here");
    cr_assert(eq(int, result, 0));
    cr_assert(eq(str, shown(answer, 0), (char *)"127.0.0.1:80"));
    cr_assert(eq(int, look_up(STR("127.0.0.1"), "nonesuch", AF_UNSPEC, NULL), EAI_SERVICE));
}

// With no type asked for, getaddrinfo gives the same address for each type.
Test(resolve, gives_each_address_once)
{
    struct resolve_answer answer;
    struct resolve_query query = {
        .call = "getaddrinfo", .host = STR("127.1"), .service = STR("80"), .family = AF_INET};
    cr_assert(eq(int, resolve(&query, &waiter, &answer), 0));
    cr_assert(eq(sz, answer.count, 1));
    cr_assert(eq(str, shown(&answer, 0), (char *)"127.0.0.1:80"));
    resolve_answer_finish(&answer);
}

// In a network where no server of names can be reached: there the usual sources are EAI_AGAIN.
static int look_up_in_files(void)
{
    char why[200];
    if (!network_own(why, sizeof why))
        return 1;
    wait_register(&waiter);
    resolve_files_only(true);
    if (look_up(STR("no-such-name.example"), "80", AF_UNSPEC, NULL) != EAI_NONAME)
        return 2;
    if (look_up(STR("localhost"), "80", AF_INET, NULL) != 0)
        return 3;
    resolve_files_only(false);
    return look_up(STR("no-such-name.example"), "80", AF_UNSPEC, NULL) == EAI_NONAME ? 4 : 0;
}

Test(resolve, asks_files_only_where_told)
{
    int status;
    char why[200];
    if (!network_allowed(why, sizeof why))
        cr_skip_test("%s", why);
    pid_t child = fork(); // a worker of Criterion has threads, and keeps its network
    if (child == 0)
        _exit(look_up_in_files());
    cr_assert(eq(int, waitpid(child, &status, 0), child));
    cr_assert(eq(int, status, 0));
}

static bool has_children(void)
{
    return waitpid(-1, NULL, WNOHANG) >= 0 || errno != ECHILD;
}

Test(resolve, survives_a_helper_that_says_nothing)
{
    resolve_program("/bin/true");
    cr_assert(eq(int, look_up(STR("localhost"), "80", AF_INET, NULL), EAI_FAIL));
    cr_assert(not(has_children()));
}

// --- ending a look-up ------------------------------------------------------------------------

// Writes a helper that never answers, and makes it the one to be started.
static const char *use_a_silent_helper(void)
{
    static char path[64];
    snprintf(path, sizeof path, "/tmp/socksh-test-resolve.%d", getpid());
    FILE *file = fopen(path, "w");
    cr_assert(ne(ptr, file, NULL));
    fputs("#!/bin/sh\nexec sleep 1000\n", file);
    fchmod(fileno(file), 0700);
    fclose(file);
    resolve_program(path);
    return path;
}

static int lowest_free_descriptor(void)
{
    handles_lock();
    int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    close(fd);
    handles_unlock();
    return fd;
}

struct ending {
    void (*end)(void);
    int lowest; // descriptor that a script would get while the look-up waits
};

static void interrupt(void)
{
    wait_interrupt_all(&waiter);
}

static void end_actor(void)
{
    wait_end(&waiter);
}

static void *end_when_waiting(void *context)
{
    struct ending *ending = context;
    while (!wait_is_waiting(&waiter))
        sched_yield();
    ending->lowest = lowest_free_descriptor();
    ending->end();
    return NULL;
}

static void check_ending(void (*end)(void), int expected)
{
    pthread_t other;
    struct ending ending = {.end = end};
    const char *path = use_a_silent_helper();
    int before = lowest_free_descriptor();
    pthread_create(&other, NULL, end_when_waiting, &ending);
    int result = look_up(STR("localhost"), "80", AF_INET, NULL);
    pthread_join(other, NULL);
    unlink(path);
    cr_assert(eq(int, result, expected));
    cr_assert(not(has_children()));
    cr_assert(eq(int, ending.lowest, before));
    cr_assert(eq(int, lowest_free_descriptor(), before));
}

Test(resolve, can_be_interrupted)
{
    check_ending(interrupt, EINTR);
    resolve_program(NULL);
    cr_assert(eq(int, look_up(STR("localhost"), "80", AF_INET, NULL), 0));
}

Test(resolve, ends_with_its_actor)
{
    check_ending(end_actor, ECANCELED);
}
