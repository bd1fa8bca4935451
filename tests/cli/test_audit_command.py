from __future__ import annotations


def test_the_trail_says_in_words_what_was_withdrawn_and_put_back(scratch):
    assert scratch("withdraw", "17", "--reason", "typed by mistake").status == 0
    assert scratch("withdraw", "17", "--undo", "--reason", "right after all").status == 0
    told = " ".join(scratch("audit", "--kind", "withdrawal").out.split())
    assert "put figure no. 17 back" in told
    assert "withdrew figure no. 17:" in told
    assert "typed by mistake" in told
    assert "right after all" in told


def test_the_trail_says_in_words_what_a_source_recorded(scratch):
    told = " ".join(scratch("audit", "--kind", "reading", "--limit", "1000", COLUMNS="400").out.split())
    assert "Source zones recorded 3 readings, numbers" in told


def test_words_in_the_trail_that_look_like_markup_are_printed_as_they_are(scratch):
    assert scratch("withdraw", "17", "--reason", "[red]not[/red] [bold").status == 0
    answer = scratch("audit", "--kind", "withdrawal", COLUMNS="400")
    assert answer.status == 0, answer.err
    assert "[red]not[/red] [bold" in answer.out


def test_the_trail_as_json_is_what_was_kept_and_nothing_made_of_it(scratch):
    assert scratch("withdraw", "17", "--reason", "typed by mistake").status == 0
    (entry,) = scratch("audit", "--kind", "withdrawal", "--format", "json").json
    assert (entry["kind"], entry["new"]["reading"], entry["new"]["action"]) == ("withdrawal", 17, "withdraw")
