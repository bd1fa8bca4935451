"""Forecasts of made-up series, figure by figure: every number they are made with shows in one of them."""

from __future__ import annotations

from math import sin
from typing import Any

import numpy as np
import pytest
from forecasts import forecast_total

from targetwatch.evaluation.forecast import Evening, aim, forecast_flow, forecast_level, predict_count, predict_steps
from targetwatch.evaluation.forecast.prediction import Mixture
from targetwatch.evaluation.forecast.structural import _drawn_in

SEASON = (60, 55, 80, 90, 95, 100, 85, 95, 110, 115, 120, 130)


def months(years: int, *, noise: float = 0.08, growth: float = 1.06) -> list[list[float]]:
    """Return single months of so many years; the same each time, and unlike one another."""
    return [
        [SEASON[m] * growth**y * (1 + noise * sin(7.3 * (12 * y + m + 1) ** 1.5)) for m in range(12)]
        for y in range(years)
    ]


def flow(years: int, known: int, *, changed: dict[tuple[int, int], float] | None = None, **more: Any) -> Any:
    """Return the forecast of the year after `years`, `known` months in; `changed` months by (year, month)."""
    series = months(years + 1, **more.pop("made", {}))
    for (year, month), value in (changed or {}).items():
        series[year][month] = value
    goal = more.pop("goal", 1150.0 * 1.06**years)
    return forecast_flow(series[:years], series[years][:known], goal, **more)


def level(years: int, known: int, *, less: float = 0.0, **more: Any) -> Any:
    """Return the forecast of the last value of the year after `years`, all values less by `less`."""
    series = [[value - less for value in year] for year in months(years + 1)]
    return forecast_level(series[:years], series[years][:known], more.pop("goal", 130.0 * 1.06**years - less), **more)


def annual(values: list[float], ahead: float) -> Any:
    """Return the forecast of the value so many steps on."""
    found = predict_steps(aim("at_least", values[-1] + 1, None, grows=False), values, ahead)
    assert found is not None
    return found.forecast()


def count(past: list[tuple[float, float]], **more: Any) -> Any:
    """Return the forecast of a count of which seven are known."""
    found = predict_count(aim("at_least", 15, None, grows=True), actual=7.0, months_known=4.5, past=past, **more)
    assert found is not None
    return found.forecast()


