"""Which words does the teacher know? All of its vocabulary, a few at a time: so that no word goes unlearnt that the other texts lack."""

import json
import random
from collections.abc import Iterator
from pathlib import Path

from ..text import Text

TOGETHER = 3
TIMES = 6


def read(tokenizer: Path, dice: random.Random) -> Iterator[Text]:
    """Each word `TIMES` times, beside others drawn by chance."""
    vocabulary = json.loads(tokenizer.read_text("utf-8"))["model"]["vocab"]
    known = sorted(word for word in vocabulary if word.isascii() and word.isalpha() and len(word) > 2)
    for _ in range(TIMES):
        dice.shuffle(known)
        yield from (Text("title", "words", " ".join(known[at : at + TOGETHER])) for at in range(0, len(known), TOGETHER))
