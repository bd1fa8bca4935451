"""Words as they stand in the file: a title in both languages, other words in one or both, people who answer.

Every form forbids unknown keys, coerces nothing and never shows its input in an error of its own.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Discriminator, Field, Tag

from targetwatch.configfile.scalars import Email, Slug


class Form(BaseModel):
    """What every form of the configuration shares: strict, closed, frozen and discreet."""

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, hide_input_in_errors=True, populate_by_name=False
    )


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("empty, expected words")
    return text.strip()


Words = Annotated[str, AfterValidator(_not_blank)]


class Title(Form):
    """The same words in both languages of the service."""

    en: Words = Field(description="the words in English")
    zh: Words = Field(description="the words in Chinese")


class OneOrBoth(Form):
    """Words in one language or in both; a missing one falls back on the other."""

    en: Words | None = Field(None, description="the words in English")
    zh: Words | None = Field(None, description="the words in Chinese")


def _text_or_mapping(raw: Any) -> str:  # noqa: ANN401 - pydantic gives whatever stands in the file
    return "mapping" if isinstance(raw, dict | OneOrBoth) else "words"


Prose = Annotated[
    Annotated[Words, Tag("words")] | Annotated[OneOrBoth, Tag("mapping")], Discriminator(_text_or_mapping)
]


class OwnerForm(Form):
    """Who answers for a target, and where their mail goes."""

    id: Slug | None = Field(
        None, description="short name in metrics and routes; made from the English name if left out"
    )
    name: Prose = Field(description="the office's or person's name")
    email: Email | None = Field(None, description="where mail about the target goes; without one, none is sent")
    language: Literal["en", "zh"] = Field("en", description="the language of that mail")


class ProgrammeForm(Form):
    """A heading several targets stand under."""

    id: Slug = Field(description="a stable name, used by targets")
    title: Title = Field(description="the heading, in both languages")


class PublisherForm(Form):
    """Whose count a reading is, whoever printed it."""

    id: Slug = Field(description="a stable name, used by indicators and readings")
    title: Title = Field(description="the office's name, in both languages")
