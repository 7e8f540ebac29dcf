"""network host: computers of a run's own, as who runs the test and as an ordinary user."""

import os
import pathlib
import re
import signal
import subprocess
import sys
import unittest

import peers


TWO = """
network host alice 10.0.0.1/24
network host bob 10.0.0.2/24
"""
ROUTED = """
network host alice 10.0.1.1/24
network host bob 10.0.2.1/24
network router r 10.0.1.254/24 10.0.2.254/24
"""
# On 10.0.0.2 of TWO; alice is connected to it.
CONVERSATION = TWO + """
@bob l = socket; bind l bob:80; listen l
@alice s = socket; connect s bob:80
@bob c, peer = accept l
"""
KEEPALIVE = """
@main setsockopt s SO_KEEPALIVE 1; setsockopt s TCP_KEEPIDLE 1s; setsockopt s TCP_KEEPINTVL 1s; setsockopt s TCP_KEEPCNT 1
"""
LESSON = """---
title: Two hosts
minutes: 1
---

Two computers:

```socksh main private
network host alice 10.0.0.1/24; network host bob 10.0.0.2/24
```

The server on bob:

```socksh bob private
l = socket; bind l 10.0.0.2:80; listen l
c, peer = accept l           #=> waits
```

```socksh alice private task
s = socket; connect s bob:80
```

```check
(getpeername ?s) == 10.0.0.2:80
(state ?s) == "ESTABLISHED"
```

Bob sees her address:

```socksh bob private
#=> <c>, 10.0.0.1:<port>
getpeername c                #=> 10.0.0.1:<port>
```

That was all.
"""


def spaces_of(pid):
    """The network namespaces that a process is in or keeps."""
    found = set()
    for pattern in ("task/*/ns/net", "fd/*"):
        for link in pathlib.Path(f"/proc/{pid}").glob(pattern):
            try:
                found.add(os.readlink(link))
            except OSError:
                continue
    return {space for space in found if space.startswith("net:")}


def spaces_of_all():
    return set().union(*(spaces_of(path.name) for path in pathlib.Path("/proc").glob("[0-9]*")))


def listed_spaces():
    """The network namespaces that lsns(8) lists."""
    done = subprocess.run(["lsns", "-t", "net", "-n", "-o", "NS"], capture_output=True, text=True, timeout=peers.LIMIT)
    return {f"net:[{number}]" for number in done.stdout.split()}


