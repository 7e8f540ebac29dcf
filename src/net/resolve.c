// resolve: starting the helper, waiting for what it says, and ending it when nobody wants to know
// any more.

#include "net/resolve.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <nss.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "net/handle.h"
#include "net/hosts.h"

enum {
    HOST_MOST = NI_MAXHOST - 1,
    SERVICE_MOST = NI_MAXSERV - 1,
    ANSWER_MOST = 1024, // addresses; more are not listened to
};

// What the helper writes: one verdict, then the addresses, each as a sockaddr_storage. Both ends
// are the same program.
struct verdict {
    int code;  // of getaddrinfo(3)
    int error; // errno, where the code is EAI_SYSTEM
};

static const char *program; // of the helper; NULL for ourselves
static bool files_only;     // names come from /etc/hosts

void resolve_program(const char *path)
{
    program = path;
}

void resolve_files_only(bool yes)
{
    files_only = yes;
}

struct resolve_query resolve_query_of(const struct address *name, int family, int type)
{
    struct str text = {name->text, name->text_size};
    return (struct resolve_query){
        .host = str_slice(text, 0, name->host_size),
        .service = str_slice(text, name->host_size, text.size),
        .family = family,
        .type = type,
    };
}

void resolve_answer_finish(struct resolve_answer *answer)
{
    free(answer->addresses);
    *answer = (struct resolve_answer){0};
}

// Adds what is not there yet: with no socket type asked for, getaddrinfo gives each address once a
// type.
static void add(struct resolve_answer *answer, const struct address *address)
{
    for (size_t i = 0; i < answer->count; i++)
        if (address_equal(&answer->addresses[i], address))
            return;
    answer->addresses =
        mem_grow(answer->addresses, answer->count, &answer->capacity, sizeof *address);
    answer->addresses[answer->count++] = *address;
}

// --- numbers -------------------------------------------------------------------------------------

// A port too large to be one, since str_to_number() did not take it.
static bool is_all_digits(struct str s)
{
    for (size_t i = 0; i < s.size; i++)
        if (s.data[i] < '0' || s.data[i] > '9')
            return false;
    return s.size > 0;
}

// Reads a number and a numeric port without asking anybody. False when a look-up is needed.
static bool parse_numbers(struct str host, uint16_t port, struct address *address)
{
    struct diag diag;
    struct buffer text = {0};
    bool six = str_find(host, STR(":"), 0) != SIZE_MAX;
    buffer_print(&text, six ? "[%.*s]:%u" : "%.*s:%u", STR_ARG(host), port);
    bool good = !str_is(host, "*") && address_parse(buffer_str(&text), address, &diag) &&
                (address->kind == ADDRESS_INET || address->kind == ADDRESS_INET6);
    buffer_finish(&text);
    return good;
}

// Says what getaddrinfo says of a number of the other family.
static int add_of_family(const struct address *address, int family, struct resolve_answer *answer)
{
    int own = address->kind == ADDRESS_INET ? AF_INET : AF_INET6;
    if (family != AF_UNSPEC && family != own)
        return EAI_ADDRFAMILY;
    add(answer, address);
    return 0;
}

// --- the helper's side ---------------------------------------------------------------------------

// A pipe takes large answers in pieces.
static bool write_all(const void *data, size_t size)
{
    const char *at = data;
    while (size > 0) {
        ssize_t written = write(STDOUT_FILENO, at, size);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        at += written;
        size -= (size_t)written;
    }
    return true;
}

// Other families are passed over: no script could use them.
static bool write_address(const struct addrinfo *found)
{
    struct sockaddr_storage storage = {0};
    if (found->ai_family != AF_INET && found->ai_family != AF_INET6)
        return true;
    memcpy(&storage, found->ai_addr, found->ai_addrlen);
    return write_all(&storage, sizeof storage);
}

