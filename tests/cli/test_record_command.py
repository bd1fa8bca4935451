"""What `record` says of a figure: what it replaces, what speaks against it, what to do next."""

from __future__ import annotations

from collections.abc import Callable

from commands import Ran

YEAR = ("--period", "2024", "--basis", "year_to_date")


def test_a_dry_run_says_what_would_be_replaced(scratch: Callable[..., Ran]) -> None:
    done = scratch("record", "ilstc-volume", "252,800", *YEAR, "--published", "1 Mar 2025", "--dry-run")
    assert (
        "would be revised: ilstc-volume 2024-01-01..2024-12-31 year_to_date 252,800, published 2025-03-01" in done.out
    )
    assert "    would replace reading " in done.out
    assert "251,800 in 2024, published 2025-01-20" in done.out


def test_the_same_figure_in_digits_and_without_a_date_is_known(scratch: Callable[..., Ran]) -> None:
    done = scratch("record", "ilstc-volume", "251,800", *YEAR)
    assert done.out.startswith("known as ")
    assert "by port-and-logistics-office, without a publication date" in done.out
    assert "251,800 in 2024, published 2025-01-20; nothing was added" in done.out


def test_a_held_figure_names_both_ways_out_and_a_rejected_one_says_so(scratch: Callable[..., Ran]) -> None:
    figure = ("record", "ilstc-volume", "2,518,000", *YEAR, "--published", "2025-03-01")
    held = scratch(*figure)
    assert held.out.startswith("held as 1: ")
    assert "accept it with: targetwatch held accept 1 --note WHY" in held.out
    assert "reject it with: targetwatch held reject 1 --note WHY" in held.out
    assert scratch("held", "reject", "1", "--note", "ten times too much").status == 0
    again = scratch(*figure)
    assert again.out.startswith("rejected before as 1: ")
    assert "ten times too much" in again.out


def test_a_growth_rate_that_differs_from_our_own_figures_is_mentioned(scratch: Callable[..., Ran]) -> None:
    done = scratch("record", "ilstc-volume", "252,800", *YEAR, "--published", "2025-03-01", "--yoy", "45%", "--dry-run")
    assert "note: the growth on reading " in done.out
    assert "is +42%, not the published one" in done.out
