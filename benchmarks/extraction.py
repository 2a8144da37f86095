"""How well and how fast front pages are read: `python benchmarks/extraction.py FOLDER [--labels FILE --score FILE]`.

CPU is measured inside this process, imports excluded, first for the front (what the child of the sandbox does); then the
whole folder goes through the sandbox on two cores, as a bulk import does it. If pdftitle is installed, its titles and CPU
stand beside ours.
"""

import argparse
import json
import runpy
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from papers.extraction import UnreadablePdf, sandbox
from papers.extraction.pipeline import extract


def fronts(paths: list[Path]) -> tuple[dict, list[float]]:
    """Cards by file name, and the CPU seconds of each."""
    cards, seconds = {}, []
    for path in paths:
        data, begun = path.read_bytes(), time.process_time()
        try:
            cards[path.name] = extract(data).as_dict()
        except UnreadablePdf as error:
            cards[path.name] = {"error": error.reason}
        seconds.append(time.process_time() - begun)
    return cards, seconds


def pdftitle(paths: list[Path]) -> dict:
    titles = {}
    for path in paths:
        done = subprocess.run(["pdftitle", "-p", str(path)], capture_output=True, text=True, timeout=60, check=False)
        titles[path.name] = {"title": done.stdout.strip() or None}
    return titles


def say(name: str, seconds: list[float]) -> None:
    ranked = sorted(seconds)
    p95 = ranked[int(0.95 * (len(ranked) - 1))]
    print(
        f"{name}: median {statistics.median(ranked) * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms, worst {ranked[-1] * 1000:.0f} ms CPU"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--labels", type=Path, help="what the pages say, for the scorer")
    parser.add_argument("--score", type=Path, help="the scorer, a Python file with score(labels, predictions)")
    options = parser.parse_args()
    paths = sorted(options.folder.glob("*.pdf"))
    cards, seconds = fronts(paths)
    say(f"front of {len(paths)} papers", seconds)
    begun = time.monotonic()
    whole = [
        reading.seconds for _, reading in sandbox.read_many(paths, workers=2) if not isinstance(reading, UnreadablePdf)
    ]
    spent = time.monotonic() - begun
    print(
        f"bulk, front and cover and text: {len(paths) / spent:.1f} papers/s on two workers; one takes {statistics.median(whole):.2f} s"
    )
    if options.labels and options.score:
        score = runpy.run_path(str(options.score))["score"]
        labels = json.loads(options.labels.read_text())
        print(json.dumps(score(labels, cards)[0], indent=1))
        if shutil.which("pdftitle"):
            begun = time.monotonic()
            summary = score(labels, pdftitle(paths))[0]
            print(
                f"pdftitle: title exact {summary['title_exact']}, {(time.monotonic() - begun) / len(paths):.2f} s a paper, start-up included"
            )


if __name__ == "__main__":
    main()
