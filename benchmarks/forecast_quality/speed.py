"""Time default forecasts one at a time and a thousand together: `python benchmarks/forecast_quality/speed.py`.

Measured is processor time, which depends less on who else is busy.
"""

from __future__ import annotations

from statistics import median, quantiles
from time import process_time

import numpy as np

from targetwatch.evaluation.forecast import (
    ToForecast,
    aim,
    predict_flows,
    predict_levels,
)

ROUNDS, TOGETHER = 2000, 1000


def main() -> None:
    """Print the median and the 95th percentile in milliseconds of a processor, after the maps are made."""
    random = np.random.default_rng(1)
    for name, predict in (("flow", predict_flows), ("level", predict_levels)):
        taken = []
        for i in range(ROUNDS + 11):
            history, known = np.exp(random.normal(3, 0.1, (5, 12))), np.exp(random.normal(3, 0.1, i % 11 + 1))
            goal = float(history[-1].sum() if name == "flow" else history[-1, -1])
            started = process_time()
            (found,) = predict([ToForecast(history, known, aim("at_least", goal, None, grows=name == "flow"))])
            assert found is not None
            found.forecast()
            taken.append(1000 * (process_time() - started))
        print(f"{name}: median {median(taken[11:]):.2f} ms, 95 % within {quantiles(taken[11:], n=20)[-1]:.2f} ms")
        print(f"   the first of each month, which makes the maps: {max(taken[:11]):.0f} ms at most")
    for name, predict in (("flow", predict_flows), ("level", predict_levels)):
        wanted = aim("at_least", 240.0 if name == "flow" else 20.0, None, grows=name == "flow")
        cases = [
            ToForecast(np.exp(random.normal(3, 0.1, (5, 12))), np.exp(random.normal(3, 0.1, i % 11 + 1)), wanted)
            for i in range(TOGETHER)
        ]
        started = process_time()
        for found in predict(cases):
            assert found is not None
            found.forecast(brief=True)
        print(f"{name}: {1000 * (process_time() - started) / TOGETHER:.2f} ms each of {TOGETHER} together")


if __name__ == "__main__":
    main()
