"""diagram FILE.svg: pictures of conversations against those in pictures/, and what every one of them must be.

SOCKSH_GOLDEN=write writes them anew, to be looked at (rsvg-convert makes a PNG) before they are committed."""

import os
import pathlib
import re
import subprocess
import unittest
import xml.etree.ElementTree as tree

import peers

PICTURES = pathlib.Path(__file__).with_name("pictures")
SVG = "{http://www.w3.org/2000/svg}"
SERVER = """
@server l = socket; @server bind l 127.0.0.1:9999; @server listen l 5
"""
CONNECTION = SERVER + """
c = socket; connect c 127.0.0.1:9999
@server conn, peer = accept l
"""
SCRIPTS = {
    "hello": CONNECTION + """
        send c "Michael"
        @server data = recv conn 100; @server send conn "Hello, {data}!"
        recv c 100
        close c
        @server recv conn 10; @server close conn
    """,
    "waits": SERVER + """
        @server conn, peer = accept l
        @client c = socket; @client connect c 127.0.0.1:9999
        @server data = recv conn 100
        @client send c "张三"
        @client reply = recv c 100
        @server send conn "Hello, {data}!"
        @server recv conn 10
    """,
    "refused": """
        c = socket; try { connect c 127.0.0.1:9999 } catch e { }
        d = socket AF_INET SOCK_DGRAM; connect d 127.0.0.1:9998; send d "anybody there?"
        try { recv d 10 } catch e { }
    """,
    "half-close": CONNECTION + """
        send c "all I have"; shutdown c SHUT_WR
        @server recv conn 100; @server recv conn 100; @server send conn "all of it"
        recv c 100
        @server close conn
        recv c 100; close c
    """,
    "loss": CONNECTION + """
        @server drop conn
        send c "Tracy"
        again = 0
        while again < 1 { for f in getsockopt c TCP_INFO { if f[0] == "total_retrans" { again = f[1] } }; sleep 5ms }
        @server undrop conn
        @server recv conn 100
        while (queued c) != [0, 0] { sleep 5ms }
    """,
    "datagrams": """
        @server u = socket AF_INET SOCK_DGRAM; @server bind u 127.0.0.1:9999
        @alice a = socket AF_INET SOCK_DGRAM; @alice sendto a "Michael" 127.0.0.1:9999
        @bob b = socket AF_INET SOCK_DGRAM; @bob sendto b "Tracy" 127.0.0.1:9999
        @server data, from = recvfrom u 100; @server sendto u "Hello, {data}!" from
        @server data, from = recvfrom u 100; @server sendto u "Hello, {data}!" from
        @alice recvfrom a 100
        @bob recvfrom b 100
    """,
    "router": """
        network host alice 10.0.0.1/24; network host bob 10.0.1.1/24; network router r 10.0.0.254/24 10.0.1.254/24
        @bob l = socket; @bob bind l 10.0.1.1:80; @bob listen l 5
        @alice c = socket; @alice connect c 10.0.1.1:80
        @bob conn, peer = accept l
        @alice send c "GET"
        @bob recv conn 10
    """,
    "hostile": CONNECTION + r"""
        send c "</text><script>alert(1)</script>"
        @server recv conn 100
        send c "&amp; \x1b[2J\x00\xff \r\n ]]>"
        @server recv conn 100
    """,
}


