// test_symbol: the tables of constants and options agree with each other, with the C library, and
// with the kernel.

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/utf8.h"
#include "net/constants.h"
#include "net/symbol.h"

static const char *shown(enum family family, int64_t value)
{
    static struct buffer buffer;
    buffer_clear(&buffer);
    symbol_show(family, value, &buffer);
    return buffer_text(&buffer);
}

static const char *name_of(enum family family, int64_t value)
{
    const struct symbol *symbol = symbol_of(family, value);
    return symbol ? symbol->name : "nothing";
}

Test(symbol, table_is_sorted_and_unique)
{
    for (size_t i = 1; i < symbol_count; i++)
        cr_expect(strcmp(symbols[i - 1].name, symbols[i].name) < 0, "%s", symbols[i].name);
}

Test(symbol, every_name_is_found)
{
    for (size_t i = 0; i < symbol_count; i++)
        cr_expect(eq(ptr, (void *)symbol_find(str_from(symbols[i].name)), (void *)&symbols[i]));
}

Test(symbol, only_whole_names_are_found)
{
    cr_expect(eq(ptr, (void *)symbol_find(STR("")), NULL));
    cr_expect(eq(ptr, (void *)symbol_find(STR("AF_INE")), NULL));
    cr_expect(eq(ptr, (void *)symbol_find(STR("AF_INET66")), NULL));
    cr_expect(eq(ptr, (void *)symbol_find(STR("af_inet")), NULL));
    cr_expect(eq(ptr, (void *)symbol_find(STR("AF_INET\0")), NULL));
    cr_expect(eq(ptr, (void *)symbol_find((struct str){NULL, 0}), NULL));
    cr_expect(ne(ptr, (void *)symbol_find((struct str){"AF_INET6", 7}), NULL));
}

Test(symbol, values_are_those_of_the_headers)
{
    cr_expect(eq(i64, symbol_find(STR("AF_INET6"))->value, AF_INET6));
    cr_expect(eq(i64, symbol_find(STR("SO_RCVTIMEO"))->value, SO_RCVTIMEO));
    cr_expect(eq(i64, symbol_find(STR("EAI_NONAME"))->value, EAI_NONAME));
    cr_expect(eq(i64, symbol_find(STR("MSG_CMSG_CLOEXEC"))->value, 0x40000000));
    cr_expect(eq(i64, symbol_find(STR("RLIM_INFINITY"))->value, -1));
}

Test(symbol, meanings_are_short_and_no_sentences)
{
    for (size_t i = 0; i < symbol_count; i++) {
        struct str meaning = str_from(symbols[i].meaning);
        cr_assert(gt(sz, meaning.size, 0), "%s", symbols[i].name);
        cr_expect(le(sz, utf8_width(meaning), 60), "%s", symbols[i].name);
        cr_expect(meaning.data[meaning.size - 1] != '.', "%s", symbols[i].name);
        cr_expect(not(str_starts(meaning, STR(" "))), "%s", symbols[i].name);
    }
}

// Names begin as the family says, so that a row cannot stand in the wrong one.
Test(symbol, families_are_the_right_ones)
{
    static const struct {
        const char *prefix;
        enum family family;
    } expected[] = {
        {"AF_", FAMILY_AF},         {"SOCK_", FAMILY_SOCK},  {"IPPROTO_", FAMILY_IPPROTO},
        {"MSG_", FAMILY_MSG},       {"SHUT_", FAMILY_SHUT},  {"POLL", FAMILY_POLL},
        {"SO_", FAMILY_OPTION},     {"TCP_", FAMILY_OPTION}, {"UDP_", FAMILY_OPTION},
        {"RLIMIT_", FAMILY_RLIMIT}, {"EAI_", FAMILY_EAI},    {"SOL_", FAMILY_NONE},
        {"SOMAX", FAMILY_LIMIT},    {"IPTOS_", FAMILY_TOS},  {"IP_PMTUDISC_", FAMILY_PMTUDISC},
        {"IP_", FAMILY_OPTION},     {"RLIM_", FAMILY_NONE},  {"IPV6_PMTUDISC_", FAMILY_PMTUDISC},
        {"IPV6_", FAMILY_OPTION},   {"E", FAMILY_ERRNO},
    };
    for (size_t i = 0; i < symbol_count; i++) {
        size_t at = 0;
        while (!str_starts(str_from(symbols[i].name), str_from(expected[at].prefix)))
            cr_assert(lt(sz, ++at, sizeof expected / sizeof expected[0]), "%s", symbols[i].name);
        cr_expect(eq(int, (int)symbols[i].family, (int)expected[at].family), "%s", symbols[i].name);
    }
}

