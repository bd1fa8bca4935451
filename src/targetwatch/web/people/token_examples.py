"""How a program uses a token: commands to be copied; the one that enters a figure is refused until it is given one."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING

from targetwatch.model import Measure, Scope

if TYPE_CHECKING:
    from starlette.requests import Request

    from targetwatch.web.backstage import Backstage
    from targetwatch.web.people.accounts_view import AccountView

PLACE = "$TOKEN"
"""What stands for a token that is not shown: a shell fills it in."""
VALUE = "VALUE"
"""No figure: a made-up one would be entered by whoever tries the command."""


def of(behind: Backstage, request: Request, view: AccountView, made: str) -> tuple[tuple[str, str], ...]:
    """Return (use, command) of what an account's token is good for, or what the one just `made` is."""
    site = behind.settings.external_url.rstrip("/") or str(request.base_url).rstrip("/")
    header = f'"Authorization: Bearer {made or PLACE}"'
    read = ("read", f"curl {shlex.quote(f'{site}/api/v1/targets')} \\\n  -H {header}")
    scopes = (view.tokens[0].scope,) if made and view.tokens else view.scopes
    if Scope.RECORD not in scopes:
        return (read,)
    entry = shlex.quote(json.dumps(_entry(behind), ensure_ascii=False))
    address = shlex.quote(f"{site}/api/v1/readings")
    body = f"  -H 'Content-Type: application/json' \\\n  -d {entry}"
    return (read, ("record", f"curl {address} \\\n  -H {header} \\\n{body}"))


def _entry(behind: Backstage) -> dict[str, str]:
    """Return a figure such as is entered here: of the first indicator that adds up."""
    catalogue = behind.holder.current.catalogue if behind.holder.current else None
    found = (
        [one for one in catalogue.indicators if one.measure is Measure.FLOW and not one.derivation] if catalogue else []
    )
    return {
        "indicator": found[0].id if found else "INDICATOR",
        "value": VALUE,
        "period": "2025-01..2025-06",
        "basis": "year_to_date",
        "published": "2025-07-17",
    }
