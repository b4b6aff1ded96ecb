"""`python -m mini STEP...`: from what packages say of themselves to a model pack."""

import argparse
import json
from dataclasses import fields, replace
from pathlib import Path

import numpy as np

from . import corpus, evaluate, export, student, teacher
from .encoder import open_tokenizer, tokenize
from .fit import Course, Lessons, finished
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
    parser.add_argument("--texts", type=int, default=520_000, help="learn from so many texts, drawn by chance (default: 520000)")
    parser.add_argument("--start", metavar="NAME", help="fit what this student has learnt, instead of the teacher's layers")
    parser.add_argument("--round-texts", type=int, default=300_000, help="so many of them, once, while weights are rounded (default: 300000)")
    parser.add_argument("--round-rate", type=float, default=5e-4, help="the highest rate meanwhile (default: 0.0005)")
    for kind in (student.Shape, Course):
        for field in fields(kind):
            parser.add_argument(f"--{field.name.replace('_', '-')}", type=field.type, default=field.default)
    return parser.parse_args()


def chosen(kind: type, said: argparse.Namespace):
    return kind(**{field.name: getattr(said, field.name) for field in fields(kind)})


class Training:
    """The steps, each of which takes up what the one before it left in the work folder."""

    def __init__(self, said: argparse.Namespace):
        self.said, self.work = said, said.work
        self.work.mkdir(parents=True, exist_ok=True)
        self.folder, self.pack = self.work / said.name, self.work / f"{said.name}.msgpack"
        self.begun = f"{said.name}-exact"

    def corpus(self) -> None:
        counts = corpus.write(PROJECT, self.said.shared, self.work)
        for kind, count in sorted(counts.items()):
            print(f"{count:8} {kind}")
        print(f"{counts.total():8} in all")

    def teach(self) -> None:
        _, ids = self._texts()
        print(f"vectors {teacher.cached(self.work, ids).shape}, tokens {sum(map(len, ids))}")

    def fit(self) -> None:
        said, course = self.said, replace(chosen(Course, self.said), match=0.0)
        self._learn(self.begun, chosen(student.Shape, said).exact(), course, said.texts, said.start)

    def round(self) -> None:
        said, course = self.said, replace(chosen(Course, self.said), epochs=1, rate=self.said.round_rate)
        self._learn(said.name, chosen(student.Shape, said), course, said.round_texts, self.begun)

    def export(self) -> None:
        folder = teacher.fetch(self.work)
        model, shape = finished(self.work / f"{self.said.name}.pt", teacher.open_teacher(folder))
        export.write(model, folder, self.folder, shape.rank)
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

    def _learn(self, name: str, shape: student.Shape, course: Course, most: int, start: str | None) -> None:
        texts, ids = self._texts()
        vectors = teacher.cached(self.work, ids)
        held_out = np.array([corpus.is_held_out(text.text) for text in texts])
        learnt = corpus.drawn(np.flatnonzero(~held_out), [len(row) for row in ids], most)
        taught = [ids[at] for at in learnt]
        begun = self._begun(shape, taught, start)
        lessons = Lessons(begun.train(), shape, taught, vectors[learnt], corpus.pairs(texts, learnt), course, self.work / f"{name}.pt")
        lessons.run()
        unseen = [row for row, aside in zip(ids, held_out) if aside]
        print(f"held out: cosine {likeness(lessons.student.eval(), unseen, vectors[held_out]):.4f}")

    def _begun(self, shape: student.Shape, taught: list[np.ndarray], start: str | None):
        model, layers = teacher.open_teacher(teacher.fetch(self.work)), student.LAYERS[shape.layers]
        if start:
            model, layers = student.plain(finished(self.work / f"{start}.pt", model)[0]), tuple(range(shape.layers))
        return student.make(model, layers, shape, np.bincount(np.concatenate(taught), minlength=model.config.vocab_size))


def likeness(model, ids: list[np.ndarray], expected: np.ndarray) -> float:
    """The mean cosine of a model's vectors and those that are expected."""
    return float((teacher.vectors(model, ids).astype(np.float32) * expected.astype(np.float32)).sum(1).mean())


def main() -> None:
    said = options()
    training = Training(said)
    for step in STEPS if "all" in said.steps else said.steps:
        getattr(training, step)()


main()
