"""What machines ask: metrics, health, readiness, reload; and what every answer carries."""

from __future__ import annotations

import asyncio
import gzip
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import anyio
import pytest
from web_stage import PROJECT, TOKEN, Page

from builders import indicator, target
from targetwatch.errors import UsageError
from targetwatch.metrics import exposition
from targetwatch.model import Catalogue
from targetwatch.web import headers
from targetwatch.web.headers import REQUEST_ID

READ_PATHS = (
    "/",
    "/targets/ilstc-volume-2025",
    "/targets/routes-2025",
    "/indicators/ilstc-volume",
    "/?as_of=2025-10-02&lang=zh",
    "/nothing",
    "/?as_of=never",
)

LICENCES = {
    "htmx": "Zero-Clause BSD",
    "pico": "MIT License",
    "swagger-ui": "Apache License",
}


def test_before_the_first_snapshot_it_is_healthy_and_not_ready_and_says_so(stage):
    new = stage()
    assert new.client.get("/-/healthy").status_code == 200
    ready = new.client.get("/-/ready")
    assert (ready.status_code, ready.text) == (503, "not ready: the first snapshot is still being taken\n")
    shown = new.client.get("/")
    assert shown.status_code == 503
    assert shown.headers["retry-after"] == "2"
    assert "A moment, please" in Page(shown.text).text
    assert {"http-equiv": "refresh", "content": "3"} in Page(shown.text).all("meta")
    told = new.client.get("/api/v1/targets")
    assert (told.status_code, told.json()["detail"]) == (503, "the first snapshot is still being taken")
    new.refresh()
    assert new.client.get("/-/ready").text == "ready: as of 2025-10-02\n"
    assert new.client.get("/").status_code == 200


def test_every_answer_has_an_id_its_senders_own_if_it_is_one(real):
    for path in ("/", "/nothing", "/-/ready", "/static/app.css"):
        assert re.fullmatch("[0-9a-f]{16}", real.client.get(path).headers["x-request-id"]), path
    assert real.client.get("/", headers={"x-request-id": "abc-1"}).headers["x-request-id"] == "abc-1"
    for given in ("a b", "x" * 129, "é"):
        assert real.client.get("/", headers={"x-request-id": given.encode()}).headers["x-request-id"] != given


def test_a_request_of_a_page_that_fails_is_named_in_its_answer_and_in_the_log(stage, monkeypatch, caplog):
    named = []
    monkeypatch.setattr("targetwatch.web.targets.routes.overview_of", lambda *_, **__: 1 / 0)
    caplog.handler.addFilter(lambda _record: named.append(REQUEST_ID.get()) or True)
    one = stage()
    one.refresh()
    answer = one.client.get("/")
    assert answer.status_code == 500
    assert answer.headers["x-request-id"] in named
    assert 'targetwatch_http_requests_total{code="500",method="GET",route="/"} 1.0' in one.client.get("/metrics").text


def test_requests_are_counted_by_the_pattern_of_their_path(stage):
    one = stage()
    one.refresh()
    for path in (
        "/targets/a",
        "/targets/b",
        "/nothing/1",
        "/nothing/2",
        "/static/app.css",
        "/-/healthy",
        "/-/healthy",
    ):
        one.client.get(path)
    one.client.request("BREW", "/")
    counted = dict(
        re.findall(r"^targetwatch_http_requests_total{(.*)} (\S+)$", one.client.get("/metrics").text, re.MULTILINE)
    )
    assert counted == {
        'code="404",method="GET",route="/targets/{target_id}"': "2.0",
        'code="404",method="GET",route="none"': "2.0",
        'code="200",method="GET",route="/static/{path}"': "1.0",
        'code="200",method="GET",route="/-/healthy"': "2.0",
        'code="405",method="other",route="/"': "1.0",
    }


def test_metrics_are_the_bytes_of_the_exposition_in_the_form_asked_for(real):
    plain = real.client.get("/metrics", headers={"accept-encoding": "identity", "accept": ""})
    body, headers = real.exposition.answer("", "identity")
    assert plain.headers["content-type"] == headers["Content-Type" if "Content-Type" in headers else "content-type"]
    assert b"targetwatch_target_actual_value{" in plain.content
    assert len(plain.content) == pytest.approx(len(body), rel=0.05)
    packed = real.client.get("/metrics", headers={"accept-encoding": "gzip"}, stream=True)
    assert packed.headers["content-encoding"] == "gzip"
    assert b"targetwatch_target_actual_value" in gzip.decompress(packed.raw.read(decode_content=False))


