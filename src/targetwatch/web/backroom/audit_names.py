"""What the things of a catalogue are called in a sentence of the audit trail; one that is gone is called by its id."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from targetwatch.model import Basis
from targetwatch.wording import terms
from targetwatch.wording.translation import N_, translator

if TYPE_CHECKING:
    from targetwatch.model import Catalogue, Indicator, Reading, Target, Text
    from targetwatch.store.audit import AuditEntry
    from targetwatch.web.formats import Formats


@dataclass(slots=True)
class Names:
    """The names of one catalogue in the language of `formats`."""

    formats: Formats
    catalogue: Catalogue
    indicators: dict[str, Indicator] = field(init=False)
    targets: dict[str, Target] = field(init=False)
    _titles: dict[tuple[str, str], Text] = field(init=False)

    def __post_init__(self) -> None:
        known = self.catalogue
        self.indicators = {one.id: one for one in known.indicators}
        self.targets = {one.id: one for one in known.targets}
        self._titles = {
            **{("target", one.id): one.title for one in known.targets},
            **{("indicator", one.id): one.title for one in known.indicators},
            **{("programme", one.id): one.title for one in known.programmes},
            **{("publisher", one.id): one.title for one in known.publishers},
            **{("owner", one.owner.id): one.owner.name for one in known.targets},
        }

    def title(self, kind: str, name: str) -> str:
        """Return what a thing of that id is called now."""
        known = self._titles.get((kind, name))
        return known[self.formats.language] if known else name

    def kind(self, kind: str) -> str:
        """Return what a kind of object is called."""
        return translator(self.formats.language)(terms.KINDS[kind]) if kind in terms.KINDS else kind

    def object_of(self, entry: AuditEntry) -> str:
        """Return what the object of an entry is called, now or in the entry itself."""
        known = self.title(entry.kind, entry.object)
        if known != entry.object:
            return known
        columns = {**(entry.old or {}), **(entry.new or {})}
        for stem in ("title", "name"):
            for language in (self.formats.language, "en", "zh"):
                if said := columns.get(f"{stem}.{language}") or columns.get(f"{stem}_{language}"):
                    return str(said)
        return entry.object

    def reading(self, reading: Reading | None, number: int) -> str:
        """Return a reading in a few words; its number when it is not there to be told of."""
        _ = translator(self.formats.language)
        if reading is None:
            return _("figure no. {number}", number=number)
        indicator = self.indicators.get(reading.indicator)
        value = f"{reading.value:,f}" if indicator is None else self.formats.stated(reading, indicator)
        if reading.basis is Basis.EVENT:
            value = reading.step or value
        key = (
            N_("{indicator}, {value}, {period} ({basis}), published {day}")
            if reading.published_on
            else N_("{indicator}, {value}, {period} ({basis})")
        )
        return _(
            key,
            indicator=self.title("indicator", reading.indicator),
            value=value,
            period=self.formats.period(reading.period),
            basis=_(terms.BASES[reading.basis]),
            day=self.formats.day(reading.published_on),
        )
