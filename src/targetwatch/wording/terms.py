"""What each value of a closed list is called, by the value: as it is stored, sent by a form, or named in an address."""

from __future__ import annotations

from targetwatch.wording.figure_fields import HEADINGS
from targetwatch.wording.translation import N_, NC_

BASES = {
    "period": N_("in the period"),
    "year_to_date": N_("year to date"),
    "since_start": N_("since the start"),
    "point": N_("as measured"),
    "event": N_("reported"),
}

BASIS_CHOICES = {
    "period": N_("that period alone"),
    "year_to_date": N_("year to date, from 1 January"),
    "since_start": N_("since the start (running total)"),
    "point": N_("as it stood on the day"),
    "event": N_("a step that was done"),
}
"""As a form offers them."""

BASIS_NAMES = {
    "period": NC_("basis", "period"),
    "year_to_date": NC_("basis", "year to date"),
    "since_start": NC_("basis", "running total"),
    "point": NC_("basis", "point"),
    "event": NC_("basis", "event"),
}
"""As a problem calls them."""

MEASURES = {
    "flow": N_("adds up over time"),
    "level": N_("a value at a date"),
    "milestones": N_("steps, each done on a day"),
}

MEASURE_NAMES = {
    "flow": NC_("measure", "flow"),
    "level": NC_("measure", "level"),
    "milestones": NC_("measure", "milestones"),
}
"""As a problem calls them."""

QUALIFIERS = {
    "exact": N_("exactly"),
    "about": N_("about"),
    "over": N_("more than"),
}

QUALIFIER_NAMES = {
    "exact": NC_("qualifier", "exact"),
    "about": NC_("qualifier", "about"),
    "over": NC_("qualifier", "over"),
}
"""As a problem calls them."""

QUALIFIED = {
    "about": N_("about {amount}"),
    "over": N_("over {amount}"),
}
"""An amount as its publisher qualified it."""

DATA_STATES = {
    "fresh": N_("up to date"),
    "due": N_("next figure due"),
    "late": N_("late"),
    "none": N_("no figure yet"),
    "closed": N_("complete"),
}

FIGURE_STATES = {
    "in_force": N_("in force"),
    "revised": N_("revised since"),
    "restated": N_("rounder restatement, not used"),
    "not_yet": N_("not known then"),
    "withdrawn": N_("withdrawn"),
}

BECOMES = {
    "new": NC_("run", "new"),
    "revised": N_("a revision"),
    "held": N_("to check"),
    "known": NC_("run", "known already"),
}
"""What becomes of a figure a source brings."""

ACTS = {
    "add": N_("entered"),
    "withdraw": NC_("act", "withdrawn"),
    "restore": N_("put back in force"),
}
"""What was done to a figure."""

OUTCOMES = {
    "ok": NC_("outcome of a run", "read"),
    "unchanged": N_("unchanged since the last run"),
    "failed": N_("failed"),
    "drifted": NC_("outcome of a run", "looks different"),
}

SOURCE_KINDS = {
    "csv_file": N_("CSV files"),
    "document": N_("Documents"),
    "http_json": N_("JSON over HTTP"),
}

GOALS = {
    "above": N_("more than {value}"),
    "at_least": N_("at least {value}"),
    "below": N_("less than {value}"),
    "at_most": N_("at most {value}"),
    "between": N_("between {value} and {upper}"),
}
"""A goal by its comparator."""

COMPARATORS = {
    "above": N_("more than"),
    "at_least": N_("at least"),
    "below": N_("less than"),
    "at_most": N_("at most"),
    "between": N_("between"),
    "change": N_("changed by %"),
    "complete": N_("all steps done"),
}
"""As a form offers them."""

PLANS = {
    "linear": NC_("form", "a straight line"),
    "seasonal": N_("as in earlier years"),
    "waypoints": N_("points on the way"),
}
"""As a form offers them."""

RELEASES = {
    "day": N_("every day"),
    "week": N_("every week"),
    "month": N_("every month"),
    "quarter": N_("every quarter"),
    "half": N_("every half-year"),
    "year": N_("every year"),
    "irregular": N_("at no fixed times"),
}

