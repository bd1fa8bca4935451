"""How the readings of a document are found in it: what a person writes under `pick`, checked as it is loaded.

A name is what the document prints above a column (any part of it that is there once), or a named part of a pattern.
A template holds names in braces, "{Year}-{Month}". Every reading may say its own layout, which then stands for its own.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import CoreSchema, core_schema

from targetwatch.model import Basis
from targetwatch.model.scalars import Day, Number, OrAlone, Slug, refuse

BRACES = re.compile(r"\{([^{}]+)\}")
NUMBER = "{number}"
"""Stands in a pattern for a number as the description says numbers are printed."""
RULE = re.compile(r"period_end(?:\s*\+\s*([0-9]+)d)?")
NONE = ("-", "–", "—", "..", "...", "…", "n/a", "N/A", "na", "NA", "n.a.", ":", "null")
MARKS = "*#†‡§¹²³⁴⁵⁶⁷⁸⁹"
TEXTS = {"anyOf": [{"type": ["string", "number"]}, {"type": "array", "items": {"type": ["string", "number"]}}]}


def _several(raw: Any) -> Any:  # noqa: ANN401 - whatever stands in the file
    return [raw] if isinstance(raw, str | int | float) and not isinstance(raw, bool) else raw


def _characters(raw: Any) -> Any:  # noqa: ANN401 - whatever stands in the file
    return list(raw) if isinstance(raw, str) else raw


def _compiles(pattern: str) -> str:
    try:
        re.compile(pattern.replace(NUMBER, "1"))
    except re.error as error:
        refuse("pattern_invalid", given=pattern, why=str(error))
    return pattern


Texts: TypeAlias = Annotated[tuple[str, ...], BeforeValidator(_several), WithJsonSchema(TEXTS)]
"""A text, or several of which each will do."""
Marks: TypeAlias = Annotated[tuple[str, ...], BeforeValidator(_characters), WithJsonSchema(TEXTS)]
Pattern: TypeAlias = Annotated[str, AfterValidator(_compiles)]


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        refuse("unknown_zone", given=name)
    return name


Zone: TypeAlias = Annotated[str, AfterValidator(_known_zone)]


class DescriptionPart(BaseModel):
    """A part of a description: no key but the known ones."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, hide_input_in_errors=True, coerce_numbers_to_str=True, populate_by_name=True
    )


class Condition(DescriptionPart):
    """What a cell must be; blanks and case do not count, and an empty text is an empty cell."""

    is_: Texts = Field(default=(), alias="is", description="the cell is this, or one of these")
    in_: Texts = Field(default=(), alias="in", description="the cell is one of these")
    not_: Texts = Field(default=(), alias="not", description="the cell is none of these")
    pattern: Pattern | None = Field(default=None, description="the cell holds what this regular expression finds")


class Capture(DescriptionPart):
    """Where a pattern with named parts is looked for; each part is then a name, the same wherever it is found."""

    title: Pattern | None = Field(default=None, description="in the title of the document")
    line: Pattern | None = Field(default=None, description="in a line of text, or a row of a table as one line")
    cell: Pattern | None = Field(default=None, description="in one cell of a table, which it must fill")
    file: Pattern | None = Field(default=None, description="in the name of the file, or the end of the address")

    @model_validator(mode="after")
    def _one_place(self) -> Capture:
        said = [one for one in (self.title, self.line, self.cell, self.file) if one is not None]
        if len(said) != 1:
            refuse("capture_places")
        if not re.compile(said[0].replace(NUMBER, "1")).groupindex:
            refuse("pattern_without_names", given=said[0])
        return self


class TableChoice(DescriptionPart):
    """Which table of the document, and where in it to start and to stop."""

    has: Texts = Field(default=(), description="words that all stand in one table")
    name: str = Field(default="", description="the name of the sheet or table")
    number: int | None = Field(default=None, ge=1, description="which of the tables that fit, counted from 1")
    each: Pattern | None = Field(
        default=None,
        description="every table of such a name; its named parts are captures: '(?P<year>[0-9]{4})'",
    )
    from_: str = Field(default="", alias="from", description="start below the first row with this word")
    until: str = Field(default="", description="stop before the first row with this word, which must be there")


