"""Whatever stands in a file, `check` returns a catalogue or says what is wrong with it, and nothing else happens."""

from __future__ import annotations

import random
import re
import tempfile
from copy import deepcopy
from pathlib import Path

from config_examples import SOURCES
from hypothesis import given, settings
from hypothesis import strategies as st

from targetwatch.configuration import check
from targetwatch.configuration.yaml import read_document, yaml_text
from targetwatch.errors import ConfigError
from targetwatch.model import Catalogue

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "configuration.md").read_text()
SEEDS = [text for text in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL) if "sources:" not in text]
KEYS = sorted(set(re.findall(r"(\w+):", "".join(SEEDS))))
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.sampled_from(["2025-02-30", "2025-12-31", "-60%", "31d", "complete", "baseline", "", "zh", "volume", "1,000"])
    | st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS) | st.just("id"), inner, max_size=4)
    ),
    max_leaves=8,
)


def parsed(text):
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "seed.yaml"
        path.write_text(text)
        return read_document(path).data


TREES = [parsed(text) for text in SEEDS]


def places(value, path=()):
    """Return the path of every value below the top."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for key, below in inner for place in ((*path, key), *places(below, (*path, key)))]


def mutated(tree, choose, values):
    tree = deepcopy(tree)
    for new in values:
        spots = places(tree)
        if not spots:
            return tree
        *way, last = choose.choice(spots)
        holder = tree
        for key in way:
            holder = holder[key]
        action = choose.randrange(4)
        if action == 0:
            del holder[last]
        elif action == 1 and isinstance(holder, dict):
            holder[choose.choice(KEYS)] = new
        else:
            holder[last] = new
    return tree


def checked(files):
    with tempfile.TemporaryDirectory() as place:
        for name, data in files.items():
            (Path(place) / name).write_bytes(data)
        try:
            return check(place, environment={})
        except ConfigError as error:
            problems = error.problems
        assert problems
        for problem in problems:
            assert problem.file.startswith(place)
            assert problem.code
            assert "\n" not in str(problem)
        return None


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(TREES), st.integers(0, 2**32), st.lists(VALUES, min_size=1, max_size=4))
def test_a_damaged_configuration_is_refused_in_words(tree, seed, values):
    data = yaml_text(mutated(tree, random.Random(seed), values)).encode()
    assert isinstance(checked({"targets.yaml": data}), Catalogue | None)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.lists(VALUES, min_size=1, max_size=3))
def test_damaged_sources_are_refused_in_words(seed, values):
    data = yaml_text(mutated(parsed(SOURCES), random.Random(seed), values)).encode()
    assert isinstance(checked({"targets.yaml": b"version: 1\n", "sources.yaml": data}), Catalogue | None)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(SEEDS), st.data())
def test_a_file_torn_or_overwritten_anywhere_is_refused_in_words(text, data):
    raw = bytearray(text.encode())
    start = data.draw(st.integers(0, len(raw)))
    length = data.draw(st.integers(0, 40))
    raw[start : start + length] = data.draw(st.binary(max_size=12))
    assert isinstance(checked({"targets.yaml": bytes(raw)}), Catalogue | None)


def test_a_written_tree_is_read_back_as_it_was():
    for tree in TREES:
        assert parsed(yaml_text(tree)) == tree
