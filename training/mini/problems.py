"""What do people say who are stuck, or want it otherwise? Drawn from the topics of `data/problems.txt`."""

import random
from collections.abc import Iterator

from .questions import lines
from .text import Text

MANY = 30_000
ASKED = 0.75
"""How often somebody says what is wanted, and not only what is wrong."""
JOINTS = (". ", ". ", ", ", ", ", " - ", "; ", ", and ")


def topics() -> list[list[list[str]]]:
    """Of each topic, what somebody sees or has, and what is asked."""
    return [[half.split(" / ") for half in line.split(" | ")] for line in lines("problems.txt")]


def read(dice: random.Random) -> Iterator[Text]:
    """Every sentence alone, and some of one topic together."""
    known = topics()
    alone = [sentence for topic in known for half in topic for sentence in half]
    together = [_told(dice, *dice.choice(known)) for _ in range(MANY)]
    yield from (Text("question", "problems", told) for told in alone + together)


def _told(dice: random.Random, situations: list[str], asks: list[str]) -> str:
    said = dice.sample(situations, dice.choice((1, 1, 1, 2, 2, 3)))
    if dice.random() < ASKED:
        said.insert(dice.choice((0, len(said), len(said))), dice.choice(asks))
    joint = dice.choice(JOINTS)
    return joint.join([*(part.rstrip(".") for part in said[:-1]), said[-1]]).replace(f"?{joint}", "? ")
