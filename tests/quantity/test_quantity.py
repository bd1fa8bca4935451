from __future__ import annotations

import csv
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from time import thread_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refusing import raises
from targetwatch.errors import QuantityError
from targetwatch.model import Period, Qualifier
from targetwatch.quantity import (
    convert,
    format_period,
    in_unit,
    own_spellings,
    parse_period,
    parse_quantity,
    parse_rate,
    parse_unit,
    quantities_in,
)
from targetwatch.wording.problems import in_english

with (Path(__file__).parents[1] / "data" / "printed_figures.csv").open(encoding="utf-8", newline="") as file:
    PRINTED = list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("text", "value", "unit", "rounding"),
    [
        ("6.4万标箱", "64000", "TEU", "500"),
        ("3.76万", "37600", None, "50"),
        ("115.87亿元", "11587000000", "CNY", "500000"),
        ("4,281.5亿", "428150000000", None, "5000000"),
        ("154,600 TEUs", "154600", "TEU", "0.5"),
        ("28.33 billion yuan", "28330000000", "CNY", "5000000"),
        ("1.425 million", "1425000", None, "500"),
        ("1.425 million twenty-foot equivalent units (TEUs)", "1425000", "TEU", "500"),
        ("251,800 20-foot equivalent units (TEUs)", "251800", "TEU", "0.5"),
        ("50,000 standard containers", "50000", "TEU", "0.5"),
        ("64.7 %", "64.7", "%", "0.05"),
        ("64.7 percent", "64.7", "%", "0.05"),
        ("5・3%", "5.3", "%", "0.05"),
        ("27万2300TEU", "272300", "TEU", "0.5"),
        ("500万3千TEU", "5003000", "TEU", "500"),
        ("1万2千台", "12000", "vehicles", "500"),
        ("1兆3500億元", "1350000000000", "CNY", "50000000"),
        ("489億6200万元", "48962000000", "CNY", "5000"),
        ("260亿美金", "26000000000", "USD", "50000000"),
        ("人民币115.87亿元", "11587000000", "CNY", "500000"),
        ("$25.75 billion", "25750000000", "USD", "5000000"),
        ("3.95b USD", "3950000000", "USD", "5000000"),
        ("US$5m", "5000000", "USD", "500000"),
        ("800.68 billion yuan (RMB)", "800680000000", "CNY", "5000000"),
        ("5千万元", "50000000", "CNY", "5000000"),
        ("1.2万亿元", "1200000000000", "CNY", "50000000000"),
        ("347个项目", "347", "projects", "0.5"),
        ("137個", "137", None, "0.5"),
        ("1212.7 points", "1212.7", "points", "0.05"),
        ("12.6个百分点", "12.6", "pp", "0.05"),
        ("0", "0", None, "0.5"),
        ("-0.0", "0.0", None, "0.05"),
    ],
)
def test_a_printed_figure_is_read_exactly(text: str, value: str, unit: str | None, rounding: str) -> None:
    quantity = parse_quantity(text)
    assert (quantity.value, quantity.unit, quantity.rounding) == (Decimal(value), unit, Decimal(rounding))
    assert quantity.text == text
    assert "E" not in str(quantity.value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("１２３．４％", "123.4"),
        ("２１万５８００ＴＥＵ", "215800"),
        ("4，281.5亿", "428150000000"),
        ("251\u202f800", "251800"),
        ("251\u00a0800", "251800"),
        ("251\u2009800 TEU", "251800"),
        ("1'234'567", "1234567"),
        ("1\u2019234\u2019567", "1234567"),
        ("1,234,567.891", "1234567.891"),
        ("\u30003.76\u200b万 ", "37600"),
    ],
)
def test_every_glyph_of_a_digit_a_space_and_a_comma_is_understood(text: str, value: str) -> None:
    assert parse_quantity(text).value == Decimal(value)


