"""Which indicator a figure belongs to, by the indicators' own words in both languages, their units and publishers."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from math import exp, log

from targetwatch.model import Indicator, Measure, Text
from targetwatch.press.dates import TimeKind, start_of, times
from targetwatch.press.subjects import NARROW_NOTHING, TRADE, WordKind, kind_of
from targetwatch.press.text import PlainText, plain_text, sentences
from targetwatch.press.vocabulary import Word, gazetteer, places, widened, words
from targetwatch.quantity import parse_unit
from targetwatch.quantity.spellings import Unit, factor_power

TITLE, SCOPE, NOTE = 1.0, 0.4, 0.12
"""How much a word says about an indicator, by where the indicator uses it."""
MISSING = 0.25
"""What a word of the title costs that the text does not say, beside what it earns when said."""
PUBLISHER = 1.5
SCHEDULED = 0.25
"""An indicator with a release calendar is the one usually published."""
UNFIT = 2.0
"""What it costs an indicator when the words beside a figure narrow it, or another place is named."""
GOES_ON = 1.0
"""What it earns an indicator to be that of the figure before, where a figure says nothing of its own."""
SHARPNESS = 2.0
"""How fast the confidence of an indicator falls with what it scores less than the best."""
RAREST = 0.95
IMPLIED = {
    "trade": {"exports", "imports"},
    "trains": {"rail", "railsea"},
    "vehicles": {"road", "cars"},
    "trips": {"road"},
    "western": {"corridor", "landsea"},
    "landsea": {"corridor"},
    "corridor": {"landsea"},
    "cars": {"vehicles"},
}
"""Words that narrow nothing for an indicator that speaks of one of these."""
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
_LISTED = re.compile(r"[、,]|\sand\s")
_PLACE_FIRST = re.compile("([\u4e00-\u9fff]{2,6}?)(?:港|市|省|区|县|机场)")


@dataclass(frozen=True)
class Profile:
    """An indicator and what its own words speak of, each with its weight."""

    indicator: Indicator
    english: Mapping[str, float]
    chinese: Mapping[str, float]
    places: frozenset[str] = frozenset()
    """The places its title names as its own."""
    names: frozenset[str] = frozenset()
    """Names in its title that may be places nobody else knows."""
    apart: frozenset[str] = frozenset()
    """What sets others apart: their titles speak of it, its own does not."""

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

    @cached_property
    def known(self) -> frozenset[str]:
        """Return all it speaks of, and what may stand beside its own words without narrowing it."""
        listed = len(_LISTED.findall(f"{self.indicator.scope.en} {self.indicator.scope.zh}")) > 1
        own = {*self.english, *self.chinese} - (self.apart if listed else set()) | NARROW_NOTHING | self.titled
        own |= {"containers"} if "volume" in own and self.unit.base != "t" else set()
        return frozenset(own | {name for name, implied in IMPLIED.items() if own & implied})

    @cached_property
    def titled(self) -> frozenset[str]:
        """Return what its title counts, its unit's own words with it, no place and no form."""
        said = {name for words in (self.english, self.chinese) for name, weight in words.items() if weight >= TITLE}
        said |= {"TEU": {"containers", "volume"}, "t": {"volume"}}.get(self.unit.base, set())
        return frozenset(said - FORM - {f"w:{name}" for name in gazetteer().values()})

    @cached_property
    def partners(self) -> frozenset[str]:
        """Return with whom the trade is, where its title says so."""
        return self.titled - NARROW_NOTHING - TRADE if self.titled & TRADE else frozenset()

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
        return frozenset(parse_unit(label).base.casefold() for label in labels if label)

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
    names: frozenset[str] = frozenset()

    def ranked(
        self,
        near: Near,
        fitting: Sequence[Profile],
        *,
        publisher: str = "",
        bonus: Callable[[Profile], float] = lambda _: 0.0,
    ) -> list[tuple[Profile, float]]:
        """Return the profiles that fit with their scores, the best first."""
        scored = [(profile, self._score(profile, near, publisher) + bonus(profile)) for profile in fitting]
        return sorted(scored, key=lambda pair: -pair[1])

    def own_places(self, profile: Profile) -> frozenset[str]:
        """Return the places a figure of an indicator may be of: its title's, else those of all indicators."""
        return widened(profile.places or self.home_places)

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

    def set_apart(self, profile: Profile, near: Near, *, publisher: str = "") -> float:
        """Return how near the figure the title's rarest word is said, 0 when nowhere.

        Of its own authority a text need not name the place.
        """
        rare = self.rare[near.language]
        title = [
            name for name, weight in profile.features(near.language).items() if weight >= TITLE and name not in FORM
        ]
        if publisher == profile.indicator.authority:
            places = frozenset(f"w:{name}" for name in (*profile.places, *profile.names))
            title = [name for name in title if name not in places] or title
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
    names = frozenset(name for one in profiles for name in one.names)
    titled = frozenset(name for one in profiles for name in one.titled if name[1:2] != ":") - TRADE
    profiles = tuple(
        replace(one, places=one.places | _named_in(one.indicator.title, names), apart=titled - one.titled)
        for one in profiles
    )
    named = Counter(name for profile in profiles for name in profile.places)
    home = "w:" + named.most_common(1)[0][0] if named else None
    titles = " ".join(profile.indicator.title.en for profile in profiles)
    acronyms = frozenset(word.lower() for word in _ACRONYM.findall(titles)) - {"teu", "usd", "cny"}
    known = frozenset(named) & frozenset(gazetteer().values())
    return Topics(profiles, rare, home, known, acronyms, names)


