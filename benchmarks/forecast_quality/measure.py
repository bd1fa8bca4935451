"""Measure the forecasts on the public set: `python benchmarks/forecast_quality/measure.py --part test`.

Prints Brier, log loss, error of the total, coverage, calibration and time of each method, the difference to the pool of
two with its bootstrap interval, and writes JSON and a calibration picture when asked.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from methods import FLOW_METHODS, LEVEL_METHODS, Result, backtest, compare
from questions import MonthlySeries, flow_questions, level_questions
from series import family, flows, is_development, levels

from targetwatch.backtest import calibration_svg

BASELINE = "pool2"


def main() -> None:
    """Read the arguments, measure, print."""
    asked = _arguments()
    series = [one for one in (flows() if asked.measure == "flow" else levels()) if _wanted(one, asked)]
    questions = flow_questions(series, last_years=asked.years) if asked.measure == "flow" else level_questions(series)
    results = {method: _measured(questions, method) for method in asked.methods}
    print(f"\n{asked.measure}s, {asked.part} part{', ' + asked.family if asked.family else ''}")
    for result in results.values():
        print(_line(result, results.get(BASELINE)))
    if asked.by_month:
        for result in results.values():
            print(result.method, *(f"{one.months_known}:{one.score.log_loss:.3f}" for one in result.by_month))
            print("   coverage", *(f"{one.months_known}:{one.score.coverage:.3f}" for one in result.by_month))
            print("   deciles", *(f"{one.predicted:.3f}/{one.attained:.3f}" for one in result.calibration))
    if asked.json:
        found = [{k: v for k, v in asdict(result).items() if k != "series_log_loss"} for result in results.values()]
        asked.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    if asked.svg:
        last = results[asked.methods[-1]]
        title = f"{last.method}, {last.measure}: {last.series_years} series-years"
        found = f"calibration error {last.score.calibration_error:.3f}, 80 % interval held {last.score.coverage:.3f}"
        asked.svg.write_text(calibration_svg(last.calibration, title, found), encoding="utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--measure", choices=("flow", "level"), default="flow")
    parser.add_argument("--part", choices=("all", "development", "test"), default="all")
    parser.add_argument("--family", help="one source only: retail, pbs, livestock, small, empl")
    parser.add_argument(
        "--methods", nargs="+", help=f"of {', '.join(FLOW_METHODS)}; levels: {', '.join(LEVEL_METHODS)}"
    )
    parser.add_argument("--years", type=int, default=3, help="how many of the last years of each flow (default 3)")
    parser.add_argument("--by-month", action="store_true")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--svg", type=Path, help="the calibration of the last method named")
    asked = parser.parse_args()
    if asked.methods is None:
        asked.methods = list(FLOW_METHODS if asked.measure == "flow" else LEVEL_METHODS)
    return asked


def _wanted(one: MonthlySeries, asked: argparse.Namespace) -> bool:
    if asked.family and family(one.name) != asked.family:
        return False
    return asked.part == "all" or is_development(one.name) == (asked.part == "development")


def _measured(questions: tuple, method: str) -> Result:
    def progress(done: int, total: int) -> None:
        print(f"\r{method} {done / total:4.0%}", end="", flush=True)

    return backtest(questions, method, progress=progress)


def _line(result: Result, baseline: Result | None) -> str:
    score = result.score
    line = (
        f"{result.method:13} {result.series_count} series {result.series_years} series-years  Brier {score.brier:.4f}  "
        f"log loss {score.log_loss:.4f}  error {score.total_error:.2%}  80 % covers {score.coverage:.3f}  "
        f"calibration {score.calibration_error:.4f}  {result.milliseconds_each:.2f} ms"
    )
    if baseline is None or baseline is result:
        return line
    found = compare(result, baseline)
    return f"{line}  minus {BASELINE} {found.difference:+.4f} [{found.low:+.4f}, {found.high:+.4f}]"


if __name__ == "__main__":
    main()
