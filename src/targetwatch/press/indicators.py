"""Which indicator a figure belongs to, by the indicators' own words in both languages, their units and publishers."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from math import exp, log

from targetwatch.model import Indicator, Measure
from targetwatch.press.dates import TimeKind, start_of, times
from targetwatch.press.text import plain_text, sentences
from targetwatch.press.vocabulary import PLACES, Word, words
from targetwatch.quantity import parse_unit
from targetwatch.quantity.units import Unit, factor_power

TITLE, SCOPE, NOTE = 1.0, 0.4, 0.12
"""How much a word says about an indicator, by where the indicator uses it."""
MISSING = 0.25
"""What a word of the title costs that the text does not say, beside what it earns when said."""
PUBLISHER = 1.5
SCHEDULED = 0.25
"""An indicator with a release calendar is the one usually published."""
RAREST = 0.95
FORM = frozenset({"share", "growth"})
"""Words for the form of a figure; they set no indicator apart."""
BESIDE = frozenset({"", " ", "-"})
"""What may lie between two words marked as one."""
UNSAID = 0.5
"""How near the place most indicators are about counts where no place is named."""
BASIS_WORD = 0.4
"""Words that say what a figure covers hardly say what it is of: any flow may be told as a running total."""
HALF_PAIR = 0.5
"""A Chinese word of four signs is three pairs."""
_ACRONYM = re.compile(r"\b[A-Z]{3,8}\b")


@dataclass(frozen=True)
class Profile:
    """An indicator and what its own words speak of, each with its weight."""

    indicator: Indicator
    english: Mapping[str, float]
    chinese: Mapping[str, float]

    def features(self, language: str) -> Mapping[str, float]:
        """Return what its words in a language speak of."""
        return self.chinese if language == "zh" else self.english

    @cached_property
    def since(self) -> date | None:
        """Return the first day of its running total, where its scope or note says one."""
        for said in (self.indicator.scope.en, self.indicator.scope.zh, self.indicator.note.en, self.indicator.note.zh):
            plain = plain_text(said).text
            for sentence in sentences(plain):
                for when in times(plain, sentence):
                    if when.kind is TimeKind.SINCE and when.year is not None:
                        return start_of(when)
        return None

    @cached_property
    def unit(self) -> Unit:
        """Return the unit it counts in."""
        return parse_unit(self.indicator.unit)

    def speaks_of(self, feature: str, *, least: float = SCOPE) -> bool:
        """Return whether its title or scope speaks of a concept."""
        return max(self.english.get(feature, 0.0), self.chinese.get(feature, 0.0)) >= least

    @cached_property
    def grows(self) -> bool:
        """Return whether it is a rate of growth rather than a share or a ratio."""
        label = plain_text(f"{self.indicator.unit_label.en} {self.indicator.unit_label.zh}").text
        said = self.speaks_of("growth") and not self.speaks_of("share", least=TITLE)
        return said or "同比" in label or "year before" in label

    @cached_property
    def _own_words(self) -> frozenset[str]:
        labels = (self.indicator.unit, self.indicator.unit_label.en, self.indicator.unit_label.zh)
        return frozenset(label.casefold() for label in labels if label)

    def counts(self, unit: str | None) -> bool:
        """Return whether a figure printed in `unit` can be one of its readings; a bare one may count anything."""
        if self.indicator.measure is Measure.MILESTONES:
            return False
        if unit and unit.casefold() in self._own_words:
            return True
        if unit is None:
            return self.unit.base not in {"%", "pp", "ratio"}
        return factor_power(Unit(unit), self.unit) is not None


@dataclass(frozen=True)
class Topics:
    """The indicators a figure may belong to, and how rare each word is among their titles, by language."""

    profiles: tuple[Profile, ...]
    rare: Mapping[str, Mapping[str, float]]
    home: str | None = None
    home_places: frozenset[str] = frozenset()
    acronyms: frozenset[str] = frozenset()

    def ranked(self, near: Near, fitting: Sequence[Profile], *, publisher: str = "") -> list[tuple[Profile, float]]:
        """Return the profiles that fit with their scores, the best first."""
        scored = [(profile, self._score(profile, near, publisher)) for profile in fitting]
        return sorted(scored, key=lambda pair: -pair[1])

    def best_words(self, profile: Profile, said: Sequence[Word], near: Near, *, text: str) -> tuple[int, int] | None:
        """Return where the text says most plainly that the figure is the profile's, neighbouring words included."""
        features, rare = profile.features(near.language), self.rare[near.language]
        worth = [
            rare.get(word.feature, 0.0) * features.get(word.feature, 0.0) * near.said.get(word.feature, 0.0)
            for word in said
        ]
        if not any(worth):
            return None
        first = last = worth.index(max(worth))
        while first > 0 and worth[first - 1] and text[said[first - 1].end : said[first].start] in BESIDE:
            first -= 1
        while last + 1 < len(said) and worth[last + 1] and text[said[last].end : said[last + 1].start] in BESIDE:
            last += 1
        return said[first].start, said[last].end

    def set_apart(self, profile: Profile, near: Near) -> float:
        """Return how near the figure the title's rarest word is said, 0 when nowhere."""
        rare = self.rare[near.language]
        title = [
            name for name, weight in profile.features(near.language).items() if weight >= TITLE and name not in FORM
        ]
        rarest = max((rare[name] for name in title), default=0.0)
        return max((near.said.get(name, 0.0) for name in title if rare[name] >= RAREST * rarest), default=0.0)

    def said(self, profile: Profile, near: Near) -> float:
        """Return how near the figure something is said of what the profile's title is about."""
        about = self.about(profile, near.language)
        return max((near.said.get(name, 0.0) for name in about), default=0.0)

    def wider(self, ranked: Sequence[tuple[Profile, float]], language: str) -> str | None:
        """Return the usual place when the likeliest indicator is of it, and one not of it is about the same."""
        (first, _), *others = ranked
        if self.home is None or not first.speaks_of(self.home):
            return None
        about = self.about(first, language)
        rivals = (one for one, _ in others if not one.speaks_of(self.home))
        shared = any(about & self.about(one, language) for one in rivals)
        return self.home.removeprefix("w:") if shared else None

    def about(self, profile: Profile, language: str) -> frozenset[str]:
        """Return what the profile's title is about: no place that all are about, no "growth"."""
        features = profile.features(language).items()
        return frozenset(name for name, weight in features if weight >= TITLE and name not in {self.home, "growth"})

    def _score(self, profile: Profile, near: Near, publisher: str) -> float:
        features, rare = profile.features(near.language), self.rare[near.language]
        score = 0.0
        for feature, weight in features.items():
            said, share = near.said.get(feature, 0.0), HALF_PAIR if feature.startswith("z:") else 1.0
            score += share * rare[feature] * (weight * said - (MISSING * (1 - said) if weight >= TITLE else 0.0))
        if publisher and publisher == profile.indicator.authority:
            score += PUBLISHER
        return score + (SCHEDULED if profile.indicator.release.every != "irregular" else 0.0)


