"""Judge whole configurations of every kind as users meet them: `python configurations.py --beyond series.csv`.

Public series become readings as offices publish them: with a lag, rounded to four digits, as months (June revised a
month later), sums at irregular evenings with a growth rate, quarters, weeks, running totals, annual values and counts.
Each is judged by `evaluate` on every day of publication in the target's last year; goals are the value before and 5
and 10 % more. A line for each kind and month known: probabilities, Brier, log loss, coverage of the 80 % interval, how
often targets called on track were attained, and how often those called off track were.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from series import beyond, family, flows, levels, weekly

from targetwatch.backtest import Question, Score, answers, scores
from targetwatch.model import Basis, Measure, Release

sys.path.insert(0, str(Path(__file__).parents[2] / "tests"))

from builders import indicator, month_ends, reading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from targetwatch.model import Reading

DIGITS = 4
COUNTS_BELOW = 200
PAST, YEARS_AHEAD = 4, 3
IRREGULAR = (2, 3, 6, 8, 10, 12)


class Config(NamedTuple):
    """A kind's readings, the value before and the outcome, the target's window, and its indicator's measure."""

    readings: list[Reading]
    before: float
    outcome: float
    start: date
    deadline: date
    measure: Measure
    every: str


def main() -> None:
    """Judge every kind and print its table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--beyond", type=Path, required=True, help="the series that beyond.py writes")
    parser.add_argument("--most", type=int, default=60, help="configurations of a kind and family")
    asked = parser.parse_args()
    for kind, make in _kinds(asked.beyond).items():
        for score in scores(answers([_question(kind, config) for config in make(asked.most)])):
            _print(score)


def _kinds(file: Path) -> dict[str, Callable[[int], Iterator[Config]]]:
    months: dict[str, list[np.ndarray]] = {}
    for one in flows():
        months.setdefault(family(one.name), []).append(one.values)
    for source, series in beyond(file).items():
        months.setdefault(source, []).extend(one.values for one in series)
    employed = {"employment": [one.values for one in levels()]}
    quarters, annual = ({name: [one.values for one in many] for name, many in beyond(file, n).items()} for n in (4, 1))
    counts = {name: months[name] for name in ("hospital", "carparts")}
    return {
        "months, four years": lambda most: _drawn(months, most, PAST, _monthly),
        "sums and growth": lambda most: _drawn(months, most, 1, _sums),
        "sums, three years": lambda most: _drawn(months, most, 3, lambda past, year: _sums(past, year, growth=False)),
        "sums alone": lambda most: _drawn(months, most, 1, lambda past, year: _sums(past, year, years=0, growth=False)),
        "running total": lambda most: _drawn(months, most, 1, _running_total),
        "quarters, two years": lambda most: _drawn(quarters, most, 2, _quarterly),
        "quarterly level": lambda most: _drawn(quarters, most, 2, _quarterly_level),
        "monthly level": lambda most: _drawn(employed | quarterless(months), most, PAST, _monthly_level),
        "growth rate of a month": lambda most: _drawn(months, most, PAST + 1, _growth_rate),
        "annual value": lambda most: _annual(annual, most, 1),
        "annual value, years ahead": lambda most: _annual(annual, most, YEARS_AHEAD),
        "counts, three years": lambda most: _drawn(counts, most, 3, _counted),
        "counts, one year": lambda most: _drawn(counts, most, 1, _counted),
        "weeks": _weekly,
    }


def quarterless(months: dict[str, list[np.ndarray]]) -> dict[str, list[np.ndarray]]:
    """Return the families whose months may be read as levels."""
    return {name: months[name] for name in ("m1", "m3") if name in months}


def _drawn(
    families: dict[str, list[np.ndarray]],
    most: int,
    years: int,
    make: Callable[[np.ndarray, np.ndarray], Config | None],
) -> Iterator[Config]:
    """Return configurations from the last year of series drawn at random that have so many complete years before."""
    random = np.random.default_rng(1)
    for values in families.values():
        found = 0
        for number in random.permutation(len(values)):
            complete = values[number][np.isfinite(values[number]).all(1)]
            if found < most and len(complete) > years and complete[-years - 1 :].sum(1).min() > 0:
                config = make(complete[-years - 1 : -1], complete[-1])
                found += config is not None
                if config is not None:
                    yield config


def _rounded(value: float) -> Decimal:
    return Decimal(f"{value:.{DIGITS}g}")


def _window(past: np.ndarray, year: np.ndarray, rows: list[Reading], every: str) -> Config:
    return Config(
        rows, float(past[-1].sum()), float(year.sum()), date(2025, 1, 1), date(2025, 12, 31), Measure.FLOW, every
    )


def _monthly(past: np.ndarray, year: np.ndarray, *, exact: bool = False) -> Config | None:
    if min(past.min(), year.min()) <= 0 and not exact:
        return None
    rows = []
    for number, values in enumerate([*past, year]):
        for end, value in zip(month_ends(2025 - len(past) + number), values, strict=True):
            span, out = f"{end.replace(day=1)}..{end}", end + timedelta(days=20)
            said = Decimal(int(value)) if exact else _rounded(value)
            row = reading(span, said, str(out), basis=Basis.PERIOD)
            if end.month == 6 and not exact:
                rows.append(replace(row, value=_rounded(value * 0.99)))
                row = replace(row, published_on=out + timedelta(days=31))
            rows.append(row)
    return _window(past, year, rows, "month")


def _counted(past: np.ndarray, year: np.ndarray) -> Config | None:
    return None if max(past.sum(1).max(), year.sum()) > COUNTS_BELOW else _monthly(past, year, exact=True)


def _sums(past: np.ndarray, year: np.ndarray, *, years: int | None = None, growth: bool = True) -> Config | None:
    if min(past.min(), year.min()) <= 0:
        return None
    rows = []
    kept = past if years is None else past[:years]
    for number, values in enumerate([*kept, year]):
        ends = month_ends(2025 - len(kept) + number)
        totals = values.cumsum()
        is_last = number == len(kept)
        for month in IRREGULAR if is_last or not growth else (12,):
            end, total = ends[month - 1], totals[month - 1]
            rate = {"yoy": round(float(total / past[-1, :month].sum()) - 1, 3)} if is_last and growth else {}
            rows.append(reading(f"{end.year}-01-01..{end}", _rounded(total), str(end + timedelta(days=15)), **rate))
    return _window(past, year, rows, "irregular")


def _running_total(past: np.ndarray, year: np.ndarray) -> Config | None:
    if min(past.min(), year.min()) <= 0:
        return None
    start = float(past[-1].sum())
    ends = [date(2024, 12, 31), *(month_ends(2025)[month - 1] for month in IRREGULAR)]
    totals = [start, *(start + year.cumsum()[month - 1] for month in IRREGULAR)]
    rows = [
        reading(f"2024-01-01..{end}", Decimal(f"{total:.6g}"), str(end + timedelta(days=15)), basis=Basis.SINCE_START)
        for end, total in zip(ends, totals, strict=True)
    ]
    return _window(past, year, rows, "irregular")


def _quarterly(past: np.ndarray, year: np.ndarray) -> Config | None:
    if min(past.min(), year.min()) <= 0:
        return None
    rows = []
    for number, values in enumerate([*past, year]):
        for end, value in zip(month_ends(2025 - len(past) + number)[2::3], values, strict=True):
            span = f"{end.replace(month=end.month - 2, day=1)}..{end}"
            rows.append(reading(span, _rounded(value), str(end + timedelta(days=30)), basis=Basis.PERIOD))
    return _window(past, year, rows, "quarter")


def _level(past: np.ndarray, year: np.ndarray, step: int, every: str) -> Config | None:
    if min(past.min(), year.min()) <= 0:
        return None
    rows = [
        reading(f"{end}..{end}", _rounded(value), str(end + timedelta(days=20)), basis=Basis.POINT)
        for number, values in enumerate([*past, year])
        for end, value in zip(month_ends(2025 - len(past) + number)[step - 1 :: step], values, strict=True)
    ]
    return _window(past[:, -1:], year[-1:], rows, every)._replace(measure=Measure.LEVEL)


def _quarterly_level(past: np.ndarray, year: np.ndarray) -> Config | None:
    return _level(past, year, 3, "quarter")


def _monthly_level(past: np.ndarray, year: np.ndarray) -> Config | None:
    return _level(past, year, 1, "month")


def _growth_rate(past: np.ndarray, year: np.ndarray) -> Config | None:
    """Return the growth of each month on a year before, in percent to one decimal, as a level; a fall of it too."""
    values = np.concatenate([past, year[None]])
    if values.min() <= 0:
        return None
    rates = (values[1:] / values[:-1] - 1) * 100
    rows = [
        reading(f"{end}..{end}", Decimal(f"{rate:.1f}"), str(end + timedelta(days=20)), basis=Basis.POINT)
        for number, one in enumerate(rates)
        for end, rate in zip(month_ends(2025 - len(rates) + 1 + number), one, strict=True)
    ]
    before, now = (round(float(rate), 1) for rate in rates[-2:, -1])
    return _window(past, year, rows, "month")._replace(measure=Measure.LEVEL, before=before, outcome=now)


def _annual(families: dict[str, list[np.ndarray]], most: int, ahead: int) -> Iterator[Config]:
    for values in families.values():
        for one in values[:most]:
            known = one[np.isfinite(one)]
            if len(known) < PAST + ahead or known.min() <= 0:
                continue
            now, past = date(2024, 12, 31), known[: len(known) - ahead]
            rows = [
                reading(f"{end}..{end}", _rounded(value), str(end + timedelta(days=30)), basis=Basis.POINT)
                for back, value in enumerate(past[::-1])
                for end in [date(now.year - back, 12, 31)]
            ]
            deadline = date(now.year + ahead, 12, 31)
            yield Config(rows, float(past[-1]), float(known[-1]), now, deadline, Measure.LEVEL, "year")


def _weekly(most: int) -> Iterator[Config]:
    """Return five years and the running one of weekly series; the outcome is what the weeks of the year come to."""
    for ends, values in weekly()[:most]:
        for year in range(ends[0].year + 6, ends[-1].year):
            inside = [(end, value) for end, value in zip(ends, values, strict=True) if year - 5 <= end.year <= year + 1]
            rows = [
                reading(
                    f"{end - timedelta(days=6)}..{end}",
                    _rounded(value),
                    str(end + timedelta(days=4)),
                    basis=Basis.PERIOD,
                )
                for end, value in inside
            ]
            before, outcome = (_of_year(inside, one) for one in (year - 1, year))
            yield Config(rows, before, outcome, date(year, 1, 1), date(year, 12, 31), Measure.FLOW, "irregular")


def _of_year(weeks: list[tuple[date, float]], year: int) -> float:
    days = [value / 7 for end, value in weeks for back in range(7) if (end - timedelta(days=back)).year == year]
    return float(sum(days))


def _question(kind: str, config: Config) -> Question:
    return Question(
        kind=kind,
        indicator=indicator(measure=config.measure, release=Release(every=config.every, lag=20)),
        readings=config.readings,
        start=config.start,
        deadline=config.deadline,
        before=config.before,
        outcome=config.outcome,
    )


def _print(score: Score) -> None:
    title = "  all" if score.months is None else f"  month {score.months}"
    if score.months is None:
        print(f"{score.kind}: {score.verdicts} verdicts, {score.without_odds} of them without odds")
    if score.brier is None:
        return
    odds = f"Brier {score.brier:.4f}  log loss {score.log_loss:.4f}  covers {score.coverage:.3f}"
    on_track = _attained("on track", score.on_track, score.on_track_attained)
    off_track = _attained("off track", score.off_track, score.off_track_attained)
    print(f"{title:11} {score.verdicts - score.without_odds:6}  {odds}  attained: {on_track} {off_track}", flush=True)


def _attained(name: str, count: int, share: float | None) -> str:
    return f"{name} none" if share is None else f"{name} {share:.0%} of {count}"


if __name__ == "__main__":
    main()
