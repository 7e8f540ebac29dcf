// explain_errno: what each errno that sockets give is about, at length.
//
// In the order of their names. The scripts run as they stand: the tests check what they expect.
// Numbers and time spans are those of Linux: socket(7), ip(7), tcp(7), udp(7), unix(7), and
// Documentation/networking/ip-sysctl.rst of the kernel.

#include "base/message.h"
#include "commands/explain.h"

const struct explanation explain_errnos[] = {
    {"EACCES", N_("permission: a low port, a path of somebody else, a broadcast"),
     N_("Ports below 1024 (ip_unprivileged_port_start) were given to the services of\n"
        "the system: a program without privileges may connect to them, not bind them.\n"
        "Of AF_UNIX paths the rights of files decide: bind makes a file in the folder,\n"
        "connect needs the right to write to it. EPERM is the same no, to raw sockets\n"
        "and to options of the administrator."),
     "u = socket AF_INET SOCK_DGRAM\n"
     "sendto u \"hello\" 127.255.255.255:9          #=> error EACCES",
     N_("In a program: take a port from 1024 on, and leave port 80 to a proxy in front,\n"
        "or to systemd, or give the program CAP_NET_BIND_SERVICE. Trying again is no use.")},
    {"EADDRINUSE", N_("the address is taken"),
     N_("A port belongs to one socket for each protocol and address. A socket at\n"
        "0.0.0.0 has the port at all addresses, so it collides with each of them; TCP\n"
        "and UDP do not disturb each other, nor do 127.0.0.1 and 127.0.0.2.\n"
        "Besides listeners, connections hold it, and what is left of them: see time-wait."),
     "l = socket; bind l 127.0.0.1:0; listen l\n"
     "t = socket\n"
     "bind t (getsockname l)                      #=> error EADDRINUSE\n"
     "bind (socket AF_INET SOCK_DGRAM) (getsockname l)",
     N_("In a program: say which address and port it was, and end. A server sets\n"
        "SO_REUSEADDR before bind; a test takes port 0 and asks getsockname.\n"
        "handles shows your own sockets, ss -tulpn (in a shell) those of everybody.")},
    {"EADDRNOTAVAIL", N_("not an address of this computer"),
     N_("bind names the address that packets are to come to: it must be one of an\n"
        "interface of this computer. The address of a router, or the one that the world\n"
        "sees behind it, is not. Of connect see ports-run-out."),
     "s = socket\n"
     "bind s 192.0.2.1:0                          #=> error EADDRNOTAVAIL\n"
     "bind s 0.0.0.0:0",
     N_("In a program: bind a server to 0.0.0.0 (or [::]) unless it is meant for one\n"
        "interface; read the address from the configuration, and say it in the message.\n"
        "interfaces lists the addresses there are.")},
    {"EAFNOSUPPORT", N_("families, types and protocols that do not go together"),
     N_("A socket speaks one family for life: AF_INET with IPv4 addresses, AF_INET6\n"
        "with IPv6, AF_UNIX with paths. With a family and a type goes one protocol, or\n"
        "none at all: SOCK_STREAM of AF_INET is TCP. Linux says EAFNOSUPPORT, EINVAL,\n"
        "EPROTONOSUPPORT, ESOCKTNOSUPPORT or EPROTOTYPE, by who noticed it."),
     "s = socket AF_INET\n"
     "connect s [::1]:9                           #=> error EAFNOSUPPORT\n"
     "socket AF_INET SOCK_STREAM IPPROTO_UDP      #=> error EPROTONOSUPPORT",
     N_("In a program: ask getaddrinfo, and make the socket with the family that each of\n"
        "its answers has, until one of them connects.")},
    {"EAGAIN", N_("not now: the call would have to wait"),
     N_("There is nothing to read, no client, or no room to send, and the call was told\n"
        "not to wait: by O_NONBLOCK (setblocking), by MSG_DONTWAIT, or by a time-out\n"
        "that is over (settimeout). The connection is well. EWOULDBLOCK is another name."),
     "a, b = socketpair\n"
     "recv a 10 MSG_DONTWAIT                      #=> error EAGAIN\n"
     "settimeout a 20ms\n"
     "recv a 10                                   #=> error EAGAIN\n"
     "send b \"now\"; recv a 10                     #=> \"now\"",
     N_("In a program: with O_NONBLOCK go back to poll, and try when it says POLLIN or\n"
        "POLLOUT; never in a loop without poll, which takes the whole processor. With a\n"
        "time-out decide: ask again, or close.")},
    {"EAI_NONAME", N_("the name was not found"),
     N_("getaddrinfo turns a host and a service into addresses: from /etc/hosts first,\n"
        "then from a name server. EAI_NONAME: no such host. EAI_SERVICE: no such port\n"
        "name (it may be known for UDP only). EAI_NODATA and EAI_ADDRFAMILY: the host is\n"
        "there, with addresses of the other family. EAI_AGAIN: no server answered."),
     "getaddrinfo \"nosuch.invalid\"                #=> error EAI_...\n"
     "getaddrinfo \"localhost\" \"nosuch\"            #=> error EAI_SERVICE\n"
     "hosts nosuch.invalid 127.0.0.1\n"
     "connect (socket) nosuch.invalid:1           #=> error ECONNREFUSED",
     N_("In a program: these are no errnos, gai_strerror gives their text. Only\n"
        "EAI_AGAIN is worth another try. Tell the person which name it was.")},
    {"EBADF", N_("the handle is closed, or never was one"),
     N_("A descriptor is a number. After close the kernel gives it to the next socket,\n"
        "so a program that closes twice, or goes on using a closed one, may hit a\n"
        "stranger. socksh remembers which socket was meant, and says EBADF instead.\n"
        "ENOTSOCK: the number is open, and is a file or the terminal."),
     "s = socket\n"
     "close s\n"
     "close s                                     #=> error EBADF\n"
     "send 0 \"x\"                                  #=> error ENOTSOCK",
     N_("In a program: close in one place, and forget the number there (fd = -1). With\n"
        "threads: shutdown ends the calls that wait, then the one who owns it closes.")},
    {"ECONNREFUSED", N_("nobody listens there"),
     N_("The SYN arrived, and the kernel there answered with RST: no socket listens on\n"
        "that address and port. The host is up and the way is open, so this answer\n"
        "comes at once. bind alone does not open a port: listen does."),
     "s = socket; bind s 127.0.0.1:0\n"
     "c = socket\n"
     "connect c (getsockname s)                   #=> error ECONNREFUSED\n"
     "listen s\n"
     "connect c (getsockname s)",
     N_("In a program: say the address and the port in the message. Where the server may\n"
        "be starting, try again a few times with a pause in between; each try with a new\n"
        "socket is the portable way. See also: other-address, late-refusal (UDP).")},
    {"ECONNRESET", N_("the other end broke the connection off"),
     N_("RST instead of FIN: the peer crashed, closed while bytes that it had been sent\n"
        "were unread, closed with SO_LINGER 0, or never accepted. What was under way is\n"
        "lost in both directions. It is told once: after it recv gives \"\" and send EPIPE."),
     "l = socket; listen l\n"
     "c = socket; connect c (getsockname l)\n"
     "a, peer = accept l\n"
     "send c \"nobody reads this\"\n"
     "close a\n"
     "recv c 10                                   #=> error ECONNRESET",
     N_("In a program: take it as the end of this client, close, and go on serving the\n"
        "others. To avoid being the cause: read until \"\" before close, or shutdown\n"
        "SHUT_WR, read the rest, close.")},
    {"EDESTADDRREQ", N_("a datagram without an address"),
     N_("send works on a socket with a peer. A UDP socket has none until connect, which\n"
        "sends nothing: it only notes the peer."),
     "u = socket AF_INET SOCK_DGRAM\n"
     "send u \"hello\"                              #=> error EDESTADDRREQ\n"
     "r = socket AF_INET SOCK_DGRAM; bind r 127.0.0.1:0\n"
     "sendto u \"hello\" (getsockname r)            #=> 5",
     N_("In a program: a server answers with sendto to the address that recvfrom gave; a\n"
        "client of one server connects, then send and recv will do.")},
    {"EINPROGRESS", N_("the handshake goes on without the caller"),
     N_("connect on a socket that may not wait sends the SYN and returns. The outcome\n"
        "comes later: the socket becomes writable, and SO_ERROR holds 0 or the errno.\n"
        "connect again meanwhile gives EALREADY, and EISCONN once it is connected. A\n"
        "connect over the loopback is done before anybody could look."),
     "l = socket; listen l\n"
     "c = socket; setblocking c false\n"
     "try { connect c (getsockname l) } catch e { print e }\n"
     "for h, ev in poll [[c, POLLOUT]] { print h ev }\n"
     "getsockopt c SO_ERROR                       #=> 0",
     N_("In a program: it is no failure. poll for POLLOUT with a time-out, then read\n"
        "SO_ERROR; 0 is connected, anything else is the error, and the socket is to be\n"
        "closed.")},
    {"EINTR", N_("the waiting call was ended"),
     N_("A signal came, or interrupt, or Ctrl-C, while nothing had been done yet. The\n"
        "socket is as it was. A send that had copied a part gives the count instead."),
     "@server { l = socket; listen l; accept l }  #=> waits\n"
     "interrupt server\n"
     "#=> error EINTR",
     N_("In a program: make the call again, unless the signal was meant to end it.\n"
        "SA_RESTART does that by itself for most calls, not for poll nor with time-outs.\n"
        "Python repeats calls by itself.")},
    {"EINVAL", N_("the call does not fit the state of the socket"),
     N_("Most often the order is wrong. A server: socket, bind, listen, accept. A\n"
        "client: socket, connect. bind works once, and connect and listen bind as well;\n"
        "accept wants listen before; a connected socket cannot listen.\n"
        "Else an argument is: a short address, UDP to port 0, a value of an option."),
     "s = socket\n"
     "accept s                                    #=> error EINVAL\n"
     "bind s 127.0.0.1:0\n"
     "bind s 127.0.0.1:0                          #=> error EINVAL",
     N_("In a program: it is a mistake in the program, not in the network. Report the\n"
        "call with its arguments, and mend the order.")},
    {"EISCONN", N_("connected already"),
     N_("A TCP socket is connected once in its life, and one that listens never. A UDP\n"
        "socket may connect as often as it likes: it only notes another peer."),
     "l = socket; listen l\n"
     "c = socket; connect c (getsockname l)\n"
     "connect c (getsockname l)                   #=> error EISCONN\n"
     "u = socket AF_INET SOCK_DGRAM\n"
     "connect u 127.0.0.1:9; connect u 127.0.0.1:7",
     N_("In a program: make a new socket for each connection. After EINPROGRESS a second\n"
        "connect that says EISCONN means that the first has succeeded.")},
    {"EMFILE", N_("no descriptor is left"),
     N_("A process may hold so many descriptors (ulimit -n, RLIMIT_NOFILE): sockets,\n"
        "files, the three standard streams. accept then leaves the client in the queue,\n"
        "and poll keeps saying POLLIN."),
     "setrlimit RLIMIT_NOFILE 6\n"
     "a = socket; b = socket; c = socket\n"
     "socket                                      #=> error EMFILE\n"
     "close a; a = socket",
     N_("In a program: the usual reason is a handle that nobody closes. handles shows\n"
        "what is open. A server that meets it stops accepting until one is closed, or\n"
        "keeps one descriptor in reserve to accept and close at once.")},
    {"EMSGSIZE", N_("too large for one datagram"),
     N_("A datagram goes whole or not at all. UDP over IPv4 holds 65507 bytes; an\n"
        "AF_UNIX datagram must fit SO_SNDBUF. Above about 1400 bytes IP cuts a packet in\n"
        "pieces, and one lost piece loses all of it."),
     "u = socket AF_INET SOCK_DGRAM\n"
     "connect u 127.0.0.1:9\n"
     "data = \"x\"; for i in range 16 { data = data + data }\n"
     "send u data                                 #=> error EMSGSIZE",
     N_("In a program: keep datagrams below the MTU, number them, and let the receiver\n"
        "put them together; or use TCP, which does just that. See also: cut-datagram.")},
    {"ENETUNREACH", N_("no way leads there"),
     N_("The routing table has no line for that network: no interface with it is up, and\n"
        "there is no default route. EHOSTUNREACH: a router on the way, or the last\n"
        "network, says that the host is not there. TCP to a broadcast or multicast\n"
        "address is ENETUNREACH as well: a connection has one other end."),
     "connect (socket) 127.255.255.255:9          #=> error ENETUNREACH\n"
     "interfaces                                  #=> ...",
     N_("In a program: tell the person; trying again at once is no use. With several\n"
        "addresses of a name, try the next one: a host without IPv6 answers so.")},
    {"ENOPROTOOPT", N_("the socket does not have that option"),
     N_("Options belong to a level: SOL_SOCKET to every socket, IPPROTO_TCP to TCP,\n"
        "IPPROTO_IP to IPv4 and so on. Another kind of socket does not know them."),
     "u = socket AF_INET SOCK_DGRAM\n"
     "setsockopt u TCP_NODELAY 1                  #=> error ENOPROTOOPT\n"
     "setsockopt (socket) TCP_NODELAY 1",
     N_("In a program: set options by the kind of socket. What only makes it faster may\n"
        "fail: note it, and go on.")},
    {"ENOTCONN", N_("no peer"),
     N_("recv, getpeername and shutdown need a connection. A fresh socket has none; one\n"
        "that listens has none either, accept gives a new handle for each client; and a\n"
        "connection that was broken off is none any more."),
     "l = socket; listen l\n"
     "recv l 10                                   #=> error ENOTCONN\n"
     "c = socket; connect c (getsockname l)\n"
     "a, peer = accept l\n"
     "send c \"to a, not to l\"; recv a 20          #=> \"to a, not to l\"",
     N_("In a program: two variables, one for the listener and one for the client, with\n"
        "names that tell them apart. From getpeername and shutdown it says that the peer\n"
        "has gone already: go on to close.")},
    {"EOPNOTSUPP", N_("this kind of socket cannot do that"),
     N_("UDP has no connections, so there is nothing to listen for and nobody to accept:\n"
        "bind is enough, and recvfrom gets every client's datagrams. MSG_OOB is TCP's."),
     "u = socket AF_INET SOCK_DGRAM\n"
     "bind u 127.0.0.1:0\n"
     "listen u 5                                  #=> error EOPNOTSUPP\n"
     "sendto (socket AF_INET SOCK_DGRAM) \"hi\" (getsockname u)\n"
     "data, peer = recvfrom u 10                  #=> \"hi\", ...",
     N_("In a program: the wrong type was given to socket, or the call belongs to TCP.")},
    {"EPIPE", N_("nobody is there to read"),
     N_("A write into a connection whose other end is gone, or that this end has shut\n"
        "down. After the peer has left, the first send still succeeds: the kernel learns\n"
        "from its answer (RST) that nobody is there, and the next send says EPIPE.\n"
        "A C program gets SIGPIPE first, which ends it without a word."),
     "a, b = socketpair\n"
     "close b\n"
     "send a \"hello\"                              #=> error EPIPE\n"
     "c, d = socketpair; shutdown c SHUT_WR\n"
     "send c \"hello\"                              #=> error EPIPE",
     N_("In a program: ignore SIGPIPE once at the start, or pass MSG_NOSIGNAL. Take EPIPE\n"
        "as: the peer has left; close, and drop what was to be sent. Python ignores\n"
        "SIGPIPE and raises BrokenPipeError. See also: never-connected, ECONNRESET.")},
    {"ETIMEDOUT", N_("no answer at all"),
     N_("connect repeats its SYN for about two minutes (tcp_syn_retries) and hears\n"
        "nothing, not even a refusal: a firewall drops it, or the host is off. Later it\n"
        "says that what was sent, or a keepalive, was not acknowledged for so long."),
     "s = socket\n"
     "setsockopt s TCP_SYNCNT 1\n"
     "getsockopt s TCP_SYNCNT                     #=> 1",
     N_("In a program: give connect a time-out of your own (settimeout, or non-blocking\n"
        "and poll): two minutes are too long for a person. \"Refused\" is an answer, this\n"
        "is none: look at the address, the route, the firewall.")},
    {0},
};
