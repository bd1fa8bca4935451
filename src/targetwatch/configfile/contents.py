"""What the two files hold, entry by entry, and the names each kind of thing is known by."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from pydantic import Field

from targetwatch.configfile.document import Document
from targetwatch.configfile.entries import Entry, entries, sections
from targetwatch.configfile.indicator_forms import DerivedForm, IndicatorForm
from targetwatch.configfile.source_forms import SourceForm, SourcesFile
from targetwatch.configfile.target_forms import TargetForm
from targetwatch.configfile.text_forms import Form, OwnerForm, ProgrammeForm, PublisherForm


class TargetsFile(Form):
    """`targets.yaml`: what is measured, what was promised, who answers for it."""

    version: Literal[1] = Field(description="the version of this file's shape")
    programmes: list[ProgrammeForm] = Field([], description="headings that targets stand under")
    publishers: list[PublisherForm] = Field([], description="whose counts the readings are")
    owners: list[OwnerForm] = Field([], description="who answers for targets, where several share one")
    indicators: list[IndicatorForm] = Field([], description="what is measured")
    derived: list[DerivedForm] = Field([], description="indicators computed from others")
    targets: list[TargetForm] = Field([], description="what was promised")


@dataclass(slots=True)
class Contents:
    """Every entry of both files, as whole as it could be read."""

    programmes: list[Entry[ProgrammeForm]] = field(default_factory=list)
    publishers: list[Entry[PublisherForm]] = field(default_factory=list)
    owners: list[Entry[OwnerForm]] = field(default_factory=list)
    indicators: list[Entry[IndicatorForm]] = field(default_factory=list)
    derived: list[Entry[DerivedForm]] = field(default_factory=list)
    targets: list[Entry[TargetForm]] = field(default_factory=list)
    sources: list[Entry[SourceForm]] = field(default_factory=list)


def contents_of(targets: Document, sources: Document | None) -> Contents:
    """Return the entries of the files, after noting in each document what is wrong with them one by one."""
    found = Contents()
    listed = sections(targets, TargetsFile)
    found.programmes = entries(targets, "programmes", listed.get("programmes"), kind="programme", form=ProgrammeForm)
    found.publishers = entries(targets, "publishers", listed.get("publishers"), kind="publisher", form=PublisherForm)
    found.owners = entries(targets, "owners", listed.get("owners"), kind="owner", form=OwnerForm)
    found.indicators = entries(targets, "indicators", listed.get("indicators"), kind="indicator", form=IndicatorForm)
    found.derived = entries(targets, "derived", listed.get("derived"), kind="derived indicator", form=DerivedForm)
    found.targets = entries(targets, "targets", listed.get("targets"), kind="target", form=TargetForm)
    if sources is not None:
        listed = sections(sources, SourcesFile)
        found.sources = entries(sources, "sources", listed.get("sources"), kind="source", form=SourceForm)
    return found


def ids(*groups: Iterable[Entry[Form]]) -> list[str]:
    """Return the ids that entries are known by, those of entries with other faults included."""
    return [name for group in groups for entry in group if (name := id_of(entry)) is not None]


def id_of(entry: Entry[Form]) -> str | None:
    """Return the entry's id when it has a valid one."""
    name: str | None = getattr(entry.form, "id", None)
    return name


def note_duplicates(*groups: Iterable[Entry[Form]]) -> None:
    """Note every id that an earlier entry of the same groups has already."""
    seen: dict[str, Entry[Form]] = {}
    for group in groups:
        for entry in group:
            name = id_of(entry)
            if name is None:
                continue
            if name in seen:
                first = seen[name]
                entry.add(
                    f"'{name}' is the id of the {first.kind} in line {first.line()}, expected a different one", "id"
                )
            else:
                seen[name] = entry
