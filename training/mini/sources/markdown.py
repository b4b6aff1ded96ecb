"""What does a Markdown file say? Headings, paragraphs, and pieces as long as those that are searched."""

import re
from collections.abc import Iterator

from ..text import Text, pieces, plain

_FENCE = re.compile(r"^(```|~~~).*?^\1[^\n]*$", re.M | re.S)
_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.S)
_HEADING = re.compile(r"^#{1,6} +(.*?)#*$")


def texts(source: str, markdown: str, title: str = "") -> Iterator[Text]:
    """Each heading, each paragraph, and all of it in pieces of about 200 words behind its title."""
    body = _FENCE.sub("\n\n", _FRONT_MATTER.sub("", markdown.replace("\r\n", "\n")))
    blocks = [block.strip() for block in re.split(r"\n\s*\n", body)]
    paragraphs = [plain(block.lstrip("#-*> ")) for block in blocks]
    for block, after in zip(blocks, [*blocks[1:], ""]):
        heading = _HEADING.match(block.split("\n")[0])
        if heading:
            below = block.partition("\n")[2] or after
            yield Text("title", source, plain(heading[1]), answer=None if _HEADING.match(below) else plain(below.lstrip("#-*> ")))
    yield from (Text("passage", source, paragraph) for paragraph in paragraphs)
    yield from (Text("passage", source, f"{title}. {piece}" if title else piece) for piece in pieces(paragraphs))
