"""Between what stands by itself and its columns: nothing but translation, both ways without loss."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from targetwatch.model import (
    Indicator,
    Measure,
    Owner,
    Programme,
    Publisher,
    Release,
    Source,
    Text,
)

if TYPE_CHECKING:
    from targetwatch.store.tables import IndicatorRow, OwnerRow, ProgrammeRow, PublisherRow, SourceRow


def titled_columns(value: Programme | Publisher) -> dict[str, Any]:
    """Return the columns of a programme or a publisher."""
    return {"id": value.id, "title_en": value.title.en, "title_zh": value.title.zh}


def programme_of(row: ProgrammeRow) -> Programme:
    """Return the programme of a row."""
    return Programme(id=row.id, title=Text(row.title_en, row.title_zh), managed_by=row.managed_by)


def publisher_of(row: PublisherRow) -> Publisher:
    """Return the publisher of a row."""
    return Publisher(id=row.id, title=Text(row.title_en, row.title_zh), managed_by=row.managed_by)


def owner_columns(value: Owner) -> dict[str, Any]:
    """Return the columns of an owner."""
    return {
        "id": value.id,
        "name_en": value.name.en,
        "name_zh": value.name.zh,
        "email": value.email,
        "language": value.language,
    }


def owner_of(row: OwnerRow) -> Owner:
    """Return the owner of a row."""
    return Owner(
        id=row.id,
        name=Text(row.name_en, row.name_zh),
        email=row.email,
        language=cast(Any, row.language),
        managed_by=row.managed_by,
    )


def source_columns(value: Source) -> dict[str, Any]:
    """Return the columns of a source."""
    return {
        "id": value.id,
        "kind": value.kind,
        "schedule": value.schedule,
        "options": dict(value.options),
        "enabled": value.enabled,
    }


def source_of(row: SourceRow) -> Source:
    """Return the source of a row."""
    return Source(
        id=row.id,
        kind=row.kind,
        schedule=row.schedule,
        options=row.options,
        enabled=row.enabled,
        managed_by=row.managed_by,
    )


def indicator_columns(value: Indicator) -> dict[str, Any]:
    """Return the columns of an indicator."""
    derivation = value.derivation
    return {
        "id": value.id,
        "title_en": value.title.en,
        "title_zh": value.title.zh,
        "measure": value.measure.value,
        "unit": value.unit,
        "unit_label_en": value.unit_label.en,
        "unit_label_zh": value.unit_label.zh,
        "scope_en": value.scope.en,
        "scope_zh": value.scope.zh,
        "authority": value.authority,
        "release_every": value.release.every,
        "release_lag_days": value.release.lag,
        "release_grace_days": value.release.grace,
        "release_calendar": value.release.calendar,
        "release_january_with_february": value.release.january_with_february,
        "lowest": value.lowest,
        "highest": value.highest,
        "derivation_kind": derivation.kind.value if derivation else None,
        "derivation_of": list(derivation.of) if derivation else [],
        "derivation_base": derivation.base if derivation else None,
        "derivation_base_on": derivation.base_on if derivation else None,
        "note_en": value.note.en,
        "note_zh": value.note.zh,
    }


def indicator_of(row: IndicatorRow) -> Indicator:
    """Return the indicator of a row."""
    of = tuple(row.derivation_of)
    rule: dict[str, Any] = {}
    if row.derivation_kind is not None:
        rule[row.derivation_kind] = of if row.derivation_kind == "ratio" else of[0]
    return Indicator(
        id=row.id,
        title=Text(row.title_en, row.title_zh),
        measure=Measure(row.measure),
        unit=row.unit,
        unit_label=Text(row.unit_label_en, row.unit_label_zh),
        scope=Text(row.scope_en, row.scope_zh),
        authority=row.authority,
        release=Release(
            every=cast(Any, row.release_every),
            lag=row.release_lag_days,
            grace=row.release_grace_days,
            calendar=row.release_calendar,
            january_with_february=row.release_january_with_february,
        ),
        lowest=row.lowest,
        highest=row.highest,
        base=row.derivation_base,
        base_on=row.derivation_base_on,
        note=Text(row.note_en, row.note_zh),
        managed_by=row.managed_by,
        **rule,
    )
