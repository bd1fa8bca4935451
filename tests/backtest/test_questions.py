"""An organisation's own readings as months to ask the past about."""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from builders import day, indicator, month_ends, reading
from targetwatch.backtest.questions import monthly_series
from targetwatch.model import AsOf, Basis, Measure

TODAY = AsOf.end_of(day("2026-11-25"))


def rows(years, *, basis=Basis.YEAR_TO_DATE):
    made = []
    for year in years:
        total = Decimal(0)
        for end in month_ends(year):
            total += end.month
            span = f"{year}-01-01..{end}" if basis is Basis.YEAR_TO_DATE else f"{end.replace(day=1)}..{end}"
            made.append(reading(span, total if basis is Basis.YEAR_TO_DATE else end.month, str(end), basis=basis))
    return made


def test_months_come_from_year_to_date_figures_and_from_single_months_alike():
    for basis in (Basis.YEAR_TO_DATE, Basis.PERIOD):
        series = monthly_series(indicator(), rows([2023, 2024], basis=basis), TODAY)
        assert series.first_year == 2023
        assert series.values.tolist() == [[float(month) for month in range(1, 13)]] * 2


def test_a_year_with_an_unknown_month_is_unknown_and_the_ends_are_cut_to_complete_years():
    known = rows([2022, 2023, 2024, 2025], basis=Basis.PERIOD)
    holes = [row for row in known if str(row.period.end) not in {"2023-05-31", "2025-11-30"}]
    series = monthly_series(indicator(), holes, TODAY)
    assert series.first_year == 2022
    assert np.isnan(series.values).any(axis=1).tolist() == [False, True, False]


def test_january_and_february_published_together_are_halves_of_it():
    together = [row for row in rows([2024]) if row.period.end.month != 1]
    assert monthly_series(indicator(), together, TODAY).values[0, :3].tolist() == [1.5, 1.5, 3]


def test_what_has_no_complete_year_is_not_asked():
    assert monthly_series(indicator(), rows([2024])[:11], TODAY) is None
    assert monthly_series(indicator(), [], TODAY) is None
    assert monthly_series(indicator(measure=Measure.MILESTONES), rows([2024]), TODAY) is None


def test_a_levels_months_are_its_values_at_the_month_ends():
    points = [reading(f"{end}..{end}", end.month, str(end), basis=Basis.POINT) for end in month_ends(2024)]
    series = monthly_series(indicator(measure=Measure.LEVEL), points, TODAY)
    assert series.values[0].tolist() == [float(month) for month in range(1, 13)]
