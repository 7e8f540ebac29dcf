// rows: every command's row, by the file that it stands in. table.c lists them by name.

#ifndef SOCKSH_COMMANDS_ROWS_H
#define SOCKSH_COMMANDS_ROWS_H

#include "lang/command.h"

// actors.c: what one actor can do with another
extern const struct command command_join;
extern const struct command command_interrupt;
extern const struct command command_blocked;
extern const struct command command_kill;
extern const struct command command_actors;

// address.c: names and numbers of hosts and ports
extern const struct command command_getaddrinfo;
extern const struct command command_getservbyname;
extern const struct command command_inet_pton;
extern const struct command command_inet_ntop;
extern const struct command command_htons;
extern const struct command command_htonl;
extern const struct command command_ntohs;
extern const struct command command_ntohl;
extern const struct command command_hosts;
extern const struct command command_interfaces;

// connect.c: both sides of a connection
extern const struct command command_connect;
extern const struct command command_accept;

// data.c: bytes and lists
extern const struct command command_len;
extern const struct command command_append;
extern const struct command command_remove;
extern const struct command command_slice;
extern const struct command command_find_row;
extern const struct command command_split;
extern const struct command command_concat;

// explain.c: errors, and what surprises, at length
extern const struct command command_explain;

// fail.c: errors of a script's own
extern const struct command command_fail;

// file.c: whole files
extern const struct command command_load;
extern const struct command command_save;
extern const struct command command_unlink;

// handles.c: the table of what is open
extern const struct command command_handles;

// input.c: lines from standard input
extern const struct command command_input;

// kernel.c: what the kernel knows of a socket
extern const struct command command_state;
extern const struct command command_queued;
extern const struct command command_sent;
extern const struct command command_received;

// diagram.c: the picture of conversations
extern const struct command command_diagram;

// loss.c: losing packets on purpose
extern const struct command command_drop;
extern const struct command command_undrop;

// network.c: the network that a run has of its own
extern const struct command command_network;

// number.c: from bytes to numbers and back
extern const struct command command_hex;
extern const struct command command_int;
extern const struct command command_range;
extern const struct command command_random;
extern const struct command command_pack;
extern const struct command command_unpack;

// option.c: socket options and settings beside them
extern const struct command command_setsockopt;
extern const struct command command_getsockopt;
extern const struct command command_setblocking;
extern const struct command command_settimeout;
extern const struct command command_setrlimit;

// packets.c: what passed on the network
extern const struct command command_capture;
extern const struct command command_packet;
extern const struct command command_packets;

// poll.c: waiting for one of several
extern const struct command command_poll;

// print.c: values for a person
extern const struct command command_print;

// receive.c: octets in
extern const struct command command_recv;
extern const struct command command_recvfrom;

// send.c: octets out
extern const struct command command_send;
extern const struct command command_sendto;
extern const struct command command_sendall;

// session.c: leaving, variables, settings
extern const struct command command_exit;
extern const struct command command_quit;
extern const struct command command_vars;
extern const struct command command_trace;
extern const struct command command_set;
extern const struct command command_clear;
extern const struct command command_source;

// session_lessons.c: which lessons there are, and learning one
extern const struct command command_lessons;
extern const struct command command_learn;

// session_help.c: help
extern const struct command command_help;

// socket.c: calls that never wait for a peer
extern const struct command command_socket;
extern const struct command command_socketpair;
extern const struct command command_bind;
extern const struct command command_getsockname;
extern const struct command command_getpeername;
extern const struct command command_listen;
extern const struct command command_shutdown;
extern const struct command command_close;

// time.c: sleeping, and a steady clock
extern const struct command command_sleep;
extern const struct command command_now;

#endif