def _named_in(title: Text, names: frozenset[str]) -> frozenset[str]:
    """Return the places a title names, by the names known from all titles."""
    found = [
        one
        for said in (title.en, title.zh)
        for known in (names, frozenset[str]())
        for one in places(plain_text(said), 0, len(said), own=known)
    ]
    return frozenset(one.name for one in found if not (one.passing or one.partner))


def confidences(scores: Sequence[float]) -> list[float]:
    """Return scores as shares of confidence, adding up to 1 with room for none of them."""
    if not scores:
        return []
    top = max(scores)
    raised = [exp(SHARPNESS * (score - top)) for score in scores]
    nothing = exp(-SHARPNESS * max(top, 0.0))
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
    titles = [plain_text(indicator.title.en), plain_text(indicator.title.zh)]
    names = frozenset([*_capital_names(titles[0]), *_place_before_all(titles[1].text)])
    return Profile(indicator, english, chinese, names=names)


def _capital_names(title: PlainText) -> Iterator[str]:
    """Give the names in an English title: its words in capitals that are of no other use."""
    run: list[Word] = []
    for word in [*words(title.text, 0, len(title.text)), None]:
        if run and (word is None or title.text[run[-1].end : word.start] not in BESIDE or not _is_name(title, word)):
            yield title.text[run[0].start : run[-1].end]
            run = []
        if word is not None and _is_name(title, word):
            run.append(word)


def _is_name(title: PlainText, word: Word) -> bool:
    said = title.words(word.start, word.end)[0]
    return (
        word.feature.startswith("w:") and said.istitle() and said.isalpha() and kind_of(said.lower()) is WordKind.SAID
    )


def _place_before_all(title: str) -> Iterator[str]:
    """Give the name with which a Chinese title begins, where its last sign says that it is a place."""
    if found := _PLACE_FIRST.match(title):
        yield from (found[0], found[1])


def _features(parts: Iterable[tuple[float, str]]) -> dict[str, float]:
    features: dict[str, float] = {}
    for weight, said in parts:
        plain = plain_text(said).text
        for word in words(plain, 0, len(plain)):
            features[word.feature] = max(features.get(word.feature, 0.0), weight)
    return features
