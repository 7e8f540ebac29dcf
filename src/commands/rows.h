// rows: every command, by name. table.c lists them in the same order.

#ifndef SOCKSH_COMMANDS_ROWS_H
#define SOCKSH_COMMANDS_ROWS_H

#include "lang/command.h"

// Rows stand beside their handlers, a file a topic; what is declared here is listed in table.c.
extern const struct command command_accept;
extern const struct command command_actors;
extern const struct command command_append;
extern const struct command command_bind;
extern const struct command command_clear;
extern const struct command command_close;
extern const struct command command_concat;
extern const struct command command_connect;
extern const struct command command_exit;
extern const struct command command_explain;
extern const struct command command_fail;
extern const struct command command_find_row;
extern const struct command command_getaddrinfo;
extern const struct command command_getpeername;
extern const struct command command_getservbyname;
extern const struct command command_getsockname;
extern const struct command command_getsockopt;
extern const struct command command_handles;
extern const struct command command_help;
extern const struct command command_hex;
extern const struct command command_hosts;
extern const struct command command_htonl;
extern const struct command command_htons;
extern const struct command command_inet_ntop;
extern const struct command command_inet_pton;
extern const struct command command_input;
extern const struct command command_int;
extern const struct command command_interfaces;
extern const struct command command_interrupt;
extern const struct command command_join;
extern const struct command command_kill;
extern const struct command command_len;
extern const struct command command_listen;
extern const struct command command_load;
extern const struct command command_now;
extern const struct command command_ntohl;
extern const struct command command_ntohs;
extern const struct command command_pack;
extern const struct command command_poll;
extern const struct command command_print;
extern const struct command command_queued;
extern const struct command command_quit;
extern const struct command command_random;
extern const struct command command_range;
extern const struct command command_received;
extern const struct command command_recv;
extern const struct command command_recvfrom;
extern const struct command command_remove;
extern const struct command command_save;
extern const struct command command_send;
extern const struct command command_sendall;
extern const struct command command_sendto;
extern const struct command command_sent;
extern const struct command command_set;
extern const struct command command_setblocking;
extern const struct command command_setrlimit;
extern const struct command command_setsockopt;
extern const struct command command_settimeout;
extern const struct command command_shutdown;
extern const struct command command_sleep;
extern const struct command command_slice;
extern const struct command command_socket;
extern const struct command command_socketpair;
extern const struct command command_source;
extern const struct command command_split;
extern const struct command command_state;
extern const struct command command_trace;
extern const struct command command_unlink;
extern const struct command command_unpack;
extern const struct command command_vars;

#endif
