"""Commands on one source: a description proposed, tried, and verified against what is expected of a document."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from targetwatch.cli import figures
from targetwatch.cli.context import Options, now
from targetwatch.errors import SourceError, UsageError
from targetwatch.wording.figure_fields import line

if TYPE_CHECKING:
    from targetwatch.documents.grid import Decoded

DESCRIPTION, EXPECTED = "description.yaml", "expected.yaml"
ROWS, COLUMNS, WIDTH = 12, 10, 24
"""How much of a table is shown."""
source = typer.Typer(help="Sources of documents: proposed, tried, verified.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Name the commands."""
    app.add_typer(source, name="source")


@source.command("try", epilog="Example: targetwatch source try https://statistics.example.org/throughput.xlsx")
def propose(
    context: typer.Context,
    document: Annotated[str, typer.Argument(metavar="FILE|URL", help="What an office publishes")],
    *,
    allow_private: Annotated[
        list[str] | None, typer.Option(metavar="HOST", help="An address or host inside the network that may be asked")
    ] = None,
) -> None:
    """Propose a description of a document: for sources.yaml, to be finished by a person."""
    from targetwatch import configuration
    from targetwatch.configuration.yaml import yaml_text
    from targetwatch.connectors.document import DocumentSource
    from targetwatch.documents import Pick, pick
    from targetwatch.documents.decode import decode, guessed
    from targetwatch.documents.propose import propose as proposed
    from targetwatch.errors import ConfigError
    from targetwatch.model import Source
    from targetwatch.model.scalars import slug_of
    from targetwatch.settings import environment

    options: Options = context.obj
    private = {"allow_private": allow_private} if allow_private else {}
    is_address = document.startswith(("http://", "https://"))
    fetch = {"http": {"url": document, **private} if private else document}
    made = Source(
        id="new", kind="document", options={"fetch": fetch if is_address else {"file": str(Path(document).absolute())}}
    )
    folder = options.settings.config_dir
    first = DocumentSource(folder).gather(configuration.expand(made, environment()), now())[0]
    how = guessed(first.data, first.content_type)
    decoded = decode(first.data, how, name=first.name, content_type=first.content_type, charset=first.charset)
    _print_tables(decoded)
    try:
        indicators = configuration.check(folder).indicators
    except ConfigError:
        indicators = ()
    said = proposed(decoded, indicators, name=Path(first.name).name)
    format_, its = next(iter(how.model_dump(by_alias=True, exclude_unset=True).items()))
    name = slug_of(Path(first.name).stem) or made.id
    entry = {"id": name, "kind": "document", **made.options, "decode": {format_: its} if its else format_, "pick": said}
    print(yaml_text({"version": 1, "sources": [entry]}), end="")
    found = pick(decoded, Pick.model_validate(said), source=name, now=now(), name=first.name)
    for place, reading in zip(found.places, found.readings, strict=True):
        print(f"# {place}  {line(reading)}")
    figures.print_problems((*found.drift, *found.problems))


@source.command("test", epilog="Example: targetwatch source test hk-teu")
def tried(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="SOURCE", help="A source's id")],
    *,
    document: Annotated[Path | None, typer.Option(metavar="FILE", help="Read this file in place of a fetch")] = None,
) -> None:
    """Show what a source asks, the tables it gets, the cells it picks, and what would become of each reading."""
    options: Options = context.obj
    outcome = figures.runner(options).test(name, given=figures.given(document))
    for decoded in outcome.decoded:
        _print_tables(decoded)
    figures.print_outcome(outcome)
    if outcome.failed:
        raise SourceError("sources_failed", where="test", count=1, names=[name])


@source.command(epilog="Example: targetwatch source verify tests/documents")
def verify(
    folder: Annotated[
        Path, typer.Argument(help="A folder of a document, description.yaml and expected.yaml; or of such")
    ],
) -> None:
    """Compare what documents give by their descriptions with the readings expected of them."""
    from targetwatch.configuration.check import read_as
    from targetwatch.documents.verify import Described, DocumentCase, Expected
    from targetwatch.documents.verify import verify as compared

    here = folder if (folder / EXPECTED).exists() else None
    cases = [here] if here else sorted(path.parent for path in folder.glob(f"*/{EXPECTED}"))
    if not cases:
        raise UsageError("no_case", where="folder", said=str(folder), name=EXPECTED)
    failed = []
    for case in cases:
        described = read_as(case / DESCRIPTION, Described)
        expected = read_as(case / EXPECTED, Expected)
        others = [path for path in case.iterdir() if path.is_file() and path.name not in {DESCRIPTION, EXPECTED}]
        if len(others) != 1:
            raise UsageError("one_document_expected", where="folder", said=str(case), count=len(others))
        differs = compared(DocumentCase(others[0].name, others[0].read_bytes(), described, expected), now=now())
        print(f"{case.name}: {'differs' if differs else 'as expected'}")
        figures.print_problems(differs)
        failed += [case.name] if differs else []
    if failed:
        raise SourceError("cases_differ", where="verify", count=len(failed), names=failed)


def _print_tables(decoded: Decoded) -> None:
    for grid in decoded.grids:
        print(f"# {grid.name or 'table'}: {len(grid.rows)} rows", file=sys.stderr)
        for row in grid.rows[:ROWS]:
            print("#   " + " | ".join(cell[:WIDTH] for cell in row[:COLUMNS]), file=sys.stderr)
    if not decoded.grids:
        for line in decoded.lines[: ROWS * 2]:
            print(f"#   {line[:120]}", file=sys.stderr)
