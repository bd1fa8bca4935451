"""The one snapshot everybody reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from targetwatch.model import Snapshot


class SnapshotHolder:
    """The snapshot in force; replacing it is one attribute swap."""

    def __init__(self) -> None:
        self._current: Snapshot | None = None
        self._listeners: list[Callable[[Snapshot], None]] = []

    @property
    def current(self) -> Snapshot | None:
        """Return the snapshot in force; None before the first."""
        return self._current

    def listen(self, listener: Callable[[Snapshot], None]) -> None:
        """Call `listener` with every new snapshot, before it is in force."""
        self._listeners.append(listener)

    def swap(self, snapshot: Snapshot) -> None:
        """Put a new snapshot in force."""
        for listener in self._listeners:
            listener(snapshot)
        self._current = snapshot
