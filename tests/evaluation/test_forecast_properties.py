"""The laws of a forecast hold for any series; `benchmarks/forecast_quality` tries ten thousand of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from forecast_laws import LAWS
from hypothesis import HealthCheck, given, settings

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.slow
@pytest.mark.parametrize(("law", "strategies"), LAWS, ids=lambda value: getattr(value, "__name__", ""))
def test_the_law_holds_for_any_series(law: Callable[..., None], strategies: tuple) -> None:
    tried = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    tried(given(*strategies)(law))()