CASES = {
    "five years": lambda: flow(5, 4),
    "more years than count": lambda: flow(7, 4),
    "one year": lambda: flow(1, 5),
    "two years": lambda: flow(2, 5),
    "three years": lambda: flow(3, 9),
    "a month that stands out": lambda: flow(5, 6, changed={(2, 3): 400.0, (3, 7): 9.0}),
    "so even that little stands out": lambda: flow(4, 6, changed={(2, 3): 99.0}, made={"noise": 1e-5, "growth": 1.0}),
    "an empty month": lambda: flow(4, 3, changed={(2, 1): 0.0, (4, 1): 0.0}),
    "empty months among tiny ones": lambda: flow(4, 3, changed={(2, 1): 0.0, (1, 3): 0.0004, (4, 2): 0.0}),
    "a tenth of the months empty": lambda: flow(5, 3, changed=dict.fromkeys(EMPTY[:6], 0.0)),
    "more than a tenth empty": lambda: flow(5, 3, changed=dict.fromkeys(EMPTY[:7], 0.0)),
    "growth beyond all": lambda: flow(3, 1, changed={(3, 0): 1.1e100 * MOST}),
    "growth nearly beyond all": lambda: flow(3, 1, changed={(3, 0): 0.9e100 * MOST}),
    "a band": lambda: flow(4, 5, comparator="between", goal=1400.0, upper=1500.0),
    "a level": lambda: level(5, 4),
    "a level of more years": lambda: level(7, 4),
    "a level of one year": lambda: level(1, 4),
    "a level that falls below nothing": lambda: level(4, 7, less=90.0),
    "a pool with just enough origins": lambda: flow(3, 2),
    "a pool so sure that it may not be": lambda: forecast_flow([SEASON] * 4, SEASON[:6], 1150.0),
    "the rate so far": lambda: forecast_total(actual=40.0, months_known=4.5, goal=100.0),
    "last year": lambda: forecast_total(actual=40.0, months_known=4.5, goal=100.0, past=[(38.0, 62.0)]),
    "last year and a week": lambda: forecast_total(actual=2.4, months_known=0.25, goal=100.0, past=[(1.2, 98.0)]),
    "past years": lambda: forecast_total(
        actual=40.0, months_known=4.5, goal=100.0, past=[(30.0, 61.0), (33.0, 60.0), (38.0, 62.0)]
    ),
    "a year of uneven growth": lambda: forecast_total(
        actual=40.0, months_known=4.5, goal=100.0, past=[(38.0, 62.0)], evenings=UNEVEN
    ),
    "past years and a year of uneven growth": lambda: forecast_total(
        actual=40.0, months_known=4.5, goal=100.0, past=[(33.0, 60.0), (38.0, 62.0)], evenings=UNEVEN
    ),
    "an uneven rate so far": lambda: forecast_total(actual=40.0, months_known=4.5, goal=100.0, evenings=UNEVEN),
    "quarters": lambda: forecast_level([year[2::3] for year in months(3)], months(4)[3][2:6:3], 150.0),
    "annual steps": lambda: annual([310.0, 290.0, 335.0, 360.0, 352.0], 3.5),
    "annual steps below nothing": lambda: annual([-3.0, -1.0, 2.0, -4.0], 1.0),
    "more annual values than count": lambda: annual([1.0, *(300.0 * 1.05**n + n % 3 for n in range(12))], 2.0),
    "annual values that do not move": lambda: annual([5.0] * 6, 2.0),
    "a count": lambda: count([(5.0, 7.0), (4.0, 9.0)]),
    "a restless count": lambda: count([(5.0, 7.0), (4.0, 9.0)], evenings=UNEVEN_COUNT),
    "a count of a single year": lambda: count([(4.0, 9.0)]),
    "a count by its rate alone": lambda: count([]),
    "a rounded sum": lambda: forecast_total(
        actual=0.4, months_known=10.0, goal=0.5, actual_half_width=0.1, past=[(0.9, 0.2)]
    ),
    "a goal out of reach": lambda: flow(5, 4, goal=1e9),
    "a goal surely reached": lambda: level(5, 11, goal=0.001),
}
UNEVEN = [Evening(2.0, 22.0, 17.0), Evening(3.2, 25.0, 27.0), Evening(4.5, 40.0, 38.0)]
UNEVEN_COUNT = [Evening(2.0, 6.0, 1.0), Evening(3.2, 6.0, 3.0), Evening(4.5, 7.0, 4.0)]
MOST = max(map(max, months(3)))
EMPTY = ((0, 7), (1, 8), (2, 9), (3, 10), (4, 6), (0, 11), (2, 5))
EXPECTED: dict[str, tuple[str, float, float, float, float]] = {
    "five years": ("pool", 1484.861773, 1428.435238, 1539.688025, 0.1023570251),
    "more years than count": ("pool", 1690.411531, 1631.811387, 1759.722186, 0.2153713931),
    "one year": ("structural", 1217.230003, 1161.182061, 1314.140799, 0.4852044706),
    "two years": ("structural", 1256.269423, 1216.386903, 1316.68955, 0.1941561279),
    "three years": ("pool", 1332.901127, 1305.648303, 1353.730351, 0.03199679602),
    "a month that stands out": ("pool", 1416.583734, 1297.993888, 1541.394931, 0.1029561398),
    "so even that little stands out": ("pool", 1134.447193, 1130.05994, 1138.175959, 1e-06),
    "an empty month": ("structural", 1220.330014, 1018.795627, 1369.257224, 0.0449566448),
    "empty months among tiny ones": ("structural", 1088.39287, 628.3887489, 1322.246017, 0.04491528959),
    "a tenth of the months empty": ("structural", 1460.133887, 1322.089481, 1607.382574, 0.214846932),
    "more than a tenth empty": ("share", 1334.081087, 1205.016926, 1480.843805, 0.05564423484),
    "growth beyond all": ("run_rate", 1.885542678e103, 1.297344e103, 2.777173211e103, 1),
    "growth nearly beyond all": ("pool", 1.285601423e102, 1.28559884e102, 1.467524745e102, 1),
    "a band": ("pool", 1427.651301, 1376.973232, 1484.833528, 0.708951617),
    "a level": ("structural", 166.3109075, 149.2635142, 184.6189361, 0.2667800144),
    "a level of more years": ("structural", 188.2739245, 166.008541, 214.4609113, 0.3353222592),
    "a level of one year": ("structural", 140.9081045, 102.2515065, 172.8705775, 0.5851463486),
    "a level that falls below nothing": ("structural", 68.6432644, 52.03049299, 85.23134125, 0.3135322102),
    "a pool with just enough origins": ("pool", 1353.529024, 1273.039899, 1439.528134, 0.3850835372),
    "a pool so sure that it may not be": ("pool", 1134.999875, 1134.880593, 1135.119047, 2.383465277e-06),
    "the rate so far": ("run_rate", 106.6666667, 91.17286263, 126.8515892, 0.7196594444),
    "last year": ("share", 104.2665765, 97.68307203, 111.6014719, 0.8084162202),
    "last year and a week": ("share", 113.0385117, 94.30633464, 135.588646, 0.8069875465),
    "past years": ("share", 106.4122412, 97.79220675, 116.3180024, 0.8393881745),
    "a year of uneven growth": ("share", 110.3611499, 69.45954931, 208.0504805, 0.60714526),
    "past years and a year of uneven growth": ("share", 111.513381, 73.51647009, 192.5865836, 0.6338275929),
    "an uneven rate so far": ("run_rate", 106.6666667, 60.63471508, 255.3867609, 0.5538225745),
    "quarters": ("structural", 154.0574406, 136.097603, 174.4377214, 0.6122984224),
    "annual steps": ("steps", 380.4880377, 245.7727315, 589.0447893, 0.6015108165),
    "annual steps below nothing": ("steps", -4.233333333, -16.04786717, 7.581200508, 0.4310703653),
    "more annual values than count": ("steps", 551.5716203, 546.7821912, 556.4030013, 0.9999988477),
    "annual values that do not move": ("steps", 5, 4.9718585, 5.028300785, 1e-06),
    "a count": ("count", 15, 11, 21, 0.6115092596),
    "a restless count": ("count", 15, 11, 22, 0.5640831135),
    "a count of a single year": ("count", 16, 12, 22, 0.69103018),
    "a count by its rate alone": ("count", 19, 13, 27, 0.7930705546),
    "a rounded sum": ("share", 0.5158130758, 0.4089539263, 0.6267095653, 0.6185692896),
    "a goal out of reach": ("pool", 1484.861773, 1428.435238, 1539.688025, 1e-06),
    "a goal surely reached": ("structural", 172.6989965, 157.4873142, 189.2139694, 0.999999),
}
RUN_RATE = [
    0.41598707,
    0.34065083,
    0.29151849,
    0.27841654,
    0.25057489,
    0.23911068,
    0.25057489,
    0.27841654,
    0.34065083,
    0.39469639,
    0.46020616,
]
ONE_YEAR = [
    0.14518604,
    0.11865458,
    0.1127587,
    0.10244091,
    0.10244091,
    0.097282015,
    0.097282015,
    0.097282015,
    0.10244091,
    0.1075998,
    0.12528744,
]
MORE_YEARS = [
    0.073826334,
    0.060363885,
    0.057323977,
    0.054284069,
    0.054284069,
    0.051678434,
    0.051678434,
    0.054284069,
    0.057323977,
    0.057323977,
    0.0664437,
]


