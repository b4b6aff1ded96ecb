"""What do the crates that this project depends upon say of themselves? Those of `Cargo.lock`, as `cargo` fetched them."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from ..text import Text, plain
from . import markdown

MOST_COMMENTS = 400

_COMMENT = re.compile(r"(?:^[ \t]*//[/!] ?.*\n)+", re.M)
_LINE = re.compile(r"^[ \t]*//[/!] ?", re.M)


def read(project: Path) -> Iterator[Text]:
    for package in packages(project):
        folder = Path(package["manifest_path"]).parent
        if package["description"]:
            yield Text("title", "crates", plain(package["description"]))
        yield from _readme(folder, package["name"])
        yield from (Text("passage", "crates", comment) for comment in _comments(folder)[:MOST_COMMENTS])


def packages(project: Path) -> list[dict]:
    """Every package below `Cargo.lock` but the project's own, in order of name."""
    command = ["cargo", "metadata", "--format-version", "1", "--locked", "--all-features"]
    found = json.loads(subprocess.run(command, cwd=project, check=True, capture_output=True).stdout)["packages"]
    return sorted((package for package in found if package["source"]), key=lambda package: package["id"])


def _readme(folder: Path, name: str) -> Iterator[Text]:
    for file in sorted(folder.glob("README*.md"))[:1]:
        yield from markdown.texts("crates", file.read_text("utf-8", "replace"), name)


def _comments(folder: Path) -> list[str]:
    files = sorted(folder.glob("src/**/*.rs"))
    return [comment for file in files for comment in first_paragraphs(file.read_text("utf-8", "replace"))]


def first_paragraphs(code: str) -> Iterator[str]:
    """What each documentation comment says first."""
    for comment in _COMMENT.findall(code):
        yield plain(_LINE.sub("", comment).strip().split("\n\n")[0])
