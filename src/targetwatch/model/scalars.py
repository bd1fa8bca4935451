"""The small values of the catalogue: how each is written in YAML and JSON, and what the program holds.

What a person wrote is judged by its spelling (validate with a `Written` as context); what the program or its database
gives is taken as it is. A refusal is a code with values, never prose. Knows no file and no line.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from typing import Annotated, Any, NoReturn, TypeAlias, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    PlainSerializer,
    SerializationInfo,
    ValidationInfo,
    WithJsonSchema,
)
from pydantic_core import CoreSchema, PydanticCustomError, PydanticKnownError, core_schema

from targetwatch.model.words import Period, Text, format_period

SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
DAY = r"^\d{4}-\d{2}-\d{2}$"
PERCENT = r"^[-+]?\d+(\.\d+)?%$"
DAYS = r"^\d+d$"
SLUG_LENGTH = 64
LONGEST_LAG_DAYS = 3660
EARLIEST, LATEST = date(1949, 10, 1), date(2200, 12, 31)
"""The days a target can be about; what is outside is a slip, and the calendar ends not far beyond some of them."""
DIGITS = 30
"""More digits than any published figure has; what is longer is a slip, and costly to write out."""
SHOWN_LENGTH = 60

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Written:
    """The context in which what a person wrote is validated; `period` reads a period as people write it."""

    period: Callable[[str], Period]


def refuse(code: str, **values: object) -> NoReturn:
    """Raise the refusal of a value: a code, and what its sentence is made of."""
    raise PydanticCustomError(code, code, values)


def shown(raw: object) -> str:
    """Return the user's value as it was written, shortened, for a sentence."""
    if raw is None:
        return "nothing"
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, dict):
        return "a mapping"
    if isinstance(raw, list):
        return "a list"
    text = f"'{raw}'" if isinstance(raw, str) else str(raw)
    return text if len(text) <= SHOWN_LENGTH else f"{text[: SHOWN_LENGTH - 4]}...'"


def slug_of(name: str) -> str:
    """Return a name as a slug ("Port and Logistics Office" is port-and-logistics-office); empty when none is left."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:SLUG_LENGTH].strip("-")


def plain_number(value: Decimal) -> str:
    """Return a number as digits, without exponent and without trailing zeros after the point."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


@lru_cache(maxsize=4096)
def named_period(text: str) -> Period:
    """Return the period that `format_period` names so; ValueError for any other text.

    >>> named_period("2025-Q3"), named_period("2024-12..2025-01").end
    (Period(start=datetime.date(2025, 7, 1), end=datetime.date(2025, 9, 30)), datetime.date(2025, 1, 31))
    """
    first, _, last = text.partition("..")
    return Period(_named(first).start, _named(last or first).end)


def _named(text: str) -> Period:
    year, _, part = text.partition("-")
    if len(part) > 2:  # noqa: PLR2004 - month and day
        return Period(date.fromisoformat(text), date.fromisoformat(text))
    size = {"Q": 3, "H": 6}.get(part[:1], 1) if part else 12
    last = int(part.lstrip("QH") or 1) * size
    return Period(date(int(year), last - size + 1, 1), date(int(year), last, monthrange(int(year), last)[1]))


def json_value(raw: object) -> object:
    """Return a tree of values as JSON can hold it: a fraction as a float, everything else as it is."""
    if isinstance(raw, Decimal):
        return int(raw) if raw == raw.to_integral_value() and "." not in plain_number(raw) else float(raw)
    if isinstance(raw, dict):
        return {key: json_value(inner) for key, inner in raw.items()}
    if isinstance(raw, list):
        return [json_value(inner) for inner in raw]
    return raw


def _written(info: ValidationInfo) -> bool:
    return isinstance(info.context, Written)


def _slug(raw: object, info: ValidationInfo) -> object:
    if not _written(info) or (isinstance(raw, str) and re.match(SLUG, raw) and len(raw) <= SLUG_LENGTH):
        return raw
    long = isinstance(raw, str) and len(raw) > SLUG_LENGTH
    better = slug_of(str(raw)) if isinstance(raw, str | int) and not isinstance(raw, bool) else ""
    if isinstance(raw, int) and better:
        refuse("id_number", given=shown(raw), better=better)
    code = f"id{'_long' if long else ''}{'' if better else '_none'}"
    refuse(code, given=shown(raw), better=better, most=SLUG_LENGTH)


