"""What the list of targets can be narrowed to and sorted by, named in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from targetwatch.evaluation import words
from targetwatch.model import DataState, Performance
from targetwatch.web.pages import listing
from targetwatch.web.pages.board import SORTS
from targetwatch.web.phrases import PHRASES

if TYPE_CHECKING:
    from targetwatch.web.pages.board import Board
    from targetwatch.web.pages.listing import Wanted

Options = tuple[tuple[str, str], ...]
FIELDS = {
    "status": "find_status",
    "programme": "find_programme",
    "owner": "find_owner",
    "data": "find_data",
    "when": "find_when",
    "sort": "find_sort",
    "look": "look_label",
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
    owners = tuple((one.id, one.name[language]) for one in board.owners)
    return Choices(
        status=tuple((one.value, words.LEADS[one][language]) for one in Performance),
        programme=programmes if len(programmes) > 1 else (),
        owner=owners if len(owners) > 1 else (),
        data=tuple((one.value, PHRASES[f"data_state_{one.value}"][language]) for one in DataState),
        when=tuple((one, PHRASES[f"when_{one}"][language]) for one in listing.WHEN),
        sort=tuple((one, PHRASES[f"sort_{one}"][language]) for one in SORTS),
    )


def unknown(wanted: Wanted, language: str) -> str:
    """Return what was asked for and means nothing, quoted with the name of its field."""
    comma = PHRASES["comma"][language]
    return comma.join(f"{PHRASES[FIELDS[name]][language]} “{said}”" for name, said in wanted.unknown)
