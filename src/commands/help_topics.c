// help_topics: screens about what is no command: protocols, ports, waiting, closing, the prompt.
//
// Each is a screen of 23 lines at most, with its example, the commands that belong to it, and the
// title; a test counts. Another runs the examples and holds their expectations. Texts are what
// page_add_texts() takes: a paragraph a line, and facts with a tab behind their label. What the
// tables say (meanings of constants, usage of commands) is left to them.

#include "base/message.h"
#include "commands/help.h"

// In the order of strcmp, as `help topics` lists them.
const struct help_text help_texts[] = {
    {"actors", N_("several lines of execution, like several terminal windows"),
     "@server l = socket; bind l 127.0.0.1:0; listen l; accept l\n"
     "actors",
     N_("An actor has variables of its own and shares handles and functions with the others. "
        "main is there from the start. A call that waits blocks its actor alone.\n"
        "@NAME LINE\tgives a line to that actor, and goes on when it is done or waits\n"
        "@NAME\talone, at the prompt: talk to that actor from now on\n"
        "spawn\truns a function in an actor of its own; join waits for its value")},
    {"addresses", N_("where a socket is, or its peer"),
     "s = socket AF_INET6; bind s [::1]:0\n"
     "host, port = getsockname s",
     N_("127.0.0.1:9999\ta host and a port, in IPv4; this host is the machine itself\n"
        "[::1]:9999\tthe same in IPv6, for a socket of AF_INET6\n"
        "*:9999\t0.0.0.0, for bind: all addresses of this machine; [::]:9999 in IPv6\n"
        "localhost:http\tnames: looked up each time the address is used\n"
        "unix:/tmp/x.sock\ta path, for a socket of AF_UNIX: within this machine only\n"
        "An IP address is a number of 32 bits, in IPv6 of 128. It belongs to a network interface, "
        "so a machine has several: interfaces lists them.\n"
        "Where a variable holds a part, write the address as text: connect s \"{host}:80\".")},
    {"closing", N_("how a connection ends"),
     "a, b = socketpair\n"
     "send a \"bye\"; shutdown a SHUT_WR\n"
     "recv b 10                            #=> \"bye\"\n"
     "recv b 10                            #=> \"\"\n"
     "send b \"still here\"; recv a 20       #=> \"still here\"",
     N_("An empty recv says that the peer sends no more; it may still receive (half-close). When "
        "it has closed, it answers what is sent to it with a RST, and the next send is EPIPE.\n"
        "shutdown\tSHUT_WR ends one direction: what was sent is read, then the end\n"
        "close\tgives the handle back; the kernel still sends what is left\n"
        "SO_LINGER\t0s makes close break off with a RST: ECONNRESET at the peer\n"
        "Whoever closes a TCP connection first keeps its addresses for a minute, in TIME_WAIT "
        "(handles shows it). SO_REUSEADDR lets a server bind to them at once.")},
    {"colors", N_("what is coloured, and how to do without"), "clear",
     N_("Colours repeat what the words say; without them nothing is lost. They are used on a "
        "terminal only.\n"
        "NO_COLOR\ta variable of the environment: when it is not empty, nothing is coloured\n"
        "TERM\tthe same when it is dumb: no colours, nothing dim\n"
        "--color=never\tthe same for one start of socksh; set colors off for the rest of a "
        "session")},
    {"errors", N_("what happens when a call fails"),
     "try { connect (socket) 127.0.0.1:1 } catch e {\n"
     "    if e == ECONNREFUSED { print \"nobody is there\" }\n"
     "}",
     N_("The kernel says why a call failed by a number with a name, the errno. The error ends the "
        "statement, and a script, unless a try around it takes it. It equals its constant, and "
        "shows as one line.\n"
        "explain\tsays more about the last one; explain NAME about any\n"
        "fail\traises an error: a text, an errno, or again one that was caught\n"
        "EAI_…\tare errors of look-ups: help EAI_ lists them\n"
        "Spelling and types are checked before anything runs. Whether a call is allowed is left "
        "to the kernel.\n"
        "A script ends with status 1 after an error, 2 when it was not run for a mistake in it.")},
    {"expectations", N_("comments that say what must come, for socksh check"),
     "a, b = socketpair                    #=> <a>, <b>\n"
     "send a \"Sarah\"                       #=> 5\n"
     "recv b 10                            #=> \"Sarah\"\n"
     "close 99                             #=> error EBADF\n"
     "print \"Hello\"                        #| Hello",
     N_("socksh check FILE… runs scripts and compares. Otherwise these are comments. A statement "
        "without one must not fail.\n"
        "#=> 5\tthe value as it is shown; several with commas between\n"
        "#=> ...\tany text\n"
        "#=> <x>\tany text, but the same wherever <x> stands again\n"
        "#=> error EBADF\tthe statement fails with this\n"
        "#=> waits\tthe statement, given to an actor, waits\n"
        "#| Hello\ta line that is printed\n"
        "#| ...\tany lines, up to the one that is wanted next")},
    {"files", N_("reading and writing files, running scripts, paths of sockets"),
     "save \"greeting.txt\" \"hello\\n\"\n"
     "load \"greeting.txt\"                  #=> \"hello\\n\"\n"
     "unlink \"greeting.txt\"",
     N_("load\treads a whole file\n"
        "save\twrites a whole file; when it fails, the old one stays\n"
        "source\truns the statements of a file as if they stood here\n"
        "A script is run by socksh FILE; with #!/usr/bin/env socksh in its first line, by its own "
        "name. args has what stood behind it.\n"
        "A socket of AF_UNIX that is bound to unix:PATH makes a file there. close leaves it, and "
        "the next bind is EADDRINUSE, until unlink removes it.")},
    {"flags", N_("what send and recv are told for one call"),
     "a, b = socketpair; send a \"hello\"\n"
     "recv b 2 MSG_PEEK|MSG_DONTWAIT       #=> \"he\"\n"
     "recv b 10                            #=> \"hello\"",
     N_("Flags are joined with | without blanks. What is left out is 0, no flag. help MSG_ lists "
        "all of them.\n"
        "MSG_PEEK\tthe data stay: the next recv gives them again\n"
        "MSG_DONTWAIT\tthis call does not wait; EAGAIN instead\n"
        "MSG_WAITALL\tTCP: wait until SIZE octets are there, or the end\n"
        "MSG_NOSIGNAL\tsocksh ignores the signal SIGPIPE anyway: send fails with EPIPE")},
    {"keys", N_("what the keys do at the prompt"), "help\nhelp topics",
     N_("Tab\tcompletes a word; twice lists what may stand there\n"
        "Up Down\tgo through what was typed before; Ctrl-R searches in it\n"
        "Ctrl-C\tdrops the line, or ends the call that waits (EINTR)\n"
        "Ctrl-Z\tleaves the call waiting and takes you to another actor; where no call runs, stops "
        "socksh until the shell that started it is told fg\n"
        "Ctrl-D\ton an empty line: leaves, and closes what is open\n"
        "Ctrl-A Ctrl-E\tgo to the beginning or the end of the line\n"
        "Ctrl-U Ctrl-K\tdelete up to the cursor, or from it on\n"
        "A line that is not finished, { without }, goes on at ...> in the next one.\n"
        "? and NAME ?\tare help and help NAME\n"
        "@NAME\ttalks to that actor from now on\n"
        "!COMMAND\tis run by the system's shell")},
    {"lan", N_("several hosts, and routers between them"),
     "network host alice 10.0.0.1/24; network host bob 10.0.0.2/24\n"
     "@bob l = socket; bind l 10.0.0.2:80; listen l\n"
     "@alice s = socket; connect s bob:80; getpeername s    #=> 10.0.0.2:80\n"
     "network delay bob 20ms",
     N_("In a network of one's own (socksh --sandbox, or a lesson) there can be several computers, "
        "joined by cables, each with its own interfaces, ports and loopback.\n"
        "network host\tmakes one with these addresses; /24: who has the same 24 first bits is in "
        "the same network. The actor of that name is on it, with what it spawns, from its next "
        "statement on; a socket stays where it was made. The name leads to the first address\n"
        "network router\tthe same in two networks or more: it passes packets on, with a TTL one "
        "less. Hosts there send by way of the first router whatever is for elsewhere\n"
        "network route\tbob via 10.0.0.9, or bob 10.1.0.0/16 via 10.0.0.9: another way\n"
        "network down\tpulls a host's cables behind its interfaces, which notice nothing: only "
        "time-outs tell. network up plugs them in\n"
        "network delay\tbob 50ms: socksh holds packets back so long, each way; bob 50ms 20ms: up "
        "to 20 ms more, so that they overtake one another\n"
        "network\tlists them")},
    {"loss", N_("packets that do not arrive, and making it so"),
     "r = socket AF_INET SOCK_DGRAM; bind r 127.0.0.1:0\n"
     "s = socket AF_INET SOCK_DGRAM; drop r\n"
     "sendto s \"lost\" (getsockname r)        #=> 4\n"
     "undrop r; sendto s \"here\" (getsockname r)\n"
     "recv r 10                            #=> \"here\"",
     N_("Networks lose packets: a queue is full, a cable is cut. Nobody is told. On one computer "
        "none is lost but on purpose: drop throws away what arrives at a socket.\n"
        "UDP\twhat is lost is gone; who sent it must ask again\n"
        "TCP\tnotices that no acknowledgement comes and sends again, each time after twice the "
        "wait, for some 15 minutes; then ETIMEDOUT. The program only sees that it takes long\n"
        "drop s 30\tloses 30 of 100 packets at random; handles shows it, and what was sent again\n"
        "undrop s\tends it\n"
        "drop of a TCP socket takes a network of one's own: socksh --sandbox, or a lesson.")},
    {"names", N_("how a name becomes an address"),
     "getaddrinfo \"localhost\" 80 AF_INET   #=> [127.0.0.1:80]\n"
     "hosts web:80 127.0.0.1:8080",
     N_("A look-up finds the addresses of a name: first in the file /etc/hosts, then by asking a "
        "name server (DNS). There may be several, of IPv4 and IPv6.\n"
        "connect, bind and sendto look a name up by themselves, each time anew. connect tries the "
        "addresses that fit the socket's family, one after the other.\n"
        "EAI_NONAME is an unknown name, EAI_AGAIN a name server that does not answer.\n"
        "Ports have names too: localhost:http is port 80. getservbyname tells which.\n"
        "hosts sends a name elsewhere for this run, so that a script meant for a real server can "
        "be tried with your own.")},
    {"network", N_("a network of one's own, to try things in"), "network",
     N_("socksh --sandbox, and lessons, run in a network of their own: nothing leaves it, every "
        "port is free, and it ends with the program.\n"
        "network mtu 1500\tpackets as on an Ethernet: TCP's segments have at most 1448 bytes, "
        "not the loopback's 65,483 (network mtu default)\n"
        "network ports\tleaves connect few to choose from: network ports 40010 40011\n"
        "network host\tseveral computers in it, with routers between: help lan\n"
        "socksh attach, in another terminal, starts a shell in the same network.")},
    {"options", N_("settings of one socket in the kernel"),
     "s = socket\n"
     "setsockopt s SO_REUSEADDR 1\n"
     "getsockopt s SO_REUSEADDR            #=> 1",
     N_("In C an option has a level (SOL_SOCKET, IPPROTO_TCP …), a name, and a value of some "
        "type. Here level and type follow from the name: help NAME says which.\n"
        "help SO_\tlists the options of all sockets\n"
        "help TCP_\tthose of TCP; UDP_, IP_ and IPV6_ likewise\n"
        "Some must be set in time: SO_REUSEADDR before bind, the sizes of buffers before connect "
        "or listen. A socket that accept gives has most options of the listening one.")},
    {"packets", N_("what passes on the network, seen"),
     "u = socket AF_INET SOCK_DGRAM; sendto u \"hello\" 127.0.0.1:9; packet 2",
     N_("An IP header has the addresses, a TCP or UDP header behind it the ports, then comes the "
        "data. They are seen in socksh --sandbox, in lessons, or by root.\n"
        "SYN, FIN, RST\tbegin a connection, end one direction, break all off\n"
        "ACK\tall bytes below ack have come; the kernel says so, no call\n"
        "seq, ack\tcount the bytes of each direction from its SYN, which is 0\n"
        "window\tfor how many bytes more its sender has room\n"
        "again\tthe same data once more: no ACK had come\n"
        "diagram draws who sent what to whom, beside the calls that brought it about.")},
    {"ports", N_("which socket of a machine is meant"),
     "s = socket; bind s 127.0.0.1:0; address = getsockname s\n"
     "t = socket; bind t address             #=> error EADDRINUSE\n"
     "u = socket AF_INET SOCK_DGRAM; bind u address",
     N_("A port is a number from 0 to 65535. An address and port belong to one socket; another "
        "one's bind is EADDRINUSE. TCP and UDP are counted apart.\n"
        "0\tlets the kernel choose a free one; getsockname says which\n"
        "1 to 1023\twell-known services: 80 http, 25 smtp, 21 ftp (getservbyname). To bind them "
        "needs privileges on most systems (EACCES)\n"
        "1024 to 65535\tfor anybody. A client is given one from 32768 to 60999, unless the system "
        "is set otherwise\n"
        "A port stays taken while connections rest in TIME_WAIT: SO_REUSEADDR allows bind.")},
    {"settings", N_("what the prompt shows"), "set values on\ntrace call",
     N_("set\talone lists the settings, and what each of them shows\n"
        "set NAME off\tturns one off: after set values off no values are shown\n"
        "trace\tcall shows each system call as it was made, c and python as these languages "
        "write it; trace off shows none\n"
        "A handle's own settings in the kernel are something else: help options.")},
    {"strings", N_("bytes: what is sent and received"),
     "name = \"Sarah\"\n"
     "print \"Hello, {name}! {len name} bytes\"     #| Hello, Sarah! 5 bytes\n"
     "split \"a: 1\\r\\nb: 2\" \"\\r\\n\"                 #=> [\"a: 1\", \"b: 2\"]",
     N_("\"…\"\tknows \\r \\n \\t \\0 \\\\ \\\" \\{ and \\xHH, an octet; {name} or {len d} puts "
        "a value in\n"
        "'…'\ttakes everything as it stands\n"
        "+ in\tjoin bytes, find some within others\n"
        "There is no other kind of string. A socket carries octets; text is UTF-8 by agreement, "
        "so len \"你好\" is 6, and a recv may end within a letter.\n"
        "Values are shown quoted, with \\xHH for what is not readable: nothing that was received "
        "can change the terminal. print writes bytes without quotes.")},
    {"tcp", N_("connections that carry a stream of bytes"),
     "l = socket; bind l 127.0.0.1:0; listen l\n"
     "c = socket; connect c (getsockname l)\n"
     "s, peer = accept l\n"
     "send c \"hello\"; recv s 1024            #=> \"hello\"",
     N_("The server binds a port, listens and accepts; the client connects. Then both are alike: "
        "either may send at any time, and what a protocol allows is its own affair.\n"
        "Every byte arrives once and in order, or a call fails. What is lost is sent again.\n"
        "It is a stream: two sends may come out of one recv, or one send out of several. So "
        "messages need an end of their own: a length, a newline, or the end of the stream.\n"
        "Four values tell connections apart: address and port at both ends. So one port serves "
        "many clients.")},
    {"udp", N_("single datagrams, without a connection"),
     "r = socket AF_INET SOCK_DGRAM; bind r 127.0.0.1:0\n"
     "s = socket AF_INET SOCK_DGRAM\n"
     "sendto s \"Sarah\" (getsockname r)\n"
     "data, sender = recvfrom r 1024; sendto r \"Hello, {data}!\" sender\n"
     "recv s 1024                          #=> \"Hello, Sarah!\"",
     N_("A sendto is one datagram, a recvfrom takes one. It arrives whole or not at all; nobody "
        "says whether, and one may overtake another. An answer may never come: settimeout.\n"
        "A server binds; it neither listens nor accepts. A client just sends: the kernel gives its "
        "socket a port.\n"
        "connect sends nothing. It sets the peer for send and recv, keeps others' datagrams out, "
        "and lets ECONNREFUSED be heard when nobody is there.\n"
        "An empty datagram is no end. At most 65507 bytes fit in one (EMSGSIZE).")},
    {"values", N_("what variables hold"),
     "n = 1024; t = 500ms; a = 127.0.0.1:9999\n"
     "host, port = a\n"
     "l = [1, \"two\"]; append l t; print l[0] (len l)      #| 1 3",
     N_("help @values lists the types. A variable belongs to one actor, or function, and takes "
        "any of them. Changing a list or bytes changes no other variable.\n"
        "A call within something else stands in parentheses: (recv s 10) == \"\", print (len l).\n"
        "Ints have 64 bits; what does not fit is an error, and / drops the rest.\n"
        "false, none, 0, \"\" and [] are false in a condition; all else is true. == of different "
        "types is false, < of them an error.")},
    {"waiting", N_("calls that cannot go on at once"),
     "a, b = socketpair\n"
     "recv b 10 MSG_DONTWAIT               #=> error EAGAIN\n"
     "send a \"hello\"\n"
     "poll [a, b] 0s                       #=> [[<b>, POLLIN]]",
     N_("accept waits for a client, recv for an octet or the end, send for room in the kernel. "
        "Only the actor that called stands still; actors and handles show who waits where.\n"
        "At the prompt Ctrl-C ends the call with EINTR; Ctrl-Z leaves it waiting.\n"
        "settimeout\tEAGAIN when it took longer; in Python TimeoutError\n"
        "setblocking\tfalse: calls on the socket never wait; EAGAIN instead\n"
        "MSG_DONTWAIT\tthe same for one call\n"
        "poll\twaits for the first of several handles")},
    {NULL, NULL, NULL, NULL},
};