int resolve_helper_main(int argc, char **argv)
{
    struct addrinfo hints = {0}, *found = NULL;
    if (argc != 7)
        return 2;
    // Who asked may die without a word; and none of its descriptors may be kept open here.
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    close_range(STDERR_FILENO + 1, ~0U, 0);
    if (strcmp(argv[6], "files") == 0)
        __nss_configure_lookup("hosts", "files"); // in place of what nsswitch.conf(5) says
    // Our own numbers: the asker has written them.
    hints.ai_family = atoi(argv[4]);
    hints.ai_socktype = atoi(argv[5]);
    const char *service = argv[3][0] ? argv[3] : NULL;
    int code = getaddrinfo(argv[2], service, &hints, &found);
    struct verdict verdict = {.code = code, .error = errno};
    bool written = write_all(&verdict, sizeof verdict);
    for (struct addrinfo *next = found; written && next != NULL; next = next->ai_next)
        written = write_address(next);
    if (found != NULL)
        freeaddrinfo(found);
    return written ? 0 : 1;
}

// --- the asker's side ----------------------------------------------------------------------------

// Moves one end out of the way of scripts; where that fails it is closed, and -1. 0 or an errno.
static int hide(int *fd)
{
    *fd = handle_hide(*fd);
    return *fd < 0 ? errno : 0;
}

// An end that could not be hidden is closed already, and -1.
static void close_pipe(int ends[2])
{
    for (int i = 0; i < 2; i++)
        if (ends[i] >= 0)
            close(ends[i]);
}

// A hidden pipe, the first end not blocking. 0 or an errno.
static int open_pipe(int ends[2])
{
    handles_lock();
    int error = pipe2(ends, O_CLOEXEC) < 0 ? errno : 0;
    if (error == 0) {
        int first = hide(&ends[0]), second = hide(&ends[1]);
        error = first != 0 ? first : second;
        if (error != 0)
            close_pipe(ends);
    }
    handles_unlock();
    if (error == 0)
        fcntl(ends[0], F_SETFL, O_NONBLOCK);
    return error;
}

// Signals as a program finds them at its start. A process group of its own keeps Ctrl-C for us: the
// helper would die of it and look as if it had failed.
static int set_attributes(posix_spawnattr_t *attributes)
{
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(attributes, &none);
    posix_spawnattr_setsigdefault(attributes, &all);
    posix_spawnattr_setpgroup(attributes, 0);
    return posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
                                                    POSIX_SPAWN_SETPGROUP);
}

