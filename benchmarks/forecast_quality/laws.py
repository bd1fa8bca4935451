"""Try ten thousand cases of each law of a forecast: `python benchmarks/forecast_quality/laws.py`."""

from __future__ import annotations

import sys
import warnings
from pathlib import Path
from time import perf_counter

from hypothesis import HealthCheck, given, settings

sys.path.insert(0, str(Path(__file__).parents[2] / "tests" / "evaluation"))

from forecast_laws import LAWS

CASES = 10_000


def main() -> None:
    """Try every law, warnings being errors, and say how long it took."""
    warnings.simplefilter("error")
    for law, strategies in LAWS:
        started = perf_counter()
        tried = settings(max_examples=CASES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        tried(given(*strategies)(law))()
        print(f"{law.__name__}: {CASES} cases held, {perf_counter() - started:.0f} s", flush=True)


if __name__ == "__main__":
    main()
