"""What do cloud services offer? Each operation that botocore, the Python client of AWS, can call: its name, and what it does."""

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path

from ..text import Text, plain
from . import debian

PACKAGE = "python3-botocore"
MOST_CHARS = 800

_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SENTENCE = re.compile(r"(?<=[.!?])\s")


def read(folder: Path, debian_folder: Path) -> Iterator[Text]:
    """Of each service's newest description."""
    data = debian.unpacked(PACKAGE, folder, debian_folder) / "usr/lib/python3/dist-packages/botocore/data"
    for service in sorted(data.iterdir()):
        for file in sorted(service.glob("*/service-2.json"))[-1:]:
            yield from operations(json.loads(file.read_text("utf-8")))


def operations(service: dict) -> Iterator[Text]:
    """A service in a paragraph; each operation's name in words, what it does in a sentence, and at length."""
    named = service["metadata"].get("serviceFullName", "")
    yield Text("passage", "services", f"{named}. {_said(service)}"[:MOST_CHARS])
    for name, operation in sorted(service["operations"].items()):
        said = _said(operation)
        first = _SENTENCE.split(said)[0]
        yield Text("title", "services", _HUMP.sub(" ", name), answer=first)
        yield Text("passage", "services", first)
        yield Text("passage", "services", f"{named}. {said}"[:MOST_CHARS])


def _said(of: dict) -> str:
    return html.unescape(plain(of.get("documentation", "")))
