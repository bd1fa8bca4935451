"""Measure the press reader on files of labelled passages: whole figures, precision at likely, F1, by half."""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks.press.scoring import LIKELY, POSSIBLE, Passage, Score, halves, judged, load, score, total


def main() -> None:
    """Print a line a half, and with --passages one a passage; --mistakes shows those of the development half only."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("files", nargs="+", type=Path)
    options.add_argument("--passages", action="store_true", help="a line for each passage of the development half")
    options.add_argument("--mistakes", action="store_true", help="what is wrong in the development half")
    options.add_argument("--only", default="", help="mistakes of passages whose id begins so")
    given = options.parse_args()
    for path in given.files:
        development, kept_back = halves(load(path))
        print(path)
        for name, half in (("development", development), ("kept back", kept_back), ("all", [*development, *kept_back])):
            print(_line(name, total(map(score, half))))
        for one in development:
            if given.passages:
                print(_line(one.id, score(one)))
            if given.mistakes and one.id.startswith(given.only):
                _show(one)


def _line(name: str, counted: Score) -> str:
    shares = "  ".join(f"{word} {ratio:.2f}" for word, ratio in counted.shares().items())
    return f"  {name:<28} figures {counted.figures:>3}  {shares}  foreign {counted.foreign}  {counted}"


def _show(passage: Passage) -> None:
    print(f"\n=== {passage.id} ({passage.published})\n{passage.text}")
    told = judged(passage)
    for proposal, figure, bad in told:
        sure = proposal.confidence
        mark = "likely" if sure >= LIKELY else "possible" if sure >= POSSIBLE else "doubtful"
        if figure is not None and not bad and mark == "likely":
            continue
        fields = ("indicator", "value", "period", "basis", "yoy", "qualifier")
        said = " | ".join(str(found.typed or found.value) if (found := getattr(proposal, f)) else "-" for f in fields)
        verdict = "UNWANTED" if figure is None else f"wrong {bad}" if bad else "right"
        print(f"  {mark:<8} {sure:.2f} {verdict}: {said}  ? {[one.code for one in proposal.doubts]}")
    taken = [figure for _, figure, _ in told if figure is not None]
    for figure in passage.expected:
        if not any(figure is one for one in taken):
            print(f"  MISSED {figure}")


if __name__ == "__main__":
    main()
