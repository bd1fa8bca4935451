"""The body of an answer as JSON with exact numbers, or what it is instead."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Self

from targetwatch.errors import SourceError

if TYPE_CHECKING:
    from targetwatch.connectors.http import Answer


class Number(float):
    """A JSON number that remembers its digits: 28.30 is 28.30, not the nearest binary fraction."""

    digits: str

    def __new__(cls, digits: str) -> Self:
        """Return the number written as `digits`."""
        number = super().__new__(cls, digits)
        number.digits = digits
        return number


Number.__name__ = "float"  # JMESPath knows numbers by the name of their class


def document(answer: Answer, content_types: tuple[str, ...]) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Return the answer as JSON with exact numbers, or raise `SourceError` saying what it is instead."""
    stated = answer.headers.get("Content-Type", "")
    kind = stated.partition(";")[0].strip().casefold()
    json_kinds = {"application/json", "text/json", *(name.casefold() for name in content_types)}
    if kind not in json_kinds and not kind.endswith("+json"):
        said = f"says it is {kind}" if kind else "does not say what it is"
        raise SourceError(f"{said}, expected application/json; if it is JSON all the same, add it to content_types")
    if not answer.body.strip():
        raise SourceError("answers with nothing, expected JSON")
    charset = stated.casefold().partition("charset=")[2].partition(";")[0].strip(" \"'")
    try:
        text = answer.body.decode(charset or json.detect_encoding(answer.body)).removeprefix("\ufeff")
        return json.loads(text, parse_float=Number, parse_constant=_no_number)
    except LookupError as error:
        raise SourceError(f"says it is written in '{charset}', which is not known; expected utf-8") from error
    except UnicodeDecodeError as error:
        raise SourceError(f"is not {error.encoding} from byte {error.start} on, expected utf-8") from error
    except json.JSONDecodeError as error:
        cut = error.pos >= len(error.doc.rstrip()) or error.msg.startswith("Unterminated")
        what = "breaks off in the middle" if cut else f"is not JSON: {error.msg}"
        raise SourceError(f"{what}, at line {error.lineno}, column {error.colno}") from error
    except RecursionError as error:
        raise SourceError("is nested too deeply to be read") from error
    except ValueError as error:
        raise SourceError(f"is not JSON: {error}") from error


def _no_number(name: str) -> object:
    raise ValueError(f"{name} is no number")
