"""What is the student? Some of the teacher's layers over a factorised table of words, all in few bits."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.utils import parametrize
from transformers import BertConfig, BertModel

from . import encoder, quantise

LAYERS = {2: (0, 5), 3: (0, 2, 5), 4: (0, 1, 3, 5)}
"""Which of the teacher's six layers a student starts from."""


@dataclass(frozen=True)
class Shape:
    layers: int = 3
    rank: int = 256
    word_bits: int = 2
    layer_bits: int = 4


class Factorised(nn.Module):
    """Rows of a large table as the product of a narrow one, in `bits` bits, and a projection (as in ALBERT: Lan et al. 2020)."""

    def __init__(self, table: Tensor, counts: Tensor, rank: int, bits: int):
        super().__init__()
        rows, columns = factors(table, counts, rank)
        self.rows = nn.Embedding.from_pretrained(rows, freeze=False)
        self.projection = nn.Linear(rank, table.shape[1], bias=False)
        self.projection.weight.data = columns.T.contiguous()
        self.rounded = quantise.Rounded(rows, bits)
        quantise.rounded(self.projection, 8)

    def forward(self, ids: Tensor) -> Tensor:
        """Only rows that are used are rounded: the table is most of all weights."""
        return self.projection(self.rounded.chosen(self.rows(ids), ids))


def factors(table: Tensor, counts: Tensor, rank: int) -> tuple[Tensor, Tensor]:
    """`rows @ columns` is the nearest to `table` of that rank, where a row weighs as much as its square root of uses."""
    weight = (counts.float() + 1).sqrt().sqrt()[:, None]
    _, values, right = torch.linalg.svd(table * weight, full_matrices=False)
    basis = right[:rank]
    spread = values[:rank].sqrt()[:, None]
    return table @ (basis / spread).T, basis * spread


def make(teacher: BertModel, shape: Shape, counts: np.ndarray) -> BertModel:
    """A student that starts from the teacher; `counts` tell how often each word piece is used."""
    config = BertConfig.from_dict(teacher.config.to_dict() | {
        "num_hidden_layers": shape.layers, "max_position_embeddings": encoder.MAX_TOKENS,
        "hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0,
    })  # fmt: skip
    student = BertModel(config, add_pooling_layer=False)
    _take_over(student, teacher, LAYERS[shape.layers])
    table = teacher.embeddings.word_embeddings.weight.data.cpu()
    student.embeddings.word_embeddings = Factorised(table, torch.from_numpy(counts), shape.rank, shape.word_bits)
    quantise.rounded(student.embeddings.position_embeddings, 8)
    for module in student.encoder.modules():
        if isinstance(module, nn.Linear):
            quantise.rounded(module, shape.layer_bits)
    student.set_attn_implementation("eager")  # of short texts the gradient is found faster so
    return student.to(encoder.device())


def go_on(student: BertModel, learnt: BertModel) -> None:
    """Gives a student what another has learnt, whose weights may be rounded otherwise."""
    student.load_state_dict(learnt.state_dict())
    for was, module in zip(learnt.modules(), student.modules()):
        if isinstance(module, Factorised):
            _measure(was.rounded, module.rounded, module.rows.weight)
        elif parametrize.is_parametrized(module, "weight"):
            weights = module.parametrizations.weight
            _measure(was.parametrizations.weight[0], weights[0], weights.original)


def _measure(was: quantise.Rounded, now: quantise.Rounded, weight: Tensor) -> None:
    if was.bits != now.bits:
        now.measure(weight.data)


def _take_over(student: BertModel, teacher: BertModel, layers: tuple[int, ...]) -> None:
    own, other = student.embeddings, teacher.embeddings
    own.position_embeddings.weight.data = other.position_embeddings.weight.data[: encoder.MAX_TOKENS].clone()
    own.token_type_embeddings.load_state_dict(other.token_type_embeddings.state_dict())
    own.LayerNorm.load_state_dict(other.LayerNorm.state_dict())
    for layer, of in zip(student.encoder.layer, layers):
        layer.load_state_dict(teacher.encoder.layer[of].state_dict())
