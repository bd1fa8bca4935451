"""What a mail says beside its verdicts: what happened, what changed since the last one, what to do, why it came."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from targetwatch.evaluation.status import DECIDED, is_done_late
from targetwatch.model import Indicator, Measure, Performance, StatusChange, TargetVersion, Verdict
from targetwatch.wording import card
from targetwatch.wording import verdict as words
from targetwatch.wording.formats import again, amount, day, told
from targetwatch.wording.formats import odds as odds_words
from targetwatch.wording.translation import N_, NC_, Translator

LABELS = {
    "value": NC_("mail", "Now / goal"),
    "plan": NC_("mail", "Plan by then"),
    "odds": N_("Odds"),
    "needed": NC_("mail", "Needed from here on"),
    "since": NC_("mail", "Since"),
    "known_since": NC_("mail", "Known since"),
    "data": N_("Data"),
    "known": NC_("mail", "Known to"),
    "run": NC_("mail", "Last run"),
    "target": N_("Target"),
}
BUTTONS = {
    "see": NC_("mail", "See why"),
    "know": NC_("mail", "I know"),
    "evidence": NC_("mail", "Evidence"),
    "guide": NC_("mail", "Guide"),
    "source": NC_("mail", "Look at the source"),
    "held": NC_("mail", "Decide"),
}
ADVICE = {
    "off_track": N_(
        "Check the figure against its evidence. If it is right, reply with what will be done and by when. "
        "If the promise has changed, say where the new one was announced."
    ),
    "at_risk": N_(
        "Check the figure, and whether what is needed is within reach. If it is not, reply with the reason and a plan."
    ),
    "steps": N_(
        "If a step is done, reply with where that was reported. If not, reply with what will be done and by when."
    ),
    "missed": N_(
        "Check the final figure against its evidence. If a later or corrected one is published, reply with its address."
    ),
    "achieved": N_("Nothing. A provisional figure may still be revised."),
    "on_track": N_("Nothing. The reminders have stopped."),
    "late": N_(
        "If the figure is out, enter it or reply with its address; if it is postponed, reply with the new date. A late "
        "figure does not change the verdict."
    ),
    "source": N_("Try the source and see what it answers now. Until it is read again, enter its figures by hand."),
    "drifted": N_(
        "Nothing of it was stored, the last good figures stay. Look at the old and the new picture side by side on the "
        "page of the source; if the new one is right, mend the description, and what was kept is read again."
    ),
    "held": N_("Accept or reject each. While a figure waits, it does not count."),
}
STILL = {
    Performance.AT_RISK: N_("Still at risk (day {days})"),
    Performance.OFF_TRACK: N_("Still off track (day {days})"),
}
HAPPENED = {
    "late": N_("Figure late"),
    "source": N_("Source failing"),
    "drifted": N_("Source looks different"),
    "mended": N_("Source read again"),
    "held": N_("Waiting for a decision"),
}
AROUND = {
    "advice": NC_("mail", "What to do"),
    "unsubscribe": N_("No reminders and summaries any more"),
    "unsubscribed": N_("Changes of status still reach you."),
}
LINES = {
    "actual": N_("Blue: the figures."),
    "plan": N_("Grey: the plan."),
    "goal": N_("Dashed: the goal."),
    "forecast": N_("Dotted: the forecast."),
}
"""What the picture of a course shows, by the kinds of its lines."""
SIMULATED = N_("From a simulated clock: nothing in this mail happened today.")
MENDED = N_("Its figures come in again.")
BEFORE = NC_("mail", "Before that")
GROUPS = {
    "changed": NC_("digest", "Changed"),
    "lagging": NC_("digest", "Lagging"),
    "releases": NC_("digest", "Figures due"),
    "deadlines": NC_("digest", "Deadlines within 30 days"),
}


def happened(verdict: Verdict, _: Translator, *, corrected: bool = False, still_days: int | None = None) -> str:
    """Return what a mail tells of a target in a few words; `still_days`: it is nothing new, and lasts for so long."""
    now, said = verdict.performance, words.performance(verdict, _)
    if still_days is not None and now in STILL:
        return _(STILL[now], days=still_days)
    if corrected:
        return _("Corrected: now {state}", state=said.lower())
    return _("Back on track") if now is Performance.ON_TRACK else said


def subject(what: str, title: str, more: int, _: Translator) -> str:
    """Return the subject of a mail by its first news, and how many `more` there are."""
    first = _("{what}: {title}", what=what, title=title) if title else what
    if not more:
        return first
    return _(N_("{first}, and 1 more") if more == 1 else N_("{first}, and {count} more"), first=first, count=more)


def by_deadline(verdict: Verdict, _: Translator) -> str:
    """Return the deadline as it stands beside the status; empty where none was announced."""
    if verdict.deadline is None:
        return ""
    said = NC_("mail", "deadline {day}") if verdict.performance in DECIDED else NC_("deadline", "by {day}")
    return _(said, day=day(verdict.deadline, _))


def advice(verdict: Verdict, indicator: Indicator, _: Translator) -> str:
    """Return what whoever answers for a target had better do; empty where nothing is said of it."""
    now = verdict.performance
    if is_done_late(verdict):
        return ""
    is_of_steps = indicator.measure is Measure.MILESTONES and now not in {Performance.ON_TRACK, Performance.ACHIEVED}
    known = "steps" if is_of_steps and now.value in ADVICE else now.value
    return _(ADVICE[known]) if known in ADVICE else ""


def since(status: date, began: date | None, today: date, _: Translator) -> str:
    """Return since when a status is so, and since when the trouble lasts where it `began` with another."""
    said = _since(status, today, _)
    if began is None or began >= status:
        return said
    return _("{status}; in trouble since {began}", status=said, began=_since(began, today, _))


def _since(began: date, today: date, _: Translator) -> str:
    days = (today - began).days
    return _("{day} ({days} days)", day=day(began, _), days=days) if days > 1 else day(began, _)


def since_mail(told_on: date, _: Translator) -> str:
    """Return the heading of what changed since a mail."""
    return _("Since the mail of {day}", day=day(told_on, _))


def steps_between(
    between: Iterable[StatusChange], before: Performance | None, told_on: date | None, _: Translator
) -> tuple[str, ...]:
    """Return what came and went since the last mail, newest first, and at the end what that one said."""
    lines = [
        _("{day}: {state}", day=day(one.on, _), state=words.performance(one.verdict or one.new, _)) for one in between
    ]
    if before is not None and told_on is not None:
        lines.append(_("{day}: {state}, as told", day=day(told_on, _), state=words.performance(before, _)))
    return tuple(lines)


def changed_since(
    verdict: Verdict,
    indicator: Indicator,
    _: Translator,
    *,
    through: date | None,
    value: Decimal | None,
    odds: float | None,
    steps_done: int,
) -> tuple[str, ...]:
    """Return what is new since a mail that rested on these figures: figure, steps, odds; that nothing is."""
    lines = []
    if indicator.measure is Measure.MILESTONES:
        done = sum(state.done_on is not None for state in verdict.steps)
        same = done == steps_done
        said = N_("No further step is reported.") if same else N_("{done} steps reported done, before {before}")
        lines.append(_(said, done=done, before=steps_done))
    elif (verdict.data_through, verdict.actual_value) != (through, value) and verdict.actual_value is not None:
        said = N_("{value} through {day}, before {old} through {before}")
        if through is None:
            said = N_("{value} through {day}, the first figure")
        now, old = (amount(one and told(one, verdict), indicator, _) for one in (verdict.actual_value, value))
        last = day(verdict.data_through, _)
        lines.append(_(said, value=now, day=last, old=old, before=day(through, _)))
    if odds is not None and verdict.attainment_probability is not None:
        now, old = (odds_words(one, _) for one in (verdict.attainment_probability, odds))
        if now != old:
            lines.append(_("odds {now}, before {old}", now=now, old=old))
    return tuple(lines) or (_("No new figure."),)


def caption(kinds: Iterable[str], _: Translator) -> str:
    """Return what the lines of a course are."""
    return " ".join(_(LINES[kind]) for kind in kinds if kind in LINES)


def late(due: date, days: int, _: Translator) -> str:
    """Return how late a release is."""
    said = N_("It was due on {day}, {days} day ago.") if days == 1 else N_("It was due on {day}, {days} days ago.")
    return _(said, day=day(due, _), days=days)


def figures_to(through: date, _: Translator) -> str:
    """Return through which day figures are known."""
    return _("figures to {day}", day=day(through, _))


def held(count: int, _: Translator) -> str:
    """Return how many figures wait for a person."""
    return _(NC_("held", "1 figure") if count == 1 else NC_("held", "{count} figures"), count=count)


def known_to(by: str, note: str, until: date, _: Translator) -> str:
    """Return who knows of a target's trouble, until when, and what they say."""
    said = _("{who}, until {day}", who=by, day=day(until, _))
    return f"{said}{_(': ')}{note}" if note else said


