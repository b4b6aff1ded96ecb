"""Which texts are learnt? Those of all sources, each once, in an order that is the same on every run."""

import hashlib
import json
import random
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from . import problems, questions, scenes, teacher
from .sources import books, cards, debian, javascript, manuals, python, rust, services, words
from .text import Text, identity, is_worth, overlap

SEED = 20
MOST_ASKED = 90_000
SHARES = {"debian": 0.4, "wordnet": 0.3, "manuals": 0.6, "crates": 0.7}
"""How much is learnt of sources that have much, and less of what agents search; of the others, all."""
LONG, LONG_SHARE = 128, 0.33
MOST_OVERLAP = 0.5
"""Of a question's words, fewer are to be its answer's too."""
HELD_OUT = 0.02
"""How many are kept aside, to see how well unseen texts are met."""


def gather(project: Path, shared: Path | None, work: Path) -> Iterator[Text]:
    yield from cards.registry(project / "examples/registry/experts.yaml")
    if shared:
        yield from cards.skills(shared / "skills")
        yield from cards.documents(shared / "bench")
    yield from debian.read(work / "debian")
    yield from rust.read(project)
    yield from javascript.read([project / "tests/js/node_modules", project / "www/demo/node_modules"])
    yield from python.read()
    for source in (books, manuals, services):
        yield from source.read(work / "books", work / "debian")


def with_questions(texts: list[Text], dice: random.Random) -> list[Text]:
    described = [text.text for text in texts if text.kind != "question"]
    asked = dice.sample(described, min(MOST_ASKED, len(described)))
    return [*texts, *questions.Asking(dice).ask(asked + list(questions.wants())), *scenes.Scenes(dice).read()]


def distinct(texts: Iterable[Text]) -> list[Text]:
    """What is worth learning, each once."""
    seen = {}
    for text in texts:
        if is_worth(text.text):
            seen.setdefault(identity(text.text), text)
    return list(seen.values())


def is_drawn(text: Text) -> bool:
    """By its source's share; a title goes with what it is the title of."""
    return _chance(identity(text.answer or text.text), 4) < SHARES.get(text.source, 1)


def is_held_out(text: str) -> bool:
    return _chance(text, 0) < HELD_OUT


def _chance(text: str, at: int) -> float:
    """A number from 0 to 1 that is the same on every run, from four bytes of a hash."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[at : at + 4]) / 2**32


def drawn(texts: np.ndarray, lengths: list[int], most: int) -> np.ndarray:
    """Those that are learnt: of the long ones, which take most of the time, only some, and `most` in all, drawn by chance."""
    dice = np.random.default_rng(SEED)
    chosen = [at for at in texts if lengths[at] <= LONG or dice.random() < LONG_SHARE]
    return dice.permutation(chosen)[:most]


def write(project: Path, shared: Path | None, work: Path) -> Counter:
    """Writes `corpus.jsonl` and tells how many texts each source gave."""
    dice = random.Random(SEED)
    described = list(filter(is_drawn, distinct(gather(project, shared, work))))
    of_words = words.read(teacher.fetch(work) / "tokenizer.json", dice)
    texts = distinct([*with_questions(described, dice), *of_words, *problems.read(dice)])
    number = {identity(text.text): at for at, text in enumerate(texts)}
    with (work / "corpus.jsonl").open("w", encoding="utf-8") as file:
        for text in texts:
            answer = number.get(identity(text.answer or ""))
            line = vars(text) | {"answer": None if answer == number[identity(text.text)] else answer}
            file.write(f"{json.dumps(line, ensure_ascii=False)}\n")
    return Counter(f"{text.source} {text.kind}" for text in texts)


def read(work: Path) -> list[Text]:
    with (work / "corpus.jsonl").open(encoding="utf-8") as file:
        return [Text(**json.loads(line)) for line in file]


def pairs(texts: list[Text], among: np.ndarray) -> np.ndarray:
    """The numbers of questions and of what answers them, `[pairs, 2]`, of texts `among`; not where both have many of the same words, which
    keywords find already: it would teach to look for words."""
    asked = [(number, texts[number].answer) for number in among if texts[number].answer is not None]
    known = set(among.tolist())
    found = [(at, answer) for at, answer in asked if answer in known and overlap(texts[at].text, texts[answer].text) < MOST_OVERLAP]
    return np.array(found, dtype=np.int64).reshape(-1, 2)
