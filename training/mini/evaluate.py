"""How well does a model pack find what labelled sets ask for? `skillmesh eval` alone judges."""

import json
import subprocess
from pathlib import Path

MODES = ("dense", "hybrid")
LANGUAGES = Path(__file__).parent.parent / "data/languages"


def registry(cli: Path, model: Path, project: Path, work: Path) -> dict[str, float]:
    """The share of the example registry's queries whose expert comes first."""
    folder = project / "examples/registry"
    return _judged(cli, model, folder, folder / "queries.jsonl", None, "hit@1", work)


def languages(cli: Path, model: Path, project: Path, work: Path) -> dict[str, dict[str, float]]:
    """The same for the same few questions in several languages."""
    ask = lambda file: _judged(cli, model, project / "examples/registry", file, None, "hit@1", work)
    return {file.stem: ask(file) for file in sorted(LANGUAGES.glob("*.jsonl"))}


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


def table(name: str, metric: str, judged: dict[str, dict[str, float]]) -> str:
    """A row for each mode, a column for each of what was judged, and their mean."""
    rows = []
    for mode in MODES:
        values = [values[mode] for values in judged.values()]
        rows.append(" | ".join([f"| {name}, {mode}", *(f"{value:.4f}" for value in [*values, sum(values) / len(values)])]) + " |")
    heads = [*judged, "mean"]
    return "\n".join([f"| {metric} | {' | '.join(heads)} |", f"|---|{'---:|' * len(heads)}", *rows])