@unittest.skipUnless(peers.ALLOWED, "namespaces are not allowed here")
class Hosts(peers.PeerTest):
    def check(self, script):
        """A script with expectations holds, whoever runs it."""
        (self.folder / "hosts.socksh").write_text(script)
        for user, program, identity in self.users():
            with self.subTest(user):
                done = subprocess.run([program, "--sandbox", "check", "hosts.socksh"], cwd=self.folder, text=True,
                                      stdin=subprocess.DEVNULL, capture_output=True, timeout=peers.LIMIT, **identity)
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def error_of(self, script, status=1):
        done = self.run_socksh("--sandbox", "-c", script, status=status)
        return done.stderr.decode()

    # --- conversations -----------------------------------------------------------------------------------------

    # Between hosts a packet takes its time: what waits for one stands in main, which a script waits for.

    def test_two_hosts_talk_over_tcp(self):
        self.check(TWO.replace("bob", "main") + """
l = socket; bind l 10.0.0.2:80; listen l
@alice s = socket                          #=> <s>
@alice connect s main:80; getsockname s    #=> 10.0.0.1:<port>
c, peer = accept l                         #=> <c>, 10.0.0.1:<port>
getsockname c                              #=> 10.0.0.2:80
@alice send s "hello"; shutdown s SHUT_WR
recv c 10                                  #=> "hello"
recv c 10                                  #=> ""
send c "bye"                               #=> 3
close c
state c                                    #=> "CLOSED"
""")

    def test_handles_are_numbered_as_ever(self):
        self.check(ROUTED + "@alice socket #=> 3\n@bob socket #=> 4\nsocket #=> 5\n")

    def test_an_accepted_socket_is_where_the_listener_is(self):
        self.check(TWO + """
@bob l = socket; bind l bob:80; listen l; l     #=> 3
@alice s = socket; connect s bob:80; s          #=> 4
c, peer = accept 3                              #=> 5, 10.0.0.1:<port>
close c
recv 4 10                                       #=> ""
close 4
state c                                         #=> "TIME_WAIT"
""")

    def test_ipv6(self):
        if not peers.has_ipv6():
            self.skipTest("no IPv6 here")
        self.check("""
network host alice fd00:1::1/64
network host main fd00:2::1/64
network router r fd00:1::fe/64 fd00:2::fe/64
l = socket AF_INET6; bind l [::]:80; listen l
@alice s = socket AF_INET6; connect s [fd00:2::1]:80
accept l #=> ..., [fd00:1::1]:<port>
""")

    def test_what_an_actor_spawns_is_on_its_host(self):
        self.check("""
network host main 10.0.0.1/24
network host bob 10.0.0.2/24
def where { for name, address, up in interfaces { if name == "eth0" { return address } } }
@bob spawn where                                         #=> ...
join where.1                                             #=> "10.0.0.2"
spawn where                                              #=> ...
join where.2                                             #=> "10.0.0.1"
@carl where                                              #=> none
@bob { @carl where }                                     #=> none
""")

    def test_main_may_be_on_one(self):
        self.check("""
network host alice 10.0.0.1/24
network host main 10.0.0.9/24
l = socket; bind l 10.0.0.9:80; listen l
@alice s = socket; connect s main:80
accept l   #=> ..., 10.0.0.1:<port>
""")

    def test_loopback_is_each_hosts_own(self):
        self.check(TWO + """
@bob l = socket; bind l 127.0.0.1:80; listen l
@alice m = socket; bind m 127.0.0.1:80; listen m
@alice s = socket; connect s 127.0.0.1:80; accept m      #=> ..., 127.0.0.1:<port>
@bob queued l                                            #=> 0, 4096
""")

    def test_time_wait_is_kept_on_each(self):
        self.check(TWO + """
@alice load "/proc/sys/net/ipv4/tcp_rfc1337"             #=> "1\\n"
@alice load "/proc/sys/net/ipv4/tcp_tw_reuse"            #=> "0\\n"
""")

    def test_wildcard_and_one_address(self):
        self.check("""
network host alice 10.0.0.1/24
network host bob 10.0.0.2/24 10.0.0.3/24
@bob one = socket; bind one 10.0.0.2:80; listen one
@bob all = socket; bind all 0.0.0.0:81; listen all
@alice connect (socket) 10.0.0.2:80; connect (socket) 10.0.0.2:81; connect (socket) 10.0.0.3:81
@alice connect (socket) 10.0.0.3:80   #=> error ECONNREFUSED
@bob connect (socket) 127.0.0.1:81
@bob connect (socket) 127.0.0.1:80    #=> error ECONNREFUSED
""")

    def test_interfaces_are_those_of_the_host(self):
        self.check(TWO + """
@alice x = interfaces; x[0]                         #=> ["lo", "127.0.0.1", true]
@alice ["eth0", "10.0.0.1", true] in (interfaces)   #=> true
@alice ["eth0", "10.0.0.2", true] in (interfaces)   #=> false
["eth0", "10.0.0.1", true] in (interfaces)          #=> false
""")

    def test_several_addresses_and_interfaces(self):
        self.check("""
network host main 10.0.0.1/24 10.0.0.2/24 10.0.5.1/24
network host bob 10.0.0.9/24
def wired { all = []; for name, address, up in interfaces { if name != "lo" { append all "{name} {address}" } }; return all }
wired         #=> ["eth0 10.0.0.1", "eth0 10.0.0.2", "eth1 10.0.5.1"]
@bob wired    #=> ["eth0 10.0.0.9"]
""")

    # --- routes ------------------------------------------------------------------------------------------------

    def test_no_route(self):
        script = "network host alice 10.0.1.1/24\nnetwork host bob 10.0.2.1/24\n"
        self.check(script + "@alice connect (socket) 10.0.2.1:80 #=> error ENETUNREACH\n")
        self.assertIn("ENETUNREACH: no route from alice (10.0.1.1/24) to 10.0.2.1:80\n",
                      self.error_of(script + "@alice s = socket; connect s 10.0.2.1:80"))

    def test_router_takes_one_from_the_ttl(self):
        # The one with a TTL of 1 ends at the router: the other one comes alone.
        self.check(ROUTED.replace("bob", "main") + """
u = socket AF_INET SOCK_DGRAM; bind u 10.0.2.1:9
@alice s = socket AF_INET SOCK_DGRAM; bind s 10.0.1.1:7
@alice setsockopt s IP_TTL 1; sendto s "one" 10.0.2.1:9     #=> 3
@alice setsockopt s IP_TTL 2; sendto s "two" 10.0.2.1:9     #=> 3
recvfrom u 10                                               #=> "two", 10.0.1.1:7
queued u                                                    #=> 0, 0
""")
        self.check(TWO.replace("bob", "main") + """
u = socket AF_INET SOCK_DGRAM; bind u 10.0.0.2:9
@alice s = socket AF_INET SOCK_DGRAM
@alice setsockopt s IP_TTL 1; sendto s "one" 10.0.0.2:9     #=> 3
recvfrom u 10                                               #=> "one", 10.0.0.1:<port>
""")

    def test_routes_through_two_routers(self):
        self.check("""
network host alice 10.0.1.1/24
network host main 10.0.3.1/24
network router r1 10.0.1.254/24 10.0.2.1/24
network router r2 10.0.2.2/24 10.0.3.254/24
l = socket; bind l 10.0.3.1:80; listen l
@alice connect (socket) 10.0.3.1:80                         #=> error ENETUNREACH
network route r1 10.0.3.0/24 via 10.0.2.2
network route r2 10.0.1.0/24 via 10.0.2.1
@alice s = socket; connect s 10.0.3.1:80
accept l                                                    #=> ..., 10.0.1.1:<port>
""")

    # --- cables ------------------------------------------------------------------------------------------------

    def test_keepalive_ends_a_connection_whose_cable_is_pulled(self):
        self.check(CONVERSATION.replace("alice", "main") + KEEPALIVE + """
network down bob
recv s 10                                                   #=> error ETIMEDOUT
""")

    def test_pulled_cable_is_the_explanation(self):
        script = CONVERSATION.replace("alice", "main") + KEEPALIVE + "network down bob\n"
        for call in ("recv s 10", "t = socket; setsockopt t TCP_USER_TIMEOUT 1s; connect t bob:80"):
            with self.subTest(call):
                self.assertRegex(self.error_of(script + call),
                                 r"(ETIMEDOUT: nothing has come through|EHOSTUNREACH: nobody answers for).*: "
                                 r"the cable of bob is pulled\n(.*\n)*  try: network up bob, ")

    def test_plugged_in_again_it_goes_on(self):
        self.check(CONVERSATION.replace("bob", "main").replace("@main c, peer", "c, peer") + """
network down main
@alice send s "late"                                        #=> 4
@alice queued s                                             #=> 0, 4
recv c 10 MSG_DONTWAIT                                      #=> error EAGAIN
network up main
recv c 10                                                   #=> "late"
@alice state s                                              #=> "ESTABLISHED"
""")

    def test_packets_on_both_sides_of_a_router(self):
        shown = self.run_socksh("--sandbox", "-c", ROUTED.replace("bob", "main") + """
l = socket; bind l main:80; listen l
@alice s = socket; connect s main:80
conn, at = accept l; packets; @alice send s "x"
recv conn 1; packets
""").stdout.decode()
        # Each is taken once at each place, however often they were looked at before.
        self.assertEqual(shown.rpartition("packet  from")[2].count(" PSH ACK "), 2, shown)
        self.assertRegex(shown, r"SYN .* r eth0 +64\b")
        self.assertRegex(shown, r"SYN .* main eth0 +63\b")

    def test_a_router_is_the_explanation(self):
        """What it says is not said of the host's own network; packets has its words."""
        script = ROUTED.replace("alice", "main") + "s = socket; setsockopt s IP_TTL 1\n"
        self.assertIn("EHOSTUNREACH: a router has thrown the packet away: its TTL, 1 at first, had run out",
                      self.error_of(script + "connect s bob:80"))
        shown = self.run_socksh("--sandbox", "-c", script + "try { connect s bob:80 } catch e { packets }").stdout.decode()
        self.assertRegex(shown, r"10\.0\.1\.254 +3 s +ICMP .*TTL ran out")
        self.assertIn("EHOSTUNREACH: a router says that nobody in the network behind it answers for 10.0.2.77:80",
                      self.error_of(script + "connect (socket) 10.0.2.77:80"))
        self.assertIn("EHOSTUNREACH: nobody in the network of main (10.0.1.1/24) answers for 10.0.1.77:80",
                      self.error_of(script + "connect (socket) 10.0.1.77:80"))

    def test_pieces_of_a_datagram_are_told(self):
        shown = self.run_socksh("--sandbox", "-c", TWO.replace("alice", "main") + """
big = ""; for i in range 300 { append big "0123456789" }
s = socket AF_INET SOCK_DGRAM; sendto s big bob:9; packets
""").stdout.decode()
        self.assertRegex(shown, r"UDP +1472 .*the first piece")
        self.assertEqual(shown.count("a later piece"), 2, shown)

    def test_extensions_of_ipv6_have_boxes(self):
        """An answer to who asks for groups carries options for routers; a piece says where it belongs."""
        if not peers.has_ipv6():
            self.skipTest("no IPv6 here")
        shown = self.run_socksh("--sandbox", "-c", """
network host main fd00::1/64
network host bob fd00::2/64
big = ""; for i in range 300 { append big "0123456789" }
@bob u = socket AF_INET6 SOCK_DGRAM; bind u bob:9
s = socket AF_INET6 SOCK_DGRAM; setsockopt s IPV6_JOIN_GROUP "ff02::77"; setsockopt s IPV6_UNICAST_HOPS 2
sendto s big bob:9; @bob r = recv u 3000
for i in range 1 100 { try { packet i } catch e { break } }
""").stdout.decode()
        self.assertRegex(shown, r"next header +00 +0 hop-by-hop options *│\n│ hop limit +01 +no router passes it on\b")
        self.assertRegex(shown, r"IPv6 hop-by-hop options, 8 bytes(.*\n){2}│ header length +00 +8 bytes and 0 × 8 more")
        self.assertRegex(shown, r"hop limit +02 +at most 1 router passes it on\b")
        self.assertRegex(shown, r"IPv6 fragment header, 8 bytes(.*\n){3}.* 1448 bytes before it, and more behind it")
        self.assertRegex(shown, r"IPv6 fragment header, 8 bytes(.*\n){3}.* 2896 bytes before it, and none behind it")

    def test_own_interface_does_not_notice(self):
        self.check(TWO + "network down alice\n"
                   "@alice [\"eth0\", \"10.0.0.1\", true] in (interfaces)   #=> true\n"
                   "@alice u = socket AF_INET SOCK_DGRAM; sendto u \"x\" 10.0.0.2:9   #=> 1\n")

    # --- what is refused, shown and explained ------------------------------------------------------------------

    def test_refusals(self):
        self.assertIn("this is the computer's network",
                      self.run_socksh("-c", "network host alice 10.0.0.1/24", status=1).stderr.decode())
        for words, why in {
                "host alice 10.0.9.1/24": "alice is there already",
                "host carl 10.0.0.2/24": "10.0.0.2 is the address of bob",
                "host carl 10.0.0.3/16": "10.0.0.3/16 and the 10.0.0.1/24 of alice overlap",
                "host carl 10.0.9.0/24": "10.0.9.0/24 names the network itself",
                "host carl 10.0.9.255/24": "10.0.9.255/24 means all hosts",
                "host carl 10.0.9.1/31": "the prefix leaves no network",
                "host carl 127.0.0.1/8": "127.0.0.1/8 is no address of a single host",
                "host carl 10.0.9.1": '"10.0.9.1" is no address with its prefix',
                "host carl 10.0.9.1/33": "is no address with its prefix",
                "host carl 10.0.9.1/024": "is no address with its prefix",
                "host c-d 10.0.9.1/24": '"c-d" is no name',
                f"host {'c' * 32} 10.0.9.1/24": "is too long for a host: a name of at most 31 characters",
                "host carl" + "".join(f" 10.0.9.{i}/24" for i in range(1, 10)): "a host has at most 8 addresses",
                "router carl 10.0.9.1/24": "it is written: network router NAME",
                "route alice 10.0.0.9": "it is written: network route",
                "route alice by 10.0.0.9": "via ADDRESS stands at the end",
                "route alice via 10.0.9.9": "10.0.9.9 is in none of the networks of alice",
                "route alice via fd00::1": "in none of the networks",
                "route alice 10.0.9.1/20 via 10.0.0.2": "10.0.9.1/20 is one host; its network is 10.0.0.0/20",
                "down carl": 'there is no host "carl"'}.items():
            with self.subTest(words):
                self.assertIn(why, self.error_of(f"{TWO}network {words}"))
        self.assertIn("only main itself", self.error_of("@alice network host main 10.0.0.1/24"))

    def test_sixteen_hosts_and_no_more(self):
        script = "".join(f"network host h{i} 10.0.0.{i}/24\n" for i in range(1, 17))
        script += "@h1 l = socket; bind l h1:9; listen l\n@h16 s = socket; connect s h1:9; print (getpeername s)\n"
        self.assertEqual(self.run_socksh("--sandbox", "-c", script).stdout, b"10.0.0.1:9\n")
        self.assertIn("there are 16 hosts already", self.error_of(script + "network host h17 10.0.0.17/24"))

    def test_who_opened_sockets_before_is_told(self):
        errors = self.run_socksh("--sandbox", "-c", "@alice s = socket; t = socket\n" + TWO).stderr.decode()
        self.assertRegex(errors, r"\Aalice is there from its next statement on; .* stays where it was made: 3, 4\n\Z")

    def test_each_mtu_says_what_it_is_of(self):
        self.assertRegex(self.run_socksh("--sandbox", "-c", TWO + "network").stdout.decode(),
                         r"\nloopback: mtu 65536, [^\n]*\ncables between hosts: mtu 1500, ")

    def test_the_table(self):
        shown = self.run_socksh("--sandbox", "-c", ROUTED + "network down bob\nnetwork").stdout.decode()
        self.assertEqual(shown[shown.index("host "):], """\
host   interface  address        routes          cable
alice  eth0       10.0.1.1/24    via 10.0.1.254
bob    eth0       10.0.2.1/24    via 10.0.2.254  pulled
r      eth0       10.0.1.254/24  forwards
       eth1       10.0.2.254/24
""")

    def test_errors_name_the_hosts(self):
        for script, why in {
                "@bob l = socket; bind l 127.0.0.1:80; listen l\n@alice s = socket; connect s 10.0.0.2:80":
                    "3 (opened by bob at line 3, LISTEN) listens at 127.0.0.1:80, the loopback of its host",
                "@bob l = socket; bind l 0.0.0.0:80; listen l\n@alice s = socket; connect s 127.0.0.1:80":
                    "nobody on alice (10.0.0.1/24) listens on 127.0.0.1:80: each host has a loopback of its own",
                "@bob l = socket; bind l 127.0.0.1:80; listen l\n@alice s = socket; connect s 127.0.0.1:80":
                    "listens on the loopback of bob (10.0.0.2/24): bind it to 0.0.0.0 instead",
                "@alice s = socket; connect s bob:80": "bob (10.0.0.2/24) has answered: nobody listens there on port 80",
                "@alice s = socket; bind s 10.0.0.2:80": "10.0.0.2:80 is of bob (10.0.0.2/24), and 3 is not on that host",
                "s = socket; connect s 10.0.0.2:80": "3 is on none of the hosts, and only they reach 10.0.0.2:80",
        }.items():
            with self.subTest(script):
                self.assertIn(why, self.error_of(TWO.lstrip() + script))

    # --- coming and going --------------------------------------------------------------------------------------

    def test_made_in_milliseconds(self):
        script = "t = (now)\n" + ROUTED + "print ((now) - t)\n"
        script += "@bob l = socket; bind l 10.0.2.1:80; listen l\n@alice connect (socket) 10.0.2.1:80\nprint ((now) - t)"
        for user, program, identity in self.users():
            done = subprocess.run([program, "--sandbox", "-c", script], capture_output=True, text=True,
                                  timeout=peers.LIMIT, cwd=self.folder, **identity)
            self.assertEqual(done.returncode, 0, done.stderr)
            ready, connected = (span / 1e6 for span in peers.durations(done.stdout))
            print(f"two hosts and a router as {user}: made in {ready:.1f} ms, connected after {connected:.1f} ms",
                  file=sys.stderr)

    def test_nothing_is_left(self):
        for number in (None, signal.SIGINT, signal.SIGKILL):
            for user, program, identity in self.users():
                with self.subTest(user, number=number):
                    running = self.start(program, "--sandbox", "-c", ROUTED + "print \"ready\"; input", **identity)
                    running.find("ready")
                    kept = spaces_of(running.pid)
                    self.assertEqual(len(kept), 5, kept)  # the run's own, the hub, three hosts
                    self.assertEqual(len(kept & listed_spaces()), 1, "lsns shows those that a process is in")
                    if number is None:
                        running.child.stdin.close()
                    running.end(number)
                    self.assertEqual(kept & spaces_of_all(), set())
                    self.assertEqual(kept & listed_spaces(), set())

    def test_an_own_descriptor_is_none_of_the_scripts(self):
        self.check(TWO + "setrlimit RLIMIT_NOFILE 128\n@alice s = socket #=> 3\n"
                   "@alice u = socket AF_INET SOCK_DGRAM #=> 4\n")

    def test_in_a_lesson(self):
        folder = self.folder / "01-two-computers"
        folder.mkdir()
        (folder / "en.md").write_text(LESSON)
        (folder / "zh.md").write_text(LESSON)
        done = self.run_socksh("check", folder)
        self.assertNotIn(b"SKIP", done.stdout)


if __name__ == "__main__":
    unittest.main()