@pytest.mark.parametrize("sign", ["-", "−", "－", "﹣", "\u2010", "\u2011", "– ".strip()])
def test_every_minus_sign_is_a_minus(sign: str) -> None:
    assert parse_quantity(f"{sign}3.5%").value == Decimal("-3.5")


def test_a_plus_sign_changes_nothing() -> None:
    assert parse_quantity("+28 %") == parse_quantity("28 %") == parse_quantity("＋28％")


@pytest.mark.parametrize(
    ("text", "qualifier"),
    [
        ("超6.4万标箱", Qualifier.OVER),
        ("超过6.4万标箱", Qualifier.OVER),
        ("逾6.4万标箱", Qualifier.OVER),
        ("over 58.31 billion yuan", Qualifier.OVER),
        ("more than 251,800 TEUs", Qualifier.OVER),
        ("exceeding 26 billion U.S. dollars", Qualifier.OVER),
        ("15万余标箱", Qualifier.OVER),
        ("15万多标箱", Qualifier.OVER),
        ("15万标箱以上", Qualifier.OVER),
        ("150,000+", Qualifier.OVER),
        ("约123亿美元", Qualifier.ABOUT),
        ("about 9.2 billion yuan", Qualifier.ABOUT),
        ("approx. 3.95 billion USD", Qualifier.ABOUT),
        ("近11.59 billion yuan", Qualifier.ABOUT),
        ("nearly 11.59 billion yuan", Qualifier.ABOUT),
        ("15万左右", Qualifier.ABOUT),
        ("6.4万标箱", Qualifier.EXACT),
    ],
)
def test_how_exactly_a_figure_was_stated_is_kept(text: str, qualifier: Qualifier) -> None:
    assert parse_quantity(text).qualifier is qualifier


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1,23", "has a mark that may part thousands or decimals, expected 1234 or 1.23"),
        ("1.234,5", "has a mark that may part thousands or decimals"),
        ("1.234.567", "has a mark that may part thousands or decimals"),
        ("12,34,567", "has a mark that may part thousands or decimals"),
        ("1,2345", "has a mark that may part thousands or decimals"),
        ("0,123", "has a mark that may part thousands or decimals"),
        ("百分之六十", "spells the percentage out, expected digits such as 64.7%"),
        ("下降3.5%", "says a fall in words, expected a sign: -3.5%"),
        ("down 3.5%", "says a fall in words, expected a sign: -3.5%"),
        ("up 28%", "says a rise in words, expected the bare rate: 28%"),
        ("二十七万", "has no digits, expected one such as 27万"),
        ("3.28E+05", "is in scientific notation, which hides digits"),
        ("1-2万", "is a range, expected one figure"),
        ("5至6万", "is a range, expected one figure"),
        ("¥5亿", "has a sign of both yuan and yen, expected CNY or JPY"),
        ("5m", "ends in a letter that may be a magnitude or a unit"),
        ("007", "starts with a zero"),
        ("", "is empty"),
        ("   ", "is empty"),
        ("-", "is not a number"),
        ("nan", "is not a number"),
        ("Infinity", "is not a number"),
        ("3.5.", "ends in '.', expected the figure whole"),
        ("12 34", "goes on with '34' after '12', expected one figure"),
        ("28.33 billion yuan (approx. 3.95 billion USD)", "goes on with '(approx. 3.95 billion USD)'"),
        ("120 hospital beds", "has 'hospital beds' after '120', which is no unit known here"),
        ("27万23000", "mixes magnitudes out of order, expected one such as 27万2300"),
        ("1.5万2000", "mixes magnitudes out of order"),
        ("3千5百万", "mixes magnitudes out of order"),
        ("人民币5亿美元", "names two units, CNY and USD, expected one"),
        ("1" * 26, "has 26 digits, expected at most 25"),
    ],
)
def test_what_cannot_be_read_exactly_is_refused_with_the_text_and_what_was_expected(text: str, reason: str) -> None:
    with pytest.raises(QuantityError) as refusal:
        parse_quantity(text)
    assert in_english(refusal.value).startswith(f"'{text}': {reason}")


