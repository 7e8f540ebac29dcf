"""The two programs that the language is introduced with: they read without a mistake, and nothing of them runs."""

import os
import subprocess
import tempfile
import unittest

CLIENT = r'''# a client                                      # comment to the end of the line
s = socket AF_INET SOCK_STREAM
connect s www.sina.com.cn:80
send s "GET / HTTP/1.1\r\nHost: www.sina.com.cn\r\nConnection: close\r\n\r\n"
page = ""
while d = recv s 1024 { append page d }         # the loop ends on an empty value
close s
header, html = split page "\r\n\r\n" 1
print header
save "sina.html" html
'''

SERVER = r'''# a server, one thread per connection
def tcplink sock addr {
    print "Accept new connection from {addr}..."
    send sock "Welcome!"
    loop {
        data = recv sock 1024
        sleep 1s
        if data == "" or data == "exit" { break }
        send sock "Hello, {data}!"
    }
    close sock
    print "Connection from {addr} closed."
}

s = socket AF_INET SOCK_STREAM
setsockopt s SO_REUSEADDR 1
bind s 127.0.0.1:9999
listen s 5
print "Waiting for connection..."
loop {
    sock, addr = accept s
    spawn tcplink sock addr
}
'''


class Samples(unittest.TestCase):
    def check(self, program):
        with tempfile.NamedTemporaryFile(suffix=".socksh") as file:
            file.write(program.encode())
            file.flush()
            return subprocess.run([os.environ["SOCKSH"], "-n", file.name], stdin=subprocess.DEVNULL,
                                  capture_output=True, text=True, timeout=30)

    def test_samples_read(self):
        for name, program in [("client", CLIENT), ("server", SERVER),
                              ("with CRLF", SERVER.replace("\n", "\r\n")), ("both", CLIENT + SERVER)]:
            with self.subTest(name):
                run = self.check(program)
                self.assertEqual((run.stdout, run.stderr, run.returncode), ("", "", 0))

    def test_a_line_less_does_not(self):
        for program, line in [(CLIENT, "page = \"\"\n"), (SERVER, "    data = recv sock 1024\n")]:
            with self.subTest(line):
                self.assertEqual(self.check(program.replace("    " + line, "").replace(line, "")).returncode, 2)
