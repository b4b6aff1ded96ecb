"""How would people ask for what cards and documents describe? Wants, put into the frames that people use."""

import random
import re
from collections.abc import Iterator
from pathlib import Path

from .text import Text

DATA = Path(__file__).parent.parent / "data"
MOST_WORDS = 24
TYPO = 0.05

_DOES = re.compile(r"^([A-Z]?[a-z]+?)(ies|sses|ches|shes|xes|s)(?= (?:a|an|the|all|each|one|any|this|that|whether|if|how|what|which|multiple|two|your|its|to|from|in|into)\b)")
_LEAD = re.compile(r"^(?:use(?:d)? (?:this )?(?:skill )?(?:when|to|for)|(?:this|the) \w+ (?:is|lets you|allows you to|helps to)|tools? (?:to|for)|library (?:to|for))\s+", re.I)
DONE = frozenset("add allow apply build call change check clean close collect configure connect contain copy count define delete describe determine "
                 "disable display enable encode decode execute export extract filter force format generate get handle hide import indicate insert "
                 "install invoke keep load look lock make map match move open parse pass print process produce provide push raise remove rename "
                 "render represent request require reset resolve restore retrieve return reverse save select serve show sort specify start stop "
                 "store support take update upload use validate visit wait wrap".split())
"""Verbs of what programs do, beside those of `wants.txt`."""

_SENTENCE = re.compile(r"(?<=[.!?;:])\s")


def lines(name: str) -> list[str]:
    return [line for line in (DATA / name).read_text("utf-8").splitlines() if line and not line.startswith("#")]


def wants() -> Iterator[str]:
    """Every verb of a line with every thing of it."""
    for verbs, things in _wants():
        yield from (f"{verb} {thing}" for verb in verbs for thing in things)


def _wants() -> Iterator[list[list[str]]]:
    for line in lines("wants.txt"):
        yield [part.split(separator) for part, separator in zip(line.split(" | "), (", ", "; "))]


class Asking:
    """Turns what is described into what somebody asks."""

    def __init__(self, dice: random.Random):
        self.dice = dice
        self.frames = {done: lines(name) for done, name in ((True, "verbs.txt"), (False, "things.txt"))}
        self.verbs = {verb.split()[0] for verbs, _ in _wants() for verb in verbs}

    def ask(self, texts: list[str]) -> Iterator[Text]:
        """One question for each text, in its own words, so that nothing is learnt from what answers it; and tasks that want several things."""
        phrases = [phrase for text in texts if (phrase := want(text))]
        yield from (Text("question", "asked", self._mistyped(self._framed(phrase))) for phrase in phrases)
        for _ in range(len(phrases) // 6):
            yield Text("question", "tasks", self._framed(self._joined(self.dice.sample(phrases, self.dice.choice((2, 2, 3))))))

    def _framed(self, phrase: str) -> str:
        first = phrase.split()[0]
        is_done = first in self.verbs or first in DONE
        return self.dice.choice(self.frames[is_done]).replace("{}", phrase)

    def _joined(self, phrases: list[str]) -> str:
        return self.dice.choice((", then ", " and ", ". Then ", ", and after that ", "; also ")).join(phrases)

    def _mistyped(self, text: str) -> str:
        """Now and then two neighbouring letters change places."""
        at = self.dice.randrange(len(text))
        pair = text[at : at + 2]
        return text[:at] + pair[::-1] + text[at + 2 :] if pair.isalpha() and self.dice.random() < TYPO else text


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
    """Third person to imperative, where a verb is likely: before an article or the like."""
    found = _DOES.match(text)
    if not found or found[1].lower() in ("ha", "doe") or found[1].endswith(("i", "s", "u")):
        return text
    return found[1] + {"ies": "y", "s": ""}.get(found[2], found[2][:-2]) + text[found.end() :]
