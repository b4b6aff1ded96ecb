"""What is a text to learn from, and when is it worth learning?"""

import re
from dataclasses import dataclass

FEWEST_WORDS = 2
MOST_CHARS = 1600
LEAST_LATIN = 0.6

_MARKUP = re.compile(r"!?\[([^\]]*)\]\([^)]*\)|<[^>\n]{1,200}>|[*`]{1,3}(?=\S)|(?<=\S)[*`]{1,3}|https?://\S+")
_SPACE = re.compile(r"\s+")
_WORD = re.compile(r"[^\W_]+")
_LATIN = re.compile(r"[A-Za-z]")


@dataclass(frozen=True)
class Text:
    """`kind` says how it reads: `title`, `passage` or `question`; `answer` is what somebody wants to find who says this,
    where that is known: its text, and in a corpus that is read its number."""

    kind: str
    source: str
    text: str
    answer: str | int | None = None


def plain(text: str) -> str:
    """The words of a piece of Markdown, on one line."""
    return _SPACE.sub(" ", _MARKUP.sub(lambda found: found[1] or ("" if found[0][0] in "*`" else " "), text)).strip()


def is_worth(text: str) -> bool:
    """Long enough to mean something, short enough to be read whole, and mostly in the alphabet that the teacher knows."""
    letters = [c for c in text if c.isalpha()]
    latin = len(_LATIN.findall(text))
    return len(text) <= MOST_CHARS and len(_WORD.findall(text)) >= FEWEST_WORDS and latin >= LEAST_LATIN * max(1, len(letters))


def identity(text: str) -> str:
    """What two texts share that differ in nothing that matters: case, numbers, punctuation."""
    return " ".join(_WORD.findall(re.sub(r"\d+", "0", text.lower())))


def overlap(question: str, answer: str) -> float:
    """The share of a question's words that its answer has too; words of four letters and more, which are one if they begin with the same
    five. All, where either has fewer than two.

    >>> overlap("drop duplicates", "Removes duplicated rows.")
    0.5
    """
    asked, said = ({word[:5] for word in _WORD.findall(text.lower()) if len(word) > 3} for text in (question, answer))
    return len(asked & said) / len(asked) if min(len(asked), len(said)) > 1 else 1.0


def pieces(paragraphs: list[str], most: int = 800) -> list[str]:
    """Neighbouring paragraphs joined up to `most` characters, so that long texts are learnt too."""
    joined = [""]
    for paragraph in paragraphs:
        room = most - len(joined[-1])
        if len(paragraph) > room and joined[-1]:
            joined.append("")
        joined[-1] = f"{joined[-1]} {paragraph[:most]}".strip()
    return [piece for piece in joined if piece]