@unittest.skipUnless(peers.ALLOWED, "namespaces are not allowed here")
class Pictures(peers.PeerTest):
    maxDiff = None


    def draw(self, script, *words, status=0):
        self.run_socksh(*words, "-c", script + '\ndiagram "picture.svg"\n', status=status,
                        env=os.environ | {"LC_ALL": "C.UTF-8", "LANGUAGE": ""})
        return (self.folder / "picture.svg").read_text()

    def check(self, picture):
        """What holds of each one. Returns its root."""
        root = tree.fromstring(picture)
        width, height = int(root.get("width")), int(root.get("height"))
        self.assertEqual(root.get("viewBox"), f"0 0 {width} {height}")
        allowed = {SVG + name for name in ("svg", "title", "style", "rect", "line", "circle", "polygon", "text")}
        self.assertLessEqual({one.tag for one in root.iter()}, allowed)
        self.assertFalse([name for one in root.iter() for name in one.keys() if name.startswith("on") or "href" in name])
        self.assertNotRegex(root.find(SVG + "style").text, "url|import|@font|expression")
        self.assertNotRegex(picture, "[\x00-\x09\x0b-\x1f\x7f-\x9f]")
        background = root.find(SVG + "rect")
        self.assertEqual((background.get("width"), background.get("height")), (str(width), str(height)))
        for one in root.iter(SVG + "text"):
            columns = sum(2 if ord(sign) > 0x2E80 else 1 for sign in one.text)
            pixels = columns * (10 if one.get("class") == "who" else 8)
            begin = int(one.get("x")) - {"start": 0, "middle": pixels // 2, "end": pixels}[one.get("text-anchor")]
            self.assertTrue(0 <= begin and begin + pixels <= width, one.text)
            self.assertTrue(0 < int(one.get("y")) < height, one.text)
        return root

    def draw_checked(self, script):
        """A good picture, without what is never the same twice."""
        picture = self.draw(script, "--sandbox")
        self.check(picture)
        picture = re.sub(r"(?<=127\.0\.0\.1:)[3-6]\d{4}|(?<=10\.0\.0\.1:)\d{5}", "PORT", picture)
        return re.sub(r"\d+(?:\.\d+)? m?s\b", "N ms", picture)

    def test_pictures(self):
        for name, script in SCRIPTS.items():
            with self.subTest(name):
                golden = PICTURES / f"{name}.svg"
                for _ in range(3):  # an acknowledgement comes by itself after 40 ms, on a very busy computer before the answer
                    picture = self.draw_checked(script)
                    if os.environ.get("SOCKSH_GOLDEN") == "write":
                        golden.write_text(picture)
                    if picture == golden.read_text():
                        break
                self.assertEqual(picture, golden.read_text())

    def test_what_was_sent_is_text(self):
        root = self.check(self.draw(SCRIPTS["hostile"], "--sandbox"))
        texts = [one.text for one in root.iter(SVG + "text")]
        self.assertTrue(any('"</text><script>alert(1)' in one for one in texts), texts)
        self.assertTrue(any(r"&amp; \x1b[2J\x00\xff" in one for one in texts), texts)

    def test_without_packets_it_says_so(self):
        script = SCRIPTS["hello"].replace(":9999", ":0", 1).replace("127.0.0.1:9999", "(getsockname 3)")
        program, identity = self.ordinary_user()
        done = subprocess.run([program, "-c", script + '\ndiagram "picture.svg"'], cwd=self.folder, check=False,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=peers.LIMIT, **identity)
        self.assertEqual(done.stderr.decode(), "")
        root = self.check((self.folder / "picture.svg").read_text())
        self.assertIn("packets", " ".join(one.text for one in root.iter(SVG + "text"))[:100].lower())
        self.assertTrue(any('"Michael"' in one.text for one in root.iter(SVG + "text")))

    def test_many_conversations_stand_below_each_other(self):
        script = SERVER + """
            for i in range 9 { c = socket; connect c 127.0.0.1:9999; send c "client {i}"; @server x, y = accept l; @server recv x 10 }
        """
        root = self.check(self.draw(script, "--sandbox"))
        self.assertEqual(len([one for one in root.iter(SVG + "line") if one.get("class") == "life"]), 18)
        self.assertEqual(int(root.get("width")), 992)

    def test_chinese(self):
        root = self.check(self.draw(CONNECTION + 'send c "你好，世界"\n@server recv conn 100', "--sandbox", "--lang=zh"))
        self.assertTrue(any("你好，世界" in one.text for one in root.iter(SVG + "text")))


if __name__ == "__main__":
    unittest.main()
