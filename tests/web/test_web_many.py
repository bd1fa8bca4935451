"""Many targets: a long wall is sent by the two minutes, and the metrics by the part for several Prometheus servers."""

from __future__ import annotations

import re

import pytest

from builders import indicator, reading, target
from targetwatch.metrics.exposition import part_of
from targetwatch.model import Catalogue

MANY = 2_000


@pytest.fixture
def crowd(stage):
    """A service of so many targets that stand alike."""
    one = stage()
    one.configure(Catalogue(indicators=(indicator(),), targets=(target(),)))
    one.add(reading("2025-01-01..2025-06-30", 154600, "2025-07-17"))
    one.refresh()

    def of(count):
        one.crowd(count)
        return one

    return of


def shown(content):
    return re.findall(r'data-target="([^"]+)"', content)


def test_the_content_of_a_wall_of_thousands_is_less_than_fifty_kilobytes(crowd):
    one = crowd(MANY)
    answer = one.client.get("/wall/content", headers={"accept-encoding": "identity"})
    assert len(answer.content) < 50_000
    assert answer.text.count("<ol ") == 3
    assert 'data-following="3"' in answer.text
    assert re.search("1–3 of [2-4]00", answer.text)


def test_a_screen_that_asks_on_sees_every_target_and_comes_back_to_the_first(crowd):
    one, seen, first = crowd(200), set(), 0
    while True:
        content = one.client.get(f"/wall/content?first={first}").text
        assert f'data-first="{first}"' in content
        seen |= set(shown(content))
        (following,) = re.findall(r'data-following="(\d+)"', content)
        if following == "0":
            break
        first = int(following)
    assert seen == one.holder.current.verdicts.keys()
    for beyond in ("999999", "-1", "x", "1e3", "99999999999999999999"):
        assert shown(one.client.get(f"/wall/content?first={beyond}").text)[:1] == ["cargo-00000"]


def test_a_wall_of_few_is_sent_whole(crowd):
    content = crowd(30).client.get("/wall/content").text
    assert 'data-following="0"' in content
    assert len(set(shown(content))) == 30


def samples(text):
    return {line for line in text.splitlines() if line.startswith("targetwatch_target_")}


def names(text):
    return set(re.findall(r'target="([^"]+)"', text))


def test_the_parts_of_the_metrics_are_the_whole_and_each_target_is_in_one(crowd):
    one = crowd(100)
    whole = one.client.get("/metrics").text
    parts = [one.client.get(f"/metrics?shard={number}/4").text for number in range(1, 5)]
    found = [names(part) for part in parts]
    assert sum(len(part) for part in found) == 100
    assert set().union(*found) == names(whole)
    assert [part_of(min(part), 4) for part in found] == [1, 2, 3, 4]
    assert set().union(*map(samples, parts)) == samples(whole)
    assert [("targetwatch_snapshot_timestamp_seconds " in part) for part in parts] == [True, False, False, False]


def test_a_part_is_of_the_snapshot_in_force(crowd):
    one = crowd(20)
    before = one.client.get("/metrics?shard=2/2").text
    crowd(40)
    after = one.client.get("/metrics?shard=2/2").text
    assert len(names(after)) > len(names(before)) > 0


@pytest.mark.parametrize("said", ["0/2", "3/2", "1/65", "1", "x/2", "", "1/0", "²/2", "1/1000000000"])
def test_what_is_no_part_is_refused(crowd, said):
    answer = crowd(1).client.get("/metrics", params={"shard": said})
    assert answer.status_code == 422
    assert answer.json()["code"] == "shard_unreadable"


def test_no_more_parts_are_kept_than_of_two_numbers_of_them(crowd):
    one = crowd(10)
    for parts in range(2, 30):
        one.client.get(f"/metrics?shard=1/{parts}")
    assert {of for _, of in one.exposition._others} == {28, 29}
