"""Every message of templates and code is in every catalogue, translated, and nothing else is."""

from __future__ import annotations

from string import Formatter

import pytest

import messages
from targetwatch.model import Basis, DataState, Measure, Qualifier, Role, Scope
from targetwatch.wording import terms
from targetwatch.wording.translation import LANGUAGES, N_, NC_, translator


@pytest.fixture(scope="module")
def extracted():
    return messages.extracted()


@pytest.fixture(params=messages.paths().values(), ids=messages.paths())
def path(request):
    return request.param


def test_every_language_but_that_of_the_messages_has_a_catalogue():
    assert {*messages.paths()} == {*LANGUAGES[1:]}


@pytest.mark.slow
def test_a_catalogue_holds_the_messages_of_templates_and_code_as_the_tools_write_them(path, extracted):
    kept = {(one.context, one.id) for one in messages.read(path) if one.id}
    there = {(one.context, one.id) for one in extracted if one.id}
    assert there - kept == set(), "run: make messages, then translate"
    assert kept - there == set(), "run: make messages"
    assert path.read_text(encoding="utf-8") == messages.updated(path, extracted), "run: make messages"


def test_every_message_is_translated_with_the_same_placeholders(path):
    for one in messages.read(path):
        if one.id:
            assert one.string.strip(), f"{one.id!r} has no translation"
            assert not one.fuzzy, f"{one.id!r} is marked fuzzy"
            assert placeholders(one.id) == placeholders(one.string), one.id


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize(
    ("table", "values"),
    [
        (terms.BASES, Basis),
        (terms.BASIS_CHOICES, Basis),
        (terms.BASIS_NAMES, Basis),
        (terms.MEASURES, Measure),
        (terms.MEASURE_NAMES, Measure),
        (terms.QUALIFIER_NAMES, Qualifier),
        (terms.DATA_STATES, DataState),
        (terms.QUALIFIERS, Qualifier),
        (terms.ROLES, Role),
        (terms.SCOPES, Scope),
        (terms.LANGUAGES, LANGUAGES),
    ],
)
def test_every_value_of_a_closed_list_is_called_something(table, values):
    assert [*table] == [str(one) for one in values]


def test_a_message_is_said_in_the_language_and_filled_in():
    assert translator("en")("version {number}", number=2) == "version 2"
    assert translator("zh")("version {number}", number=2) == "第2版"
    assert translator("zh")("version {number}") == "第{number}版"


def test_the_same_english_is_said_in_two_ways_by_its_context():
    zh, en = translator("zh"), translator("en")
    assert (zh("Name"), zh.context("account", "Name")) == ("名称", "用户名")
    assert (en.context("account", "Name"), en(NC_("account", "Name")), en(N_("Name"))) == ("Name", "Name", "Name")
