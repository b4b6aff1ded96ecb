"""Which texts are learnt together? Random ones, and ones that mean about the same, which are the hard ones to tell apart."""

from collections.abc import Iterator

import numpy as np

from .encoder import width

TOKENS = 4096
MOST_TEXTS = 128
PAIRS = 48
AROUND = 8
"""How many batches a neighbourhood fills."""

Step = tuple[np.ndarray, ...]
"""Texts that are learnt together, in parts of about one length, so that little is padded."""


def epoch(learnt: np.ndarray, vectors: np.ndarray, lengths: np.ndarray, dice: np.random.Generator) -> list[Step]:
    """Each text that is learnt once, in any order: half of them with others, half with their neighbours, short ones beside long ones each time,
    since a question is short and what answers it is long."""
    order = dice.permutation(learnt)
    far, near = np.array_split(order, 2)
    return [step for group in (*_chunks(far), *_neighbourhoods(vectors, near, dice)) for step in paired(list(cut(group, lengths)))]


def _chunks(order: np.ndarray) -> list[np.ndarray]:
    return np.array_split(order, max(1, len(order) // (MOST_TEXTS * AROUND)))


def _neighbourhoods(vectors: np.ndarray, order: np.ndarray, dice: np.random.Generator) -> list[np.ndarray]:
    """Each text beside those that are nearest to the same text, of some drawn by chance."""
    centres = vectors[dice.choice(order, max(1, len(order) // (MOST_TEXTS * AROUND)), replace=False)].astype(np.float32)
    nearest = np.concatenate([(vectors[part].astype(np.float32) @ centres.T).argmax(1) for part in _chunks(order)])
    sort = np.argsort(nearest, kind="stable")
    return np.split(order[sort], np.flatnonzero(np.diff(nearest[sort])) + 1)


def matched(pairs: np.ndarray, vectors: np.ndarray, lengths: np.ndarray, dice: np.random.Generator) -> list[Step]:
    """Questions `[:, 0]` and, in the same order, what answers them: each beside those whose answers are near its own, which are the
    likeliest to be mistaken for it."""
    groups = _neighbourhoods(vectors[pairs[:, 1]], dice.permutation(len(pairs)), dice) if len(pairs) else []
    parts = [part for group in groups for part in cut(group, lengths[pairs[:, 1]], TOKENS, PAIRS)]
    return [tuple(pairs[part].T) for part in parts if len(part) > 1]


def cut(group: np.ndarray, lengths: np.ndarray, tokens: int = TOKENS, texts: int = MOST_TEXTS) -> Iterator[np.ndarray]:
    """A group in order of length, cut where the next text would pass a bound."""
    group = group[np.argsort(lengths[group], kind="stable")]
    start = 0
    for end in range(1, len(group) + 1):
        full = end == len(group) or end - start == texts or (end + 1 - start) * width(lengths[group[end]]) > tokens
        if full:
            yield group[start:end]
            start = end


def paired(parts: list[np.ndarray]) -> list[Step]:
    """The shortest with the longest, and so on inwards."""
    middle = len(parts) // 2
    pairs = list(zip(parts[:middle], reversed(parts)))
    return pairs if len(parts) % 2 == 0 else [*pairs, (parts[middle],)]
