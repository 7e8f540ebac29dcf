// table: all commands, sorted by name.

#include "commands/table.h"

#include "commands/rows.h"

// A line a command, so that a change shows what it changes.
// clang-format off
static const struct command *const rows[] = {
    &command_accept,
    &command_actors,
    &command_append,
    &command_bind,
    &command_blocked,
    &command_clear,
    &command_close,
    &command_concat,
    &command_connect,
    &command_exit,
    &command_explain,
    &command_fail,
    &command_find_row,
    &command_getaddrinfo,
    &command_getpeername,
    &command_getservbyname,
    &command_getsockname,
    &command_getsockopt,
    &command_handles,
    &command_help,
    &command_hex,
    &command_hosts,
    &command_htonl,
    &command_htons,
    &command_inet_ntop,
    &command_inet_pton,
    &command_input,
    &command_int,
    &command_interfaces,
    &command_interrupt,
    &command_join,
    &command_kill,
    &command_len,
    &command_lessons,
    &command_listen,
    &command_load,
    &command_now,
    &command_ntohl,
    &command_ntohs,
    &command_pack,
    &command_poll,
    &command_print,
    &command_queued,
    &command_quit,
    &command_random,
    &command_range,
    &command_received,
    &command_recv,
    &command_recvfrom,
    &command_remove,
    &command_save,
    &command_send,
    &command_sendall,
    &command_sendto,
    &command_sent,
    &command_set,
    &command_setblocking,
    &command_setrlimit,
    &command_setsockopt,
    &command_settimeout,
    &command_shutdown,
    &command_sleep,
    &command_slice,
    &command_socket,
    &command_socketpair,
    &command_source,
    &command_split,
    &command_state,
    &command_trace,
    &command_unlink,
    &command_unpack,
    &command_vars,
};
// clang-format on

// command_find() searches by halves, so the order above is strcmp's; a test holds it to that.
void commands_install(void)
{
    command_table_set(rows, sizeof rows / sizeof *rows);
}
