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

int sock_diag_descriptor(void)
{
    return atomic_load(&descriptor);
}

// --- the socket ----------------------------------------------------------------------------------

int sock_diag_open(void)
{
    int error = 0;
    if (sock_diag_descriptor() >= 0)
        return sock_diag_descriptor();
    handles_lock();
    if (sock_diag_descriptor() < 0) { // nobody else was faster
        int made = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
        int hidden = made < 0 ? -1 : handle_hide(made); // which closes it where it fails
        error = errno;
        atomic_store(&descriptor, hidden);
    }
    handles_unlock();
    errno = error;
    return sock_diag_descriptor();
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
static int ask(struct question *question, size_t size, union answer *answer, size_t least)
{
    int fd = sock_diag_open();
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

// --- the two questions ---------------------------------------------------------------------------

int sock_diag_tcp(const struct address *local, const struct address *peer, int *state,
                  uint32_t *expires_ms)
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

    int error = ask(&question, sizeof *request, &answer, sizeof(struct inet_diag_msg));
    if (error != 0)
        return error;
    const struct inet_diag_msg *found = NLMSG_DATA(&answer.header);
    if (found->id.idiag_dport != htons(peer->port))
        return ENOENT; // a listener answers for a connection that is gone
    *state = found->idiag_state;
    *expires_ms = found->idiag_expires;
    return 0;
}

int sock_diag_unix_backlog(uint32_t inode, uint32_t *waiting, uint32_t *limit)
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

    int error = ask(&question, sizeof *request, &answer, sizeof(struct unix_diag_msg));
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
