"""What the list of targets can be narrowed to and sorted by, named in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from targetwatch.model import DataState, Performance
from targetwatch.web.pages import listing
from targetwatch.web.pages.board import SORTS
from targetwatch.wording import terms
from targetwatch.wording.translation import N_, NC_, translator
from targetwatch.wording.verdict import PERFORMANCES

if TYPE_CHECKING:
    from targetwatch.web.pages.board import Board
    from targetwatch.web.pages.listing import Wanted

Options = tuple[tuple[str, str], ...]
FIELDS = {
    "status": N_("Status"),
    "programme": NC_("filter", "Programme"),
    "owner": N_("Answers for it"),
    "data": N_("Data"),
    "when": N_("Time"),
    "sort": N_("Sorted by"),
    "look": N_("Shown as"),
}

WHEN = {
    "heading": N_("From when, and why"),
    "running": N_("still running"),
    "over": N_("deadline passed"),
}
SORTING = {
    "programme": N_("programme"),
    "urgency": N_("urgency"),
    "deadline": N_("deadline"),
    "odds": N_("odds, longest first"),
    "name": N_("name"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """(value, name) of everything that can be chosen; of one programme or owner there is no choice."""

    status: Options
    programme: Options
    owner: Options
    data: Options
    when: Options
    sort: Options


def of(board: Board, language: str) -> Choices:
    """Return the choices over the targets of a board."""
    programmes = tuple((one.id, one.title[language]) for one in board.programmes)
    _ = translator(language)
    owners = tuple((one.id, one.name[language]) for one in board.owners)
    return Choices(
        status=tuple((one.value, _(PERFORMANCES[one])) for one in Performance),
        programme=programmes if len(programmes) > 1 else (),
        owner=owners if len(owners) > 1 else (),
        data=tuple((one.value, _(terms.DATA_STATES[one])) for one in DataState),
        when=tuple((one, _(WHEN[one])) for one in listing.WHEN),
        sort=tuple((one, _(SORTING[one])) for one in SORTS),
    )


def unknown(wanted: Wanted, language: str) -> str:
    """Return what was asked for and means nothing, quoted with the name of its field."""
    _ = translator(language)
    comma = _(", ")
    return comma.join(f"{_(FIELDS[name])} “{said}”" for name, said in wanted.unknown)
