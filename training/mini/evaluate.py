"""How well does a model pack find what labelled sets ask for? `skillmesh eval` alone judges."""

import json
import subprocess
from pathlib import Path

MODES = ("dense", "hybrid")


def registry(cli: Path, model: Path, project: Path, work: Path) -> dict[str, float]:
    """The share of the example registry's queries whose expert comes first."""
    folder = project / "examples/registry"
    return _judged(cli, model, folder, folder / "queries.jsonl", None, "hit@1", work)


def sets(cli: Path, model: Path, shared: Path, work: Path) -> dict[str, dict[str, float]]:
    """nDCG@10 for each labelled set and mode."""
    folders = sorted(file.parent for file in (shared / "bench").glob("*/corpus.jsonl"))
    judged = lambda set_: _judged(cli, model, set_ / "corpus.jsonl", set_ / "queries.jsonl", set_ / "qrels.tsv", "ndcg@10", work)
    return {folder.name: judged(folder) for folder in folders}


def _judged(cli: Path, model: Path, corpus: Path, queries: Path, qrels: Path | None, metric: str, work: Path) -> dict[str, float]:
    snapshot = work / "evaluated.msgpack"
    subprocess.run([cli, "build", corpus, "--out", snapshot, "--model", model], check=True, capture_output=True)
    labels = ["--queries", queries, *(["--qrels", qrels] if qrels else [])]
    modes = [part for mode in MODES for part in ("--mode", mode)]
    command = [cli, "eval", "--corpus", snapshot, *labels, *modes, "--model", model, "--json"]
    reports = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)["reports"]
    return {mode: report["metrics"][metric]["mean"] for mode, report in zip(MODES, reports)}


def table(name: str, registry: dict[str, float], sets: dict[str, dict[str, float]]) -> str:
    """A row for each mode: the sets, their mean, and the registry."""
    rows = []
    for mode in MODES:
        values = [judged[mode] for judged in sets.values()]
        figures = [*values, sum(values) / len(values), registry[mode]] if values else [registry[mode]]
        rows.append(" | ".join([f"| {name}, {mode}", *(f"{value:.4f}" for value in figures)]) + " |")
    heads = [*sets, *(["mean"] if sets else []), "registry, first"]
    return "\n".join([f"| nDCG@10 | {' | '.join(heads)} |", f"|---|{'---:|' * len(heads)}", *rows])
