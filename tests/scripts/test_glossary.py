"""The Chinese catalogue: one term for one thing, as po/glossary.txt says, and the marks of Chinese."""

import functools
import re
import unittest

import glossary
from glossary import forbidden, marks, missing, terms

# How texts begin in which a term is left out, and why.
WITHOUT = {
    "A sendto is one datagram": "套接字: 它 stands for it",
    "In a program: ask getaddrinfo": "连接: to succeed is 连上",
    "A name is looked up first": "连接: to succeed is 连上",
    "A process may hold so many descriptors": "字节流: the standard streams are named one by one",
    "RST instead of FIN": "字节: what is lost is 数据",
    "send is done when the kernel": "字节: what arrives is 数据",
    "no urgent byte": "字节: urgent data is the term of textbooks",
    "connect on a socket that may not wait": "等待: it is 非阻塞",
    "no room: what was sent": "等待: 还没有被读走",
    "an error waits to be fetched": "等待: 待取",
    "from System V: ": "字节流: STREAMS are another thing",
    "the protocol family": "地址族: the family of protocols is 协议族",
}


def unquoted(lines):
    text = "".join(re.findall(r'^"(.*)"$', lines, re.M))
    return re.sub(r"\\(.)", lambda one: {"n": "\n", "t": "\t"}.get(one[1], one[1]), text)


@functools.cache
def texts():
    """Pairs of English and Chinese."""
    catalogue = glossary.GLOSSARY.with_name("zh_CN.po").read_text()
    entries = re.findall(r'^msgid ((?:".*"\n)+)msgstr ((?:".*"\n?)+)', catalogue, re.M)
    return [(unquoted(one), unquoted(other)) for one, other in entries if unquoted(one)]


class Glossary(unittest.TestCase):

    def test_it_is_read(self):
        self.assertGreater(len(texts()), 1400)
        self.assertIn(("bytes", "字节串"), terms())
        self.assertIn(("peer", "对端"), terms())

    def test_terms(self):
        for english, text in texts():
            if not english.startswith(tuple(WITHOUT)):
                with self.subTest(english):
                    self.assertEqual(missing(english, text), [], text)

    def test_other_words(self):
        for english, text in texts():
            with self.subTest(english):
                self.assertEqual(forbidden(text), [], text)

    def test_every_exception_is_one(self):
        for begin in WITHOUT:
            with self.subTest(begin):
                self.assertTrue(any(missing(*pair) for pair in texts() if pair[0].startswith(begin)))


class Marks(unittest.TestCase):

    def test_full_stops_are_those_of_the_english(self):
        for english, text in texts():
            with self.subTest(english):
                self.assertEqual(english.rstrip("\n").endswith("."), text.rstrip("\n").endswith("。"), text)

    def test_marks_and_blanks(self):
        for english, text in texts():
            with self.subTest(english):
                self.assertEqual(marks(text), [], text)
