"""Errors of ours as a person reads them: `pytest.raises` over the sentence, not over the code and its values."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from targetwatch.errors import TargetwatchError
from targetwatch.wording.problems import in_english


@contextmanager
def raises(kind: type[TargetwatchError], match: str = "") -> Iterator[pytest.ExceptionInfo]:
    """Expect an error of `kind` whose English sentence has `match` in it."""
    with pytest.raises(kind) as caught:
        yield caught
    said = in_english(caught.value)
    assert re.search(match, said), f"'{match}' is not in: {said}"