def test_scrapes_share_what_the_snapshot_says_and_are_sent_in_pieces(real, monkeypatch):
    monkeypatch.setattr(exposition, "PIECE_BYTES", 1000)
    real.exposition.show(real.holder.current)
    (first, told), (second, _) = (real.exposition.pieces("", "gzip") for _ in range(2))
    assert len(first) > 5
    assert all(one is other for one, other in zip(first[:-2], second[:-2], strict=True))
    sent = []

    async def send(message):
        sent.append(message.get("body", b""))

    answer = headers.InPieces(first, told)
    with ThreadPoolExecutor(1) as alone:  # a browser of another test may have left a loop running in this thread
        alone.submit(lambda: asyncio.run(answer({}, None, send))).result()
    assert sent[1:-1] == first
    text = gzip.decompress(b"".join(first))
    assert text.startswith(b"# HELP")
    assert answer.headers["content-length"] == str(sum(map(len, first)))


def test_metrics_probes_and_the_wall_wait_for_no_thread_and_no_database(stage, monkeypatch):
    one = stage(public_metrics=False)
    one.refresh()
    bearer = {"authorization": f"Bearer {TOKEN}"}
    one.engine.dispose()
    one.file.unlink()
    monkeypatch.setattr(anyio.to_thread, "run_sync", None)
    for path in ("/-/healthy", "/-/ready", "/metrics", "/wall", "/wall/content?lang=zh"):
        assert one.client.get(path, headers=bearer).status_code == 200
    with pytest.raises(TypeError):
        one.client.get("/")


def test_a_probe_may_ask_with_head(client):
    for path in ("/", "/-/healthy", "/-/ready", "/metrics", "/targets/routes-2025", "/api/docs"):
        answer = client.head(path)
        assert (answer.status_code, answer.content) == (200, b"")


def test_reload_applies_and_answers(stage):
    one = stage(config_dir=PROJECT / "config")
    one.refresh()
    answer = one.client.post("/-/reload")
    assert (answer.status_code, answer.json(), one.reloads) == (200, {"reloaded": True}, ["reload"])
    assert len(one.holder.current.catalogue.targets) == 13


def test_a_refused_reload_says_why_and_changes_nothing(stage, tmp_path):
    broken = tmp_path / "config"
    broken.mkdir()
    (broken / "targets.yaml").write_text("version: 1\ntargets:\n  - id: x\n", encoding="utf-8")
    one = stage(config_dir=broken)
    one.configure(Catalogue(indicators=(indicator(),), targets=(target(),)))
    one.refresh()
    answer = one.client.post("/-/reload")
    assert answer.status_code == 400
    assert "targets.yaml:3" in answer.json()["detail"]
    assert [kept.id for kept in one.holder.current.catalogue.targets] == ["cargo-2025"]


def test_another_sites_page_may_not_ask_for_a_reload(stage):
    one = stage(config_dir=PROJECT / "config")
    one.refresh()
    for site in ("cross-site", "same-site"):
        assert one.client.post("/-/reload", headers={"sec-fetch-site": site}).status_code == 403
    assert one.reloads == []


def test_reload_does_not_exist_where_it_is_not_enabled(stage):
    one = stage(reload_enabled=False)
    one.refresh()
    assert one.client.post("/-/reload").status_code == 404
    assert one.client.get("/-/reload").status_code == 404


@pytest.mark.parametrize("path", READ_PATHS)
def test_pages_hold_no_script_or_style_of_their_own_and_load_nothing_from_elsewhere(client, path):
    answer = client.get(path)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "script-src 'self';" in policy
    shown = Page(answer.text)
    assert not re.search(r"<script[^>]*>[^<]", answer.text)
    assert not shown.all("style")
    assert not [name for name, attributes in shown.elements if "style" in attributes]
    assert not [a for _, attributes in shown.elements for a in attributes if a.startswith("on")]
    loaded = [one.get("href") for one in shown.all("link") if one.get("rel") != "alternate"]
    loaded += [one.get("src") for name in ("img", "script") for one in shown.all(name)]
    assert loaded
    assert all((one or "").startswith("/static/") for one in loaded)


@pytest.mark.parametrize("path", [*READ_PATHS, "/metrics", "/api/v1/targets", "/static/app.css", "/api/v1/none"])
def test_every_answer_carries_the_headers_that_protect_its_reader(client, path):
    headers = client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]


def test_the_viewer_of_the_api_may_run_its_own_script_only(client):
    answer = client.get("/api/docs")
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert "unsafe" not in answer.headers["content-security-policy"]
    sources = [one["src"] for one in Page(answer.text).all("script")]
    assert all((one or "").startswith("/static/") for one in sources)
    for one in sources:
        assert client.get(one).status_code == 200


