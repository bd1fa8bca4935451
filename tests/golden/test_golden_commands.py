"""What every command prints, and its exit status."""

from __future__ import annotations

from datetime import date

import golden_text
import pytest
from golden_world import PAST, PROJECT, World, run

from targetwatch.service import backfill

JUDGING = [
    *(["status", "--format", form, "--lang", lang] for form in ("table", "csv") for lang in ("en", "zh")),
    ["status", "--format", "json"],
    *(["status", "--lang", lang, "--as-of", day] for day in PAST for lang in ("en", "zh")),
    *(["status", "--format", form, "--as-of", PAST[1]] for form in ("json", "csv")),
    ["status", "--as-of", "2023-01-31"],
    ["status", "--as-of", "2027-06-30"],
    ["status", "--clock", "recorded"],
    ["status", "--clock", "recorded", "--as-of", "2026-11-20"],
    *(["status", "--target", "throughput-2026", "--format", form] for form in ("table", "json", "csv")),
    *(["status", "--indicator", "throughput", "--format", form] for form in ("table", "json", "csv")),
    ["status", "--indicator", "ilstc-volume", "--lang", "zh", "--as-of", PAST[1]],
    ["status", "--target", "nothing"],
    ["status", "--indicator", "nothing"],
    ["status", "--target", "a", "--indicator", "b"],
    ["status", "--as-of", "soon"],
    ["status", "--target", "berths-2026", "--as-of", PAST[0]],
    ["explain", "nothing"],
    ["explain", "berths-2026", "--as-of", PAST[0]],
    ["explain", "given-up"],
    ["explain", "ilstc-volume-2025", "--clock", "recorded"],
]
KEEPING = [
    ["--version"],
    ["check"],
    ["check", "{folder}/nowhere"],
    ["plan"],
    ["export"],
    *(["held", "--format", form] for form in ("table", "json", "csv")),
    *(["audit", "--format", form, "--limit", "30"] for form in ("table", "csv")),
    ["audit", "--limit", "400"],
    ["audit", "--object", "throughput-2026", "--format", "json"],
    ["audit", "--kind", "reading", "--actor", "operator"],
    ["audit", "--kind", "nothing"],
    ["audit", "verify"],
    *(["user", "list", "--format", form] for form in ("table", "json", "csv")),
    *(["user", "token", "list", "--format", form] for form in ("table", "json", "csv")),
    ["metrics"],
    ["backfill", "--from", PAST[1], "--to", PAST[1], "--step", "24h", "--label", "job=targetwatch"],
    ["backfill", "--from", "soon", "--to", PAST[1]],
    ["backfill", "--from", PAST[1], "--to", PAST[0]],
    ["backfill", "--from", PAST[1], "--to", "2027-01-01"],
    ["backfill", "--from", PAST[1], "--to", PAST[1], "--label", "a b=c"],
    ["backtest"],
    *(["mails", "--replay", "2025", "--format", form] for form in ("table", "csv")),
    ["mails", "--replay", "2199"],
    ["mail", "test", "nobody"],
    ["ingest", "--dry-run"],
    ["ingest", "nothing"],
    ["serve", "--replay", "never"],
    ["serve", "--day", "long"],
    ["nonsense"],
    ["status", "--format", "xml"],
]
SAID = ["--period", "2026-01..2026-10", "--basis", "year_to_date", "--published", "2026-11-09"]
WRITING = [
    ["record", "throughput", "100.5万吨", *SAID, "--dry-run"],
    ["record", "throughput", "many", *SAID],
    ["record", "throughput", "1 TEU", *SAID],
    ["record", "throughput", "100万", "--period", "some day", "--basis", "sometimes", "--published", "soon"],
    ["record", "nothing", "1", *SAID],
    ["record", "throughput", "1005万吨", *SAID],
    ["record", "throughput", "1005万吨", *SAID, "--force", "they say so"],
    [
        "record",
        "throughput",
        "100.5万吨",
        *SAID,
        "--yoy",
        "3%",
        "--quote",
        "100.5万吨",
        "--evidence",
        "https://example.org",
    ],
    ["record", "throughput", "100.5万吨", *SAID],
    ["record", "permits", "1", "--period", "2026-11-10", "--basis", "event", "--step", "moon"],
    ["record", "permits", "1", "--period", "2026-11-10", "--basis", "event", "--step", "power"],
    ["withdraw", "9999", "--reason", "none"],
    ["withdraw", "61", "--reason", ""],
    ["withdraw", "61", "--reason", "a slip"],
    ["withdraw", "61", "--reason", "again"],
    ["withdraw", "61", "--reason", "it was right", "--undo"],
    ["held", "accept", "9999"],
    ["held", "accept", "3", "--note", "confirmed"],
    ["held", "accept", "3"],
    ["held", "reject", "4", "--note", "no"],
    ["held", "reject", "4"],
    ["ingest", "not-there"],
    ["ingest", "ilstc-chongqing"],
    ["user", "add", "Li Wei!", "--role", "admin", "--password-stdin"],
    ["user", "add", "a.viewer", "--role", "admin", "--password-stdin"],
    ["user", "add", "li.wei", "--role", "admin", "--password-stdin"],
    ["user", "change", "nobody", "--disable"],
    ["user", "change", "a.viewer"],
    ["user", "change", "a.viewer", "--role", "editor"],
    ["user", "token", "revoke", "9999"],
    ["user", "token", "revoke", "1"],
    ["user", "token", "issue", "nobody", "a thing"],
    ["apply"],
    ["backup", "{folder}/copy.db"],
    ["backup", "{folder}/copy.db"],
    ["db", "upgrade"],
    ["status"],
    ["audit", "--limit", "30"],
    ["audit", "verify"],
]
CHANGED = (
    ("goal: {above: 270000}", "goal: {above: 260000}"),
    ("{en: Chongqing Customs District, zh: 重庆海关}", "{en: Customs house, zh: 海关}"),
    ("email: ilstc@example.org", "email: corridor@example.org"),
    ("deadline: 2027-12-31", "deadline: 2028-12-31"),
)


