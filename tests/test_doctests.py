"""The examples in the docstrings are true."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import targetwatch

SKIPPED = ("__main__", ".migrations.")
MODULES = sorted(
    found.name
    for found in pkgutil.walk_packages(targetwatch.__path__, "targetwatch.")
    if not any(part in f"{found.name}." for part in SKIPPED)
)


def test_there_are_examples_to_try():
    finder = doctest.DocTestFinder()
    examples = [test for name in MODULES for test in finder.find(importlib.import_module(name)) if test.examples]
    assert len(examples) > 10


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_are_true(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0
