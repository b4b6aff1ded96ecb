"""What do the installed Python packages say of themselves? First paragraphs of docstrings, of those that training needs anyway."""

import ast
import sysconfig
import warnings
from collections.abc import Iterator
from pathlib import Path

from ..text import Text, plain

MOST_DOCSTRINGS = 6000

_DOCUMENTED = (ast.FunctionDef, ast.ClassDef, ast.Module)


def read() -> Iterator[Text]:
    for package in sorted(Path(sysconfig.get_path("purelib")).iterdir()):
        found = [text for file in sorted(package.glob("**/*.py")) for text in docstrings(file.read_text("utf-8", "replace"))]
        yield from (Text("passage", "python", text) for text in found[:MOST_DOCSTRINGS])


def docstrings(code: str) -> list[str]:
    """The first paragraph of each docstring; code of another Python says nothing."""
    try:
        with warnings.catch_warnings(action="ignore"):
            tree = ast.parse(code)
    except (SyntaxError, ValueError):
        return []
    found = (ast.get_docstring(node) for node in ast.walk(tree) if isinstance(node, _DOCUMENTED))
    return [plain(text.split("\n\n")[0]) for text in found if text]
