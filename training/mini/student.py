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
    word_bits: int = quantise.EXACT
    layer_bits: int = quantise.EXACT


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
    """`rows @ columns` is the nearest to `table` of that rank, where a row weighs as much as its square root of uses. Weighted so, rows are
    as wide in every direction, since one step is to round all of a row's numbers; and their numbers are as large as the table's, since the
    rate suits those."""
    weight = (counts.float() + 1).sqrt().sqrt()[:, None]
    _, values, right = torch.linalg.svd(table * weight, full_matrices=False)
    basis, spread = right[:rank], values[:rank, None]
    rows = table @ (basis / spread).T
    size = table.std() / rows.std()
    return rows * size, basis * spread / size


def make(model: BertModel, layers: tuple[int, ...], shape: Shape, counts: np.ndarray) -> BertModel:
    """A student that starts from these layers of a plain model; `counts` tell how often each word piece is used."""
    config = BertConfig.from_dict(model.config.to_dict() | {
        "num_hidden_layers": shape.layers, "max_position_embeddings": encoder.MAX_TOKENS,
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
        layer.load_state_dict(model.encoder.layer[of].state_dict())
