"""Sources as they stand in the file: by which channel readings reach us, and when it is asked."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from targetwatch.configfile.scalars import Slug, shown
from targetwatch.configfile.text_forms import Form, Words
from targetwatch.quantity.crontab import crontab_problem
from targetwatch.wording.problems import sentence
from targetwatch.wording.translation import translator


def _crontab(raw: object) -> str:
    if not isinstance(raw, str):
        raise ValueError(f"{shown(raw)} is not a crontab line, expected five fields in quotes such as '0 9 * * *'")  # noqa: TRY004
    if problem := crontab_problem(raw):
        raise ValueError(sentence(problem, translator("en")))
    return " ".join(raw.split())


Crontab = Annotated[str, BeforeValidator(_crontab), WithJsonSchema({"type": "string", "examples": ["0 9 * * *"]})]


class SourceForm(Form):
    """One channel: a connector kind, its options, and a crontab schedule."""

    id: Slug = Field(description="a stable name, used by readings, runs and metrics")
    kind: Words = Field(description="the connector that reads it")
    schedule: Crontab | None = Field(
        None, description="when it is read: minute hour day month weekday; only by hand if left out"
    )
    enabled: bool = Field(default=True, description="false keeps it in the file without reading it")
    options: dict[str, object] = Field({}, description="the connector's own options; values may hold ${VARIABLE}")


class SourcesFile(Form):
    """`sources.yaml`: where the readings come from."""

    version: Literal[1] = Field(description="the version of this file's shape")
    sources: list[SourceForm] = Field([], description="the channels")