Test(symbol, of_gives_the_name_usually_written)
{
    cr_expect(eq(str, (char *)name_of(FAMILY_ERRNO, EAGAIN), "EAGAIN"));
    cr_expect(eq(str, (char *)name_of(FAMILY_ERRNO, EOPNOTSUPP), "EOPNOTSUPP"));
    cr_expect(eq(str, (char *)name_of(FAMILY_ERRNO, EDEADLK), "EDEADLK"));
    cr_expect(eq(str, (char *)name_of(FAMILY_AF, AF_UNIX), "AF_UNIX"));
    cr_expect(eq(str, (char *)name_of(FAMILY_PMTUDISC, IP_PMTUDISC_DO), "IP_PMTUDISC_DO"));
    cr_expect(eq(str, (char *)name_of(FAMILY_EAI, EAI_SERVICE), "EAI_SERVICE"));
    cr_expect(eq(str, (char *)name_of(FAMILY_LIMIT, SOMAXCONN), "SOMAXCONN"));
}

Test(symbol, of_keeps_families_apart)
{
    cr_expect(eq(str, (char *)name_of(FAMILY_SHUT, 1), "SHUT_WR"));
    cr_expect(eq(str, (char *)name_of(FAMILY_POLL, 1), "POLLIN"));
    cr_expect(eq(str, (char *)name_of(FAMILY_ERRNO, 1), "EPERM"));
    cr_expect(eq(str, (char *)name_of(FAMILY_OPTION, 1), "nothing"));
    cr_expect(eq(str, (char *)name_of(FAMILY_NONE, 1), "nothing"));
    cr_expect(eq(str, (char *)name_of(FAMILY_ERRNO, 0), "nothing"));
    cr_expect(eq(str, (char *)name_of(FAMILY_ERRNO, -1), "nothing"));
    cr_expect(eq(str, (char *)name_of(FAMILY_ERRNO, 0x100000001), "nothing"));
}

// Two names for one number make it a matter of chance which is shown, unless symbol.c chooses.
Test(symbol, only_known_pairs_share_a_number)
{
    for (size_t i = 0; i < symbol_count; i++) {
        const struct symbol *usual = symbol_of(symbols[i].family, symbols[i].value);
        if (symbols[i].family == FAMILY_OPTION || symbols[i].family == FAMILY_NONE)
            continue;
        cr_assert(ne(ptr, (void *)usual, NULL), "%s", symbols[i].name);
        for (const struct symbol *other = usual + 1; other < symbols + symbol_count; other++)
            if (other->family == usual->family && other->value == usual->value)
                cr_expect(strncmp(usual->meaning, "another", 7) == 0 ||
                              strncmp(other->meaning, "another", 7) == 0 ||
                              other->family == FAMILY_PMTUDISC,
                          "%s and %s", usual->name, other->name);
    }
}

Test(symbol, flags_are_joined)
{
    cr_expect(eq(str, (char *)shown(FAMILY_MSG, 0x42), "MSG_PEEK|MSG_DONTWAIT"));
    cr_expect(eq(str, (char *)shown(FAMILY_MSG, MSG_PEEK), "MSG_PEEK"));
    cr_expect(eq(str, (char *)shown(FAMILY_MSG, MSG_PEEK | 0x8000000), "MSG_PEEK|0x8000000"));
    cr_expect(eq(str, (char *)shown(FAMILY_MSG, 0x8000000), "0x8000000"));
    cr_expect(eq(str, (char *)shown(FAMILY_MSG, 0), "0"));
    cr_expect(eq(str, (char *)shown(FAMILY_MSG, INT64_MIN), "0x8000000000000000"));
    cr_expect(eq(str, (char *)shown(FAMILY_POLL, POLLIN | POLLRDHUP), "POLLIN|POLLRDHUP"));
    cr_expect(eq(str, (char *)shown(FAMILY_POLL, 0), "0"));
}

