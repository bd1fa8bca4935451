"""What was typed and could not be taken, the session being over: it goes along to sign in, and can then be sent again.

Nothing is kept here: it travels in the pages themselves. Files and passwords do not travel.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.datastructures import UploadFile

from targetwatch.web import forms, render
from targetwatch.web.headers import TooLargeError
from targetwatch.web.running import running_service
from targetwatch.wording import figure_fields, terms
from targetwatch.wording.translation import N_, NC_, translator

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request
    from starlette.responses import Response

    from targetwatch.web.forms import Filled

FIELD = "unsent"
LABELS = (
    terms.FIELDS
    | figure_fields.LABELS
    | {
        "name": NC_("account", "Name"),
        "title": N_("Who they are"),
        "email": N_("E-mail"),
        "language": N_("Language of the mail"),
        "days": N_("For how many days"),
        "scope": N_("What it may do"),
        "why": N_("Why it is corrected"),
        "text": N_("What you typed"),
        "yaml": N_("What you typed"),
    }
)
"""What the fields are called in which something is typed."""
CHOSEN = {
    "qualifier",
    "publisher",
    "provisional",
    "goal.comparator",
    "plan",
    "role",
    "look",
    "save",
}
"""What was chosen from a list, or is a button: their values are names of the program's."""
MOST_BYTES = 600 * 1024
"""What fits the way to sign in when each byte is written as three."""


@dataclass(frozen=True, slots=True)
class Unsent:
    """The texts of a form by field, in order; `left` names the files that stay behind, `too_much` when all does."""

    texts: tuple[tuple[str, str], ...] = ()
    left: tuple[str, ...] = ()
    too_much: bool = False

    def __bool__(self) -> bool:
        return bool(self.texts or self.left)

    @property
    def packed(self) -> str:
        """Return it as the text of one field."""
        return json.dumps({"texts": self.texts, "left": self.left}, ensure_ascii=False, separators=(",", ":"))

    def shown(self, chosen: str, titles: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
        """Return what a person would recognise, as (label, text): the fields that were typed into.

        Indicators are named by their `titles`, by id.
        """
        words = {
            "indicator": titles,
            "basis": {one: translator(chosen)(said) for one, said in terms.BASIS_CHOICES.items()},
        }
        told = (
            (_label(name, chosen), words.get(name, {}).get(text, text)) for name, text in self.texts if text.strip()
        )
        return tuple((label, text) for label, text in told if label)


NOTHING = Unsent()


def _label(name: str, chosen: str) -> str:
    """Return what a field is called on its page; "" for what nobody typed: marks of the page, choices from a list."""
    plain = re.sub(r"_[0-9]+$|\.[0-9]+(?=\.)", "", name)
    if plain in CHOSEN or plain not in LABELS:
        return ""
    return translator(chosen)(LABELS[plain]).partition("{")[0].strip(" （(")


async def collect(request: Request) -> Unsent:
    """Return what a form brought that could not be taken; nothing unless it surely was a form of ours.

    A page of another site could otherwise have its own words taken along and sent by whoever signs in.
    """
    if request.method != "POST" or not forms.surely_of_this_site(request):
        return NOTHING
    try:
        form = await request.form(**forms.MOST)
    except TooLargeError:
        return Unsent(too_much=True)
    await form.close()  # the texts stay, and the names of the files
    pairs, left = [], []
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            left += [value.filename] if value.filename else []
        elif name != forms.TOKEN and "password" not in name:
            pairs.append((name, value))
    found = Unsent(tuple(pairs), tuple(left))
    return found if len(found.packed.encode()) <= MOST_BYTES else Unsent(too_much=True)


def read(posted: Filled) -> Unsent:
    """Return what the form to sign in takes along; nothing when it has been tampered with."""
    try:
        said = json.loads(posted.values.get(FIELD, ""))
        texts = tuple((name, text) for name, text in said["texts"])
        left = tuple(said["left"])
        "".join([*(word for pair in texts for word in pair), *left]).encode()  # half a surrogate pair is no text
    except (ValueError, TypeError, KeyError, RecursionError):
        return NOTHING
    return Unsent(texts, left)


def offer(request: Request, path: str, unsent: Unsent, *, status: int = 200) -> Response:
    """Return the page that sends what was typed to where it was going, by one click and with a token that is good."""
    language, current = render.language_of(request), running_service(request).holder.current
    indicators = current.catalogue.indicators if current else ()
    shown = unsent.shown(language, {one.id: one.title[language] for one in indicators})
    return render.form(request, "send-again.html", status=status, path=path, unsent=unsent, shown=shown)
