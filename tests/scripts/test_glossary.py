"""The Chinese catalogue: one term for one thing, as po/glossary.txt says, and the marks of Chinese."""

import functools
import pathlib
import re
import unittest

PO = pathlib.Path(__file__).parents[2] / "po"
HAN = "[\u4e00-\u9fff]"
# Terms that have another word besides: a count of bytes is no value; to wait for something is often one character.
ALSO = {"bytes": ["字节"], "wait": ["等"]}
# As the glossary has them, these are nouns; the verbs are said in many ways.
NOUNS = {"list": r"(?:a|the|this|of) lists?", "queue": r"(?:a|the) queues?", "handle": r"(?:a|the) handles?",
         "error": r"(?:the|last|this|a pending) errors?"}
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
    "set\talone lists": "选项: the name of the topic options",
}


def unquoted(lines):
    text = "".join(re.findall(r'^"(.*)"$', lines, re.M))
    return re.sub(r"\\(.)", lambda one: {"n": "\n", "t": "\t"}.get(one[1], one[1]), text)


@functools.cache
def texts():
    """Pairs of English and Chinese."""
    entries = re.findall(r'^msgid ((?:".*"\n)+)msgstr ((?:".*"\n?)+)', (PO / "zh_CN.po").read_text(), re.M)
    return [(unquoted(one), unquoted(other)) for one, other in entries if unquoted(one)]


@functools.cache
def terms():
    """English words and their Chinese, as the glossary has them."""
    rows = [line.split("\t") for line in (PO / "glossary.txt").read_text().splitlines() if line and line[0] != "#"]
    return [(word.split(" (")[0], chinese) for words, chinese in rows for word in words.split(", ")]


def says(english, term):
    pattern = NOUNS.get(term, re.escape(term) + "s?")
    return re.search(rf'(?<![\w"-]){pattern}(?![\w"-])', english) is not None


def missing(english, text):
    """The terms of the English that the Chinese lacks. A name, of a command say, stands as it is."""
    return [term for term, chinese in terms() if says(english, term)
            and not re.search(rf"(?<![A-Za-z_]){re.escape(term)}(?![a-z_])", text)
            and not any(one in text for one in [chinese, *ALSO.get(term, [])])]


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

    def test_every_exception_is_one(self):
        for begin in WITHOUT:
            with self.subTest(begin):
                self.assertTrue(any(missing(*pair) for pair in texts() if pair[0].startswith(begin)))


class Marks(unittest.TestCase):

    def check(self, wrong):
        for english, text in texts():
            if wrong(english, text):
                with self.subTest(english):
                    self.fail(text)

    def test_full_stops_are_those_of_the_english(self):
        self.check(lambda english, text: english.rstrip("\n").endswith(".") != text.rstrip("\n").endswith("。"))

    def test_marks_between_chinese_are_chinese(self):
        self.check(lambda _, text: re.search(f"{HAN}(?:[;!?()] ?|[,.])(?:{HAN}|[（“]|$)", text, re.M))

    def test_blanks(self):
        """One between Chinese and Latin letters, none beside marks that are wide."""
        self.check(lambda _, text: re.search(f"{HAN}[A-Za-z0-9]|[A-Za-z0-9]{HAN}| [，。：；！？、）]|[，；！？、（] \\S", text))