def standing(counts: Iterable[tuple[Performance, int]], _: Translator) -> str:
    """Return the subject of a digest: how many targets stand how, the worst first."""
    said = [
        _("{count} {state}", count=count, state=words.performance(one, _).lower()) for one, count in counts if count
    ]
    return _("Targets this week: {standing}", standing=_(", ").join(said) if said else _("none lags"))


def why(_: Translator, *, is_owner: bool, is_digest: bool) -> str:
    """Return why a mail came, and how to answer it."""
    if is_digest:
        came = _("You get this summary on the first working day of a week in which something was new.")
    elif is_owner:
        came = _("You get this because you answer for the target. You hear again when its status changes.")
    else:
        came = _("You get this because you look after the figures.")
    return _("{came} A question, or not yours? Just reply.", came=came)


def due(on: date, _: Translator) -> str:
    """Return when a figure is due, in a digest."""
    return _.context("digest", "due {day}", day=day(on, _))


def turned(change: StatusChange, _: Translator) -> str:
    """Return since when a target stands as it does, and how it stood before, in a digest."""
    said = words.since(change.new, day(change.on, _), _)
    if change.old is None:
        return said
    return _("{since}, before that {state}", since=said, state=words.performance(change.old, _).lower())


def acknowledged(by: str, until: date, _: Translator) -> str:
    """Return who knows, and until when, in a line."""
    return _("known to {who} until {day}", who=by, day=day(until, _))


def standing_of(verdict: Verdict, version: TargetVersion, indicator: Indicator, _: Translator) -> str:
    """Return value and goal, each with its unit, as there is room for in a mail; of steps how many are done."""
    if indicator.measure is Measure.MILESTONES or verdict.actual_value is None or verdict.goal_value is None:
        return card.figure(verdict, version, indicator, _)
    value = again(told(verdict.actual_value, verdict), indicator, _)
    return f"{value} / {words.goal_in_short(verdict, indicator, _)}"


def outlook(verdict: Verdict, version: TargetVersion, indicator: Indicator, _: Translator) -> list[str]:
    """Return value and goal, the odds, and what is needed, in a digest; of steps how many are done."""
    odds = verdict.attainment_probability if verdict.performance not in DECIDED else None
    return [
        standing_of(verdict, version, indicator, _),
        "" if odds is None else _.context("digest", "odds {odds}", odds=odds_words(odds, _)),
        card.needed_briefly(verdict, indicator, _, dated=False),
    ]


def moment(at: datetime, _: Translator) -> str:
    """Return a moment in its own zone."""
    return _("{day}, {time}", day=day(at.date(), _), time=f"{at:%H:%M}")