@pytest.mark.parametrize(
    ("text", "locale", "value"),
    [
        ("1.234,5", "de", "1234.5"),
        ("99,76 Milliarden Yuan", "de", "99760000000"),
        ("46,7 млрд юаней", "ru", "46700000000"),
        ("251\u00a0800 стандартных контейнеров", "ru", "251800"),
        ("1\u2019234.5", "de-CH", "1234.5"),
        ("1,234.5", "en", "1234.5"),
    ],
)
def test_a_locale_decides_between_point_and_comma(text: str, locale: str, value: str) -> None:
    assert parse_quantity(text, locale=locale).value == Decimal(value)


def test_an_unknown_locale_is_refused_by_name() -> None:
    with raises(QuantityError, match="locale 'xx': not known, expected one such as en, zh, de or ru"):
        parse_quantity("1,5", locale="xx")


@pytest.mark.parametrize("row", PRINTED, ids=[f"{row['value']} {row['unit']}" for row in PRINTED])
def test_the_figure_is_found_in_the_sentence_that_was_published(row: dict[str, str]) -> None:
    said = quantities_in(row["quote"], locale=row["locale"] or None)
    values = []
    for quantity in said:
        try:
            values.append(in_unit(quantity, row["unit"]).value)
        except QuantityError:
            continue
    assert Decimal(row["value"]) in values
    if row["yoy"]:
        assert Decimal(row["yoy"]) in [quantity.value for quantity in said if quantity.percent]


def test_a_sentence_without_figures_yields_none() -> None:
    assert quantities_in("Nothing was published, not even a date.") == ()


@given(st.decimals(min_value=-(10**15), max_value=10**15, places=3, allow_nan=False))
def test_a_number_written_with_thousands_separators_reads_as_itself(value: Decimal) -> None:
    assert parse_quantity(f"{value:,f}").value == value
    assert parse_quantity(f"{value:f}").value == value


@given(st.integers(1, 9999), st.integers(0, 9999), st.integers(0, 9999))
def test_a_mixed_figure_is_the_sum_of_its_parts(hundred_millions: int, ten_thousands: int, ones: int) -> None:
    value = hundred_millions * 10**8 + ten_thousands * 10**4 + ones
    assert parse_quantity(f"{hundred_millions}億{ten_thousands}万{ones}元").value == value


@pytest.mark.slow
@given(st.text(max_size=30))
def test_any_text_is_read_or_refused_and_nothing_else(text: str) -> None:
    try:
        quantity = parse_quantity(text)
    except QuantityError:
        return
    assert quantity.value.is_finite()
    assert quantity.rounding > 0


@given(st.text(alphabet="0123456789.,' 万亿千billionTEU$元%约超余多()-+个", max_size=60))
def test_running_text_however_odd_yields_figures_that_are_exact(text: str) -> None:
    for quantity in quantities_in(text):
        assert parse_quantity(quantity.text) == quantity


@pytest.mark.parametrize("text", ["1," * 5000, "1 " * 5000, "9" * 9000, "1万" * 3000, "约" * 9000, "(" * 9000])
def test_a_text_made_to_be_slow_is_refused_before_anybody_gives_up(text: str) -> None:
    began = thread_time()  # of a processor: a busy machine takes longer over it
    with pytest.raises(QuantityError):
        parse_quantity(text)
    quantities_in(text)
    assert thread_time() - began < 5


