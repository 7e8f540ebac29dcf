// capture_filter: steps of classic BPF, each with what it jumps over when it holds, and when not.

#include "net/capture_filter.h"

#include <linux/if_packet.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

enum {
    GROUP = 1, // bit of an Ethernet address's first octet. IEEE 802.3
};

static void add(struct capture_filter *filter, uint16_t code, uint32_t value, uint8_t yes,
                uint8_t no)
{
    if (filter->count < CAPTURE_FILTER_MOST)
        filter->steps[filter->count++] = (struct sock_filter){code, yes, no, value};
}

static void decide(struct capture_filter *filter, bool takes)
{
    add(filter, BPF_RET | BPF_K, takes ? filter->octets : 0, 0, 0);
}

void capture_filter_take_coming(struct capture_filter *filter)
{
    const uint32_t told = (uint32_t)SKF_AD_OFF; // by the kernel, besides the octets
    add(filter, BPF_LD | BPF_B | BPF_ABS, told + SKF_AD_PKTTYPE, 0, 0);
    add(filter, BPF_JMP | BPF_JEQ | BPF_K, PACKET_OUTGOING, 1, 0);
    decide(filter, true);
    add(filter, BPF_LD | BPF_H | BPF_ABS, told + SKF_AD_HATYPE, 0, 0);
    add(filter, BPF_JMP | BPF_JEQ | BPF_K, ARPHRD_ETHER, 1, 0);
    decide(filter, false);
    add(filter, BPF_LD | BPF_B | BPF_ABS, 0, 0, 0);
    add(filter, BPF_JMP | BPF_JSET | BPF_K, GROUP, 0, 1);
    decide(filter, false);
}

void capture_filter_take_for(struct capture_filter *filter, int fd, const char *interface)
{
    struct ifreq asked = {0};
    snprintf(asked.ifr_name, sizeof asked.ifr_name, "%s", interface);
    if (ioctl(fd, SIOCGIFHWADDR, &asked) < 0 || asked.ifr_hwaddr.sa_family != ARPHRD_ETHER)
        return;
    const uint8_t *at = (const uint8_t *)asked.ifr_hwaddr.sa_data;
    uint32_t head = (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
    uint32_t tail = (uint32_t)at[4] << 8 | at[5];
    add(filter, BPF_LD | BPF_W | BPF_ABS, 0, 0, 0);
    add(filter, BPF_JMP | BPF_JEQ | BPF_K, head, 0, 3);
    add(filter, BPF_LD | BPF_H | BPF_ABS, 4, 0, 0);
    add(filter, BPF_JMP | BPF_JEQ | BPF_K, tail, 0, 1);
    decide(filter, true);
}

void capture_filter_end(struct capture_filter *filter, bool takes)
{
    decide(filter, takes);
}

bool capture_filter_set(const struct capture_filter *filter, int fd, bool leaves)
{
    int ignored = !leaves;
    struct sock_fprog program = {filter->count, (struct sock_filter *)filter->steps};
    return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) == 0 &&
           setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &ignored, sizeof ignored) == 0;
}
