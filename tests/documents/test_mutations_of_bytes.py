"""Whatever happens to the bytes of a document on their way, it is read or refused: no reader breaks over it."""

from __future__ import annotations

import json
import random

import pytest
from test_formats import GENERIC, PAGE, SECOND, SETS, SPECIFIC, STRUCTURE, TWO_PAGES, XML, message

from targetwatch.documents.confined import read_here
from targetwatch.documents.decode import Decode
from targetwatch.errors import DocumentError
from workbooks import ods, xlsx

TIMES = 300
DOCUMENTS = {
    "csv": ['Month;TEU\n2025-01;1.267,5\n2025-02;"9"\n', "a\tb\n1\t2\n\nnote"],
    "json": [
        '{"meta": {"n": 2}, "data": [{"m": "1", "v": {"teu": 28.30}}, {"m": "2", "v": null}]}',
        '{"data":{"resultType":"matrix","result":[{"metric":{"port":"a"},"values":[[1735689600,"0"],[1735689660,"7"]]}]}}',
    ],
    "jsonstat": [json.dumps({**SECOND, "value": [1.5, None, 3, 4], "status": {"1": ":"}})],
    "sdmx": [message(SPECIFIC), message(GENERIC), json.dumps({"structure": STRUCTURE, "dataSets": SETS})],
    "xml": [XML],
    "html": [PAGE],
    "pdf": [TWO_PAGES],
    "workbook": [xlsx([["Year", "TEU"], [2024, 970.5]]), ods([["a", 1.5]])],
}


def mutated(data: bytes, chance: random.Random) -> bytes:
    """Return bytes of which some are cut off, changed, lost, or there twice."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 3)):
        start = chance.randrange(len(changed)) if changed else 0
        end = start + chance.randrange(60)
        match chance.randrange(4):
            case 0:
                del changed[start:]
            case 1 if changed:
                changed[start] = chance.randrange(256)
            case 2:
                del changed[start:end]
            case _:
                changed[start:start] = changed[start:end] * 2
    return bytes(changed)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_bytes_that_were_damaged_are_read_or_refused(name):
    chance, how = random.Random(name), Decode.model_validate(name)
    refused = 0
    for _ in range(TIMES):
        for document in DOCUMENTS[name]:
            data = document.encode() if isinstance(document, str) else document
            try:
                read_here(mutated(data, chance), how, "")
            except DocumentError:
                refused += 1
    assert refused, "some cannot be read"