@pytest.mark.parametrize(
    ("text", "base", "power"),
    [
        ("bn CNY", "CNY", 9),
        ("亿元", "CNY", 8),
        ("万TEU", "TEU", 4),
        ("万标箱", "TEU", 4),
        ("标准集装箱", "TEU", 0),
        ("million USD", "USD", 6),
        ("USD million", "USD", 6),
        ("thousands of USD", "USD", 3),
        ("1,000 USD", "USD", 3),
        ("千美元", "USD", 3),
        ("100 million yuan", "CNY", 8),
        ("Rs. crore", "INR", 7),
        ("lakh tonnes", "t", 5),
        ("m USD", "USD", 6),
        ("m", "m", 0),
        ("m/s", "m/s", 0),
        ("%", "%", 0),
        ("points", "points", 0),
        ("个项目", "个项目", 0),
        ("hospital beds", "hospital beds", 0),
        ("3-month points", "3 month points", 0),
        ("", "", 0),
    ],
)
def test_a_unit_is_a_base_and_a_power_of_ten(text: str, base: str, power: int) -> None:
    unit = parse_unit(text)
    assert (unit.base, unit.power) == (base, power)


@pytest.mark.parametrize(
    ("text", "unit", "value", "rounding"),
    [
        ("115.87亿元", "bn CNY", "11.587", "0.0005"),
        ("115.87亿", "bn CNY", "11.587", "0.0005"),
        ("28.33", "bn CNY", "28.33", "0.005"),
        ("28.33 billion yuan", "bn CNY", "28.33", "0.005"),
        ("217亿美元", "bn USD", "21.7", "0.05"),
        ("3.76万标箱", "万TEU", "3.76", "0.005"),
        ("154,600 TEUs", "万TEU", "15.46", "0.00005"),
        ("6.4万标箱", "TEU", "64000", "500"),
        ("154,600 TEUs", "TEU", "154600", "0"),
        ("347个项目", "projects", "347", "0"),
        ("28%", "%", "28", "0.5"),
        ("64.7%", "ratio", "0.647", "0.0005"),
        ("1212.7", "points", "1212.7", "0.05"),
    ],
)
def test_a_quantity_is_converted_exactly_into_the_indicators_unit(
    text: str, unit: str, value: str, rounding: str
) -> None:
    quantity = in_unit(parse_quantity(text), unit)
    assert (quantity.value, quantity.rounding, quantity.unit) == (Decimal(value), Decimal(rounding), unit)
    assert (quantity.percent, quantity.scaled) == (unit == "%", False)


@pytest.mark.parametrize(
    ("text", "unit", "reason"),
    [
        ("28.33 bn USD", "bn CNY", "'28.33 bn USD': says USD, the indicator counts bn CNY"),
        ("64.7%", "TEU", "'64.7%': says %, the indicator counts TEU"),
        ("12 pp", "%", "'12 pp': says pp, the indicator counts %"),
        ("5 TEU", "", "'5 TEU': says TEU, the indicator counts no unit"),
    ],
)
def test_another_unit_than_the_indicators_is_refused(text: str, unit: str, reason: str) -> None:
    with pytest.raises(QuantityError) as refusal:
        in_unit(parse_quantity(text), unit)
    assert in_english(refusal.value) == reason


def test_a_unit_of_the_indicators_own_may_follow_the_number() -> None:
    beds = own_spellings("hospital beds", "张床位")
    assert in_unit(parse_quantity("1,200 hospital beds", own_units=beds), "hospital beds").value == 1200
    assert parse_quantity("1.2万张床位", own_units=beds).value == 12000


def test_units_the_table_knows_need_no_spelling_of_their_own() -> None:
    assert own_spellings("bn CNY", "标箱", "") == ()


def test_amounts_convert_between_units_of_one_base_only() -> None:
    assert convert(Decimal("115.87"), "亿元", "bn CNY") == Decimal("11.587")
    assert convert(Decimal(37600), "", "万TEU") == Decimal("3.76")
    assert convert(Decimal(1), "USD", "CNY") is None


def test_a_percentage_is_a_ratio_and_nothing_else_is() -> None:
    assert parse_quantity("64.7 %").ratio == Decimal("0.647")
    with raises(QuantityError, match=r"'64.7': is no percentage, expected one such as 28%"):
        _ = parse_quantity("64.7").ratio