class Header(DescriptionPart):
    """Which rows name the columns; the rows of a header are joined: 'Throughput / Total'."""

    words: Texts = Field(default=(), description="words that all stand in the header")
    depth: int = Field(default=1, ge=1, le=6, description="how many rows the header has")
    names: tuple[str, ...] = Field(default=(), description="the names of the columns of a table without a header")


class Rows(DescriptionPart):
    """Which rows count, and what is made of their cells first."""

    fill_down: Texts = Field(default=(), description="columns whose empty cells repeat the one above")
    sections: dict[str, dict[str, Annotated[Condition, OrAlone("is")]]] = Field(
        default={}, description="a new column: the column, and what its cell is in a row that heads those below it"
    )
    parts: dict[str, Pattern] = Field(default={}, description="column: a pattern whose named parts become columns")
    where: dict[str, Annotated[Condition, OrAlone("is")]] = Field(
        default={}, description="column: what its cell must be, for all of them"
    )


class Lines(DescriptionPart):
    """How figures stand in lines of text."""

    pattern: Pattern = Field(description="a whole line with figures; each named part is a column")
    from_: Texts = Field(default=(), alias="from", description="start below these lines, one after the other")
    until: str = Field(default="", description="stop before the first line with this word, which must be there")
    carry: Pattern | None = Field(default=None, description="a line whose named parts hold for the lines below it")
    heads: Pattern | None = Field(default=None, description="the line of heads, such as years, above repeated figures")
    each: Pattern | None = Field(
        default=None, description="one repetition within the part 'values'; the head is the column 'head'"
    )

    @model_validator(mode="after")
    def _repeats(self) -> Lines:
        if (self.heads is None) != (self.each is None) or (self.each and "(?P<values>" not in self.pattern):
            refuse("lines_repeat")
        return self


class Unpivot(DescriptionPart):
    """Columns that are turned into rows: years as columns."""

    columns: Pattern = Field(description="a whole header; its named parts become columns, the cell the column 'value'")


class Numbers(DescriptionPart):
    """How numbers are printed; what is not said is worked out where only one meaning is possible."""

    decimal: Literal[".", ","] | None = Field(default=None, description="the mark before decimals")
    thousands: Texts = Field(default=(), description="the marks between groups of three digits")
    none: Texts = Field(default=NONE, description="what stands where there is no figure; an empty cell always does")
    zero: Texts = Field(default=(), description="what stands for nought: '-' where an unknown figure is printed '.'")
    marks: Marks = Field(default=tuple(MARKS), description="footnote marks beside a number, to be left out")
    negative: Texts = Field(default=("△",), description="what is a minus: triangles △, ▲; - behind a number")
    brackets: Literal["negative", "growth"] | None = Field(
        default=None, description="negative: (3.1) is -3.1; growth: it is 3.1; refused if left out"
    )


class PeriodRule(DescriptionPart):
    """How the period of a reading is printed."""

    of: str = Field(description="a template of columns and captures: '{Year}-{Month}'")
    span: Literal["day", "week", "month", "quarter", "half", "year"] | None = Field(
        default=None, description="how long every period is; a date then names the span it starts or ends"
    )
    form: Literal["epoch", "epoch_ms", "serial"] | None = Field(
        default=None, description="seconds or milliseconds since 1970, or the serial day of a workbook"
    )
    format: str = Field(default="", description="the date as strptime reads it: '%d/%m/%y'")
    zone: Zone = Field(default="UTC", description="where days begin, for a form and for a time with Z: Asia/Shanghai")
    language: Texts = Field(default=("en",), description="whose names of months and quarters: es, pl")
    week_ends: Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] = Field(
        default="sunday", description="the last day of a week, with span: week"
    )
    year_starts: int | None = Field(
        default=None, ge=1, le=12, description="the first month of a school or fiscal year: 2003/04, FY2004"
    )
    year_named: Literal["start", "end"] = Field(
        default="end", description="by which of its two calendar years FY2004 is named"
    )
    since: Day | None = Field(default=None, description="the first day of a running total (basis since_start)")
    until: str = Field(default="", description="the last period that is read, a template; later ones are left out")

    @model_validator(mode="after")
    def _from_the_document(self) -> PeriodRule:
        if not BRACES.search(self.of):
            refuse("period_not_in_document", given=self.of)
        return self


