"""The Chinese pages: one term for one thing, as po/glossary.txt says, one title, and the marks of Chinese."""

import re
import unittest

import glossary
import pages

SAID = {"predict", "hint", "challenge", "notes"}  # the blocks that hold prose
CATALOGUE = glossary.GLOSSARY.with_name("zh_CN.po").read_text()


def prose(page):
    """Its lines, without programs and what they give. They keep their numbers."""
    def said(block):
        kind = (block[2].split() or [""])[0]
        return "\n" + (re.sub(r" *#=>.*", "", block[3]) if kind in SAID else "\n" * block[3].count("\n"))
    return pages.FENCE.sub(said, page.text)


def each_lesson(test):
    def run(self):
        for folder in pages.folders():
            with self.subTest(folder.name):
                test(self, *(pages.Page(folder / f"{language}.md") for language in ("en", "zh")))
    return run


class Terms(unittest.TestCase):

    @each_lesson
    def test_title(self, english, chinese):
        title = f'msgid "{english.head["title"]}"\nmsgstr "{chinese.head["title"]}"\n'
        self.assertTrue(title in CATALOGUE, title)
        for page in english, chinese:
            self.assertIn(f'\n# {page.head["title"]}\n', page.text)

    @each_lesson
    def test_terms(self, english, chinese):
        """A term of the English stands somewhere in the Chinese; sentence by sentence would give false alarms."""
        said = re.sub(r"\s+", " ", re.sub(r"`[^`]*`", "", prose(english)))
        self.assertEqual(glossary.missing(said, prose(chinese)), [])

    @each_lesson
    def test_other_words(self, _, chinese):
        for number, line in enumerate(chinese.text.splitlines(), 1):
            self.assertEqual(glossary.forbidden(line), [], f"{chinese.path}:{number}")

    def test_other_words_where_teachers_read(self):
        self.assertEqual(glossary.forbidden((pages.LESSONS / "README.zh.md").read_text()), [])

    @each_lesson
    def test_a_task_is_announced(self, english, chinese):
        for page, words in (english, "**Your turn"), (chinese, "**轮到你了**"):
            blocks = [block for block in page.blocks if block.kind in {"socksh", "challenge"}]
            for before, block in zip(blocks, blocks[1:]):
                if block.is_task() and before.kind != "challenge":
                    self.assertIn(words, page.text[before.end:block.begin], f"{page.path}:{block.line}")


class Marks(unittest.TestCase):

    @each_lesson
    def test_marks_and_blanks(self, _, chinese):
        for number, line in enumerate(prose(chinese).splitlines(), 1):
            shown = re.sub(r"`[^`]+`", "`code`", line)
            self.assertEqual(glossary.marks(shown), [], f"{chinese.path}:{number}")
            self.assertNotIn("您", shown, f"{chinese.path}:{number}")

    @each_lesson
    def test_no_line_ends_between_two_characters(self, _, chinese):
        """In a browser the end of a line is a blank."""
        lines = prose(chinese).splitlines()
        for number, (line, behind) in enumerate(zip(lines, lines[1:]), 1):
            if not line.startswith(("- [", "#", "title:")):
                self.assertIsNone(re.search(f"{glossary.HAN}\n *{glossary.HAN}", f"{line}\n{behind}"),
                                  f"{chinese.path}:{number}")