MANAGED_BY = {
    "file": N_("the file"),
    "web": N_("the web"),
}

ROLES = {
    "viewer": N_("Viewer"),
    "editor": N_("Editor"),
    "admin": N_("Admin"),
}

ROLE_RIGHTS = {
    "viewer": N_("sees everything, the audit trail too, and changes nothing"),
    "editor": N_("changes targets, enters and checks figures"),
    "admin": N_("does everything, and decides who may"),
}

SCOPES = {
    "read": NC_("scope of a token", "read"),
    "record": N_("record"),
    "feed": N_("feed"),
}

SCOPES_IN_FULL = {
    "read": N_("Read: the API and the metrics"),
    "record": N_("Record: read, and enter figures in your name"),
    "feed": N_("Feed: subscribe to the feeds and embed a target, by an address that holds the token"),
}

TOKEN_USES = {
    "read": N_("To read how every target stands:"),
    "feed": N_("To subscribe to what changes:"),
    "record": N_("To enter a figure, here in the place of VALUE:"),
}

LANGUAGES = {
    "en": N_("English"),
    "zh": N_("Chinese"),
}

KINDS = {
    "account": N_("account"),
    "acknowledgement": N_("“I know”"),
    "held": N_("figure to check"),
    "indicator": N_("indicator"),
    "owner": N_("owner"),
    "programme": N_("programme"),
    "publisher": N_("publisher"),
    "reading": N_("reading"),
    "source": NC_("audit", "source"),
    "target": N_("target"),
    "target_version": N_("version of a target"),
    "token": N_("token"),
    "unsubscription": N_("no reminders and summaries"),
    "withdrawal": N_("withdrawal"),
}
"""The kinds of objects in the audit trail."""

ROWS = {"plan.waypoints": N_("Point {number}"), "steps": N_("Step {number}")}
"""What a row of a list of a promise is called."""
FIELDS = {
    "id": N_("Short name"),
    "indicator": N_("Indicator"),
    "indicators.title.en": N_("Indicator, in English"),
    "indicators.title.zh": N_("Indicator, in Chinese"),
    "indicators.id": N_("Short name of the indicator"),
    "indicators.unit": NC_("form", "Unit"),
    "indicators.unit_label.en": N_("Unit as read, in English"),
    "indicators.unit_label.zh": N_("Unit as read, in Chinese"),
    "indicators.scope.en": N_("What is counted (English)"),
    "indicators.scope.zh": N_("What is counted (Chinese)"),
    "indicators.lowest": N_("Lowest plausible value"),
    "indicators.highest": N_("Highest plausible value"),
    "indicators.note.en": N_("Note, in English"),
    "indicators.note.zh": N_("Note, in Chinese"),
    "indicators.authority": NC_("form", "Whose count is judged"),
    "publishers.title.en": N_("New publisher, in English"),
    "publishers.title.zh": N_("New publisher, in Chinese"),
    "indicators.release.every": NC_("how often", "Published"),
    "indicators.release.lag": N_("Days from the period's end to the figure"),
    "indicators.release.grace": N_("Days more before it counts as late"),
    "indicators.release.calendar": N_("Whose working days count"),
    "indicators.release.january_with_february": N_("January with February"),
    "indicators.steward.name.en": N_("Data steward, in English"),
    "indicators.steward.name.zh": N_("Data steward, in Chinese"),
    "indicators.steward.email": N_("E-mail of the data steward"),
    "indicators.steward.language": N_("Mail to the data steward in"),
    "goal.comparator": N_("Kept when the figure is"),
    "goal.value": N_("Goal"),
    "goal.upper": N_("... and at most"),
    "start": N_("First day"),
    "deadline": NC_("form", "Deadline"),
    "baseline.value": N_("Where it stood before"),
    "baseline.period": N_("... in which period"),
    "plan": N_("Expected path"),
    "plan.waypoints.on": N_("By"),
    "plan.waypoints.value": N_("Expected by then"),
    "steps.id": N_("Short name"),
    "steps.title.en": N_("Step, in English"),
    "steps.title.zh": N_("Step, in Chinese"),
    "steps.due": N_("Due"),
    "effective": N_("Counts from"),
    "reason": N_("Reason for the change"),
    "announcement.by.en": N_("Announced by, in English"),
    "announcement.by.zh": N_("Announced by, in Chinese"),
    "announcement.on": N_("Announced on"),
    "announcement.source.en": N_("Printed in, in English"),
    "announcement.source.zh": N_("Printed in, in Chinese"),
    "announcement.url": N_("Address"),
    "announcement.quote": N_("In these words"),
    "title.en": N_("Title, in English"),
    "title.zh": N_("Title, in Chinese"),
    "short.en": N_("Short title, in English"),
    "short.zh": N_("Short title, in Chinese"),
    "programme": N_("Programme"),
    "programmes.title.en": N_("New programme, in English"),
    "programmes.title.zh": N_("New programme, in Chinese"),
    "owner": NC_("form", "Owner"),
    "owner.name.en": N_("New owner, in English"),
    "owner.name.zh": N_("New owner, in Chinese"),
    "owner.email": N_("E-mail"),
    "owner.language": N_("Mail in"),
    "note.en": N_("Note, in English"),
    "note.zh": N_("Note, in Chinese"),
}
"""The fields of the form of a target in the order of the page, by the paths of the model, without numbers of rows."""