class PublishedRule(DescriptionPart):
    """When a reading was published: as the document says, or by a rule."""

    of: str = Field(description="'period_end + 45d', 'document' (the day it says itself), or a template")
    format: str = Field(default="", description="the day as strptime reads it: '%d/%m/%y'")
    language: Texts = Field(default=("en",), description="whose names of months")

    @model_validator(mode="after")
    def _known_rule(self) -> PublishedRule:
        if not (BRACES.search(self.of) or self.of == "document" or RULE.fullmatch(self.of)):
            refuse("published_rule", given=self.of)
        return self


class UnitRule(DescriptionPart):
    """What the values count, where the document does not print it as it is known here."""

    declared: str = Field(default="", description="what they are: thousand USD; may stand alone")
    column: Texts = Field(default=(), description="the column in which every row prints its unit")
    printed: str = Field(default="", description="what the document prints, and must go on printing")
    means: str = Field(default="", description="what that is: thousand USD")

    @model_validator(mode="after")
    def _whole(self) -> UnitRule:
        if [bool(self.declared), bool(self.column), bool(self.printed and self.means)].count(True) != 1 or (
            bool(self.printed) != bool(self.means)
        ):
            refuse("unit_ways")
        return self


class Growth(DescriptionPart):
    """The printed growth on the same period a year before."""

    column: Texts = Field(description="the column that prints it, in per cent with or without the sign")
    ratio: bool = Field(default=False, description="true: 0.079 is 7.9 %")
    brackets: Literal["negative", "growth"] | None = Field(
        default=None, description="what (3.1) is: a fall, or growth that is only said in brackets; else refused"
    )


class IndicatorOf(DescriptionPart):
    """Which indicator a row is about, by one of its cells."""

    column: Texts = Field(description="the column that says it")
    map: dict[str, Slug] = Field(description="what it says: the indicator; rows that say anything else are left out")


class Layout(DescriptionPart):
    """Where the figures stand. What a reading does not say for itself is as the description says for all."""

    table: Annotated[TableChoice, OrAlone("name")] | None = Field(default=None, description="which table")
    header: Annotated[Header, OrAlone("words")] | None = Field(default=None, description="which rows name the columns")
    lines: Annotated[Lines, OrAlone("pattern")] | None = Field(default=None, description="figures in lines of text")
    rows: Rows | None = Field(default=None, description="which rows count")
    unpivot: Annotated[Unpivot, OrAlone("columns")] | None = Field(
        default=None, description="columns to turn into rows"
    )
    numbers: Numbers | None = Field(default=None, description="how numbers are printed")
    period: Annotated[PeriodRule, OrAlone("of")] | None = Field(default=None, description="the period of a row")
    published: Annotated[PublishedRule, OrAlone("of")] | None = Field(default=None, description="when it was published")


class ReadingRule(Layout):
    """One series of readings: which indicator, which column, in which unit."""

    indicator: Slug | IndicatorOf = Field(description="the indicator, or how a row says it")
    value: Texts = Field(default=("value",), description="the column of the values; 'value' after unpivot")
    where: dict[str, Annotated[Condition, OrAlone("is")]] = Field(
        default={}, description="what must hold beside rows.where"
    )
    basis: Basis = Field(default=Basis.PERIOD, description="what the value covers: period, year_to_date, point ...")
    unit: Annotated[UnitRule, OrAlone("declared")] | None = Field(
        default=None, description="what the values count; as the document prints it if left out"
    )
    yoy: Annotated[Growth, OrAlone("column")] | None = Field(default=None, description="the printed growth")
    publisher: Slug = Field(default="", description="whose count it is; the indicator's authority if left out")
    provisional: dict[str, Annotated[Condition, OrAlone("is")]] = Field(
        default={}, description="column: what its cell is where the figure is preliminary"
    )

    @property
    def indicators(self) -> tuple[str, ...]:
        """Return the indicators that its rows may be about."""
        of = self.indicator
        return tuple(dict.fromkeys(of.map.values())) if isinstance(of, IndicatorOf) else (of,)


