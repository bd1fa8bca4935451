"""What follows from having the lead, or not."""

from __future__ import annotations

from pathlib import Path

import pytest

from targetwatch.errors import StoreError
from targetwatch.service.leadership import Leadership
from targetwatch.store import db


def test_a_lead_whose_work_could_not_be_begun_is_begun_again_at_the_next_look(tmp_path: Path) -> None:
    failures, said = iter([StoreError("hangs", where="database", said="x")]), list[str]()
    engine = db.create_engine(f"sqlite:///{tmp_path / 'x.db'}")

    def lead() -> None:
        said.append("leads" if one.is_begun else "does not yet")
        for error in failures:
            raise error

    one = Leadership(engine=engine, lead=lead, follow=lambda: said.append("follows"), look=lambda _heard: None)
    one.stand()
    with pytest.raises(StoreError):
        one.live()
    assert (one.is_leading, one.is_begun) == (True, False)
    one.live()
    assert one.is_begun
    assert said == ["leads", "follows", "leads"]
    one.stop()
