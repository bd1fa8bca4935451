"""Time one default forecast at a time, as the service makes them: `python benchmarks/forecast_quality/speed.py`.

Measured is processor time, which depends less on who else is busy.
"""

from __future__ import annotations

from statistics import median, quantiles
from time import process_time

import numpy as np

from targetwatch.evaluation.forecast import forecast_flow, forecast_level

ROUNDS = 2000


def main() -> None:
    """Print the median and the 95th percentile in milliseconds of a processor, after the maps are made."""
    random = np.random.default_rng(1)
    for name, forecast in (("flow", forecast_flow), ("level", forecast_level)):
        taken = []
        for i in range(ROUNDS + 11):
            history, known = np.exp(random.normal(3, 0.1, (5, 12))), np.exp(random.normal(3, 0.1, i % 11 + 1))
            started = process_time()
            forecast(history, known, float(history[-1].sum() if name == "flow" else history[-1, -1]))
            taken.append(1000 * (process_time() - started))
        print(f"{name}: median {median(taken[11:]):.2f} ms, 95 % within {quantiles(taken[11:], n=20)[-1]:.2f} ms")
        print(f"   the first of each month, which makes the maps: {max(taken[:11]):.0f} ms at most")


if __name__ == "__main__":
    main()
