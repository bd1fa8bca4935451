"""Somebody who reads pages and fills in forms by what their fields are called, in this process."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass

import httpx
from fastapi import FastAPI
from golden_outline import FIELDS, Node, labels, parsed
from golden_world import PASSWORD

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it would rather stand on a library that nothing else here needs
    from starlette.testclient import TestClient

HERE = "http://testserver"


@dataclass
class Filled:
    """A form as it would be sent."""

    action: str
    values: dict[str, str]


class Visitor:
    """A browser: keeps cookies, says its origin, follows no redirect."""

    def __init__(self, app: FastAPI, name: str = "") -> None:
        self.client = TestClient(app, base_url=HERE, follow_redirects=False, raise_server_exceptions=True)
        if name:
            answer = self.send("/sign-in", "/sign-in", {"Name": name, "Password": PASSWORD})
            assert answer.status_code == 303, answer.text

    def get(self, path: str, language: str = "en") -> httpx.Response:
        return self.client.get(path, headers={"accept-language": language, "accept": "text/html"})

    def post(
        self, path: str, data: Mapping[str, str], language: str = "en", files: Mapping[str, object] | None = None
    ) -> httpx.Response:
        headers = {"accept-language": language, "accept": "text/html", "origin": HERE, "sec-fetch-site": "same-origin"}
        return self.client.post(path, data=dict(data), headers=headers, files=files)  # type: ignore[arg-type]

    def send(
        self, path: str | httpx.Response, action: str, fill: Mapping[str, str], button: str = "", language: str = "en"
    ) -> httpx.Response:
        """Fill in the form of a page by its English labels, press a button by its English word, read the answer."""
        shown = path if isinstance(path, httpx.Response) else self.get(path)
        form = filled(shown.text, action, fill, button)
        return self.post(form.action, form.values, language)


def filled(source: str, action: str, fill: Mapping[str, str], button: str = "") -> Filled:
    """Return the form of a page that goes to `action`, filled in."""
    root = parsed(source)
    names = labels(root)
    forms = [one for one in root.all("form") if one.get("action") == action and one.get("method") == "post"]
    words = [one for one in forms if not button or button in {each.words() for each in one.all("button")}]
    assert words, f"no form to {action} with <{button}>: {[(one.get('action')) for one in root.all('form')]}"
    form, values, left = words[0], {}, dict(fill)
    for one in form.all(*FIELDS):
        key, text = one.get("name"), names[id(one)]
        if not key:
            continue
        kind = one.get("type")
        if kind in {"radio", "checkbox"}:
            wanted = left.pop(text, None)
            if "checked" in one.said if wanted is None else wanted == "on":
                values[key] = one.get("value") or "on"
            continue
        wanted = next((left.pop(label) for label in list(left) if _means(label, text)), None)
        values[key] = _standing(one) if wanted is None else _chosen(one, wanted)
    assert not left, f"{action}: no field {list(left)}, only {sorted(set(names.values()))}"
    for one in form.all("button"):
        if one.get("name") and one.words() == button:
            values[one.get("name")] = one.get("value")
    return Filled(form.get("action"), values)


def _means(label: str, text: str) -> bool:
    return text == label or text.startswith((f"{label} (", f"{label}, in "))


def _standing(one: Node) -> str:
    if one.tag == "textarea":
        return "".join(part.text for part in one.walk()).removeprefix("\n")
    if one.tag == "select":
        options = one.all("option")
        chosen = [option for option in options if "selected" in option.said] or options[:1]
        return chosen[0].get("value") if chosen else ""
    return one.get("value")


def _chosen(one: Node, wanted: str) -> str:
    if one.tag != "select":
        return wanted
    found = [option.get("value") for option in one.all("option") if option.words() == wanted]
    assert found, f"no {wanted!r} among {[option.words() for option in one.all('option')]}"
    return found[0]
