// sock_diag: one question, one answer over a netlink socket that is opened once (sock_diag(7)).

#include "net/sock_diag.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/handle.h"
#include "net/lan.h"

static atomic_int descriptor = -1;                       // read without a lock; -1 while closed
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; // one question at a time
static uint32_t sequence;                                // of the last question

// Large enough for each of the two requests; they begin at the same place.
struct question {
    struct nlmsghdr header;
    union {
        struct inet_diag_req_v2 inet;
        struct unix_diag_req local;
    };
};

// One message with its attributes, aligned as a header.
union answer {
    struct nlmsghdr header;
    char octets[4096];
};

// --- the socket ----------------------------------------------------------------------------------

// Under handles_lock().
static int make_socket(void)
{
    int made = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
    return made < 0 ? -1 : handle_hide(made); // which closes it where it fails
}

int sock_diag_socket(void)
{
    handles_lock();
    int fd = make_socket(), error = errno;
    handles_unlock();
    errno = error;
    return fd;
}

int sock_diag_descriptor(const struct lan_host *host)
{
    return host != NULL ? host->diag : atomic_load(&descriptor);
}

int sock_diag_open(const struct lan_host *host)
{
    int error = 0;
    if (sock_diag_descriptor(host) >= 0)
        return sock_diag_descriptor(host);
    handles_lock();
    if (sock_diag_descriptor(NULL) < 0) { // nobody else was faster
        atomic_store(&descriptor, make_socket());
        error = errno;
    }
    handles_unlock();
    errno = error;
    return sock_diag_descriptor(NULL);
}

void sock_diag_close(void)
{
    int open = atomic_exchange(&descriptor, -1);
    if (open >= 0)
        close(open);
}

// --- one question, one answer --------------------------------------------------------------------

// Takes answers until the one to the last question. The kernel has written it before send()
// returned, so nothing waits here.
static int take_answer(int fd, union answer *answer)
{
    for (;;) {
        ssize_t size = recv(fd, answer, sizeof *answer, MSG_DONTWAIT);
        if (size < 0 && errno == EINTR)
            continue;
        if (size < 0)
            return errno;
        if (!NLMSG_OK(&answer->header, (size_t)size))
            return EPROTO;
        if (answer->header.nlmsg_seq == sequence)
            break;
    }
    if (answer->header.nlmsg_type != NLMSG_ERROR)
        return 0;
    const struct nlmsgerr *refusal = NLMSG_DATA(&answer->header);
    return refusal->error != 0 ? -refusal->error : EPROTO;
}

// Asks; `size` is that of the request behind the header. 0 or an errno; the answer has at least
// `least` octets of payload.
static int ask(const struct lan_host *host, struct question *question, size_t size,
               union answer *answer, size_t least)
{
    int fd = sock_diag_open(host);
    if (fd < 0)
        return errno;
    question->header.nlmsg_len = (uint32_t)NLMSG_LENGTH(size);
    question->header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
    question->header.nlmsg_flags = NLM_F_REQUEST;
    pthread_mutex_lock(&lock);
    question->header.nlmsg_seq = ++sequence;
    int error = send(fd, question, question->header.nlmsg_len, 0) < 0 ? errno : 0;
    if (error == 0)
        error = take_answer(fd, answer);
    pthread_mutex_unlock(&lock);
    if (error == 0 && answer->header.nlmsg_len < NLMSG_LENGTH(least))
        return EPROTO;
    return error;
}

// --- many answers --------------------------------------------------------------------------------

// One address of an answer.
static void read_end(struct address *address, int family, const uint32_t *ip, uint16_t port)
{
    *address = (struct address){.kind = family == AF_INET ? ADDRESS_INET : ADDRESS_INET6,
                                .port = ntohs(port)};
    memcpy(address->ip, ip, family == AF_INET ? 4 : 16);
}

static void visit_message(const struct nlmsghdr *header,
                          void (*visit)(const struct sock_diag_entry *entry, void *context),
                          void *context)
{
    const struct inet_diag_msg *found = NLMSG_DATA(header);
    struct sock_diag_entry entry = {.state = found->idiag_state,
                                    .inode = found->idiag_inode,
                                    .expires_ms = found->idiag_expires};
    read_end(&entry.local, found->idiag_family, found->id.idiag_src, found->id.idiag_sport);
    read_end(&entry.peer, found->idiag_family, found->id.idiag_dst, found->id.idiag_dport);
    visit(&entry, context);
}