// Starts the helper with `output` as its standard output. 0 or an errno.
static int spawn(const struct resolve_query *query, int output, pid_t *helper)
{
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_t actions;
    char family[16], type[16];
    char *host = mem_copy(query->host), *service = mem_copy(query->service);
    snprintf(family, sizeof family, "%d", query->family);
    snprintf(type, sizeof type, "%d", query->type);
    // Our own name comes first, so that a list of processes shows whose helper it is.
    char *sources = files_only ? (char[]){"files"} : (char[]){"all"};
    char *arguments[] = {
        program_invocation_name, (char[]){"--look-up"}, host, service, family, type, sources, NULL};
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_init(&actions);
    int error = set_attributes(&attributes);
    if (error == 0)
        error = posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    if (error == 0)
        error = posix_spawn(helper, program ? program : "/proc/self/exe", &actions, &attributes,
                            arguments, environ);
    if (error == ENOENT && program == NULL) // no /proc here
        error = posix_spawnp(helper, program_invocation_name, &actions, &attributes, arguments,
                             environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    free(service);
    free(host);
    return error;
}

// Reads until the helper has closed its end. 0, or the errno that ended the wait.
static int listen_to(const struct resolve_query *query, int input, struct waiter *waiter,
                     struct buffer *said)
{
    char piece[4096];
    const size_t most = sizeof(struct verdict) + ANSWER_MOST * sizeof(struct sockaddr_storage);
    while (said->size < most) {
        ssize_t got = read(input, piece, sizeof piece);
        if (got == 0)
            return 0;
        if (got > 0) {
            buffer_add(said, (struct str){piece, (size_t)got});
            continue;
        }
        if (errno != EAGAIN && errno != EINTR)
            return errno;
        int error = wait_look_up(waiter, query->call, query->handle, input);
        if (error != 0)
            return error;
    }
    return 0;
}

// It has said all, or nobody listens any more; either way it need not live on.
static void end_helper(pid_t helper)
{
    kill(helper, SIGKILL);
    while (waitpid(helper, NULL, 0) < 0 && errno == EINTR)
        continue;
}

// Unpacks what the helper said.
static int read_answer(const struct buffer *said, struct resolve_answer *answer)
{
    struct verdict verdict;
    struct sockaddr_storage storage;
    if (said->size < sizeof verdict)
        return EAI_FAIL; // it died
    memcpy(&verdict, said->data, sizeof verdict);
    for (size_t at = sizeof verdict; at + sizeof storage <= said->size; at += sizeof storage) {
        struct address address;
        memcpy(&storage, said->data + at, sizeof storage);
        address_from_sockaddr(&storage, sizeof storage, &address);
        add(answer, &address);
    }
    if (verdict.code == EAI_SYSTEM)
        return verdict.error != 0 ? verdict.error : EAI_FAIL;
    return verdict.code == 0 && answer->count == 0 ? EAI_NONAME : verdict.code;
}

// A look-up from beginning to end: whatever happens, the helper and the pipe are gone afterwards.
static int ask_helper(const struct resolve_query *query, struct waiter *waiter,
                      struct resolve_answer *answer)
{
    int ends[2];
    pid_t helper;
    struct buffer said = {0};
    int error = open_pipe(ends);
    if (error != 0)
        return error;
    error = spawn(query, ends[1], &helper);
    // The helper's end must be its alone, or its end of file would never come.
    close(ends[1]);
    if (error == 0) {
        error = listen_to(query, ends[0], waiter, &said);
        end_helper(helper);
    }
    close(ends[0]);
    if (error == 0)
        error = read_answer(&said, answer);
    buffer_finish(&said);
    return error;
}

// A NUL would cut the argument, and make another name of it.
static bool can_be_argument(struct str s, size_t most)
{
    return s.size <= most && (s.size == 0 || memchr(s.data, '\0', s.size) == NULL);
}

// Numbers directly, names through the helper.
static int look_up(const struct resolve_query *query, struct waiter *waiter,
                   struct resolve_answer *answer)
{
    struct address address;
    uint64_t port = 0;
    if (query->host.size == 0 || !can_be_argument(query->host, HOST_MOST))
        return EAI_NONAME;
    if (!can_be_argument(query->service, SERVICE_MOST))
        return EAI_SERVICE;
    bool numeric = query->service.size == 0 || str_to_number(query->service, UINT16_MAX, &port);
    if (!numeric && is_all_digits(query->service))
        return EAI_SERVICE; // getaddrinfo would cut it to 16 bits
    if (numeric && parse_numbers(query->host, (uint16_t)port, &address))
        return add_of_family(&address, query->family, answer);
    return ask_helper(query, waiter, answer);
}

int resolve(const struct resolve_query *query, struct waiter *waiter, struct resolve_answer *answer)
{
    struct resolve_query asked = *query;
    struct buffer host = {0}, service = {0};
    *answer = (struct resolve_answer){0};
    if (query->family != AF_UNSPEC && query->family != AF_INET && query->family != AF_INET6)
        return EAI_FAMILY;
    answer->from_hosts = hosts_lookup(query->host, query->service, &host, &service);
    if (answer->from_hosts) {
        asked.host = buffer_str(&host);
        asked.service = buffer_str(&service);
    }
    int result = look_up(&asked, waiter, answer);
    buffer_finish(&service);
    buffer_finish(&host);
    return result;
}
