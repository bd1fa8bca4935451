"""Signing in behind a proxy that ends TLS, as in deploy/proxy: cookies for this host alone, no step back to http.

nginx and Caddy are tried with the files of deploy/proxy where they are installed; a bare tunnel, which says nothing of
who asks, everywhere.
"""

from __future__ import annotations

import shutil
import socket
import socketserver
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from playwright.sync_api import Browser

from commands import PROJECT
from real_service import served
from targetwatch.model import Role
from targetwatch.service.app import App, build
from targetwatch.settings import Settings
from targetwatch.store import accounts, db

pytestmark = pytest.mark.filterwarnings("ignore::urllib3.exceptions.InsecureRequestWarning")
HOST, PASSWORD, HTTPS = "127.0.0.1", "correct horse battery", "https://"
PATIENCE_SECONDS = 30
NGINX = """
daemon off; pid nginx.pid; error_log stderr; events {{ }}
http {{
    access_log off; client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path f; uwsgi_temp_path u;
    scgi_temp_path s;
    {site}
}}
"""
FORGED = {
    "x-forwarded-for": "203.0.113.9",
    "x-forwarded-proto": "http",
    "x-forwarded-host": "evil.example",
    "forwarded": "for=203.0.113.9;proto=http;host=evil.example",
}


@dataclass(frozen=True)
class Ports:
    """Where the proxy listens, with TLS and without (0: nowhere), and the service behind it."""

    tls: int
    plain: int
    service: int


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Make a certificate for this machine, signed by nobody else."""
    folder, key = tmp_path_factory.mktemp("tls"), ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(HOST))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem, kind, plain = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    paths = folder / "fullchain.pem", folder / "privkey.pem"
    paths[0].write_bytes(made.public_bytes(pem))
    paths[1].write_bytes(key.private_bytes(pem, kind, plain))
    return paths


def changed(text: str, changes: dict[str, str]) -> str:
    """Return a text with each of some passages, which have to be there, said otherwise."""
    for was, now in changes.items():
        assert was in text, was
        text = text.replace(was, now)
    return text


@contextmanager
def nginx(folder: Path, ports: Ports, certificate: tuple[Path, Path]) -> Iterator[None]:
    """Run nginx by the file of deploy/proxy, but for ports, names and the certificate."""
    site = changed(
        (PROJECT / "deploy/proxy/nginx.conf").read_text(encoding="utf-8"),
        {
            "127.0.0.1:9877": f"{HOST}:{ports.service}",
            "listen 80;": f"listen {HOST}:{ports.plain};",
            "listen [::]:80;": "",
            "listen 443 ssl;": f"listen {HOST}:{ports.tls} ssl;",
            "listen [::]:443 ssl;": "",
            "watch.example.org;": f"{HOST};",
            "/etc/letsencrypt/live/watch.example.org/fullchain.pem": str(certificate[0]),
            "/etc/letsencrypt/live/watch.example.org/privkey.pem": str(certificate[1]),
        },
    )
    file = folder / "nginx.conf"
    file.write_text(NGINX.format(site=site), encoding="utf-8")
    with running(["nginx", "-p", str(folder), "-c", str(file), "-e", "stderr"]):
        yield


@contextmanager
def caddy(folder: Path, ports: Ports, certificate: tuple[Path, Path]) -> Iterator[None]:
    """Run Caddy by the file of deploy/proxy, but for ports, names and the certificate."""
    tls = f"{HTTPS}{HOST}:{ports.tls} {{\n\ttls {certificate[0]} {certificate[1]}"
    site = changed(
        (PROJECT / "deploy/proxy/Caddyfile").read_text(encoding="utf-8"),
        {"watch.example.org {": tls, "127.0.0.1:9877": f"{HOST}:{ports.service}"},
    )
    plain = f"{{\n\tadmin off\n\thttp_port {ports.plain}\n\tstorage file_system {folder}\n}}\n"
    file = folder / "Caddyfile"
    file.write_text(plain + site, encoding="utf-8")
    with running(["caddy", "run", "--config", str(file), "--adapter", "caddyfile"]):
        yield


@contextmanager
def tunnel(folder: Path, ports: Ports, certificate: tuple[Path, Path]) -> Iterator[None]:
    """End TLS and pass on what is inside as it came, the headers that a stranger made up included."""
    del folder
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*certificate)

    class Passing(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with (
                suppress(OSError),
                context.wrap_socket(self.request, server_side=True) as there,
                socket.create_connection((HOST, ports.service)) as here,
            ):
                threading.Thread(target=passed, args=(here, there), daemon=True).start()
                passed(there, here)

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = daemon_threads = True

    with Server((HOST, ports.tls), Passing) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield
        server.shutdown()


def passed(source: socket.socket, sink: socket.socket) -> None:
    """Pass on what comes until nothing more does."""
    with suppress(OSError, ValueError):
        while some := source.recv(65536):
            sink.sendall(some)
        sink.shutdown(socket.SHUT_WR)


@contextmanager
def running(line: list[str]) -> Iterator[None]:
    with subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            yield
        finally:
            process.terminate()


PROXIES: dict[str, Callable[..., object]] = {
    one.__name__: one for one in (nginx, caddy, tunnel) if one is tunnel or shutil.which(one.__name__)
}


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        return int(listener.getsockname()[1])


@pytest.fixture(params=PROXIES)
def behind(
    request: pytest.FixtureRequest, tmp_path: Path, certificate: tuple[Path, Path]
) -> Iterator[tuple[str, Ports, App]]:
    """Serve behind a proxy: where people reach it, the ports, and the service."""
    tls, plain = free_port(), 0 if request.param == "tunnel" else free_port()
    address = f"{HTTPS}{HOST}:{tls}"
    believed = "10.9.8.0/24" if request.param == "tunnel" else HOST
    url = f"sqlite:///{tmp_path / 'site.db'}"
    engine = db.create_engine(url)
    db.upgrade(engine)
    with db.writing(engine, "test", now=datetime.now(UTC)) as session:
        accounts.add(session, "sun", PASSWORD, role=Role.ADMIN, title="Sun", now=datetime.now(UTC))
    engine.dispose()
    app = build(Settings(database_url=url, config_dir=tmp_path, external_url=address, trusted_proxies=believed))
    app.refresh()
    with served(app.web) as inner:
        ports = Ports(tls, plain, int(inner.rsplit(":", 1)[1]))
        with PROXIES[request.param](tmp_path, ports, certificate):  # type: ignore[attr-defined]
            answers(address)
            yield address, ports, app
    app.stop()


def answers(address: str) -> None:
    """Wait until the proxy passes on what is asked."""
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        with suppress(requests.RequestException):
            if asked(f"{address}/-/healthy").ok:
                return
        assert time.monotonic() < end, address
        time.sleep(0.05)


def asked(address: str, **more: object) -> requests.Response:
    with requests.Session() as session:
        session.trust_env, session.verify = False, False
        return session.get(address, allow_redirects=False, timeout=PATIENCE_SECONDS, **more)  # type: ignore[arg-type]


def test_somebody_signs_in_and_out_by_https_alone(chromium: Browser, behind: tuple[str, Ports, App]) -> None:
    address, _, _ = behind
    context = chromium.new_context(ignore_https_errors=True, locale="en-GB")
    page = context.new_page()
    led: list[str] = []
    page.on("response", lambda answer: led.append(answer.headers.get("location", "")))
    page.on("request", lambda asking: led.append(asking.url))
    page.goto(f"{address}/account")
    assert page.url == f"{address}/sign-in?next=%2Faccount"
    page.locator("main input[name=name]").fill("sun")
    page.locator("main input[name=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").click()
    page.wait_for_url(f"{address}/account")
    kept = {one["name"]: one for one in context.cookies()}
    assert {"__Host-targetwatch_session", "__Host-targetwatch_browser"} <= set(kept)
    for name, cookie in kept.items():
        assert (cookie["secure"], cookie["httpOnly"], cookie["sameSite"]) == (True, True, "Lax"), name
        assert (cookie["domain"], cookie["path"]) == (HOST, "/"), name
        assert name.startswith("__Host-") or name == "targetwatch_lang", name
    assert page.evaluate("document.cookie") == ""
    page.locator(".menu form button").click()
    page.wait_for_url(lambda url: "/account" not in url)
    assert "__Host-targetwatch_session" not in {one["name"] for one in context.cookies()}
    page.goto(f"{address}/account")
    assert page.url == f"{address}/sign-in?next=%2Faccount"
    assert [one for one in led if "://" in one and not one.startswith(address)] == []
    context.close()


def test_what_a_stranger_says_of_themselves_is_not_believed(behind: tuple[str, Ports, App]) -> None:
    address, ports, app = behind
    told = asked(f"{address}/account", headers=FORGED)
    assert (told.status_code, told.headers["location"]) == (303, "/sign-in?next=%2Faccount")
    assert "Secure" in told.headers.get("set-cookie", "Secure")
    assert told.headers["strict-transport-security"] == "max-age=31536000"
    form = asked(f"{address}/sign-in", headers=FORGED)
    (cookie,) = [one for one in form.cookies if "visitor" in one.name]
    assert (cookie.name, cookie.secure) == ("__Host-targetwatch_visitor", True)
    token = form.text.split('name="csrf" value="')[1].split('"')[0]
    with requests.Session() as session:
        session.trust_env, session.verify = False, False
        wrong = session.post(
            f"{address}/sign-in",
            data={"csrf": token, "name": "sun", "password": "wrong", "next": "/"},
            headers=FORGED | {"origin": address, "cookie": f"{cookie.name}={cookie.value}"},
            timeout=PATIENCE_SECONDS,
        )
    assert wrong.status_code == 422
    counted = {who for kind, who in app.web.state.throttle._kept if kind == "address"}
    assert counted == {HOST}
    if ports.plain:
        plain = asked(f"http://{HOST}:{ports.plain}/account", headers=FORGED)
        assert plain.status_code in {301, 308}
        assert urlsplit(plain.headers["location"]).scheme == "https"
