"""What po/glossary.txt asks of Chinese: one term for one thing; and the marks of Chinese."""

import functools
import pathlib
import re

GLOSSARY = pathlib.Path(__file__).resolve().parents[1] / "po" / "glossary.txt"
HAN = "[\u4e00-\u9fff]"
# Terms that have another word besides: a count of bytes is no value; to wait for something is often one character.
ALSO = {"bytes": ["字节"], "wait": ["等"]}
# As the glossary has them, these are nouns; the verbs are said in many ways.
NOUNS = {"list": r"(?:a|the|this|of) lists?", "queue": r"(?:a|the) queues?", "handle": r"(?:a|the) handles?",
         "error": r"(?:the|last|this|a pending) errors?", "notes": r"(?:the|of|presenter's) notes",
         "page": r"(?:a|the|this|each|manual|web) pages?"}
# What never stands beside Chinese, and what is right.
MARKS = {
    f"{HAN}(?:[;!?()] ?|[,.])(?:{HAN}|[（“]|$)": "marks between Chinese are Chinese",
    f"{HAN}[A-Za-z0-9`]|[A-Za-z0-9`]{HAN}": "a blank stands between Chinese and other letters",
    r" [，。：；！？、）]|[，；！？、（] \S": "no blank stands beside a mark that is wide",
}


@functools.cache
def rows():
    """English words, the Chinese term, and the words that must not stand for it."""
    lines = [line.split("\t") for line in GLOSSARY.read_text().splitlines() if line and line[0] != "#"]
    return [(line[0].split(", "), line[1], line[2].split(", ") if line[2:] else []) for line in lines]


@functools.cache
def terms():
    """Pairs of an English word and its Chinese."""
    return [(word.split(" (")[0], chinese) for words, chinese, _ in rows() for word in words]


def says(english, term):
    pattern = NOUNS.get(term, re.escape(term) + "s?")
    return re.search(rf'(?<![\w"-]){pattern}(?![\w"-])', english) is not None


def missing(english, text):
    """The terms of the English that the Chinese lacks. A name, of a command say, stands as it is."""
    return [term for term, chinese in terms() if says(english, term)
            and not re.search(rf"(?<![A-Za-z_]){re.escape(term)}s?(?![a-z_])", text)
            and not any(one in text for one in [chinese, *ALSO.get(term, [])])]


def forbidden(text):
    """The words in it that the glossary has another for; a longer term may hold one as a part."""
    def is_part(found):
        return any(one.start() <= found.start() and found.end() <= one.end()
                   for _, chinese, _ in rows() for one in re.finditer(chinese, text))
    return [word for _, _, others in rows() for word in others
            if not all(is_part(found) for found in re.finditer(word, text))]


def marks(text):
    """What is wrong with the marks and blanks, each with the place."""
    return [f"{rule}: {found[0]}" for pattern, rule in MARKS.items() for found in re.finditer(pattern, text, re.M)]
