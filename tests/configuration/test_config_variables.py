"""${VARIABLE} in the options of a source."""

from __future__ import annotations

import pytest

from targetwatch.configuration import check, expand
from targetwatch.errors import SourceError
from targetwatch.model import Source
from targetwatch.wording.problems import in_english

SOURCE = Source(
    id="board",
    kind="http_json",
    options={"url": "https://${HOST}/x", "headers": {"Authorization": "Bearer ${TOKEN}"}, "list": ["$${HOST}", 5]},
)


def test_expand_fills_in_every_variable_and_leaves_the_source_as_it_was():
    filled = expand(SOURCE, {"HOST": "example.org", "TOKEN": "s3cret", "OTHER": "x"})
    assert filled.options == {
        "url": "https://example.org/x",
        "headers": {"Authorization": "Bearer s3cret"},
        "list": ["${HOST}", 5],
    }
    assert SOURCE.options["url"] == "https://${HOST}/x"


def test_a_variable_that_is_not_set_is_named_and_no_value_is_shown():
    with pytest.raises(SourceError) as caught:
        expand(SOURCE, {"HOST": "hidden.example.org"})
    assert in_english(caught.value) == "source 'board': ${TOKEN} not set, expected in the environment of targetwatch"


def test_a_value_that_looks_like_a_variable_is_not_filled_in_again():
    assert expand(Source(id="a", kind="k", options={"x": "${A}"}), {"A": "${B}", "B": "no"}).options == {"x": "${B}"}


def test_the_catalogue_holds_sources_as_they_are_written(write):
    text = (
        "version: 1\nsources:\n  - {id: board, kind: csv_file, options: {path: '${READINGS}/x.csv', delimiter: ';'}}\n"
    )
    (source,) = check(write(sources=text), environment={"READINGS": "/srv/readings"}).sources
    assert source.options == {"path": "${READINGS}/x.csv", "delimiter": ";"}


def test_a_source_made_on_the_web_uses_only_the_variables_named_for_it():
    made = Source(id="web", kind="k", options={"x": "${KEY}", "y": "${HOME}"}, managed_by="web")
    environment = {"KEY": "s3cret", "HOME": "/root"}
    with pytest.raises(SourceError) as caught:
        expand(made, environment, on_web=["KEY"])
    assert in_english(caught.value) == (
        "source 'web': ${HOME} may not be used by a source made on the web (TARGETWATCH_SOURCE_VARIABLES)"
    )
    assert expand(made, environment, on_web=["KEY", "HOME"]).options == {"x": "s3cret", "y": "/root"}
    with pytest.raises(SourceError):
        expand(made, environment)
