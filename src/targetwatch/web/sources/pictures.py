"""How a document looked when it was last good beside how it looks now, feature by feature."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from targetwatch.wording.translation import N_, NC_

LABELS = {
    "title": NC_("picture", "Title"),
    "anchors": N_("Words '{name}'"),
    "columns": N_("Column '{name}'"),
    "order": N_("Columns in order"),
    "above": N_("Words above the lines"),
    "units": N_("Unit of {name}"),
    "printed": N_("Units printed"),
    "series": N_("Figures of {name}"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """One thing that can be seen of a document, before and now; `name` says which of its kind."""

    label: str
    name: str
    before: str
    now: str

    @property
    def differs(self) -> bool:
        """Return whether it has changed."""
        return self.before != self.now


def side_by_side(
    before: Mapping[str, Mapping[str, Any]], now: Mapping[str, Mapping[str, Any]]
) -> Iterator[tuple[str, tuple[Feature, ...]]]:
    """Give each document by its name with its features; a new one stands beside the last one known."""
    last: Mapping[str, Any] = [*before.values()][-1] if before else {}
    for document, picture in now.items():
        old, new = dict(_features(before.get(document, last))), dict(_features(picture))
        yield (
            document,
            tuple(
                Feature(label=LABELS[kind], name=name, before=old.get((kind, name), ""), now=new.get((kind, name), ""))
                for kind, name in sorted({*old, *new}, key=lambda key: (list(LABELS).index(key[0]), key[1]))
            ),
        )


def _features(picture: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str], str]]:
    for kind in LABELS:
        said = picture.get(kind)
        if kind == "series":
            for name, one in (said or {}).items():
                yield (kind, name), f"{one['count']} ({one['first']}..{one['last']})"
        elif isinstance(said, dict):
            yield from (((kind, name), str(text)) for name, text in said.items())
        elif said:
            yield (kind, ""), said if isinstance(said, str) else ", ".join(said)
