"""Somebody with a browser that keeps cookies and fills in the forms it is shown, without script."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import requests
from fastapi import FastAPI
from web_stage import PASSWORD, Page

from in_process import HERE, session
from markup import Markup


@dataclass
class Form:
    """A form as it was shown: where it goes, and what stands in its fields."""

    action: str
    method: str = "get"
    fields: list[tuple[str, str]] = field(default_factory=list)

    def filled(self, **values: str) -> list[tuple[str, str]]:
        """Return what is sent when some fields are typed into; each has to be there."""
        missing = set(values) - {name for name, _ in self.fields}
        assert not missing, f"the form has no {missing}, only {self.fields}"
        kept = [(name, text) for name, text in self.fields if name not in values]
        return [*kept, *values.items()]


class Forms(Markup):
    """Every form of a page."""

    def __init__(self, source: str) -> None:
        self.found: list[Form] = []
        self._area: str | None = None
        self._select = ""
        self._text = ""
        self.feed(source)

    def start(self, tag: str, said: dict[str, str]) -> None:
        if tag == "form":
            self.found.append(Form(said.get("action", ""), said.get("method", "get").lower()))
        elif not self.found:
            return
        elif tag == "input" and said.get("name"):
            if said.get("type") not in {"radio", "checkbox"} or "checked" in said:
                self.found[-1].fields.append((said["name"], said.get("value", "")))
            elif said.get("type") == "radio" and said["name"] not in dict(self.found[-1].fields):
                self.found[-1].fields.append((said["name"], ""))
        elif tag == "textarea":
            self._area, self._text = said["name"], ""
        elif tag == "select":
            self._select = said["name"]
            self.found[-1].fields.append((self._select, ""))
        elif tag == "option" and "selected" in said:
            self.found[-1].fields[-1] = (self._select, said.get("value", ""))

    def data(self, data: str) -> None:
        self._text += data

    def end(self, tag: str) -> None:
        if tag == "textarea" and self._area is not None:
            self.found[-1].fields.append((self._area, self._text.removeprefix("\n")))
            self._area = None


class Visitor:
    """A browser. It says its origin as browsers do, and follows no redirect unless told to."""

    def __init__(self, app: FastAPI, language: str = "en") -> None:
        self.app = app
        self.session = session(app)
        self.session.headers["accept-language"] = language

    def get(self, path: str, **more: Any) -> requests.Response:
        return self.session.get(HERE + path, allow_redirects=False, **more)

    def page(self, path: str) -> Page:
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        return Page(answer.text)

    def post(self, path: str, data: Any = None, **more: Any) -> requests.Response:
        headers = {"origin": HERE, "sec-fetch-site": "same-origin", **more.pop("headers", {})}
        return self.session.post(HERE + path, data=data, headers=headers, allow_redirects=False, **more)

    def form(self, shown: requests.Response | str, action: str) -> Form:
        """Return the form of a page that goes to an address."""
        answer = self.get(shown) if isinstance(shown, str) else shown
        found = [form for form in Forms(answer.text).found if form.action == action and form.method == "post"]
        assert len(found) == 1, f"{len(found)} forms to {action} at {answer.url}"
        return found[0]

    def submit(self, shown: requests.Response | str, action: str, **values: str) -> requests.Response:
        """Fill in the form of a page that goes to an address, and send it."""
        return self.post(action, self.form(shown, action).filled(**values))

    def follow(self, answer: requests.Response) -> requests.Response:
        """Go where an answer leads."""
        assert answer.status_code == 303, answer.text
        return self.get(answer.headers["location"])

    def sign_in(self, name: str, password: str = PASSWORD, following: str = "/") -> requests.Response:
        """Sign in as a person does."""
        return self.submit(f"/sign-in?next={following}", "/sign-in", name=name, password=password)

    def cookie(self, name: str) -> str:
        """Return what a cookie holds; "" when there is none."""
        return self.session.cookies.get(name) or ""
