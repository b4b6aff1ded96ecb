"""`python -m mini STEP...`: from what packages say of themselves to a model pack."""

import argparse
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
from transformers import BertModel

from . import corpus, evaluate, export, quantise, student, teacher
from .encoder import open_tokenizer, tokenize
from .fit import Course, Lessons, Texts, finished
from .text import Text

PROJECT = Path(__file__).resolve().parents[2]
REFERENCES = 40
"""How many sentences the tests of the program compare."""

STEPS = ("corpus", "teach", "fit", "round", "export", "evaluate")


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m mini", description=__doc__)
    parser.add_argument("steps", nargs="+", choices=(*STEPS, "all"), help="what to do, one after the other")
    parser.add_argument("--work", type=Path, default=PROJECT / "build/training", help="where everything is kept (default: build/training)")
    parser.add_argument("--name", default="mini", help="what this student's files are called (default: mini)")
    parser.add_argument("--shared", type=Path, help="a folder with skills/ and bench/, whose texts are learnt too, and whose questions judge")
    parser.add_argument("--cli", type=Path, default=PROJECT / "build/skillmesh", help="the native program (default: build/skillmesh)")
    of_fit, of_round = parser.add_argument_group("fit"), parser.add_argument_group("round")
    layers = "which of the teacher's layers the student starts from (default: 0 2 4 5, of four the nearest to the teacher at the start)"
    of_fit.add_argument("--layers", type=int, nargs="+", choices=range(6), default=(0, 2, 4, 5), metavar="LAYER", help=layers)
    bits = quantise.STORED
    for group, name, default, choices, what in (
        (of_fit, "inner", 1152, None, "how many neurons each of them feeds forward through"),
        (of_fit, "rank", 256, None, "how wide its table of words is"),
        (of_fit, "texts", 600_000, None, "learn from at most so many texts, drawn by chance"),
        (of_fit, "epochs", 3, None, "so often; 0: the student as it starts"),
        (of_fit, "rate", 1e-3, None, "the highest rate"),
        (of_round, "width", 320, None, "how wide its table of words is then, in which some directions have two columns"),
        (of_round, "word-bits", 2, bits, "of each number of a word's row"),
        (of_round, "layer-bits", 4, bits, "of each weight of a layer"),
        (of_round, "round-texts", 300_000, None, "learn from so many texts, once, and from all pairs; 0: round and learn nothing"),
        (of_round, "round-rate", 5e-4, None, "the highest rate"),
        (of_round, "match", 0.05, None, "what questions that take another's answer weigh"),
    ):
        group.add_argument(f"--{name}", type=type(default), default=default, choices=choices, help=f"{what} (default: {default})")
    return parser.parse_args()


class Training:
    """The steps, each of which takes up what the one before it left in the work folder."""

    def __init__(self, said: argparse.Namespace):
        self.said, self.work = said, said.work
        self.work.mkdir(parents=True, exist_ok=True)
        self.folder, self.pack = self.work / said.name, self.work / f"{said.name}.msgpack"
        self.exact, self.rounded = (self.work / f"{said.name}{part}.pt" for part in ("-exact", ""))

    def corpus(self) -> None:
        counts = corpus.write(PROJECT, self.said.shared, self.work)
        for kind, count in sorted(counts.items()):
            print(f"{count:8} {kind}")
        print(f"{counts.total():8} in all")

    def teach(self) -> None:
        _, ids = self._texts()
        print(f"vectors {teacher.cached(self.work, ids).shape}, tokens {sum(map(len, ids))}")

    def fit(self) -> None:
        said, model = self.said, self._teacher()
        shape = student.Shape(len(said.layers), said.inner, said.rank)
        self._learn(self.exact, model, tuple(said.layers), shape, said.texts, Course(epochs=said.epochs, rate=said.rate))

    def round(self) -> None:
        said = self.said
        model, was = finished(self.exact, self._teacher())
        shape = replace(was, rank=said.width, word_bits=said.word_bits, layer_bits=said.layer_bits)
        course = Course(epochs=int(said.round_texts > 0), rate=said.round_rate, match=said.match)
        self._learn(self.rounded, student.plain(model), tuple(range(shape.layers)), shape, said.round_texts, course)

    def export(self) -> None:
        folder = teacher.fetch(self.work)
        model, shape = finished(self.rounded, self._teacher())
        export.write(model, folder, self.folder, shape)
        export.pack(self.said.cli, self.folder, self.pack)
        sentences = json.loads((PROJECT / "tests/data/reference.json").read_text("utf-8"))[:REFERENCES]
        export.reference(model, tokenize(open_tokenizer(folder), sentences), self.work / f"{self.said.name}.f32")
        print(f"{self.pack}: {self.pack.stat().st_size:,} bytes")

    def evaluate(self) -> None:
        said = self.said
        print(evaluate.table(said.name, "first", evaluate.registry(said.cli, self.pack, PROJECT, self.work)), flush=True)
        if said.shared:
            judged = evaluate.sets(said.cli, self.pack, said.shared, self.work)
            print(evaluate.table(said.name, "nDCG@10", judged | {"mean": evaluate.mean(judged)}))

    def _texts(self) -> tuple[list[Text], list[np.ndarray]]:
        texts = corpus.read(self.work)
        return texts, tokenize(open_tokenizer(teacher.fetch(self.work)), [text.text for text in texts])

    def _teacher(self) -> BertModel:
        return teacher.open_teacher(teacher.fetch(self.work))

    def _learn(self, file: Path, start: BertModel, layers: tuple[int, ...], shape: student.Shape, most: int, course: Course) -> None:
        """Learns at most `most` texts, and pairs of any, into a file, beginning with these layers of a model."""
        texts, ids = self._texts()
        vectors = teacher.cached(self.work, ids)
        held_out = np.array([corpus.is_held_out(text.text) for text in texts])
        among = np.flatnonzero(~held_out)
        learnt = corpus.drawn(among, [len(row) for row in ids], most)
        counts = np.bincount(np.concatenate([ids[at] for at in learnt] or [[]]).astype(int), minlength=start.config.vocab_size)
        made = student.make(start, layers, shape, counts).train()
        lessons = Lessons(made, shape, Texts(ids, vectors, learnt, corpus.pairs(texts, among)), course, file)
        lessons.run()
        unseen = [row for row, aside in zip(ids, held_out) if aside]
        print(f"held out: cosine {likeness(lessons.student.eval(), unseen, vectors[held_out]):.4f}")


def likeness(model, ids: list[np.ndarray], expected: np.ndarray) -> float:
    """The mean cosine of a model's vectors and those that are expected."""
    return float((teacher.vectors(model, ids).astype(np.float32) * expected.astype(np.float32)).sum(1).mean())


def main() -> None:
    said = options()
    training = Training(said)
    for step in STEPS if "all" in said.steps else said.steps:
        getattr(training, step)()


main()