@dataclass(frozen=True, slots=True)
class Near:
    """What is said near a figure, each feature 0..1 by how near, and in which language."""

    language: str
    said: Mapping[str, float]


def topics(indicators: Iterable[Indicator]) -> Topics:
    """Return what the indicators' titles, units, scopes and notes teach; computed ones take no readings."""
    profiles = tuple(_profile(indicator) for indicator in indicators if indicator.derivation is None)
    rare = {language: _rare([profile.features(language) for profile in profiles]) for language in ("en", "zh")}
    named = Counter(
        name for profile in profiles for name in profile.english if name.removeprefix("w:") in PLACES.values()
    )
    home = named.most_common(1)[0][0] if named else None
    titles = " ".join(profile.indicator.title.en for profile in profiles)
    acronyms = frozenset(word.lower() for word in _ACRONYM.findall(titles)) - {"teu", "usd", "cny"}
    places = frozenset(name.removeprefix("w:") for name in named)
    return Topics(profiles, rare, home, places, acronyms)


def confidences(scores: Sequence[float]) -> list[float]:
    """Return scores as shares of confidence, adding up to 1 with room for none of them."""
    if not scores:
        return []
    top = max(scores)
    raised = [exp(1.5 * (score - top)) for score in scores]
    nothing = exp(-1.5 * max(top, 0.0))
    whole = sum(raised) + nothing
    return [value / whole for value in raised]


def _rare(profiles: Sequence[Mapping[str, float]]) -> dict[str, float]:
    counts: dict[str, int] = defaultdict(int)
    for features in profiles:
        for feature, weight in features.items():
            counts[feature] += weight >= SCOPE
    weights = {feature: log(1 + len(profiles) / max(count, 1)) for feature, count in counts.items()}
    return weights | {name: weights[name] * BASIS_WORD for name in ("running_total", "year_to_date") if name in weights}


def _profile(indicator: Indicator) -> Profile:
    parts = ((TITLE, (indicator.title, indicator.unit_label)), (SCOPE, (indicator.scope,)), (NOTE, (indicator.note,)))
    english = _features((weight, text["en"]) for weight, texts in parts for text in texts)
    chinese = _features((weight, text["zh"]) for weight, texts in parts for text in texts)
    return Profile(indicator, english, chinese)


def _features(parts: Iterable[tuple[float, str]]) -> dict[str, float]:
    features: dict[str, float] = {}
    for weight, said in parts:
        plain = plain_text(said).text
        for word in words(plain, 0, len(plain)):
            features[word.feature] = max(features.get(word.feature, 0.0), weight)
    return features
