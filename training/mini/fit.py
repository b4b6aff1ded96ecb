"""How does the student learn? To give each text the teacher's vector, and texts the teacher's likeness to each other."""

import hashlib
import math
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from transformers import BertModel

from . import batches, encoder
from .student import Shape, make

SAVE_EVERY = 500
SHARPNESS = 20.0
"""How much nearer neighbours count than far ones, in the likeness of one text to the others."""


@dataclass(frozen=True)
class Texts:
    """What there is to learn from: all texts, the teacher's vector of each, the numbers of those that are learnt, and of questions with what
    answers them, `[pairs, 2]`."""

    ids: list[np.ndarray]
    vectors: np.ndarray
    learnt: np.ndarray
    pairs: np.ndarray


@dataclass(frozen=True)
class Course:
    epochs: int
    rate: float = 1e-3
    warm_up: float = 0.03
    likeness: float = 2.0
    order: float = 0.1
    match: float = 0.0
    seed: int = 20


def loss(student: Tensor, teacher: Tensor, course: Course) -> Tensor:
    """Of vectors of length 1, `[texts, hidden]`: their angle, their likeness in squares, and how likeness orders the others."""
    angle = 1 - (student * teacher).sum(1).mean()
    own, other = student @ student.T, teacher @ teacher.T
    return angle + course.likeness * (own - other).pow(2).mean() + course.order * _disorder(own, other)


def _disorder(own: Tensor, other: Tensor) -> Tensor:
    """The divergence of which neighbours are chosen, by a softmax over the likeness to all others."""
    itself = torch.eye(len(own), dtype=torch.bool, device=own.device)
    chosen = [(SHARPNESS * likeness).masked_fill(itself, -1e4).log_softmax(1) for likeness in (own, other)]
    return nn.functional.kl_div(*chosen, log_target=True, reduction="batchmean")


def mistakes(questions: Tensor, answers: Tensor, teacher: Tensor) -> Tensor:
    """How often another answer is taken than a question's own, `[pairs, hidden]` each (InfoNCE: van den Oord et al. 2018). What the teacher
    finds as near to the question as its own answer is no mistake."""
    likeness = SHARPNESS * questions @ answers.T
    own = teacher.diagonal()[:, None]
    as_good = (teacher >= own) & ~torch.eye(len(own), dtype=torch.bool, device=own.device)
    return nn.functional.cross_entropy(likeness.masked_fill(as_good, -1e4), torch.arange(len(own), device=own.device))


def _hash(arrays: Iterable[np.ndarray]) -> str:
    digest = hashlib.sha256()
    for array in arrays:
        digest.update(np.ascontiguousarray(array))
    return digest.hexdigest()


def rate(step: int, steps: int, course: Course) -> float:
    """Up in a line, and down with the cosine to nothing."""
    rise = max(1, int(steps * course.warm_up))
    if step < rise:
        return (step + 1) / rise
    return (1 + math.cos(math.pi * (step - rise) / max(1, steps - rise))) / 2


def _groups(student: BertModel) -> list[dict]:
    """Only matrices of layers are drawn towards nothing: a word that is seldom read, or a step, would only shrink."""
    of_layers = lambda name: name.startswith("encoder.") and name.endswith("weight.original")
    layers = [value for name, value in student.named_parameters() if of_layers(name)]
    rest = [value for name, value in student.named_parameters() if not of_layers(name)]
    return [{"params": layers, "weight_decay": 0.01}, {"params": rest, "weight_decay": 0.0}]


