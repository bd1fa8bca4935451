"""Owners, written once under `owners` or in the targets themselves; one id is one owner everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from targetwatch.configfile.problems import unknown
from targetwatch.configfile.scalars import slug_of
from targetwatch.configfile.text_forms import OwnerForm
from targetwatch.configfile.words import text
from targetwatch.model import Owner

if TYPE_CHECKING:
    from collections.abc import Iterable

    from targetwatch.configfile.entries import Entry
    from targetwatch.configfile.target_forms import TargetForm


def owner_id(form: OwnerForm) -> str:
    """Return the owner's id, made from the English name where none is given; empty when that leaves nothing."""
    return form.id or (slug_of(text(form.name).en) if form.name is not None else "")


def owner(form: OwnerForm) -> Owner:
    """Return the owner that a form describes."""
    return Owner(id=owner_id(form), name=text(form.name), email=form.email or "", language=form.language)


class Owners:
    """The owners met so far, by id, with the line that describes each."""

    def __init__(self, listed: Iterable[Entry[OwnerForm]]) -> None:
        self._known: dict[str, tuple[Owner, int]] = {}
        for entry in listed:
            name = owner_id(entry.form)
            if not name:
                _note_nameless(entry, entry.form, ())
            elif name in self._known:
                line = self._known[name][1]
                entry.add(f"'{name}' is the id of the owner in line {line}, expected a different one", "id")
            else:
                self._known[name] = (owner(entry.form), entry.line())
        self._listed = list(self._known)

    def check(self, entry: Entry[TargetForm]) -> None:
        """Note an owner that is not known, or that is described differently elsewhere; remember one written here."""
        form = entry.form.owner
        if isinstance(form, str):
            if form not in self._listed:
                entry.add(unknown(form, "owner", self._listed), "owner")
            return
        name = owner_id(form)
        if not name:
            _note_nameless(entry, form, ("owner",))
            return
        known = self._known.setdefault(name, (owner(form), entry.document.line((*entry.path, "owner"))))
        if known[0] != owner(form):
            what = (
                f"'{name}' is described differently in line {known[1]}, expected it once under owners: and its id here"
            )
            entry.add(what, "owner")


def _note_nameless(entry: Entry[OwnerForm] | Entry[TargetForm], form: OwnerForm, keys: tuple[str, ...]) -> None:
    if form.name is not None:
        entry.add("missing, expected one, since none can be made from a name without Latin letters", *keys, "id")
