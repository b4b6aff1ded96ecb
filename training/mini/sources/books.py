"""What do books say that Debian packages? A dictionary's meanings and examples, and sayings and stories."""

import re
from collections.abc import Iterator
from pathlib import Path

from ..text import Text, plain
from . import debian


def read(folder: Path, debian_folder: Path) -> Iterator[Text]:
    """Of `folder`, where books are unpacked; Debian's index is in `debian_folder`."""
    yield from wordnet(debian.unpacked("wordnet-base", folder, debian_folder) / "usr/share/wordnet")
    for name in ("fortunes", "fortunes-min"):
        for file in sorted(debian.unpacked(name, folder, debian_folder).glob("usr/share/games/fortunes/*.u8")):
            yield from sayings(file.with_suffix("").read_text("utf-8", "replace"))


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
