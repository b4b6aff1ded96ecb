"""What do books say that Debian packages? A dictionary's meanings and examples, sayings and stories, and manuals of what computes."""

import re
import subprocess
import tempfile
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from ..text import Text, pieces, plain
from . import debian

PACKAGES = ("wordnet-base", "fortunes", "fortunes-min", "gnome-user-docs", "libreoffice-help-en-us", "octave-doc")
MANUALS = ("gnome-user-docs/usr/share/help/C/**/*.page", "libreoffice-help-en-us/**/en-US/**/*.html", "octave-doc/**/*.html")
BLOCKS = frozenset("p li dd dt td div section h1 h2 h3 h4 h5 title subtitle item steps desc table tr pre".split())
UNREAD = frozenset(("script", "style", "pre", "head", "info"))


def read(folder: Path, debian_folder: Path) -> Iterator[Text]:
    """Of `folder`, where books are unpacked; Debian's index is in `debian_folder`."""
    fetch(folder, debian_folder)
    yield from wordnet(folder / "wordnet-base/usr/share/wordnet")
    for file in sorted(folder.glob("fortunes*/usr/share/games/fortunes/*.u8")):
        yield from sayings(file.with_suffix("").read_text("utf-8", "replace"))
    for file in sorted(file for pattern in MANUALS for file in folder.glob(pattern) if file.is_file()):
        yield from manual(file.read_text("utf-8", "replace"))


def fetch(folder: Path, debian_folder: Path) -> None:
    """Downloads and unpacks what is missing, without root and without installing anything."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in PACKAGES:
        if (folder / name).exists():
            continue
        with tempfile.TemporaryDirectory() as fresh:
            debian.apt(debian_folder, "download", name, cwd=Path(fresh))
            unpacked = folder / f"{name}.new"
            subprocess.run(["dpkg-deb", "-x", next(Path(fresh).glob("*.deb")), unpacked], check=True)
            unpacked.rename(folder / name)


def wordnet(folder: Path) -> Iterator[Text]:
    """Each meaning behind its words, and its examples of use."""
    for part in ("noun", "verb", "adj", "adv"):
        for line in (folder / f"data.{part}").read_text("utf-8", "replace").splitlines():
            if " | " in line and not line.startswith(" "):
                yield from _meaning(*line.split(" | ", 1))


def _meaning(facts: str, gloss: str) -> Iterator[Text]:
    fields = facts.split()
    words = [word.replace("_", " ") for word in fields[4 : 4 + 2 * int(fields[3], 16) : 2]]
    meaning, *examples = re.split(r'; (?=")', gloss.strip())
    yield Text("passage", "wordnet", f"{', '.join(words)}: {meaning}")
    yield from (Text("title", "wordnet", example.strip('" ')) for example in examples)


def sayings(text: str) -> Iterator[Text]:
    yield from (Text("passage", "fortunes", plain(saying)[:800]) for saying in text.split("\n%\n"))


class _Blocks(HTMLParser):
    """The words of each block of a page."""

    def __init__(self):
        super().__init__()
        self.blocks, self.unread = [""], 0

    def handle_starttag(self, tag, _):
        self.unread += tag in UNREAD
        if tag in BLOCKS:
            self.blocks.append("")
        self.blocks[-1] += " " * (tag == "br")

    def handle_endtag(self, tag):
        self.unread -= tag in UNREAD and self.unread > 0
        if tag in BLOCKS:
            self.blocks.append("")

    def handle_data(self, data):
        if not self.unread:
            self.blocks[-1] += data


def manual(page: str) -> Iterator[Text]:
    """Each block of a page, and all of it in pieces."""
    reader = _Blocks()
    reader.feed(page)
    said = [block for block in map(plain, reader.blocks) if block]
    yield from (Text("passage", "manuals", block) for block in said)
    yield from (Text("passage", "manuals", piece) for piece in pieces(said))