SOURCE_FIELDS = {
    "id": N_("Short name"),
    "title.en": N_("Title, in English"),
    "title.zh": N_("Title, in Chinese"),
    "schedule": N_("When it is read"),
    "enabled": N_("Switched on"),
    "steward.name.en": N_("Data steward, in English"),
    "steward.name.zh": N_("Data steward, in Chinese"),
    "steward.email": N_("E-mail of the data steward"),
    "steward.language": N_("Mail to the data steward in"),
    "fetch.http.url": N_("Address"),
    "pick.readings.indicator": N_("Indicator"),
    "pick.readings.value": N_("Column of the figures"),
    "pick.readings.basis": N_("It counts"),
    "pick.readings.unit": N_("Unit, if none is printed"),
    "pick.readings.yoy": N_("Column of the growth"),
    "pick.period.of": N_("Period"),
    "pick.period.span": N_("How long a period is"),
    "pick.period.form": N_("How it is printed"),
    "pick.published.of": N_("Published"),
    "pick.anchors.title": N_("Words that must be there"),
    "pick.anchors.unit": N_("Note of the unit"),
    "pick.table.name": N_("Sheet or table"),
    "pick.header.words": N_("Words of the header"),
    "pick.header.depth": N_("Rows of the header"),
    "pick.rows.fill_down": N_("Columns printed once and carried down"),
    "text": N_("Description"),
}
"""The fields of a source's form in the order of the page, by their paths in the description, rows unnumbered."""

COLUMNS = {
    "account": N_("Account"),
    "action": N_("Action"),
    "actor": N_("Person"),
    "annual_total_of": N_("Whose annual total it is"),
    "archived_at": NC_("audit", "Archived"),
    "at": N_("When"),
    "base": N_("Base of the index"),
    "base_on": N_("Day of the base"),
    "baseline": N_("Baseline"),
    "chained_from": N_("Chained from"),
    "created_at": N_("Created"),
    "decided_at": N_("Decided"),
    "decided_by": N_("Decided by"),
    "decision_note": N_("Note"),
    "digest": N_("Summary on Monday mornings"),
    "derivation_kind": N_("How it is computed"),
    "derivation_of": N_("Computed from"),
    "disabled_at": N_("Closed"),
    "enabled": N_("Switched on"),
    "expires_at": N_("Expires"),
    "goal": N_("Goal"),
    "growth_of": N_("Whose growth it is"),
    "kind": N_("Kind"),
    "managed_by": N_("Managed by"),
    "measure": N_("Measure"),
    "name": N_("Name"),
    "name.en": N_("Name (English)"),
    "name.zh": N_("Name (Chinese)"),
    "number": N_("Version"),
    "one_time": N_("Password good for one sign-in"),
    "options": N_("Options"),
    "password_hash": N_("Password"),
    "plan.waypoints": N_("Points of the plan"),
    "ratio": N_("Ratio of"),
    "reading": N_("Reading"),
    "reason": N_("Reason"),
    "revoked_at": N_("Revoked"),
    "role": N_("Role"),
    "rolling_total_of": N_("Whose rolling total it is"),
    "rolling_total_of.months": N_("Months in the rolling total"),
    "schedule": N_("Schedule"),
    "scope": N_("Scope"),
    "secret_hash": N_("Secret"),
    "source": N_("Came from"),
    "status": N_("Standing"),
    "steps": N_("Place of the step"),
    "subject": N_("Identity at the sign-in service"),
    "title": N_("Title"),
}
"""What is kept and is no field of a form, or has another name there than beside a question."""

