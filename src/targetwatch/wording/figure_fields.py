"""What the fields of an entered reading are called: on a form, as the heading of a column, by the command line.

The command line's line about a reading is here as well.

Names that a column or a basis may bear in a table are messages like any other, so that each language adds its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from targetwatch.model import Qualifier, Reading
from targetwatch.quantity import format_period, plain_text
from targetwatch.wording.translation import LANGUAGES, N_, NC_, Translator, translator

LABELS = {
    "indicator": N_("Indicator"),
    "period": N_("Period it describes"),
    "basis": N_("It counts"),
    "value": N_("Figure as printed"),
    "publisher": N_("Whose count it is"),
    "unit": N_("Unit, if it is neither printed nor the indicator's"),
    "qualifier": N_("How exactly it was said"),
    "rounding": N_("Rounded to within ±"),
    "yoy": N_("Published growth"),
    "provisional": N_("The publisher calls it preliminary"),
    "published_on": N_("Published on"),
    "step": N_("Step that was done"),
    "evidence_url": N_("Link to the source"),
    "quote": N_("The words it was said in"),
    "note": N_("Remark of yours"),
}
HEADINGS = LABELS | {
    "unit": N_("Unit"),
    "provisional": N_("provisional"),
    "step": N_("Step"),
    "evidence_url": NC_("column", "Link"),
}
"""Where there is little room."""
PROPOSED = {
    "period": N_("Period"),
    "basis": LABELS["basis"],
    "value": N_("Figure"),
    "yoy": N_("On a year before"),
    "qualifier": N_("Said as"),
    "rounding": NC_("press", "Rounded to within"),
    "published_on": N_("Published"),
}
"""Of what a sentence was read as saying."""
COLUMNS = {
    "indicator": NC_("names of a column", "indicator,measure,series"),
    "period": NC_("names of a column", "period,time,month,quarter,year,reporting period,describes"),
    "basis": NC_("names of a column", "basis,it counts"),
    "value": NC_("names of a column", "value,figure,amount,figure as printed,cumulative,total"),
    "publisher": NC_("names of a column", "publisher,whose count,agency"),
    "unit": NC_("names of a column", "unit"),
    "qualifier": NC_("names of a column", "qualifier,exactness"),
    "rounding": NC_("names of a column", "rounding"),
    "yoy": NC_(
        "names of a column",
        "yoy,y/y,y-o-y,growth,growth rate,year on year,on a year before,change on a year before,published growth",
    ),
    "provisional": NC_("names of a column", "provisional,preliminary"),
    "published_on": NC_(
        "names of a column", "published on,published,publication date,date published,release date,released"
    ),
    "step": NC_("names of a column", "step,milestone"),
    "evidence_url": NC_("names of a column", "evidence url,evidence,link,url,address,source,source url"),
    "quote": NC_("names of a column", "quote,words"),
    "note": NC_("names of a column", "note,notes,remark,remarks,comment"),
}
BASES = {
    "period": NC_("names of a basis", "period,that period alone,in the period,monthly,quarterly,single"),
    "year_to_date": NC_("names of a basis", "year to date,ytd,cumulative"),
    "since_start": NC_("names of a basis", "since start,since the start,running total"),
    "point": NC_("names of a basis", "point,level,as measured,on the day,end of period,as it stood on the day"),
    "event": NC_("names of a basis", "event,reported,done"),
}
BEFORE_A_UNIT = NC_("before the unit in the name of a column", "in")
HINTS = {
    "indicator": "The indicator's id",
    "value": "The value as printed, in English or Chinese: 154,600, 28.33 bn, 64.7%",
    "period": "What it describes: 2025-01..2025-06, Jan-Jun 2025, 2025-Q1, 2025-11-10, 2025",
    "basis": "period, year_to_date, since_start, point or event",
    "published_on": "When it was published",
    "publisher": "Whose count it is (default: the indicator's authority)",
    "yoy": "The published year-on-year rate, such as 28%",
    "rounding": "Half-width of the rounding, such as 0.05",
    "qualifier": "How exactly it was said",
    "provisional": "The publisher calls it preliminary",
    "step": "The milestone's step, for an event",
    "unit": "The unit, when it is neither printed nor the indicator's",
    "evidence_url": "Where it can be looked up",
    "quote": "The words it was said in",
    "note": "A remark of yours",
}
"""For the command line, which speaks English."""


def labels(_: Translator, named: Mapping[str, str] = LABELS) -> dict[str, str]:
    """Return what each field is called in a language: as on a form, or as in other `named` ones such as HEADINGS."""
    return {field: _(label) for field, label in named.items()}


def line(reading: Reading) -> str:
    """Return a reading in one line of English."""
    rate = f", {float(reading.yoy) * 100:+g}%" if reading.yoy is not None else ""
    step = f" [{reading.step}]" if reading.step else ""
    qualifier = "" if reading.qualifier is Qualifier.EXACT else f"{reading.qualifier.value} "
    who, when = f"by {reading.publisher}", _published(reading)
    published = f"{when} {who}" if reading.published_on else f"{who}, {when}"
    return (
        f"{reading.indicator}{step} {reading.period.start}..{reading.period.end} {reading.basis.value} "
        f"{qualifier}{reading.value:,f}{rate}, {published}"
    )


def cited(reading: Reading) -> str:
    """Return which reading it is, where another one is spoken of."""
    number = f"reading {reading.id}, " if reading.id is not None else ""
    return f"{number}{reading.value:,f} in {format_period(reading.period)}, {_published(reading)}"


def key(name: str) -> str:
    """Return what spellings of one name share, whatever stands between its words.

    >>> key("Published on: ") == key("published_on")
    True
    """
    return "".join(sign for sign in plain_text(name).casefold() if sign not in " \t\n_-./:")


@cache
def columns() -> dict[str, str]:
    """Return the field that each name of a column stands for, by its key, in all languages."""
    return _by_name(COLUMNS)


@cache
def bases() -> dict[str, str]:
    """Return the basis that each word for one means, by its key, in all languages."""
    return _by_name(BASES)


def before_a_unit() -> tuple[str, ...]:
    """Return the words that may stand before the unit in the name of a column."""
    return tuple(translator(language)(BEFORE_A_UNIT) for language in LANGUAGES)


def _by_name(named: Mapping[str, str]) -> dict[str, str]:
    found = {key(field): field for field in named}
    for _ in map(translator, LANGUAGES):
        found |= {key(name): field for field, names in named.items() for name in _(names).split(",")}
    return found


def _published(reading: Reading) -> str:
    return f"published {reading.published_on}" if reading.published_on else "without a publication date"