class Lessons:
    """A student, what it learns from, and how far it has come; saved now and then, and taken up again."""

    def __init__(self, student: BertModel, shape: Shape, texts: Texts, course: Course, file: Path):
        self.student, self.texts, self.course, self.file = student, texts, course, file
        dice = np.random.default_rng(course.seed)
        lengths = np.array([len(row) for row in texts.ids])
        self.plan = [step for _ in range(course.epochs) for step in self._epoch(lengths, dice)]
        taught = _hash([*texts.ids, texts.vectors, texts.learnt, texts.pairs if course.match else texts.pairs[:0]])
        begun = _hash(value.detach().cpu().numpy() for value in student.state_dict().values())
        self.about = {"shape": asdict(shape), "course": asdict(course), "taught": taught, "begun": begun}
        self.optimiser = torch.optim.AdamW(_groups(student), lr=course.rate, fused=True)
        self.schedule = torch.optim.lr_scheduler.LambdaLR(self.optimiser, lambda step: rate(step, len(self.plan), course))
        self.step = 0

    def _epoch(self, lengths: np.ndarray, dice: np.random.Generator) -> list[tuple[bool, batches.Step]]:
        """What is learnt once, each with whether its texts are questions and what answers them."""
        steps = [(False, step) for step in batches.epoch(self.texts.learnt, self.texts.vectors, lengths, dice)]
        if self.course.match:
            steps += [(True, step) for step in batches.matched(self.texts.pairs, self.texts.vectors, lengths, dice)]
        return [steps[at] for at in dice.permutation(len(steps))]

    def run(self) -> None:
        self._resume()
        began, met = time.monotonic(), []
        for step in self.plan[self.step :]:
            met.append(self._learn(*step))
            if self.step % 100 == 0:
                print(f"step {self.step} of {len(self.plan)}, loss {np.mean(met[-100:]):.4f}, {time.monotonic() - began:.0f} s", flush=True)
            if self.step % SAVE_EVERY == 0:
                self._save()
        self._save()

    def _learn(self, are_pairs: bool, parts: batches.Step) -> float:
        teacher = torch.from_numpy(self.texts.vectors[np.concatenate(parts)].astype(np.float32)).to(encoder.device())
        student = torch.cat([encoder.encode(self.student, [self.texts.ids[at] for at in part]) for part in parts])
        met = loss(student, teacher, self.course)
        if are_pairs:
            half = len(parts[0])
            met = met + self.course.match * mistakes(student[:half], student[half:], teacher[:half] @ teacher[half:].T)
        self.optimiser.zero_grad()
        met.backward()
        nn.utils.clip_grad_norm_(self.student.parameters(), 1.0)
        self.optimiser.step()
        self.schedule.step()
        self.step += 1
        return met.item()

    def _parts(self) -> dict:
        return {"student": self.student, "optimiser": self.optimiser, "schedule": self.schedule}

    def _save(self) -> None:
        state = {name: part.state_dict() for name, part in self._parts().items()}
        torch.save(state | self.about | {"step": self.step, "steps": len(self.plan)}, self.file.with_suffix(".new"))
        self.file.with_suffix(".new").replace(self.file)

    def _resume(self) -> None:
        if not self.file.exists():
            return
        state = torch.load(self.file, map_location=encoder.device(), weights_only=True)
        for key, asked in (self.about | {"steps": len(self.plan)}).items():
            if state[key] != asked:
                raise SystemExit(f"{self.file}: {key}: was begun with {state[key]}, asked for {asked}; move it away to begin anew")
        for name, part in self._parts().items():
            part.load_state_dict(state[name])
        self.step = state["step"]


def finished(file: Path, teacher: BertModel) -> tuple[BertModel, Shape]:
    """The student that a file holds, if it has learnt all that it was to learn."""
    if not file.exists():
        raise SystemExit(f"{file}: is not there; `fit` makes NAME-exact.pt, and then `round` NAME.pt")
    state = torch.load(file, map_location=encoder.device(), weights_only=True)
    if state["step"] < state["steps"]:
        raise SystemExit(f"{file}: has learnt {state['step']} of {state['steps']} steps; run the step again that makes it")
    shape = Shape(**state["shape"])
    student = make(teacher, tuple(range(shape.layers)), shape, np.ones(teacher.config.vocab_size))
    student.load_state_dict(state["student"])
    return student.eval(), shape