// Takes messages until the one that ends the list. Under the lock. The kernel writes the next part
// while the one before is taken, so nothing waits here either. 0 or an errno.
static int take_list(int fd, void (*visit)(const struct sock_diag_entry *entry, void *context),
                     void *context)
{
    static union {
        struct nlmsghdr header;
        char octets[32 * 1024]; // as much as the kernel puts into one part
    } part;
    for (;;) {
        ssize_t size = recv(fd, &part, sizeof part, MSG_DONTWAIT);
        if (size < 0 && errno == EINTR)
            continue;
        if (size < 0)
            return errno;
        size_t left = (size_t)size;
        for (const struct nlmsghdr *header = &part.header; NLMSG_OK(header, left);
             header = NLMSG_NEXT(header, left)) {
            if (header->nlmsg_seq != sequence)
                continue;
            if (header->nlmsg_type == NLMSG_DONE)
                return 0;
            if (header->nlmsg_type == NLMSG_ERROR)
                return EPROTO;
            visit_message(header, visit, context);
        }
    }
}

int sock_diag_each(const struct lan_host *host, int family, int protocol, uint16_t port,
                   void (*visit)(const struct sock_diag_entry *entry, void *context), void *context)
{
    struct question question = {0};
    int fd = sock_diag_open(host);
    if (fd < 0)
        return errno;
    question.header.nlmsg_len = (uint32_t)NLMSG_LENGTH(sizeof question.inet);
    question.header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
    question.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
    question.inet.sdiag_family = (uint8_t)family;
    question.inet.sdiag_protocol = (uint8_t)protocol;
    question.inet.idiag_states = ~0U;
    question.inet.id.idiag_sport = htons(port); // the kernel leaves the others out
    pthread_mutex_lock(&lock);
    question.header.nlmsg_seq = ++sequence;
    int error = send(fd, &question, question.header.nlmsg_len, 0) < 0 ? errno : 0;
    if (error == 0)
        error = take_list(fd, visit, context);
    pthread_mutex_unlock(&lock);
    return error;
}

// --- the two questions ---------------------------------------------------------------------------

int sock_diag_tcp(const struct lan_host *host, const struct address *local,
                  const struct address *peer, int *state, uint32_t *expires_ms)
{
    union answer answer;
    struct question question = {0};
    struct inet_diag_req_v2 *request = &question.inet;
    size_t octets = local->kind == ADDRESS_INET ? 4 : 16;
    request->sdiag_family = local->kind == ADDRESS_INET ? AF_INET : AF_INET6;
    request->sdiag_protocol = IPPROTO_TCP;
    // Every state: which of them count is for the caller to say.
    request->idiag_states = ~0U;
    request->id.idiag_sport = htons(local->port);
    request->id.idiag_dport = htons(peer->port);
    request->id.idiag_if = peer->scope;
    // Whichever socket has these two ends; a cookie would ask for one in particular.
    request->id.idiag_cookie[0] = request->id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
    memcpy(request->id.idiag_src, local->ip, octets);
    memcpy(request->id.idiag_dst, peer->ip, octets);

    int error = ask(host, &question, sizeof *request, &answer, sizeof(struct inet_diag_msg));
    if (error != 0)
        return error;
    const struct inet_diag_msg *found = NLMSG_DATA(&answer.header);
    if (found->id.idiag_dport != htons(peer->port))
        return ENOENT; // a listener answers for a connection that is gone
    *state = found->idiag_state;
    *expires_ms = found->idiag_expires;
    return 0;
}

int sock_diag_unix_backlog(const struct lan_host *host, uint32_t inode, uint32_t *waiting,
                           uint32_t *limit)
{
    union answer answer;
    struct question question = {0};
    struct unix_diag_req *request = &question.local;
    request->sdiag_family = AF_UNIX;
    request->udiag_states = ~0U;
    request->udiag_ino = inode;
    // Of a listener both numbers are about its backlog: net/unix/diag.c in the kernel.
    request->udiag_show = UDIAG_SHOW_RQLEN;
    request->udiag_cookie[0] = request->udiag_cookie[1] = INET_DIAG_NOCOOKIE;

    int error = ask(host, &question, sizeof *request, &answer, sizeof(struct unix_diag_msg));
    if (error != 0)
        return error;
    const struct unix_diag_msg *found = NLMSG_DATA(&answer.header);
    const struct rtattr *attribute = (const struct rtattr *)(found + 1);
    size_t left = answer.header.nlmsg_len - NLMSG_LENGTH(sizeof *found);
    for (; RTA_OK(attribute, left); attribute = RTA_NEXT(attribute, left)) {
        if (attribute->rta_type != UNIX_DIAG_RQLEN)
            continue;
        const struct unix_diag_rqlen *length = RTA_DATA(attribute);
        *waiting = length->udiag_rqueue;
        *limit = length->udiag_wqueue;
        return 0;
    }
    return EPROTO;
}
