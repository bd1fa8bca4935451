"""Score the promises read out of labelled announcements: `python -m benchmarks.announcements FILE [--whole]`.

A third of the passages, fixed by a hash of their names, is kept back: their scores are printed, their mistakes never.
"""

from __future__ import annotations

import argparse
import json
from itertools import groupby
from pathlib import Path

from benchmarks.announcements.scoring import Score, kept_back, score


def main() -> None:
    """Print the scores of the two parts of a file, and the mistakes of the first."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--whole", action="store_true", help="keep nothing back, print every mistake")
    given = parser.parse_args()
    passages = json.loads(given.file.read_text(encoding="utf-8"))
    back = frozenset[str]() if given.whole else kept_back(passages)
    parts = [(False, "development"), (True, "kept back")]
    ordered = sorted(passages, key=lambda one: one["id"] in back)
    for is_back, group in groupby(ordered, key=lambda one: one["id"] in back):
        counted = Score()
        for passage in group:
            score(passage, counted)
        print(counted.line(dict(parts)[is_back]))
        for mistake in () if is_back else counted.mistakes:
            print("  ", mistake)


if __name__ == "__main__":
    main()
