"""Errors of ours as a person reads them: `pytest.raises` over the sentence, not over the code and its values."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from targetwatch.errors import TargetwatchError
from targetwatch.model.problem import Problem
from targetwatch.wording.problems import in_english, placed
from targetwatch.wording.translation import translator


@contextmanager
def raises(kind: type[TargetwatchError], match: str = "") -> Iterator[pytest.ExceptionInfo]:
    """Expect an error of `kind` whose English sentence has `match` in it."""
    with pytest.raises(kind) as caught:
        yield caught
    said = in_english(caught.value)
    assert re.search(match, said), f"'{match}' is not in: {said}"


def say(problem: Problem | None) -> str:
    """Return the English sentence of a problem after its place, "" for none."""
    return placed(problem, translator("en")) if problem is not None else ""
