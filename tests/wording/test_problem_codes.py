"""Every code that is raised has a sentence, and every sentence a place that raises it."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

import targetwatch
from targetwatch import errors, wording
from targetwatch.wording.problems import IN_FIELD, REASONS, SENTENCES

SOURCE = Path(targetwatch.__file__).parent
TABLES = Path(wording.__file__).parent
KNOWN = {**SENTENCES, **IN_FIELD, **REASONS}
RAISING = {"Problem", "refuse"} | {name for name in vars(errors) if name.endswith("Error")}
TAKE_NO_CODE = {"NotFoundError", "ConfigError"}
"""What these are made of is a name, or problems."""


@cache
def trees() -> dict[str, ast.Module]:
    paths = (path for path in SOURCE.rglob("*.py") if path.parent != TABLES and "migrations" not in path.parts)
    return {str(path.relative_to(SOURCE)): ast.parse(path.read_text(encoding="utf-8")) for path in sorted(paths)}


def raised() -> dict[str, str]:
    """Return the codes that a problem or an error is made with, or the pattern of one put together, by their place."""
    kinds = RAISING | {
        node.name
        for tree in trees().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and any(getattr(base, "id", "") in RAISING for base in node.bases)
    }
    found = {}
    for place, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in kinds - TAKE_NO_CODE and node.args:
                match node.args[0]:
                    case ast.Constant(value=str(code)):
                        found[f"{place}:{node.lineno}"] = re.escape(code)
                    case ast.JoinedStr() as put_together:
                        found[f"{place}:{node.lineno}"] = pattern(put_together)
    return found


def pattern(text: ast.JoinedStr) -> str:
    return "".join(re.escape(part.value) if isinstance(part, ast.Constant) else "[a-z0-9_]*" for part in text.values)


@pytest.mark.slow
def test_every_code_that_is_raised_has_a_sentence():
    unsaid = [
        f"{place}: {code}" for place, code in raised().items() if not any(re.fullmatch(code, known) for known in KNOWN)
    ]
    assert not unsaid, "prose, or a code without its sentence in wording/*_problems.py"


@pytest.mark.slow
def test_every_sentence_is_of_a_code_that_is_raised():
    nodes = [node for tree in trees().values() for node in ast.walk(tree)]
    written = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    together = {pattern(node) for node in nodes if isinstance(node, ast.JoinedStr)} - {"[a-z0-9_]*"}
    idle = [code for code in KNOWN if code not in written and not any(re.fullmatch(one, code) for one in together)]
    assert not idle
