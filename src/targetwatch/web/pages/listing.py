"""What a reader asks of the list of targets, all of it in the address: filters, words to find, order, page."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Query

from targetwatch.model import DataState, Performance
from targetwatch.web.pages.board import SORTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from targetwatch.model import Owner, Programme
    from targetwatch.web.pages.board import Board, Row

PAGE_ROWS = 50
LONGEST_WORDS = 200
FAR_PAGE = 1_000_000
WHEN = ("running", "over")
LOOKS = ("cards", "table")
FILTERS = ("q", "status", "programme", "owner", "data", "when")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What was asked for; "" is everything. `unknown` are the values that mean nothing here, quoted back."""

    q: str = ""
    status: str = ""
    programme: str = ""
    owner: str = ""
    data: str = ""
    when: str = ""
    sort: str = SORTS[0]
    look: str = LOOKS[0]
    page: int = 1
    unknown: tuple[tuple[str, str], ...] = ()

    @property
    def filters(self) -> int:
        """Return how many filters narrow the list."""
        return sum(1 for name in FILTERS if getattr(self, name))

    def parameters(self) -> dict[str, str]:
        """Return what the address has to say to ask the same again; nothing of what goes without saying."""
        said = {name: getattr(self, name) for name in FILTERS}
        said["sort"] = "" if self.sort == SORTS[0] else self.sort
        said["look"] = "" if self.look == LOOKS[0] else self.look
        said["page"] = str(self.page) if self.page > 1 else ""
        return {name: value for name, value in said.items() if value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The page of the list that was asked for."""

    wanted: Wanted
    rows: tuple[Row, ...]
    total: int
    pages: int
    kept: Mapping[str, str] = field(default_factory=dict)

    @property
    def first(self) -> int:
        """Return the number of the first row shown, from 1."""
        return (self.wanted.page - 1) * PAGE_ROWS + 1

    @property
    def last(self) -> int:
        """Return the number of the last row shown."""
        return self.first + len(self.rows) - 1

    def alone(self, **filters: object) -> str:
        """Return the query that asks for these filters only, in the same order and look."""
        return self.address(**dict.fromkeys(FILTERS, "") | filters)

    def address(self, **changes: object) -> str:
        """Return the query that asks the same with something changed, from the first page, at the same moment."""
        said = replace(self.wanted, **{"page": 1} | changes).parameters()  # type: ignore[arg-type]
        query = urlencode({**said, **self.kept})
        return f"?{query}" if query else "?"


def asked(  # noqa: PLR0917 - the parameters of the address, each with its name
    q: Annotated[str, Query()] = "",
    status: Annotated[str, Query()] = "",
    programme: Annotated[str, Query()] = "",
    owner: Annotated[str, Query()] = "",
    data: Annotated[str, Query()] = "",
    when: Annotated[str, Query()] = "",
    sort: Annotated[str, Query()] = "",
    look: Annotated[str, Query()] = "",
    page: Annotated[str, Query()] = "",
) -> Wanted:
    """Return what a request asks; a number of a page that is none is the first."""
    return Wanted(
        q=" ".join(q.split())[:LONGEST_WORDS],
        status=status.strip(),
        programme=programme.strip(),
        owner=owner.strip(),
        data=data.strip(),
        when=when.strip(),
        sort=sort.strip() or SORTS[0],
        look=look.strip() or LOOKS[0],
        page=min(int(page), FAR_PAGE) if page.isascii() and page.isdigit() and len(page) < len(str(FAR_PAGE)) else 1,
    )


Asking = Annotated[Wanted, Depends(asked)]


def find(board: Board, wanted: Wanted, *, kept: Mapping[str, str], language: str) -> Found:
    """Return the page asked for; a page beyond the last is the last, an unknown filter is left out and said."""
    wanted = _known(wanted, board)
    rows = board.ordered(wanted.sort, language)
    if wanted.filters:
        rows = tuple(row for row in rows if _matches(row, wanted))
    pages = max(1, -(-len(rows) // PAGE_ROWS))
    page = min(max(1, wanted.page), pages)
    shown = rows[(page - 1) * PAGE_ROWS : page * PAGE_ROWS]
    return Found(wanted=replace(wanted, page=page), rows=shown, total=len(rows), pages=pages, kept=kept)


def _known(wanted: Wanted, board: Board) -> Wanted:
    """Return what was asked without what means nothing, which is named."""
    allowed: dict[str, tuple[Sequence[str], str]] = {
        "status": ([one.value for one in Performance], ""),
        "programme": (_names(board.programmes), ""),
        "owner": (_names(board.owners), ""),
        "data": ([one.value for one in DataState], ""),
        "when": (WHEN, ""),
        "sort": (SORTS, SORTS[0]),
        "look": (LOOKS, LOOKS[0]),
    }
    unknown: list[tuple[str, str]] = []
    changes: dict[str, Any] = {}
    for name, (values, otherwise) in allowed.items():
        said = getattr(wanted, name)
        if said and said not in values:
            unknown.append((name, said[:LONGEST_WORDS]))
            changes[name] = otherwise
    return replace(wanted, unknown=tuple(unknown), **changes) if unknown else wanted


def _names(things: Sequence[Programme] | Sequence[Owner]) -> list[str]:
    return [thing.id for thing in things]


def _matches(row: Row, wanted: Wanted) -> bool:
    if wanted.status and row.verdict.performance.value != wanted.status:
        return False
    if wanted.programme and row.target.programme != wanted.programme:
        return False
    if wanted.owner and row.target.owner.id != wanted.owner:
        return False
    if wanted.data and row.verdict.data_state.value != wanted.data:
        return False
    if wanted.when and row.running != (wanted.when == "running"):
        return False
    return not wanted.q or all(word in row.words for word in wanted.q.casefold().split())
