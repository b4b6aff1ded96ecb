"""How does the student become a model that `skillmesh model import` reads? As sentence-transformers publishes one, weights rounded."""

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn.utils import parametrize
from transformers import BertModel

from . import encoder, quantise
from .student import Shape

NAME = "skillmesh-mini"


def tensors(student: BertModel) -> dict[str, Tensor]:
    """Every weight by its published name: integers with `NAME_scale` beside them, or f32."""
    found: dict[str, Tensor] = {}
    words = student.embeddings.word_embeddings
    for name, module in student.named_modules():
        public = name.replace("word_embeddings.projection", "projection")
        if parametrize.is_parametrized(module, "weight"):
            weights = module.parametrizations.weight
            found |= _integers(public, *weights[0].integers(weights.original))
            if getattr(module, "bias", None) is not None:
                found[f"{public}.bias"] = module.bias.data
        elif isinstance(module, nn.LayerNorm):
            found |= {f"{public}.{part}": value.data for part, value in module.named_parameters()}
    found["embeddings.token_type_embeddings.weight"] = student.embeddings.token_type_embeddings.weight.data
    found |= _integers("embeddings.word_embeddings", *words.rounded.integers(words.rows.weight))
    return {name: value.detach().float().cpu().contiguous() if value.is_floating_point() else value.cpu().contiguous() for name, value in found.items()}


def _integers(name: str, integers: Tensor, scales: Tensor) -> dict[str, Tensor]:
    return {f"{name}.weight": integers, f"{name}.weight_scale": scales}


def write(student: BertModel, teacher: Path, folder: Path, shape: Shape) -> None:
    """The model's folder: the teacher's tokenizer and pooling beside the student's weights and shape."""
    if quantise.EXACT in (shape.word_bits, shape.layer_bits):
        raise SystemExit("expected words and layers in 2, 4 or 8 bits, got exact ones; `round` rounds them")
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "1_Pooling").mkdir(parents=True)
    for file in ("tokenizer.json", "modules.json", "1_Pooling/config.json"):
        shutil.copy(teacher / file, folder / file)
    settings = student.config.to_dict() | {"_name_or_path": NAME, "embedding_size": shape.rank}
    (folder / "config.json").write_text(json.dumps(settings, indent=1))
    (folder / "sentence_bert_config.json").write_text(json.dumps({"max_seq_length": encoder.MAX_TOKENS}))
    save_file(tensors(student), folder / "model.safetensors")


@torch.inference_mode()
def reference(student: BertModel, ids: list[np.ndarray], file: Path) -> None:
    """The vectors of some texts in full precision, little-endian f32, for whoever computes them otherwise."""
    file.write_bytes(encoder.encode(student, ids, precise=True).cpu().numpy().astype("<f4").tobytes())


def pack(cli: Path, folder: Path, out: Path) -> None:
    subprocess.run([cli, "model", "import", folder, "--out", out], check=True)
