"""How would people ask for what cards and documents describe? Wants, put into the frames that people use."""

import random
import re
from collections.abc import Iterator
from pathlib import Path

from .text import Text

DATA = Path(__file__).parent.parent / "data"
MOST_WORDS = 24
TYPO = 0.05

_THIRD_PERSON = re.compile(r"^(\w+?)(sses|ches|shes|xes|zes|s)\b")
_LEAD = re.compile(r"^(?:use(?:d)? (?:this )?(?:skill )?(?:when|to|for)|(?:this|the) \w+ (?:is|lets you|allows you to|helps to)|tools? (?:to|for)|library (?:to|for))\s+", re.I)
_SENTENCE = re.compile(r"(?<=[.!?;:])\s")


def lines(name: str) -> list[str]:
    return [line for line in (DATA / name).read_text("utf-8").splitlines() if line and not line.startswith("#")]


def wants() -> Iterator[str]:
    """Every verb of a line with every thing of it."""
    for line in lines("wants.txt"):
        verbs, things = (part.split(separator) for part, separator in zip(line.split(" | "), (", ", "; ")))
        yield from (f"{verb} {thing}" for verb in verbs for thing in things)


def want(text: str) -> str:
    """What a description offers, as somebody would want it: its first sentence without what leads up to it.

    >>> want("Returns the number of rows. Slow.")
    'return the number of rows'
    >>> want("Tool to convert PDF files")
    'convert PDF files'
    """
    first = _LEAD.sub("", _SENTENCE.split(text)[0]).rstrip(".!?;:, ")
    words = _imperative(first).split()[:MOST_WORDS]
    return " ".join([words[0].lower() if words[0][1:].islower() else words[0], *words[1:]]) if words else ""


def _imperative(text: str) -> str:
    found = _THIRD_PERSON.match(text)
    if not found or found[2] == "s" and found[1].endswith(("s", "u", "i")):
        return text
    ending = {"s": ""}.get(found[2], found[2][:-2])
    return found[1] + ending + text[found.end() :]


def ask(texts: list[str], dice: random.Random) -> Iterator[Text]:
    """One question for each text, and tasks that want several things."""
    frames = lines("frames.txt")
    asked = [phrase for phrase in map(want, texts) if phrase]
    for phrase in asked:
        yield Text("question", "asked", _mistyped(dice.choice(frames).replace("{}", phrase), dice))
    for _ in range(len(asked) // 6):
        yield Text("question", "tasks", _task(dice.sample(asked, dice.choice((2, 2, 3))), dice))


def _task(phrases: list[str], dice: random.Random) -> str:
    joint = dice.choice((", then ", " and ", ". Then ", ", and after that ", "; also "))
    return dice.choice(lines("frames.txt")).replace("{}", joint.join(phrases))


def _mistyped(text: str, dice: random.Random) -> str:
    """Now and then two neighbouring letters change places."""
    at = dice.randrange(len(text))
    pair = text[at : at + 2]
    return text[:at] + pair[::-1] + text[at + 2 :] if pair.isalpha() and dice.random() < TYPO else text