Test(symbol, types_may_carry_flags)
{
    cr_expect(eq(str, (char *)shown(FAMILY_SOCK, SOCK_STREAM), "SOCK_STREAM"));
    cr_expect(eq(str, (char *)shown(FAMILY_SOCK, SOCK_STREAM | SOCK_NONBLOCK),
                 "SOCK_STREAM|SOCK_NONBLOCK"));
    cr_expect(eq(str, (char *)shown(FAMILY_SOCK, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK),
                 "SOCK_DGRAM|SOCK_NONBLOCK|SOCK_CLOEXEC"));
    cr_expect(eq(str, (char *)shown(FAMILY_SOCK, SOCK_NONBLOCK), "SOCK_NONBLOCK"));
    cr_expect(eq(str, (char *)shown(FAMILY_SOCK, 9 | SOCK_CLOEXEC), "9|SOCK_CLOEXEC"));
    cr_expect(eq(str, (char *)shown(FAMILY_SOCK, 0), "0"));
    cr_expect(eq(str, (char *)shown(FAMILY_SOCK, -5), "-5"));
}

Test(symbol, numbers_without_a_name_stay_numbers)
{
    cr_expect(eq(str, (char *)shown(FAMILY_AF, AF_INET), "AF_INET"));
    cr_expect(eq(str, (char *)shown(FAMILY_AF, 12345), "12345"));
    cr_expect(eq(str, (char *)shown(FAMILY_ERRNO, -7), "-7"));
    cr_expect(eq(str, (char *)shown(FAMILY_SHUT, 3), "3"));
    cr_expect(eq(str, (char *)shown(FAMILY_OPTION, 2), "2"));
    cr_expect(eq(str, (char *)shown(FAMILY_NONE, INT64_MAX), "9223372036854775807"));
    cr_expect(eq(str, (char *)shown(FAMILY_IPPROTO, IPPROTO_MPTCP), "IPPROTO_MPTCP"));
}

Test(errno_name, every_number_of_the_kernel_has_its_name)
{
    for (int number = 1; number <= EHWPOISON; number++) {
        const char *expected = strerrorname_np(number);
        if (expected)
            cr_expect(eq(str, (char *)errno_name(number), (char *)expected));
    }
}

Test(errno_name, other_numbers_are_told)
{
    cr_expect(eq(str, (char *)errno_name(0), "errno 0"));
    cr_expect(eq(str, (char *)errno_name(12345), "errno 12345"));
    cr_expect(eq(str, (char *)errno_name(INT32_MIN), "errno -2147483648"));
}

Test(symbol, every_error_of_a_look_up_has_a_row)
{
    const char *unknown = gai_strerror(-9999);
    for (int number = -200; number < 0; number++)
        if (strcmp(gai_strerror(number), unknown) != 0)
            cr_expect(ne(ptr, (void *)symbol_of(FAMILY_EAI, number), NULL), "%d", number);
}

Test(option, table_is_sorted_and_unique)
{
    for (size_t i = 1; i < option_count; i++)
        cr_expect(strcmp(options[i - 1].name, options[i].name) < 0, "%s", options[i].name);
}

Test(option, symbols_and_options_are_the_same)
{
    size_t count = 0;
    for (size_t i = 0; i < symbol_count; i++) {
        if (symbols[i].family != FAMILY_OPTION)
            continue;
        count++;
        const struct option *option = option_of(&symbols[i]);
        cr_assert(ne(ptr, (void *)option, NULL), "%s", symbols[i].name);
        cr_expect(eq(str, (char *)option->name, (char *)symbols[i].name));
        cr_expect(eq(i64, option->number, symbols[i].value));
    }
    cr_expect(eq(sz, count, option_count));
}

// A wrong level could pass the kernel's test below: the numbers of all levels begin at 1.
Test(option, names_tell_the_level)
{
    static const struct {
        const char *prefix;
        const char *level;
    } expected[] = {
        {"SO_", "SOL_SOCKET"}, {"TCP_", "IPPROTO_TCP"},   {"UDP_", "IPPROTO_UDP"},
        {"IP_", "IPPROTO_IP"}, {"IPV6_", "IPPROTO_IPV6"},
    };
    for (size_t i = 0; i < option_count; i++) {
        size_t at = 0;
        while (!str_starts(str_from(options[i].name), str_from(expected[at].prefix)))
            cr_assert(lt(sz, ++at, sizeof expected / sizeof expected[0]), "%s", options[i].name);
        cr_expect(eq(str, (char *)options[i].level_name, (char *)expected[at].level), "%s",
                  options[i].name);
    }
}