@pytest.mark.parametrize(
    ("text", "rate"), [("28%", "0.28"), ("+28 %", "0.28"), ("-3.5%", "-0.035"), ("450 percent", "4.5"), ("0 %", "0")]
)
def test_a_growth_rate_is_read_as_a_ratio(text: str, rate: str) -> None:
    assert parse_rate(text) == Decimal(rate)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("0.28", "'0.28': is a rate without a percent sign, expected one such as 28%"),
        ("28", "'28': is a rate without a percent sign, expected one such as 28%"),
        ("3 pp", "'3 pp': is a rate without a percent sign, expected one such as 28%"),
        ("over 10%", "'over 10%': is an inexact rate, expected the bare rate, such as 28%, or none"),
    ],
)
def test_a_rate_that_leaves_a_doubt_is_refused(text: str, reason: str) -> None:
    with pytest.raises(QuantityError) as refusal:
        parse_rate(text)
    assert in_english(refusal.value) == reason


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2025", "2025-01-01", "2025-12-31"),
        ("2025-06", "2025-06-01", "2025-06-30"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2025-Q1", "2025-01-01", "2025-03-31"),
        ("2025Q4", "2025-10-01", "2025-12-31"),
        ("2025-H1", "2025-01-01", "2025-06-30"),
        ("2025-h2", "2025-07-01", "2025-12-31"),
        ("2025-11-10", "2025-11-10", "2025-11-10"),
        ("2025-01..2025-06", "2025-01-01", "2025-06-30"),
        ("2025-01-01..2025-05-08", "2025-01-01", "2025-05-08"),
        ("2015-11-07..2025", "2015-11-07", "2025-12-31"),
        ("２０２５－０６", "2025-06-01", "2025-06-30"),
        ("2025年", "2025-01-01", "2025-12-31"),
        ("2025年6月", "2025-06-01", "2025-06-30"),
        ("2025年1-6月", "2025-01-01", "2025-06-30"),
        ("2025年1—8月", "2025-01-01", "2025-08-31"),
        ("2025年1至2月", "2025-01-01", "2025-02-28"),
        ("2025年上半年", "2025-01-01", "2025-06-30"),
        ("2025年第一季度", "2025-01-01", "2025-03-31"),
        ("2025年前三季度", "2025-01-01", "2025-09-30"),
        ("2025年5月8日", "2025-05-08", "2025-05-08"),
    ],
)
def test_a_period_is_both_its_days(text: str, start: str, end: str) -> None:
    assert parse_period(text) == Period(date.fromisoformat(start), date.fromisoformat(end))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2025-13", "there is no month 13"),
        ("2025-02-30", "there is no day 2025-02-30"),
        ("2025-H3", "a year has no half 3"),
        ("2025-6", "cannot be read"),
        ("1—6月", "cannot be read"),
        ("06/2025", "cannot be read"),
        ("", "cannot be read"),
        ("2025..", "cannot be read"),
        ("1066", "the year 1066 is not between 1900 and 2200"),
        ("2025年6-1月", "month 1 comes before month 6"),
        ("2025-06..2025-01", "ends on 2025-01-31, before it starts on 2025-06-01"),
    ],
)
def test_a_period_that_cannot_be_read_is_refused_with_what_was_expected(text: str, reason: str) -> None:
    with pytest.raises(QuantityError) as refusal:
        parse_period(text)
    assert in_english(refusal.value).startswith(f"'{text}': {reason}")


days = st.dates(date(1950, 1, 1), date(2150, 12, 31))


@given(days, st.integers(0, 800))
def test_a_period_reads_back_from_its_shortest_form(start: date, length_days: int) -> None:
    period = Period(start, start + timedelta(days=length_days))
    assert parse_period(format_period(period)) == period


@pytest.mark.parametrize(
    "text", ["2025", "2025-Q2", "2025-H2", "2025-06", "2025-11-10", "2025-01..2025-08", "2023-01..2027-12"]
)
def test_the_shortest_form_of_a_period_is_the_one_people_write(text: str) -> None:
    assert format_period(parse_period(text)) == text
