"""How well does a model pack find what labelled sets ask for? `skillmesh eval` alone judges."""

import json
import subprocess
from pathlib import Path

MODES = ("dense", "hybrid")
LANGUAGES = Path(__file__).parent.parent / "data/languages"


def registry(cli: Path, model: Path, project: Path, work: Path) -> dict[str, dict[str, float]]:
    """The share of the example registry's queries whose expert comes first; the same for a few questions in several languages."""
    folder = project / "examples/registry"
    snapshot = _built(cli, model, folder, work)
    files = {"registry": folder / "queries.jsonl"} | {file.stem: file for file in sorted(LANGUAGES.glob("*.jsonl"))}
    return {name: _judged(cli, model, snapshot, ["--queries", file], "hit@1") for name, file in files.items()}


def sets(cli: Path, model: Path, shared: Path, work: Path) -> dict[str, dict[str, float]]:
    """nDCG@10 for each labelled set and mode."""
    folders = sorted(file.parent for file in (shared / "bench").glob("*/corpus.jsonl"))
    labels = lambda folder: ["--queries", folder / "queries.jsonl", "--qrels", folder / "qrels.tsv"]
    judged = lambda folder: _judged(cli, model, _built(cli, model, folder / "corpus.jsonl", work), labels(folder), "ndcg@10")
    return {folder.name: judged(folder) for folder in folders}


def _built(cli: Path, model: Path, corpus: Path, work: Path) -> Path:
    snapshot = work / "evaluated.msgpack"
    subprocess.run([cli, "build", corpus, "--out", snapshot, "--model", model], check=True, capture_output=True)
    return snapshot


def _judged(cli: Path, model: Path, snapshot: Path, labels: list, metric: str) -> dict[str, float]:
    modes = [part for mode in MODES for part in ("--mode", mode)]
    command = [cli, "eval", "--corpus", snapshot, *labels, *modes, "--model", model, "--json"]
    reports = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)["reports"]
    return {mode: report["metrics"][metric]["mean"] for mode, report in zip(MODES, reports)}


def mean(judged: dict[str, dict[str, float]]) -> dict[str, float]:
    return {mode: sum(values[mode] for values in judged.values()) / len(judged) for mode in MODES}


def table(name: str, metric: str, judged: dict[str, dict[str, float]]) -> str:
    """A row for each mode, a column for each of what was judged."""
    rows = [" | ".join([f"| {name}, {mode}", *(f"{values[mode]:.4f}" for values in judged.values())]) + " |" for mode in MODES]
    heads = list(judged)
    return "\n".join([f"| {metric} | {' | '.join(heads)} |", f"|---|{'---:|' * len(heads)}", *rows])
