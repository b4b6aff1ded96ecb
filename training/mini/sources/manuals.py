"""What do manuals say that Debian packages? Headings with what stands below them, blocks, and pages in pieces."""

import gzip
import random
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from lxml import etree, html

from .. import questions
from ..text import Text, pieces
from . import debian, markdown

MOST_OF_PAGE, MOST_TEXTS = 150, 2000
"""So that no page outweighs the others of its manual, and no manual the others."""
MARKDOWN = (".md", ".md.gz")
SUFFIXES = (".html", ".page", *MARKDOWN)
ASIDE = re.compile(
    r"/(_modules|_sources|_static)/|genindex|/rust-doc/html/(std|core|alloc)/|/twisted-doc/html/api/"  # listings of programs and names
    r"|/manual/(?!en/|html/)[a-z-]{2,5}/|/share/help/(?!C/)[^/]+/|/(?!en-)[a-z]{2}-[A-Z]{2}/|/zh_cn/"  # other languages
)
FEWEST_WORDS = 4
"""Of a block that is no heading: less is a label."""
HEADINGS = frozenset("h1 h2 h3 h4 title subtitle".split())
BLOCKS = HEADINGS | frozenset("p li dd dt td th h5 h6 desc div section item figcaption".split())
CONTENT = "//main | //*[@role='main'] | //*[@id='content'] | //body"
LEAST_CONTENT = 0.3
"""Of a page's letters, that what is taken for its content must have."""
_NUMBER = re.compile(r"^(?:\d+\.)+\d* ")
UNREAD = ".//script | .//style | .//pre | .//nav | .//header | .//footer | .//head | .//info | .//*[@role='navigation']"


def names() -> list[str]:
    return " ".join(questions.lines("manuals.txt")).split()


def read(folder: Path, debian_folder: Path) -> Iterator[Text]:
    """Of `folder`, where manuals are unpacked; Debian's index is in `debian_folder`."""
    for name in names():
        yield from islice(_some(debian.unpacked(name, folder, debian_folder)), MOST_TEXTS)


def _some(manual: Path) -> Iterator[Text]:
    """Page after page, in an order drawn by chance, so that headings stay with what is below them."""
    pages = _pages(manual)
    for file in random.Random(manual.name).sample(pages, len(pages)):
        yield from islice(_texts(file), MOST_OF_PAGE)


def _pages(manual: Path) -> list[Path]:
    inside = lambda file: f"/{file.relative_to(manual).as_posix()}"
    return sorted(file for file in manual.rglob("*") if file.name.endswith(SUFFIXES) and file.is_file() and not ASIDE.search(inside(file)))


def _texts(file: Path) -> Iterator[Text]:
    data = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    return markdown.texts("manuals", data.decode("utf-8", "replace")) if file.name.endswith(MARKDOWN) else page(data)


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
    for aside in whole.xpath(UNREAD):
        aside.drop_tree()
    for line_end in whole.iter("br"):
        line_end.tail = f" {line_end.tail or ''}"
    for block in _content(whole).iter(*BLOCKS):
        if not any(inner.tag in BLOCKS for inner in block.iterdescendants()):
            said, is_heading = _said(block), block.tag in HEADINGS
            if len(said.split()) >= (1 if is_heading else FEWEST_WORDS):
                yield is_heading, said


def _said(block: html.HtmlElement) -> str:
    """Its words, without its number and the sign that links to it."""
    return _NUMBER.sub("", " ".join(block.text_content().split())).removesuffix("¶").removesuffix(" #").strip()
