// explain_topic: what surprises without an errno, or takes an errno apart, at length.
//
// In the order of their names, which are what a person would call the situation. The scripts run as
// they stand, as those of explain_errno.c do. Nagle: RFC 896; delayed acknowledgement: RFC 9293
// section 3.8.6.3; TIME_WAIT: section 3.6.1; keepalive: RFC 1122 section 4.2.3.6.

#include "base/message.h"
#include "commands/explain.h"

const struct explanation explain_topics[] = {
    {"backlog", N_("connected, and nobody has accepted"),
     N_("The kernel of the server makes the connection by itself and puts it in a queue;\n"
        "accept only takes it out. So connect and even send succeed before accept has\n"
        "run. The queue holds the backlog of listen and one more. When it is full, TCP\n"
        "clients are not refused: their SYN is dropped, and they wait and send it again.\n"
        "An AF_UNIX client waits, or gets EAGAIN if it may not."),
     "l = socket; bind l 127.0.0.1:0; listen l 1\n"
     "a = socket; connect a (getsockname l); send a \"early\"\n"
     "queued l                                    #=> 1, 1\n"
     "b = socket; connect b (getsockname l)\n"
     "@late { c = socket; connect c (getsockname 3) }     #=> waits\n"
     "x, peer = accept l\n"
     "recv x 10                                   #=> \"early\"",
     N_("In a program: accept without doing anything else in between; the backlog is for\n"
        "bursts. A client cannot tell from connect that it is being served.")},
    {"broadcast", N_("to all hosts of a network"),
     N_("A datagram to the last address of a network (127.255.255.255, 192.168.0.255) or\n"
        "to 255.255.255.255 goes to every host there, so the kernel wants the wish in\n"
        "words: SO_BROADCAST. Receivers have to be bound to 0.0.0.0; one bound to\n"
        "127.0.0.1 does not get it."),
     "r = socket AF_INET SOCK_DGRAM; bind r 0.0.0.0:0\n"
     "host, port = getsockname r\n"
     "s = socket AF_INET SOCK_DGRAM\n"
     "sendto s \"all\" \"127.255.255.255:{port}\"     #=> error EACCES\n"
     "setsockopt s SO_BROADCAST 1\n"
     "sendto s \"all\" \"127.255.255.255:{port}\"     #=> 3\n"
     "recv r 10                                   #=> \"all\"",
     N_("In a program: for finding a service on the local network only, small and seldom.\n"
        "A multicast group disturbs only those who have joined.")},
    {"byte-order", N_("port 9999 turns up as 3879"),
     N_("Numbers in packets begin with the large end, those of most processors with the\n"
        "small one. 9999 is 27 0f in a packet; a program that forgets htons sends 0f 27,\n"
        "which is 3879. An address goes the same way: 127.0.0.1 becomes 1.0.0.127."),
     "htons 9999                                  #=> 3879\n"
     "hex (pack \"u16\" 9999)                       #=> \"270f\"\n"
     "inet_pton AF_INET \"127.0.0.1\"               #=> \"\\x7f\\x00\\x00\\x01\"",
     N_("In a program: htons and htonl for ports and addresses and for every number in a\n"
        "protocol of your own, ntohs and ntohl on the way back. inet_pton and\n"
        "getaddrinfo give addresses in the right order; Python does it all by itself.")},
    {"bytes-and-text", N_("sockets carry bytes"),
     N_("A string of Python or Java is made of characters, a socket carries bytes. Which\n"
        "bytes stand for 你 is decided by an encoding, nowadays UTF-8, and a character\n"
        "of three bytes may come in two pieces. In socksh everything is bytes."),
     "a, b = socketpair\n"
     "send a \"你\"                                 #=> 3\n"
     "recv b 2                                    #=> \"\\xe4\\xbd\"\n"
     "recv b 2                                    #=> \"\\xa0\"",
     N_("In a program: encode just before send, decode just after a whole message is\n"
        "there, never a piece of one. Python says TypeError: a bytes-like object is\n"
        "required; s.send(\"hello\".encode()) mends it.")},
    {"cut-datagram", N_("the rest of the datagram is gone"),
     N_("recv takes one datagram. What does not fit the size asked for is thrown away,\n"
        "and the next recv gives the next datagram. MSG_TRUNC among the flags makes a C\n"
        "program's recv say how long it was."),
     "r = socket AF_INET SOCK_DGRAM; bind r 127.0.0.1:0\n"
     "s = socket AF_INET SOCK_DGRAM; connect s (getsockname r)\n"
     "send s \"0123456789\"; send s \"next\"\n"
     "recv r 4                                    #=> \"0123\"\n"
     "recv r 4                                    #=> \"next\"",
     N_("In a program: ask for as much as may ever come, 65535 at most. See also:\n"
        "EMSGSIZE, the same limit on the other side.")},
    {"empty-recv", N_("recv gave nothing"),
     N_("On a stream empty bytes mean: the peer has finished sending, with close or\n"
        "shutdown. It is not \"nothing yet\" (recv waits then, or says EAGAIN), and it is\n"
        "no proof that all has come. A UDP datagram may be empty, and is data."),
     "a, b = socketpair\n"
     "send a \"last words\"; close a\n"
     "recv b 20                                   #=> \"last words\"\n"
     "recv b 20                                   #=> \"\"\n"
     "recv b 20                                   #=> \"\"",
     N_("In a program: leave the loop and close; go on calling recv and it spins. Whether\n"
        "the message was whole only the protocol tells: its length, or its end mark.")},
    {"late-refusal", N_("UDP hears of a closed port one call late"),
     N_("send hands the datagram to the kernel and is done. If no socket has that port,\n"
        "the other kernel may say so by ICMP; that answer meets the next call on a\n"
        "connected UDP socket as ECONNREFUSED. A socket that is not connected is told\n"
        "nothing, and recv waits for ever."),
     "r = socket AF_INET SOCK_DGRAM; bind r 127.0.0.1:0\n"
     "s = socket AF_INET SOCK_DGRAM; connect s (getsockname r)\n"
     "close r\n"
     "send s \"anybody?\"                           #=> 8\n"
     "recv s 10                                   #=> error ECONNREFUSED",
     N_("In a program: a client of UDP connects, waits with a time-out, sends again a few\n"
        "times, and then gives up.")},
    {"loss", N_("what was sent has not arrived"),
     N_("Networks lose packets, and tell nobody. A datagram of UDP is gone then. TCP sends\n"
        "again what nobody acknowledges: after some 200 ms, then after twice that, and so\n"
        "on up to two minutes; programs see only that it takes long. After 15 minutes (a\n"
        "SYN: two) it gives up, and the next call says ETIMEDOUT. Here drop loses packets\n"
        "on purpose, before the socket sees them."),
     "r = socket AF_INET SOCK_DGRAM; bind r 127.0.0.1:0; drop r\n"
     "s = socket AF_INET SOCK_DGRAM; connect s (getsockname r)\n"
     "send s \"once\"                               #=> 4\n"
     "settimeout r 20ms; recv r 10                #=> error EAGAIN\n"
     "undrop r; send s \"again\"\n"
     "recv r 10                                   #=> \"again\"",
     N_("In a program: with UDP ask again when no answer comes, a few times, each time\n"
        "later. With TCP a time-out of your own is all there is to do. Whoever repeats a\n"
        "request should know whether it does harm to have it carried out twice.")},
    {"merged-sends", N_("two sends arrived as one"),
     N_("TCP carries a stream of bytes. What two calls of send have written lies in one\n"
        "buffer, and recv takes what is there. Neither kernel remembers the calls."),
     "a, b = socketpair\n"
     "send a \"Sarah\"; send a \"exit\"\n"
     "recv b 1024                                 #=> \"Sarahexit\"",
     N_("In a program: mark where a message ends. A newline: read until it, keep the\n"
        "rest. Or a length in front, with a fixed size: pack \"u32\" (len d).\n"
        "Sleeping between the sends only hides it.")},
    {"never-connected", N_("a socket that has no other end yet"),
     N_("socket makes an endpoint without an address and without a peer. On TCP, Linux\n"
        "says EPIPE to send and ENOTCONN to recv and getpeername; UDP says EDESTADDRREQ.\n"
        "A socket that listens never gets a peer: accept gives a new handle for each."),
     "s = socket\n"
     "send s \"hello\"                              #=> error EPIPE\n"
     "recv s 10                                   #=> error ENOTCONN",
     N_("In a program: a client connects first; a server sends to what accept returned,\n"
        "not to what it listens with. handles shows the peer of each.")},
    {"one-client", N_("the server answers only its first client"),
     N_("While it waits in recv for the first, it is not in accept for the second, whose\n"
        "connection is made by the kernel all the same and waits in the queue. It can\n"
        "send, and gets no answer."),
     "l = socket; bind l 127.0.0.1:0; listen l 5\n"
     "one = socket; connect one (getsockname l)\n"
     "two = socket; connect two (getsockname l); send two \"hello?\"\n"
     "@server { c, peer = accept 3; recv c 10 }   #=> waits\n"
     "queued l                                    #=> 1, 5",
     N_("In a program: a thread for each client (spawn), or one poll over the listener\n"
        "and all clients that never waits for one of them alone.")},
    {"other-address", N_("it works here, and not from over there"),
     N_("A socket bound to 127.0.0.1 is there for this computer only; bound to one\n"
        "address it does not hear the others. localhost may mean ::1 first, and a server\n"
        "at 127.0.0.1 is not at ::1. So the port is open, and connect is refused."),
     "l = socket; bind l 127.0.0.1:0; listen l\n"
     "host, port = getsockname l\n"
     "connect (socket) \"127.0.0.2:{port}\"         #=> error ECONNREFUSED\n"
     "connect (socket) \"127.0.0.1:{port}\"",
     N_("In a program: bind a server for others to 0.0.0.0, or to [::] with IPV6_V6ONLY 0\n"
        "for both families. Bind to 127.0.0.1 what nobody else is to reach.")},
    {"ports-run-out", N_("no new pair of addresses is left"),
     N_("A connection is known by four numbers: both addresses, both ports. To one server\n"
        "only the client's port can differ, and there are some 28,000 of them\n"
        "(ip_local_port_range). Those in TIME_WAIT count for a minute after the close.\n"
        "With bind there is one port only, and the pair may exist already."),
     "l = socket; listen l\n"
     "host, port = getsockname l\n"
     "server = \"127.0.0.1:{port}\"\n"
     "c = socket; setsockopt c SO_REUSEADDR 1; bind c 127.0.0.1:0; connect c server\n"
     "d = socket; setsockopt d SO_REUSEADDR 1; bind d (getsockname c)\n"
     "connect d server                            #=> error EADDRNOTAVAIL",
     N_("In a program: keep connections and use them for many requests. Let the server\n"
        "close first, so that TIME_WAIT rests there. Do not bind a client.")},
    {"self-connect", N_("connected to itself"),
     N_("A client that tries the port of a local server again and again may be given just\n"
        "that port as its own. Then it meets itself, the handshake succeeds, and it reads\n"
        "what it has sent, while the server cannot bind its port."),
     "s = socket; bind s 127.0.0.1:0\n"
     "connect s (getsockname s)\n"
     "(getsockname s) == (getpeername s)          #=> true\n"
     "send s \"echo\"; recv s 10                    #=> \"echo\"",
     N_("In a program: compare getsockname with getpeername after connect, close if they\n"
        "are equal. Keep servers below ip_local_port_range (32768).")},
    {"short-recv", N_("recv gave only a part"),
     N_("recv gives what is there, up to the size asked for. TCP cuts the stream as the\n"
        "network likes, and the size of a send says nothing about the size of a recv."),
     "a, b = socketpair\n"
     "data = \"x\"; for i in range 12 { data = data + data }\n"
     "sendall a data\n"
     "len (recv b 1000)                           #=> 1000\n"
     "len (recv b 5000)                           #=> 3096",
     N_("In a program: loop until the message is whole, by its length or its end mark,\n"
        "and keep what belongs to the next one. MSG_WAITALL waits for the whole size.")},
    {"silent-peer", N_("the cable is cut, and recv says nothing"),
     N_("An idle connection sends no packets, so nobody notices that the other host is\n"
        "gone: recv waits for ever. SO_KEEPALIVE makes the kernel ask, after two hours\n"
        "unless told otherwise; without answers it says ETIMEDOUT. Data that is not\n"
        "acknowledged is given up after some 15 minutes (TCP_USER_TIMEOUT shortens that)."),
     "s = socket\n"
     "setsockopt s SO_KEEPALIVE 1\n"
     "setsockopt s TCP_KEEPIDLE 30s\n"
     "setsockopt s TCP_KEEPINTVL 5s; setsockopt s TCP_KEEPCNT 3\n"
     "setsockopt s TCP_USER_TIMEOUT 45s",
     N_("In a program: the sure way is a message of your own every so often, and a\n"
        "time-out on recv; that also notices a peer that hangs.")},
    {"slow-reader", N_("no room to send"),
     N_("send copies into the kernel's buffer. When the peer does not read, its buffer\n"
        "fills, its window closes, then this one fills, too: send waits, or says EAGAIN\n"
        "when it may not, or has copied only a part."),
     "a, b = socketpair\n"
     "setblocking a false\n"
     "data = \"x\"; for i in range 21 { data = data + data }\n"
     "n = send a data\n"
     "n < (len data)                              #=> true\n"
     "send a \"more\"                               #=> error EAGAIN\n"
     "while n > 0 { n = n - (len (recv b 100000)) }\n"
     "send a \"more\"                               #=> 4",
     N_("In a program: look at what send gives, and send the rest (sendall). With\n"
        "O_NONBLOCK keep the rest and poll for POLLOUT. Bound how much one client may\n"
        "make you keep.")},
    {"small-writes", N_("every exchange takes 40 ms"),
     N_("Nagle's algorithm holds a small piece back while an earlier one is not yet\n"
        "acknowledged; the peer delays that acknowledgement, hoping to send it along with\n"
        "an answer. Two small sends and then a recv meet both at once."),
     "s = socket\n"
     "getsockopt s TCP_NODELAY                    #=> 0\n"
     "setsockopt s TCP_NODELAY 1",
     N_("In a program: put the header and the body together in one send, or pass MSG_MORE\n"
        "with all but the last. TCP_NODELAY turns Nagle off, for what must go at once.")},
    {"threads-and-ctrl-c", N_("Ctrl-C does not end a server with threads"),
     N_("Ctrl-C ends the wait of the main thread; the others wait on in recv for their\n"
        "clients, and the program ends with the last of them. Closing a socket in one\n"
        "thread does not wake another that waits in it; shutdown does."),
     "a, b = socketpair\n"
     "@other recv 3 10                            #=> waits\n"
     "shutdown a SHUT_RDWR\n"
     "#=> \"\"",
     N_("In a program: daemon threads in Python (daemon=True), or keep a list of the\n"
        "sockets, and on the way out shut each down and join its thread. In socksh the\n"
        "end of main ends all actors.")},
    {"time-wait", N_("the port is taken right after a restart"),
     N_("Who closes first keeps the connection in TIME_WAIT for a minute, so that late\n"
        "packets of it meet nobody else. As long as one rests at the server's port, bind\n"
        "says EADDRINUSE, unless both the old socket and the new one have SO_REUSEADDR."),
     "l = socket; setsockopt l SO_REUSEADDR 1; bind l 127.0.0.1:0; listen l\n"
     "here = getsockname l\n"
     "c = socket; connect c here; a, peer = accept l\n"
     "close a; recv c 10; close c; close l\n"
     "state a                                     #=> \"TIME_WAIT\"\n"
     "bind (socket) here                          #=> error EADDRINUSE\n"
     "t = socket; setsockopt t SO_REUSEADDR 1; bind t here",
     N_("In a program: every server sets SO_REUSEADDR between socket and bind, from its\n"
        "first version on. It does not let two of them listen on one port.")},
    {"unix-path", N_("the file of an AF_UNIX socket"),
     N_("bind makes a file at the path, and close leaves it there. Without a file connect\n"
        "says ENOENT; with the file of a server that has ended ECONNREFUSED; and bind\n"
        "onto it EADDRINUSE, whatever the file is."),
     "s = socket AF_UNIX; bind s unix:./s.sock; listen s\n"
     "connect (socket AF_UNIX) unix:./s.sock\n"
     "close s\n"
     "connect (socket AF_UNIX) unix:./s.sock      #=> error ECONNREFUSED\n"
     "bind (socket AF_UNIX) unix:./s.sock         #=> error EADDRINUSE\n"
     "unlink \"./s.sock\"\n"
     "connect (socket AF_UNIX) unix:./s.sock      #=> error ENOENT",
     N_("In a program: a server unlinks the path before bind, and again when it ends.\n"
        "Both sides need the same path: a relative one counts from the current folder.")},
    {"unread-send", N_("send succeeded, and nothing arrived"),
     N_("send is done when the kernel of this side has the bytes. Whether they arrive,\n"
        "and whether a program reads them, it does not say. Even after the peer has\n"
        "closed, the first send succeeds: only its answer, a RST, tells that nobody\n"
        "reads."),
     "l = socket; listen l\n"
     "c = socket; connect c (getsockname l); a, peer = accept l\n"
     "close a\n"
     "send c \"anybody there?\"                     #=> 14\n"
     "state c                                     #=> \"CLOSED\"\n"
     "send c \"hello?\"                             #=> error EPIPE",
     N_("In a program: have the peer answer what must not be lost, and wait for that\n"
        "answer. queued tells how much the other kernel has not acknowledged.")},
    {0},
};