class Slack(DescriptionPart):
    """A guard that is relaxed: off with the reason, or with another threshold."""

    off: str = Field(default="", description="the reason why it does not apply")
    most: int | None = Field(default=None, ge=0, description="how many are let pass")

    @model_validator(mode="after")
    def _one_way(self) -> Slack:
        if bool(self.off) == (self.most is not None):
            refuse("guard_without_reason")
        return self


class Sum(DescriptionPart):
    """A total that must be the sum of its parts, as far as their rounding lets it."""

    total: str = Field(
        description="the column of the total, or with `by` what that column says in the row of the total"
    )
    of: tuple[str, ...] = Field(description="its parts")
    by: Texts = Field(default=(), description="the column that names the rows, where total and parts are rows")
    columns: Texts = Field(
        default=(), description="with `by`: the columns that add up; those of the values if left out"
    )
    within: Number | None = Field(default=None, description="how far it may be off; what rounding explains if left out")


class OrOne:
    """Reads one mapping as a list of it, and says so in the schema."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:  # noqa: ANN401 - pydantic's
        """Return the validation of the list after that of the one."""
        return core_schema.no_info_before_validator_function(
            lambda raw: [raw] if isinstance(raw, dict) else raw, handler(source)
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Return either of the two."""
        several = handler(schema)
        return {"anyOf": [several["items"], several]}


class Guards(DescriptionPart):
    """What keeps a changed document out: all on, each relaxed by name with `off` and the reason, or by `most`."""

    sum: Annotated[tuple[Sum, ...], OrOne()] = Field(
        default=(), description="totals that must be the sum of their parts"
    )
    stated: str = Field(default="", description="how many rows the document says it has, a template: '{total}'")
    anchor: Slack | None = Field(default=None, description="an anchor, or the end of a table, that is no more there")
    title: Slack | None = Field(default=None, description="a title in other words than before; its numbers may change")
    column: Slack | None = Field(default=None, description="a column that is headed otherwise than before")
    unit: Slack | None = Field(default=None, description="a unit or currency other than declared, or than before")
    doubled: Slack | None = Field(default=None, description="the same fact twice with two values")
    repeated: Slack | None = Field(default=None, description="many rows twice: a page that came again (most: 9)")
    rows_fewer: Slack | None = Field(default=None, description="fewer periods than before, or the newest gone")
    span: Slack | None = Field(default=None, description="periods of another length than declared, or than before")
    cumulative: Slack | None = Field(default=None, description="a running total where single months are said, or back")
    decimals: Slack | None = Field(default=None, description="three decimals where there were none: a changed mark")
    published: Slack | None = Field(default=None, description="published before the period has ended")
    growth: Slack | None = Field(default=None, description="printed growth that known figures contradict (most: 0)")
    rewritten: Slack | None = Field(default=None, description="past periods of a series with other values (most: 3)")

    def on(self, name: str) -> bool:
        """Return whether a guard is in force."""
        guard: Slack | None = getattr(self, name)
        return guard is None or not guard.off

    def most(self, name: str, usual: int) -> int:
        """Return how many a guard lets pass."""
        guard: Slack | None = getattr(self, name)
        return usual if guard is None or guard.most is None else guard.most


class Pick(Layout):
    """Everything that is said under `pick`."""

    anchors: dict[str, Texts] = Field(
        default={}, description="name: a text that must be there, or several of which one must; may hold {captures}"
    )
    captures: tuple[Capture, ...] = Field(default=(), description="named parts from the title, a line, the file's name")
    publisher: Slug = Field(
        default="", description="whose count the readings are; the indicators' authority if left out"
    )
    readings: tuple[ReadingRule, ...] = Field(description="what is read")
    guards: Guards = Field(default=Guards(), description="sums that must hold, and guards that are relaxed")

    @model_validator(mode="after")
    def _whole(self) -> Pick:
        if not self.readings:
            refuse("empty_list", at=("readings",))
        for place, reading in enumerate(self.readings):
            if (reading.period or self.period) is None:
                refuse("reading_without_period", at=("readings", place))
        return self
