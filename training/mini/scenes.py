"""What do tasks look like that tell a story, give steps or want something computed? Drawn from the scenes of `data/scenes.txt`."""

import random
import re
from collections.abc import Iterator

from .questions import lines
from .text import Text

MANY = 40_000
MOST_SENTENCES = 10
_SLOT = re.compile(r"\{(\w+)\}")


class Scenes:
    def __init__(self, dice: random.Random):
        self.dice = dice
        told = lines("scenes.txt")
        self.lists = {name: words.split(", ") for name, words in (line.split(": ", 1) for line in told if " | " not in line)}
        self.scenes = [[part.split(" / ") for part in line.split(" | ")] for line in told if " | " in line]
        self.made = {"n": self._number, "m": self._money, "d": self._date, "t": self._time, "list": self._list, "table": self._table, "signs": self._signs}

    def read(self) -> Iterator[Text]:
        yield from (Text("question", "scenes", self._task()) for _ in range(MANY))

    def _task(self) -> str:
        """Some sentences of one scene, and more often than not what is asked of them."""
        sentences, asked = self.dice.choice(self.scenes)
        told = self.dice.choices(sentences, k=self.dice.choice((0, 1, 1, 2, 2, 3, 3, 4, 5, 6, 8, MOST_SENTENCES)))
        end = [self.dice.choice(asked)] if not told or self.dice.random() < 0.6 else []
        return _SLOT.sub(self._filling, " ".join(told + end))

    def _filling(self, slot: re.Match) -> str:
        made = self.made.get(slot[1])
        return made() if made else self.dice.choice(self.lists[slot[1]])

    def _number(self) -> str:
        most = self.dice.choice((10, 10, 100, 100, 1000, 100_000))
        return self.dice.choice((str, "{:,}".format))(self.dice.randint(1, most))

    def _money(self) -> str:
        return f"${self.dice.randint(1, 900)}" + self.dice.choice(("", "", f".{self.dice.randint(10, 99)}"))

    def _date(self) -> str:
        month, day, year = self.dice.randint(1, 12), self.dice.randint(1, 28), self.dice.randint(1920, 2040)
        return self.dice.choice((f"{month}/{day}/{year}", f"{year}-{month:02}-{day:02}", f"{day} {self.dice.choice(self.lists['month'])} {year}"))

    def _time(self) -> str:
        return self.dice.choice((f"{self.dice.randint(0, 23)}:{self.dice.randint(10, 59)}", f"{self.dice.randint(1, 12)} {self.dice.choice(('am', 'pm'))}"))

    def _list(self) -> str:
        return ", ".join(self._number() for _ in range(self.dice.randint(2, 8)))

    def _table(self) -> str:
        heads = self.lists[self.dice.choice(("month", "day", "name", "things"))]
        return "\n".join(f"{head} | {self._number()}" for head in self.dice.sample(heads, self.dice.randint(2, 6)))

    def _signs(self) -> str:
        return " ".join(self.dice.choices("()[]{}<>", k=self.dice.randint(2, 16)))
