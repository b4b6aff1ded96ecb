"""What do registries, skills and labelled sets hold? Cards and documents only: no query and no label is read."""

import json
from collections.abc import Iterator
from pathlib import Path

import yaml

from ..text import Text, plain
from . import markdown

MOST_CHARS = 800


def registry(file: Path) -> Iterator[Text]:
    """A registry's cards, and their examples as the questions that they are."""
    for card in yaml.safe_load(file.read_text("utf-8"))["experts"]:
        yield Text("title", "registry", card["title"])
        said = f"{card['title']}. {card['description']}"
        yield Text("passage", "registry", said)
        yield from (Text("question", "registry", example, answer=said) for example in card["examples"])
        instructions = file.parent / card["instruction_file"]
        yield from markdown.texts("registry", instructions.read_text("utf-8"), card["title"])


def skills(folder: Path) -> Iterator[Text]:
    for file in sorted(folder.glob("**/SKILL.md")):
        yield from markdown.texts("skills", file.read_text("utf-8", "replace"), file.parent.name.replace("-", " "))


def documents(folder: Path) -> Iterator[Text]:
    """The documents of labelled sets, as long as a passage is, and in pieces."""
    for file in sorted(folder.glob("*/corpus.jsonl")):
        for line in file.read_text("utf-8").splitlines():
            document = json.loads(line)
            said = [document.get(field) or "" for field in ("title", "description", "text")]
            yield Text("passage", "documents", plain(". ".join(part for part in said if part))[:MOST_CHARS])
            yield from markdown.texts("documents", document["text"], document.get("title", ""))
