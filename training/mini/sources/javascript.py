"""What do installed npm packages say of themselves? Their manifests, READMEs and the comments of their types."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from ..text import Text, plain
from . import markdown

MOST_COMMENTS = 400
MOST_OF_LIBRARIES = 12000

_COMMENT = re.compile(r"/\*\*(.*?)\*/", re.S)
_STAR = re.compile(r"^\s*\* ?", re.M)


def read(folders: list[Path]) -> Iterator[Text]:
    for manifest in sorted(file for folder in folders for file in folder.glob("**/package.json") if _is_package(file)):
        yield from _package(manifest)


def _is_package(manifest: Path) -> bool:
    parent = manifest.parent.parent
    return parent.name == "node_modules" or parent.name.startswith("@") and parent.parent.name == "node_modules"


def _package(manifest: Path) -> Iterator[Text]:
    facts = json.loads(manifest.read_text("utf-8", "replace"))
    if facts.get("description"):
        yield Text("title", "npm", plain(str(facts["description"])))
    for readme in sorted(manifest.parent.glob("[Rr][Ee][Aa][Dd][Mm][Ee].md"))[:1]:
        yield from markdown.texts("npm", readme.read_text("utf-8", "replace"), str(facts.get("name", "")))
    # TypeScript's own types describe all that browsers offer.
    most = MOST_OF_LIBRARIES if facts.get("name") == "typescript" else MOST_COMMENTS
    yield from (Text("passage", "npm", comment) for comment in _comments(manifest.parent)[:most])


def _comments(folder: Path) -> list[str]:
    files = sorted(folder.glob("*.d.ts")) + sorted(folder.glob("[!n]*/**/*.d.ts"))
    return [comment for file in files for comment in first_paragraphs(file.read_text("utf-8", "replace"))]


def first_paragraphs(types: str) -> Iterator[str]:
    """What each documentation comment says before its first tag or empty line."""
    for comment in _COMMENT.findall(types):
        yield plain(re.split(r"\n\s*\n|^\s*@", _STAR.sub("", comment).strip(), flags=re.M)[0])
