"""What is the student? Some of the teacher's layers over a factorised table of words, all in few bits."""

import math
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.utils import parametrize
from transformers import BertConfig, BertModel

from . import encoder, quantise

FLAT = 1e-4
"""A direction that is so much narrower than the widest is none."""


@dataclass(frozen=True)
class Shape:
    layers: int
    inner: int
    rank: int
    word_bits: int = quantise.EXACT
    layer_bits: int = quantise.EXACT


class Factorised(nn.Module):
    """Rows of a large table as the product of a narrow one, in `bits` bits, and a projection (as in ALBERT: Lan et al. 2020)."""

    def __init__(self, table: Tensor, counts: Tensor, rank: int, bits: int):
        super().__init__()
        rows, columns, step = factors(table, counts, rank, bits)
        self.rows = nn.Embedding.from_pretrained(rows, freeze=False)
        self.projection = nn.Linear(rank, table.shape[1], bias=False)
        self.projection.weight.data = columns.T.contiguous()
        self.rounded = quantise.Rounded(rows, bits, step)
        quantise.rounded(self.projection, 8)

    def forward(self, ids: Tensor) -> Tensor:
        """Only rows that are used are rounded: the table is most of all weights."""
        return self.projection(self.rounded.chosen(self.rows(ids), ids))


def factors(table: Tensor, counts: Tensor, rank: int, bits: int) -> tuple[Tensor, Tensor, Tensor]:
    """`rows @ columns` is near to `table` where rows are rounded in these steps, and a row weighs as much as its square root of uses.

    Each column is a digit of a direction of the table: the first one, or one that tells more precisely what those before it left (as in
    residual quantisation: Chen et al. 2010), whichever is worth more. Rows are as wide in every direction that has as many digits, since one
    step is to round all of a row's numbers; and their numbers are as large as the table's, since the rate suits those."""
    weight = (counts.float() + 1).sqrt().sqrt()[:, None]
    _, values, basis = torch.linalg.svd(table * weight, full_matrices=False)
    real = values > FLAT * values[0]
    values, basis = values[real], basis[real]
    digits = _digits(values.square(), rank, bits)
    basis, values, digits = basis[digits > 0], values[digits > 0], digits[digits > 0]
    spread = values * torch.tensor([quantise.range_of(bits, count) for count in digits.tolist()])
    rows = table @ (basis / spread[:, None]).T
    size = table.std() / rows.std()
    rows, columns = rows * size, basis * spread[:, None] / size
    step = quantise.best_step(rows, bits)
    found = []
    for digit in range(int(digits.max())):
        found.append((rows[:, digits > digit], columns[digits > digit]))
        rows, columns = _next_digit(rows, columns, step, bits)
    every_row, every_column = zip(*found)
    return torch.cat(every_row, 1), torch.cat(every_column), step


def _next_digit(rows: Tensor, columns: Tensor, step: Tensor, bits: int) -> tuple[Tensor, Tensor]:
    """What rounding leaves of `rows`, as large as they are, and columns that make it so much smaller again."""
    left = rows - quantise.levels(rows / step, bits) * step
    return left * 2**bits, columns / 2**bits


def _digits(energy: Tensor, rank: int, bits: int) -> Tensor:
    """How many of `rank` columns each direction gets: the next one always goes where most is left."""
    most_digits = max(1, 8 // bits)
    if rank > len(energy) * most_digits:
        most = len(energy) * most_digits
        raise SystemExit(f"a table of {len(energy)} directions has at most {most} columns of {bits} bits, asked for are {rank}; lower --rank or --width")
    digits, left = torch.zeros(len(energy), dtype=torch.long), energy.clone()
    for _ in range(rank):
        most = left.argmax()
        digits[most] += 1
        left[most] = energy[most] * quantise.NORMAL_ERROR.get(bits * int(digits[most]), -math.inf)
    return digits


def make(model: BertModel, layers: tuple[int, ...], shape: Shape, counts: np.ndarray) -> BertModel:
    """A student that starts from these layers of a plain model; `counts` tell how often each word piece is used."""
    if shape.inner > model.config.intermediate_size:
        raise SystemExit(f"--inner: a layer of the teacher has {model.config.intermediate_size} neurons, asked for are {shape.inner}; give at most as many")
    config = BertConfig.from_dict(model.config.to_dict() | {
        "num_hidden_layers": shape.layers, "intermediate_size": shape.inner, "max_position_embeddings": encoder.MAX_TOKENS,
        "hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0,
    })  # fmt: skip
    student = BertModel(config, add_pooling_layer=False)
    _take_over(student, model, layers)
    table = model.embeddings.word_embeddings.weight.data.cpu()
    student.embeddings.word_embeddings = Factorised(table, torch.from_numpy(counts), shape.rank, shape.word_bits)
    quantise.rounded(student.embeddings.position_embeddings, 8)
    for module in student.encoder.modules():
        if isinstance(module, nn.Linear):
            quantise.rounded(module, shape.layer_bits)
    student.set_attn_implementation("eager")  # of short texts the gradient is found faster so
    return student.to(encoder.device())


@torch.no_grad()
def plain(student: BertModel) -> BertModel:
    """Turns a student into a model that computes the same and knows neither factors nor rounding."""
    words = student.embeddings.word_embeddings
    student.embeddings.word_embeddings = nn.Embedding.from_pretrained(words(torch.arange(words.rows.num_embeddings, device=encoder.device())))
    for module in student.modules():
        if parametrize.is_parametrized(module, "weight"):
            parametrize.remove_parametrizations(module, "weight")
    return student


def _take_over(student: BertModel, model: BertModel, layers: tuple[int, ...]) -> None:
    own, other = student.embeddings, model.embeddings
    own.position_embeddings.weight.data = other.position_embeddings.weight.data[: encoder.MAX_TOKENS].clone()
    own.token_type_embeddings.load_state_dict(other.token_type_embeddings.state_dict())
    own.LayerNorm.load_state_dict(other.LayerNorm.state_dict())
    for layer, of in zip(student.encoder.layer, layers, strict=True):
        layer.load_state_dict(_narrowed(model.encoder.layer[of], layer.intermediate.dense.out_features))


def _narrowed(layer: nn.Module, inner: int) -> dict[str, Tensor]:
    """A layer's weights with `inner` of its feed-forward neurons: those that can do most, by what they read times what they write."""
    weights = layer.state_dict()
    reads, writes = weights["intermediate.dense.weight"], weights["output.dense.weight"]
    kept = (reads.square().sum(1) * writes.square().sum(0)).topk(inner).indices.sort().values
    narrow = {f"intermediate.dense.{part}": weights[f"intermediate.dense.{part}"][kept] for part in ("weight", "bias")}
    return weights | narrow | {"output.dense.weight": writes[:, kept]}
