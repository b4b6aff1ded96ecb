"""What does a sentence encoder compute? Token ids, a transformer, the mean of its rows, and length 1."""

from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from transformers import BertModel
from tokenizers import Tokenizer

MAX_TOKENS = 256
WIDTHS = 16
"""Texts are padded to a multiple of this, since kernels are prepared anew for every shape."""


def device() -> torch.device:
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def open_tokenizer(folder: Path) -> Tokenizer:
    """The tokenizer of a published model, cut at `MAX_TOKENS` and not padded."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
    return tokenizer


def tokenize(tokenizer: Tokenizer, texts: list[str]) -> list[np.ndarray]:
    return [np.array(encoding.ids, dtype=np.int32) for encoding in tokenizer.encode_batch_fast(texts)]


def padded(ids: list[np.ndarray]) -> tuple[Tensor, Tensor]:
    """Ids `[texts, tokens]` and the mask of those that count."""
    lengths = torch.tensor([len(row) for row in ids])
    mask = torch.arange(width(int(lengths.max())))[None, :] < lengths[:, None]
    rows = torch.zeros(mask.shape, dtype=torch.long)
    rows[mask] = torch.from_numpy(np.concatenate(ids)).long()
    return rows.to(device()), mask.to(device())


def width(tokens: int) -> int:
    return -(-tokens // WIDTHS) * WIDTHS


def encode(model: BertModel, ids: list[np.ndarray], precise: bool = False) -> Tensor:
    """Vectors of length 1, `[texts, hidden]` in f32; computed in bf16 unless `precise`."""
    rows, mask = padded(ids)
    with torch.autocast(rows.device.type, dtype=torch.bfloat16, enabled=not precise):
        states = model(input_ids=rows, attention_mask=mask).last_hidden_state
    weights = mask[:, :, None].float()
    return nn.functional.normalize((states.float() * weights).sum(1) / weights.sum(1), dim=-1)