@pytest.mark.parametrize("name", CASES)
def test_a_forecast_is_what_it_has_always_been(name):
    found, (method, *figures) = CASES[name](), EXPECTED[name]
    assert found.method == method
    said = [found.median, found.low, found.high, found.attain_probability]
    assert said == pytest.approx(figures, rel=1e-7, abs=1e-300)


@pytest.mark.parametrize(
    ("past", "widths"),
    [
        ([], RUN_RATE),
        ([(30.0, 30.0)], ONE_YEAR),
        ([(30.0, 30.0), (30.0, 30.0)], MORE_YEARS),
    ],
)
def test_the_spread_of_what_is_to_come_shrinks_as_measured_month_by_month(past, widths):
    found = []
    for known in range(1, 12):
        said = forecast_total(actual=30.0, months_known=float(known), goal=60.0, past=past)
        found.append(float(np.log((said.high - 30.0) / (said.median - 30.0))))
    assert found == pytest.approx(widths, rel=1e-6)


def test_less_than_a_month_alone_says_nothing():
    assert forecast_total(actual=3.0, months_known=0.9, goal=60.0) is None
    assert forecast_total(actual=3.0, months_known=1.1, goal=60.0) is not None


def test_no_total_is_beyond_what_a_computer_can_write():
    huge = Mixture(*(np.full((1, 1), one) for one in (0.0, 5000.0, 1.0, 3.0, 1.0)))
    assert np.log(huge.quantiles(np.array([0.5]))[0, 0]) == pytest.approx(690.0)


def test_totals_that_start_apart_are_found_by_so_many_halvings():
    apart = Mixture(
        offset=np.array([[0.0, 1e30]]),
        location=np.zeros((1, 2)),
        scale=np.full((1, 2), 1e-3),
        freedom=np.full((1, 2), 3.0),
        weight=np.array([[0.9, 0.1]]),
    )
    assert apart.quantiles(np.array([0.5]))[0, 0] == pytest.approx(1e30 / 2**61, rel=1e-6)


def test_months_that_stand_out_are_drawn_in_one_by_one_fifty_times_at_most():
    wild = np.array([[np.sign(sin(n * n)) * 10.0 ** (n / 4) for n in range(64)]])
    assert float(np.abs(_drawn_in(wild, 5, 4)).sum()) == pytest.approx(3.120026473e16, rel=1e-7)