def add(text: golden_text.Text, world: World, words: list[str], *, stdin: str = "", after: str = "") -> None:
    """Run a command and keep what it said."""
    done = run(world, *(word.replace("{folder}", str(world.folder)) for word in words), stdin=stdin)
    said = "\n".join(
        [f"exit {done.status}", done.out.rstrip(), *([f"---- errors\n{done.err.rstrip()}"] if done.err else [])]
    )
    heading = golden_text.normal(": ".join(filter(None, [after, " ".join(words)])), *world.named)
    while heading in text.parts:
        heading += " (again)"
    said = golden_text.normal(said, *world.named)
    if words == ["metrics"]:  # the same as the page's, which is kept whole
        said = "\n".join(line for line in said.split("\n") if line.startswith(("exit", "# HELP targetwatch")))
    text.add(heading, said)


def test_judging_commands_print_what_they_printed(world, golden):
    text = golden_text.Text()
    for words in JUDGING:
        add(text, world, words)
    golden("commands.judging", text)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_target_is_explained_as_it_was(language, world, golden):
    text = golden_text.Text()
    listed = run(world, "status", "--format", "csv").out.split("\n")[1:]
    names = sorted({word for line in listed for word in line.split(",")[1:2] if word})
    assert len(names) > 15, names
    for name in names:
        add(text, world, ["explain", name, "--lang", language])
    for name in ("ilstc-volume-2025", "routes-2025", "cci-financing-2025"):
        add(text, world, ["explain", name, "--lang", language, "--as-of", PAST[1]])
    golden(f"commands.explain.{language}", text)


def test_commands_that_keep_house_print_what_they_printed(own_world, golden, monkeypatch):
    text, live, lived = golden_text.Text(), backfill.live, dict[date, backfill.Lived]()

    def live_once(settings, first, last, **more):
        if first not in lived:
            lived[first] = live(settings, first, last, **more)
        return lived[first]

    monkeypatch.setattr(backfill, "live", live_once)  # which both formats print
    for words in KEEPING:
        add(text, own_world, words)
    golden("commands.keeping", text)


def test_commands_that_write_print_what_they_printed(own_world, golden):
    text = golden_text.Text()
    for words in WRITING:
        add(text, own_world, words, stdin="correct horse battery\n" if "--password-stdin" in words else "")
    golden("commands.writing", text)


def test_changed_files_are_planned_and_applied_as_they_were(own_world, golden):
    text = golden_text.Text()
    file = own_world.config / "targets.yaml"
    kept = file.read_text(encoding="utf-8")
    for before, after in CHANGED:
        file.write_text(kept.replace(before, after), encoding="utf-8")
        for words in (["plan"], ["apply"], ["apply", "--correct", "--reason", "a slip"]):
            add(text, own_world, [*words, "{folder}/config"], after=f"{before} becomes {after}")
    golden("commands.changes", text)


def test_bad_configurations_are_refused_in_the_same_words(tmp_path, world, golden):
    text = golden_text.Text()
    for file in sorted((PROJECT / "tests" / "data" / "invalid").glob("*.yaml")):
        folder = tmp_path / file.stem
        folder.mkdir()
        name = "sources.yaml" if file.name.startswith("sources-") else "targets.yaml"
        (folder / name).write_bytes(file.read_bytes())
        done = run(world, "check", str(folder))
        text.add(file.stem, f"exit {done.status}\n{done.out}{done.err}".replace(str(folder), "{folder}"))
    golden("configurations", text)