Test(option, rows_are_whole)
{
    for (size_t i = 0; i < option_count; i++) {
        const struct option *option = &options[i];
        const struct symbol *level = symbol_find(str_from(option->level_name));
        cr_assert(ne(ptr, (void *)level, NULL), "%s", option->name);
        cr_expect(eq(i64, level->value, option->level));
        cr_expect(option->readable || option->writable, "%s", option->name);
        bool has_values = option->values != FAMILY_NONE;
        cr_expect(eq(int, has_values, option->type == OPTION_CONSTANT), "%s", option->name);
    }
}

enum { SOCKETS = 7 };

// One socket of each kind whose options are in the table. The raw one is -1 without the privilege.
static void open_sockets(int sockets[SOCKETS])
{
    int pair[2];
    cr_assert(eq(int, socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0));
    sockets[0] = socket(AF_INET, SOCK_STREAM, 0);
    sockets[1] = socket(AF_INET6, SOCK_STREAM, 0);
    sockets[2] = socket(AF_INET, SOCK_DGRAM, 0);
    sockets[3] = socket(AF_INET6, SOCK_DGRAM, 0);
    sockets[4] = pair[0];
    sockets[5] = pair[1];
    sockets[6] = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP);
}

static void close_sockets(const int sockets[SOCKETS])
{
    for (size_t i = 0; i < SOCKETS; i++)
        if (sockets[i] >= 0)
            close(sockets[i]);
}

// Options that this kernel or this user may have to do without.
static bool may_be_unknown(const struct option *option, bool raw)
{
    return strcmp(option->name, "IP_LOCAL_PORT_RANGE") == 0      // Linux 6.3
           || strcmp(option->name, "SO_BUSY_POLL") == 0          // CONFIG_NET_RX_BUSY_POLL
           || (strcmp(option->name, "IP_HDRINCL") == 0 && !raw); // raw sockets only
}

static bool is_unknown(int error)
{
    return error == ENOPROTOOPT || error == EOPNOTSUPP;
}

// Octets of a value of that type as getsockopt(2) gives it; 0 when they vary.
static socklen_t size_of(enum option_type type)
{
    switch (type) {
    case OPTION_LINGER:
        return sizeof(struct linger);
    case OPTION_TIMEVAL:
        return sizeof(struct timeval);
    case OPTION_CREDENTIALS:
        return sizeof(struct ucred);
    case OPTION_INTERFACE:
        return sizeof(struct in_addr);
    case OPTION_NAME:
    case OPTION_BYTES:
    case OPTION_TCP_INFO:
    case OPTION_GROUP:
        return 0;
    default:
        return sizeof(int);
    }
}

// Reads the option, and writes what was read back (a zero where it cannot be read). Sets whether
// either call knows it.
static void try_option(const struct option *option, int fd, bool *reads, bool *writes)
{
    char value[512] = {0};
    socklen_t size = sizeof value;
    bool read = getsockopt(fd, option->level, option->number, value, &size) == 0;
    *reads |= read || !is_unknown(errno);
    if (read && option->readable && size_of(option->type) != 0)
        cr_expect(eq(u32, size, size_of(option->type)), "%s", option->name);
    if (read && option->type == OPTION_BOOL)
        cr_expect(value[0] == 0 || value[0] == 1, "%s", option->name);
    if (!read)
        size = sizeof(struct ip_mreqn) + 8; // room for a struct ipv6_mreq
    bool written = setsockopt(fd, option->level, option->number, value, size) == 0;
    *writes |= written || !is_unknown(errno);
}

// The kernel is asked of every row, so a wrong level, or a wrong `readable` or `writable`, is
// found.
Test(option, the_kernel_knows_them_at_their_level)
{
    int sockets[SOCKETS];
    open_sockets(sockets);
    for (size_t i = 0; i < option_count; i++) {
        bool reads = false, writes = false;
        for (size_t j = 0; j < SOCKETS; j++)
            if (sockets[j] >= 0)
                try_option(&options[i], sockets[j], &reads, &writes);
        if (!(reads && writes) && may_be_unknown(&options[i], sockets[6] >= 0))
            continue;
        cr_expect(eq(int, reads, options[i].readable), "%s", options[i].name);
        cr_expect(eq(int, writes, options[i].writable), "%s", options[i].name);
    }
    close_sockets(sockets);
}