def _day(raw: object, info: ValidationInfo) -> date:
    if isinstance(raw, date):
        return raw
    if info.context is None and isinstance(raw, str):
        return date.fromisoformat(raw)
    if isinstance(raw, str) and re.match(DAY, raw):
        year, month, number = (int(part) for part in raw.split("-"))
        try:
            found_day = date(year, month, number)
        except ValueError:
            _refuse_day(raw, year, month)
        if not EARLIEST <= found_day <= LATEST:
            refuse("day_far", given=shown(raw), first=EARLIEST.isoformat(), last=LATEST.isoformat())
        return found_day
    text = str(raw)
    if found := re.match(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$", text):
        refuse("day_spelling", given=shown(raw), better=_padded(*found.groups()))
    if found := re.match(r"^(\d{1,2})\.(\d{1,2})\.(\d{4})$", text):
        refuse("day_spelling", given=shown(raw), better=_padded(*reversed(found.groups())))
    if found := re.match(r"^(\d{4})-(\d{2})-(\d{2})[T ]", text):
        refuse("day_with_time", given=shown(raw), better=_padded(*found.groups()))
    refuse("day", given=shown(raw))


def _refuse_day(raw: str, year: int, month: int) -> NoReturn:
    if 1 <= month <= 12 and year >= 1:  # noqa: PLR2004 - months of a year
        refuse("day_not_in_month", given=shown(raw), month=f"{year:04}-{month:02}", days=monthrange(year, month)[1])
    refuse("day_not_in_calendar", given=shown(raw))


def _padded(year: str, month: str, number: str) -> str:
    return f"{int(year):04}-{int(month):02}-{int(number):02}"


def _amount(raw: object, info: ValidationInfo) -> Decimal:
    if isinstance(raw, int | Decimal) and not isinstance(raw, bool):
        value = Decimal(raw)
        if _written(info) and (not value.is_finite() or _digits(value) > DIGITS):
            refuse("number_digits", given=shown(raw), most=DIGITS)
        return value
    if isinstance(raw, str):
        if not _written(info):
            return Decimal(raw)
        _refuse_number(raw)
    refuse("number", given=shown(raw))


def _digits(value: Decimal) -> int:
    """Return how many digits a number has on the longer side of its point."""
    return max(value.adjusted() + 1, -int(value.as_tuple().exponent))


def _refuse_number(raw: str) -> NoReturn:
    text = raw.strip()
    if re.match(r"^[-+]?\d+(\.\d+)?$", text):
        refuse("number_quoted", given=shown(raw), better=text)
    if re.match(r"^[-+]?\d{1,3}([,_ '’]\d{3})+(\.\d+)?$", text):
        refuse("number_separators", given=shown(raw), better=re.sub(r"[^0-9.+-]", "", text))
    if re.match(r"^[-+]?\d+(\.\d+)?\s*[%％]$", text):
        refuse("number_percent", given=shown(raw), better=text.rstrip("%％ "), percent=text)
    refuse("number_words", given=shown(raw), text=raw)


def _digits_of(value: Decimal) -> str:
    return format(value or abs(value), "f")


def _percent(raw: object, info: ValidationInfo) -> Decimal:
    if isinstance(raw, str) and re.match(PERCENT, raw):
        return Decimal(raw[:-1]) / 100
    if isinstance(raw, int | Decimal) and not isinstance(raw, bool):
        if not _written(info):
            return Decimal(raw)
        refuse("percent_of_what", given=plain_number(Decimal(raw)))
    if isinstance(raw, str):
        better = re.sub(r"\s", "", raw).replace("％", "%").replace("−", "-").replace("–", "-")
        if re.match(PERCENT, better):
            refuse("percent_spelling", given=shown(raw), better=better)
    refuse("percent", given=shown(raw))


def _percent_text(value: Decimal) -> str:
    return f"{'+' if value > 0 else ''}{plain_number(value * 100)}%"


def _days(raw: object, info: ValidationInfo) -> int:
    if isinstance(raw, str) and re.match(DAYS, raw) and int(raw[:-1]) <= LONGEST_LAG_DAYS:
        return int(raw[:-1])
    if isinstance(raw, int) and not isinstance(raw, bool) and raw >= 0:
        if not _written(info):
            return raw
        refuse("days_of_what", given=raw)
    refuse("days", given=shown(raw), most=LONGEST_LAG_DAYS)


def _email(raw: object, info: ValidationInfo) -> object:
    written = r"^[^@\s,;<>\"']+@[^@\s,;<>\"'.]+(\.[^@\s,;<>\"'.]+)+$"
    if not _written(info) or (isinstance(raw, str) and re.match(written, raw)):
        return raw
    refuse("email", given=shown(raw))


def _web_address(raw: object, info: ValidationInfo) -> object:
    written = isinstance(raw, str) and re.match(r"^https?://[^\s/]+", raw) and not re.search(r"\s", raw)
    if not _written(info) or written:
        return raw
    refuse("web_address", given=shown(raw))


def _country(raw: object, info: ValidationInfo) -> object:
    if not _written(info) or (isinstance(raw, str) and raw in _countries()):
        return raw
    if isinstance(raw, str) and raw.upper() in _countries():
        refuse("country_spelling", given=shown(raw), better=raw.upper())
    refuse("country", given=shown(raw))


@cache
def _countries() -> frozenset[str]:
    from holidays import list_supported_countries  # noqa: PLC0415 - 0.4 s that only a file naming a calendar pays

    return frozenset(code for code in list_supported_countries(include_aliases=False) if len(code) == 2)  # noqa: PLR2004


def _period(raw: object, info: ValidationInfo) -> Period:
    if isinstance(raw, Period):
        return raw
    if isinstance(raw, bool) or not isinstance(raw, str | int):
        refuse("period", given=shown(raw))
    return info.context.period(str(raw)) if isinstance(info.context, Written) else named_period(str(raw))


def _period_text(value: Period) -> int | str:
    text = format_period(value)
    return int(text) if text.isdigit() else text


def _words(raw: object, info: ValidationInfo) -> object:
    if not isinstance(raw, str) or not _written(info):
        return raw
    if not raw.strip():
        refuse("blank")
    return raw.strip()


Slug = Annotated[
    str, BeforeValidator(_slug), WithJsonSchema({"type": "string", "pattern": SLUG, "maxLength": SLUG_LENGTH})
]
Words = Annotated[str, BeforeValidator(_words)]
Day = Annotated[
    date,
    BeforeValidator(_day),
    PlainSerializer(date.isoformat),
    WithJsonSchema({"type": "string", "pattern": DAY, "examples": ["2025-12-31"]}),
]
Number = Annotated[
    Decimal,
    BeforeValidator(_amount),
    PlainSerializer(_digits_of, when_used="json"),
    WithJsonSchema({"type": "number"}),
]
Percent = Annotated[
    Decimal,
    BeforeValidator(_percent),
    PlainSerializer(_percent_text),
    WithJsonSchema({"type": "string", "pattern": PERCENT, "examples": ["-60%"]}),
]
Days = Annotated[
    int,
    BeforeValidator(_days),
    PlainSerializer(lambda days: f"{days}d"),
    WithJsonSchema({"type": "string", "pattern": DAYS, "examples": ["31d"]}),
]
Crontab = Annotated[
    str,
    BeforeValidator(lambda raw: " ".join(raw.split()) if isinstance(raw, str) else raw),
    WithJsonSchema({"type": "string", "examples": ["0 9 * * *"]}),
]
Email = Annotated[str, BeforeValidator(_email), WithJsonSchema({"type": "string", "format": "email"})]
WebAddress = Annotated[str, BeforeValidator(_web_address), WithJsonSchema({"type": "string", "pattern": "^https?://"})]
Country = Annotated[str, BeforeValidator(_country), WithJsonSchema({"type": "string", "pattern": "^[A-Z]{2}$"})]
PeriodValue = Annotated[
    Period,
    BeforeValidator(_period),
    PlainSerializer(_period_text),
    WithJsonSchema({"anyOf": [{"type": "integer"}, {"type": "string"}], "examples": [2024, "2024-01..2024-06"]}),
]


class OrNothing:
    """What may be left out, or stand there with nothing behind it: the program then holds `empty`."""

    def __init__(self, empty: object = "") -> None:
        self.empty = empty

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:  # noqa: ANN401
        """Return the schema of what may be said, open to nothing."""

        def read(raw: object, said: Callable[[object], object], info: ValidationInfo) -> object:
            unsaid = raw is None or (raw == self.empty and not _written(info))
            return self.empty if unsaid else said(raw)

        return core_schema.with_info_wrap_validator_function(read, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Return the schema for an editor: what may be said, or nothing."""
        return {"anyOf": [handler(schema), {"type": "null"}]}


Unsaid: TypeAlias = Annotated[T, OrNothing()]


class InBoth(BaseModel):
    """The same words in both languages of the service."""

    model_config = ConfigDict(extra="forbid")

    en: Words = Field(description="the words in English")
    zh: Words = Field(description="the words in Chinese")


class InEither(BaseModel):
    """Words in one language or in both; a missing one falls back on the other."""

    model_config = ConfigDict(extra="forbid")

    en: Unsaid[Words] = Field("", description="the words in English")
    zh: Unsaid[Words] = Field("", description="the words in Chinese")


class OrWord:
    """A mapping for which a word may stand instead."""

    def __init__(self, *words: str) -> None:
        self.words = words

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Return the schema for an editor: the words, or the mapping."""
        return {"anyOf": [{"enum": list(self.words)}, handler(schema)]}


class OrAlone:
    """A mapping for which the value of one `key` may stand alone."""

    def __init__(self, key: str) -> None:
        self.key = key

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:  # noqa: ANN401
        """Return the schema of the mapping, open to what stands alone."""

        def read(raw: object, said: Callable[[object], object]) -> object:
            return said(raw if isinstance(raw, Mapping | BaseModel) or raw is None else {self.key: raw})

        return core_schema.no_info_wrap_validator_function(read, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Return the schema for an editor: the value, or the mapping."""
        mapping = handler(schema)
        alone = dict(handler.resolve_ref_schema(mapping)["properties"][self.key])
        alone.pop("default", None)
        return {"anyOf": [alone, mapping]}


class _Bilingual:
    """Text as it is written: a mapping of languages, or with `plain` also words alone, which are English."""

    def __init__(self, shape: type[InBoth | InEither], *, plain: bool) -> None:
        self.shape, self.plain = shape, plain

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:  # noqa: ANN401
        """Return the schema of the mapping, whose words become a `Text`."""
        del source

        def read(raw: object, mapping: Callable[[object], InBoth | InEither], info: ValidationInfo) -> Text:
            if isinstance(raw, Text):
                return raw
            if not _written(info) and isinstance(raw, Mapping):
                return Text(**raw)
            if self.plain and not isinstance(raw, Mapping):
                if not isinstance(raw, str):
                    raise PydanticKnownError("string_type")
                return Text(en=str(_words(raw, info)))
            said = mapping(raw)
            return Text(said.en, said.zh)

        return core_schema.with_info_wrap_validator_function(
            read,
            handler.generate_schema(self.shape),
            serialization=core_schema.plain_serializer_function_ser_schema(_text_written, info_arg=True),
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Return the schema for an editor."""
        mapping = handler(schema)
        return {"anyOf": [{"type": "string"}, mapping]} if self.plain else mapping


def _text_written(text: Text, info: SerializationInfo) -> str | dict[str, str]:
    """Return both languages, or the one there is; in YAML, English alone needs no mapping."""
    if info.mode != "json" and not text.zh:
        return text.en
    return {language: words for language, words in (("en", text.en), ("zh", text.zh)) if words}


Title = Annotated[Text, _Bilingual(InBoth, plain=False)]
Prose = Annotated[Text, _Bilingual(InEither, plain=True)]
Note = Annotated[Prose, OrNothing(Text())]
