"""What do manuals say that Debian packages? Headings with what stands below them, blocks, and pages in pieces."""

import gzip
import random
import re
from collections.abc import Iterator
from pathlib import Path

from lxml import etree, html

from .. import questions
from ..text import Text, pieces, plain
from . import debian, markdown

MOST_PAGES, MOST_TEXTS = 300, 2000
"""Of one manual, so that none outweighs the others."""
SUFFIXES = (".html", ".page", ".md", ".md.gz")
ASIDE = re.compile(r"/(_modules|_sources|_static|std|core|alloc)/|genindex|/manual/(?!en/)[a-z-]{2,5}/|/share/help/(?!C/)[^/]+/|/zh_cn/")
"""Listings of programs and names, and other languages."""
FEWEST_WORDS = 4
"""Of a block that is no heading: less is a label."""
HEADINGS = frozenset("h1 h2 h3 h4 title subtitle".split())
BLOCKS = HEADINGS | frozenset("p li dd dt td th h5 h6 desc div section item figcaption".split())
CONTENT = "//main | //*[@role='main'] | //*[@id='content'] | //body"
LEAST_CONTENT = 0.3
"""Of a page's words, that what is taken for its content must have."""
_NUMBER = re.compile(r"^(?:\d+\.)+\d* ")
UNREAD = ".//script | .//style | .//pre | .//nav | .//header | .//footer | .//head | .//info | .//*[@role='navigation']"


def names() -> list[str]:
    return " ".join(questions.lines("manuals.txt")).split()


def read(folder: Path, debian_folder: Path) -> Iterator[Text]:
    """Of `folder`, where manuals are unpacked; Debian's index is in `debian_folder`."""
    for name in names():
        dice = random.Random(name)
        pages = _some(_pages(debian.unpacked(name, folder, debian_folder)), MOST_PAGES, dice)
        yield from _some(list(dict.fromkeys(text for file in pages for text in _texts(file))), MOST_TEXTS, dice)


def _some(things: list, most: int, dice: random.Random) -> list:
    return dice.sample(things, min(most, len(things)))


def _pages(manual: Path) -> list[Path]:
    return sorted(file for file in manual.rglob("*") if file.name.endswith(SUFFIXES) and file.is_file() and not ASIDE.search(str(file)))


def _texts(file: Path) -> Iterator[Text]:
    data = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    return markdown.texts("manuals", data.decode("utf-8", "replace")) if ".md" in file.suffixes else page(data)


def page(data: bytes) -> Iterator[Text]:
    """Of a page of HTML, or of Mallard, which GNOME writes."""
    try:
        blocks = list(_blocks(data))
    except etree.ParserError:  # a page without any element
        return
    for (is_heading, said), (is_next, below) in zip(blocks, [*blocks[1:], (True, "")]):
        yield Text("title", "manuals", said, None if is_next else below) if is_heading else Text("passage", "manuals", said)
    yield from (Text("passage", "manuals", piece) for piece in pieces([said for _, said in blocks]))


def _content(whole: html.HtmlElement) -> html.HtmlElement:
    """The smallest part that is marked as the content and has much of the words."""
    words = LEAST_CONTENT * len(whole.text_content())
    return min((part for part in whole.xpath(CONTENT) if len(part.text_content()) >= words), default=whole, key=lambda part: len(part.text_content()))


def _blocks(data: bytes) -> Iterator[tuple[bool, str]]:
    """Whether it is a heading, and what it says, of each that holds no other."""
    whole = html.document_fromstring(data, parser=html.HTMLParser(encoding="utf-8"))
    content = _content(whole)
    for aside in content.xpath(UNREAD):
        aside.drop_tree()
    for line_end in content.iter("br"):
        line_end.tail = f" {line_end.tail or ''}"
    for block in content.iter(*BLOCKS):
        said, is_heading = _NUMBER.sub("", plain(block.text_content())).rstrip("¶# "), block.tag in HEADINGS
        if len(said.split()) >= (1 if is_heading else FEWEST_WORDS) and not any(inner.tag in BLOCKS for inner in block.iterdescendants()):
            yield is_heading, said
