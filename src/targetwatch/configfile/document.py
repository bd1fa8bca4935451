"""One file read: its values, the line of each, and what is wrong with it so far."""

from __future__ import annotations

from dataclasses import dataclass, field

from targetwatch.model.problem import Problem

Key = str | int
KeyPath = tuple[Key, ...]


def dotted(path: KeyPath) -> str:
    """Return a path as people write it, places in lists counted from 1: steps[2].due."""
    text = ""
    for part in path:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}"
    return text.lstrip(".")


@dataclass(frozen=True, slots=True)
class Note:
    """A problem as a form needs it: where the value stands, and the name of what is wrong with it."""

    path: KeyPath
    code: str
    what: str


@dataclass(slots=True)
class Document:
    """One file read: its values, the line of each, and what is wrong with it so far.

    `notes` are the problems that belong to a value, by its path; `problems` are all, by their lines.
    """

    file: str
    data: object = None
    lines: dict[KeyPath, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    spoiled: set[KeyPath] = field(default_factory=set)

    def line(self, path: KeyPath) -> int:
        """Return the line of the value at `path`, or of the nearest one around it."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.lines:
                return self.lines[path[:length]]
        return 1

    def add(self, path: KeyPath, where: str, what: str, *, code: str = "value") -> None:
        """Note a problem with the value at `path`, unless the value has been refused already."""
        if path not in self.spoiled:
            self.add_at(self.line(path), where, what)
            self.notes.append(Note(path, code, _one_line(what)))

    def add_at(self, line: int, where: str, what: str) -> None:
        """Note a problem on a line (0: with the file as a whole), on one line whatever the file's own words hold."""
        self.problems.append(Problem(_one_line(what), file=self.file, line=line, where=_one_line(where)))

    def refuse(self, path: KeyPath, what: str) -> None:
        """Note a problem with the value at `path` after which nothing more need be said of it."""
        self.add(path, dotted(path), what)
        self.spoiled.add(path)


def _one_line(text: str) -> str:
    """Return text whose line breaks and control characters are written as escapes."""
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in text)
