"""What are the vectors of the full-precision model? An encoder in numpy that shares no code with ours.

python reference.py MODEL_FOLDER   writes reference.f32 beside reference.json
"""
import json
import math
import sys
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file
from tokenizers import Tokenizer

here, folder = Path(__file__).parent, Path(sys.argv[1])
weights = {name: value.astype(np.float64) for name, value in load_file(folder / "model.safetensors").items()}
config = json.loads((folder / "config.json").read_text())
tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
tokenizer.no_padding()
tokenizer.enable_truncation(256)
erf = np.vectorize(math.erf)


def linear(rows, name):
    return rows @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]


def norm(rows, name):
    centred = rows - rows.mean(-1, keepdims=True)
    scaled = centred / np.sqrt((centred**2).mean(-1, keepdims=True) + config["layer_norm_eps"])
    return scaled * weights[f"{name}.weight"] + weights[f"{name}.bias"]


def attention(rows, name):
    heads = config["num_attention_heads"]
    split = lambda part: linear(rows, f"{name}.self.{part}").reshape(len(rows), heads, -1).swapaxes(0, 1)
    query, key, value = split("query"), split("key"), split("value")
    scores = query @ key.swapaxes(1, 2) / math.sqrt(query.shape[-1])
    shares = np.exp(scores - scores.max(-1, keepdims=True))
    mixed = (shares / shares.sum(-1, keepdims=True)) @ value
    return linear(mixed.swapaxes(0, 1).reshape(len(rows), -1), f"{name}.output.dense")


def layer(rows, name):
    rows = norm(rows + attention(rows, f"{name}.attention"), f"{name}.attention.output.LayerNorm")
    up = linear(rows, f"{name}.intermediate.dense")
    down = linear(up * 0.5 * (1 + erf(up / math.sqrt(2))), f"{name}.output.dense")
    return norm(rows + down, f"{name}.output.LayerNorm")


def embed(text):
    ids = tokenizer.encode(text).ids
    table = lambda kind: weights[f"embeddings.{kind}_embeddings.weight"]
    rows = norm(table("word")[ids] + table("position")[: len(ids)] + table("token_type")[0], "embeddings.LayerNorm")
    for number in range(config["num_hidden_layers"]):
        rows = layer(rows, f"encoder.layer.{number}")
    mean = rows.mean(0)
    return mean / np.linalg.norm(mean)


sentences = json.loads((here / "reference.json").read_text())
np.array([embed(text) for text in sentences]).astype("<f4").tofile(here / "reference.f32")