def test_files_named_by_their_content_may_be_kept_for_ever(client):
    address = next(one["href"] for one in Page(client.get("/").text).all("link") if "css" in (one["href"] or ""))
    assert client.get(address).headers["cache-control"] == "public, max-age=31536000, immutable"
    assert client.get("/static/app.css").headers["cache-control"] == "no-cache"
    assert client.get("/").headers["cache-control"] == "no-cache"


def test_vendored_files_say_whose_they_are_and_which_version():
    vendored = PROJECT / "src/targetwatch/web/static/vendor"
    for folder in vendored.iterdir():
        assert re.fullmatch(r"\S+ \d+\.\d+\.\d+\n", (folder / "VERSION").read_text(encoding="utf-8"))
        assert LICENCES[folder.name] in (folder / "LICENSE").read_text(encoding="utf-8")


def test_no_file_of_ours_or_vendored_loads_anything_from_elsewhere():
    static = PROJECT / "src/targetwatch/web/static"
    loads = re.compile(r"""@import|url\(\s*["']?(?:https?:)?//|import\s*\(?["']https?:|src\s*=\s*["']https?:""")
    hosts = re.compile(r"jsdelivr|unpkg|cdnjs|googleapis|gstatic|esm\.sh|skypack")
    files = [file for kind in ("js", "css") for file in static.rglob(f"*.{kind}")]
    assert len(files) > 8
    for file in files:
        text = file.read_text(encoding="utf-8")
        assert not hosts.search(text), file
        assert not loads.search(text), file


@dataclass
class Failing:
    """A past that cannot be taken."""

    error: Exception

    def __call__(self, _moment, _by):
        raise self.error


def test_an_error_of_ours_is_a_page_for_people_and_a_problem_for_programs_and_tells_no_secret(stage, caplog):
    one = stage()
    one.configure(Catalogue(indicators=(indicator(),), targets=(target(),)))
    one.refresh()
    for error in (RuntimeError(f"password {TOKEN}"), UsageError(f"broken with {TOKEN}")):
        one.app.state.service.past = Failing(error)
        shown = one.client.get("/?as_of=2025-09-01")
        assert shown.status_code == 500
        assert "This page could not be made" in Page(shown.text).text
        assert TOKEN not in shown.text
        assert shown.headers["x-content-type-options"] == "nosniff"
        told = one.client.get("/api/v1/targets?as_of=2025-09-01")
        assert told.status_code == 500
        assert told.headers["x-content-type-options"] == "nosniff"
        assert told.headers["content-type"] == "application/problem+json"
        assert TOKEN not in told.text
    assert "/?as_of" not in caplog.text
    assert caplog.text.count("could not be answered") >= 4


def test_a_database_that_is_away_is_said_to_be_away(stage):
    one = stage()
    one.configure(Catalogue(indicators=(indicator(),), targets=(target(),)))
    one.refresh()
    one.engine.dispose()
    one.file.write_bytes(b"this is no database any more, and not for a moment longer")
    for beside in ("-wal", "-shm"):
        one.file.with_name(one.file.name + beside).unlink(missing_ok=True)
    shown = one.client.get("/targets/cargo-2025")
    assert shown.status_code == 503
    assert "The database cannot be reached" in Page(shown.text).text
    told = one.client.get("/api/v1/targets/cargo-2025")
    assert (told.status_code, told.json()["detail"]) == (
        503,
        "the database cannot be used at the moment; the log says more",
    )
    assert one.client.get("/").status_code == 200, "the overview is the snapshot's alone"
    assert one.client.get("/metrics").status_code == 200


def test_every_route_has_its_line_in_a_guide(real):
    guide = "\n".join(
        (PROJECT / "docs" / name).read_text(encoding="utf-8") for name in ("operations.md", "access.md", "api.md")
    )
    named = {re.sub(r"\{\w+\}", "{name}", path) for path in re.findall(r"`(?:POST )?(/[^`?\s]*)", guide)}
    routes = {re.sub(r"\{\w+\}", "{name}", path) for path in paths_of(real.app.routes)}
    assert routes >= {"/metrics", "/-/reload", "/api/v1/readings", "/targets/{name}"}
    assert {"/export/readings.csv", "/export/statuses.jsonl"} <= named
    assert routes - {"/static", "/export/{name}.{name}"} <= named


def paths_of(routes) -> set[str]:
    """Return the paths of routes, those of included routers too."""
    found: set[str] = set()
    for route in routes:
        inner = getattr(route, "routes", None)
        path = getattr(route, "path", None)
        if path:
            found.add(path)
        elif inner:
            found |= paths_of(inner)
        elif hasattr(route, "original_router"):
            found |= paths_of(route.original_router.routes)
    return found
