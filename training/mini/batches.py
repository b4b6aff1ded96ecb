"""Which texts are learnt together? Random ones, and ones that mean about the same, which are the hard ones to tell apart."""

from collections.abc import Iterator

import numpy as np

TOKENS = 4096
MOST_TEXTS = 128
AROUND = 8
"""How many batches a neighbourhood fills, so that texts of about one length are found in it."""


def epoch(vectors: np.ndarray, lengths: np.ndarray, dice: np.random.Generator) -> list[np.ndarray]:
    """All texts once, half of them among their neighbours, in batches of at most `TOKENS` tokens, in any order."""
    order = dice.permutation(len(lengths))
    far, near = np.array_split(order, 2)
    batches = [batch for group in (*_chunks(far), *_neighbourhoods(vectors, near, dice)) for batch in cut(group, lengths)]
    return [batches[at] for at in dice.permutation(len(batches))]


def _chunks(order: np.ndarray) -> list[np.ndarray]:
    return np.array_split(order, max(1, len(order) // (MOST_TEXTS * AROUND)))


def _neighbourhoods(vectors: np.ndarray, order: np.ndarray, dice: np.random.Generator) -> Iterator[np.ndarray]:
    """Each text beside those that are nearest to the same text, of some drawn by chance."""
    centres = vectors[dice.choice(order, max(1, len(order) // (MOST_TEXTS * AROUND)), replace=False)].astype(np.float32)
    nearest = np.concatenate([(vectors[part].astype(np.float32) @ centres.T).argmax(1) for part in _chunks(order)])
    sort = np.argsort(nearest, kind="stable")
    return np.split(order[sort], np.flatnonzero(np.diff(nearest[sort])) + 1)


def cut(group: np.ndarray, lengths: np.ndarray) -> Iterator[np.ndarray]:
    """A group in order of length, cut where the next text would pass a bound."""
    group = group[np.argsort(lengths[group], kind="stable")]
    start = 0
    for end in range(1, len(group) + 1):
        full = end == len(group) or end - start == MOST_TEXTS or (end + 1 - start) * lengths[group[end]] > TOKENS
        if full:
            yield group[start:end]
            start = end