VALUES = {
    "managed_by": MANAGED_BY,
    "status": {"waiting": N_("waiting"), "accepted": N_("accepted"), "rejected": N_("rejected")},
    "role": ROLES,
    "scope": SCOPES,
    "qualifier": QUALIFIERS,
    "plan": PLANS,
    "basis": BASES,
    "measure": MEASURES,
    "every": RELEASES,
    "language": LANGUAGES,
}
"""What the values of a field that is one of a few are called."""


def label(path: str) -> str:
    """Return what a field is called by its path in the model, whatever it is a field of; "" for one we do not know.

    >>> label("deadline") == FIELDS["deadline"], label("release.lag"), label("colour")
    (True, "Days from the period's end to the figure", '')
    """
    known = FIELDS | HEADINGS | COLUMNS
    return next((known[one] for one in (path, f"indicators.{path}", f"owner.{path}") if one in known), "")


DONE = {
    "signed_out": N_("You are signed out."),
    "password_changed": N_("Your password is changed. You are signed out everywhere else."),
    "session_ended": N_("That browser is signed out."),
    "token_made": N_("The token is made."),
    "token_revoked": N_("The token is revoked."),
    "user_added": N_("The account is open."),
    "user_reset": N_("The password is reset."),
    "saved": N_("Saved."),
    "user_disabled": N_("The account is disabled."),
    "user_enabled": N_("The account is enabled again."),
    "sessions_ended": N_("They are signed out everywhere."),
    "accepted": N_("The figure is accepted and counts from now on."),
    "rejected": N_("The figure is rejected and stays out."),
    "reopened": N_("Taken back: the figure waits again, and everything has been judged anew."),
    "target_handed_back": N_("Handed back to the configuration file."),
    "target_archived": N_("Archived."),
    "target_restored": N_("Brought back."),
    "target_undone": N_("Undone, by a further version."),
    "target_version": N_("Saved: the promise has a new version."),
    "target_names": N_("Saved. The promise itself is as it was."),
    "figure_saved": N_("The figure is saved, and everything has been judged anew."),
    "figure_put_back": N_("The wrong figure is withdrawn, and the one known before is in force again."),
    "undone": N_("Taken back: what was in force before is so again, and everything has been judged anew."),
    "figure_held": N_("The figure waits here: something speaks against it."),
    "withdrawn": N_("The figure is withdrawn, and everything has been judged anew."),
    "restored": N_("The figure is in force again, and everything has been judged anew."),
    "target_new": N_("Saved: a new target."),
    "owner_changed": N_("Saved: mail goes there from now on."),
    "owner_taken_over": N_("Taken over: the address can be changed now."),
    "known": N_("Kept: no reminder comes until then."),
    "resubscribed": N_("Reminders and summaries go there again."),
    "owner_handed_back": N_("Handed back to the configuration file."),
    "article_saved": N_("Saved. The article is done with: read again, it proposes nothing new."),
    "article_settled": N_("The article is done with: read again, it proposes nothing new."),
    "pasted": N_("The table is saved, and everything has been judged anew."),
}
"""What was just done, as the page says that follows."""
