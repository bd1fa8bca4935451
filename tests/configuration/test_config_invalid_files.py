"""Every bad configuration is a file with the exact sentences it must print in its first lines."""

from __future__ import annotations

from pathlib import Path

import pytest

CORPUS = sorted((Path(__file__).parent.parent / "data" / "invalid").glob("*.yaml"))
ENVIRONMENT = {"HOST_NOT_A_URL": "hunter2-value"}
SECRETS = ("s3cret-value", "hunter2-value")
FEWEST_FILES = 110


def expected(path: Path) -> list[str]:
    lines = path.read_bytes().decode("utf-8", "replace").splitlines()
    return [line.removeprefix("# expect: ") for line in lines if line.startswith("# expect: ")]


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_an_invalid_file_prints_exactly_its_sentences(path, refusal):
    raw = path.read_bytes()
    if path.name.startswith("sources-"):
        said = refusal("version: 1\n", raw, ENVIRONMENT)
    else:
        said = refusal(raw, None, ENVIRONMENT)
    assert said == expected(path)
    assert not any(secret in sentence for sentence in said for secret in SECRETS)


def test_the_corpus_is_large_and_every_mistake_differs_from_the_others():
    assert len(CORPUS) >= FEWEST_FILES
    said = [tuple(sentence.split(": ", 1)[1] for sentence in expected(path)) for path in CORPUS]
    assert all(said)
    assert len(set(said)) == len(said)


def test_every_sentence_says_what_was_expected_or_what_to_write():
    hints = ("expected", "write ", "did you mean", "remove it", "not valid YAML", " has 28 days")
    for path in CORPUS:
        for sentence in expected(path):
            assert any(hint in sentence for hint in hints), sentence
