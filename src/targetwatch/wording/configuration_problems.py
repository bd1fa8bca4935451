"""What is wrong with a configuration, by code: files, shapes, single values, and what holds between them."""

from __future__ import annotations

from collections.abc import Mapping

from targetwatch.wording.translation import N_

OF_CONFIGURATION: Mapping[str, str] = {
    # --- configuration: the files ---
    "folder_missing": N_("is not a directory, expected one that holds {name}"),
    "file_missing": N_("there is no such file, expected the targets in it"),
    "file_misnamed": N_("is not read under this name, rename it to {name}"),
    "file_empty": N_("the file is empty, expected a mapping that begins version: 1"),
    "file_unreadable": N_("cannot be read: {reason}"),
    "file_not_utf8": N_("byte {byte} is not UTF-8, expected the file saved as UTF-8"),
    "yaml_tab": N_("a tab indents this line, expected spaces (YAML forbids tabs)"),
    "yaml_syntax": N_("not valid YAML: {what}"),
    "yaml_syntax_since": N_("not valid YAML, {since}: {what}"),
    "yaml_syntax_since_line": N_("not valid YAML, {since} (line {since_line}): {what}"),
    "yaml_character": N_("character {character} may not stand in YAML, remove it"),
    "yaml_too_many": N_("more than {most} values once its aliases are filled in, expected fewer"),
    "yaml_alias_inside": N_("an alias stands inside its own anchor, expected the value written out"),
    "yaml_key_nested": N_("the key a list or mapping is not text, expected a key in quotes or another one"),
    "yaml_key_not_text": N_("the key '{key}' is not text, expected a key in quotes or another one"),
    "yaml_key_twice": N_("the key '{key}' stands here twice (first in line {first_line}), expected it once"),
    "yaml_merge_key": N_("merge keys (<<) are not read, expected the keys written out"),
    "yaml_tag": N_("the tag {tag} is not read, expected the value without it"),
    "version_missing": N_("missing, expected version: 1 as the first line"),
    "version_not_number": N_("{given} is not the number, write version: 1"),
    "version_unknown": N_("{given} is not known here, expected version: 1"),
    "variable_in_key": N_("{variable} stands in a key, expected variables only in the option values of a source"),
    "variable_misplaced": N_(
        "{variable} stands here, expected variables only in the option values of a source (sources.yaml)"
    ),
    "variable_malformed": N_(
        "{variable} is not a variable, expected a name such as ${{API_TOKEN}} (or $${{ for the characters)"
    ),
    "variable_not_given": N_("{variable} is not given to sources made on the web, expected one of: {known}"),
    "secret_written_out": N_("A secret is written out, expected a variable given to sources made on the web: {known}"),
    "id_fixed": N_("The short name stays {name}"),
    "variable_not_set": N_("{variable} is not set, expected it in the environment of targetwatch"),
    "variables_not_set": N_("source '{source}': {variables} not set, expected in the environment of targetwatch"),
    # --- configuration: shapes ---
    "missing": N_("missing, expected {expected}"),
    "nothing": N_("nothing stands here, expected {expected}"),
    "nothing_or_removed": N_("nothing stands here, expected {expected}, or the key removed"),
    "unknown_key": N_("unknown key, expected one of: {known}"),
    "unknown_key_near": N_("unknown key, did you mean {near}?"),
    "unknown_word": N_("{given} is not known, expected one of: {known}"),
    "unknown_word_near": N_("{given} is not known, did you mean {near}?"),
    "unknown_name": N_("no {kind} '{name}', expected one of: {known}"),
    "unknown_name_near": N_("no {kind} '{name}', did you mean {near}?"),
    "unknown_name_none": N_("no {kind} '{name}', expected it to be written under {kind}s: first"),
    "empty_list": N_("an empty list, expected {expected}"),
    "expected_text": N_("{given} stands here, expected text"),
    "expected_text_quoted": N_("{given} stands here, expected text, write '{given}' in quotes"),
    "expected_bool": N_("{given} stands here, expected true or false"),
    "expected_list": N_("{given} stands here, expected a list (lines that begin with - )"),
    "expected_mapping": N_("{given} stands here, expected a mapping (lines of the form key: value)"),
    "expected_shape": N_("{given} stands here, expected {shape}"),
    "expected_entry": N_("{given} stands here, expected a mapping that begins id:"),
    "expected_file": N_("{given} stands here, expected a mapping that begins version: 1"),
    "expected_whole_number": N_("{given} stands here, expected a whole number"),
    "does_not_fit": N_("{given} does not fit: {reason}"),
    # --- configuration: single values ---
    "blank": N_("empty, expected words"),
    "id": N_("{given} is not an id (lower-case letters, digits and single hyphens), write {better}"),
    "id_number": N_("{given} is not an id (lower-case letters, digits and single hyphens), write '{better}' in quotes"),
    "id_none": N_(
        "{given} is not an id (lower-case letters, digits and single hyphens), expected something like"
        " cargo-volume-2025"
    ),
    "id_long": N_(
        "{given} is not an id (lower-case letters, digits and single hyphens, at most {most} characters), write"
        " {better}"
    ),
    "id_long_none": N_(
        "{given} is not an id (lower-case letters, digits and single hyphens, at most {most} characters), expected"
        " something like cargo-volume-2025"
    ),
    "day": N_("{given} is not a day, expected year-month-day such as 2025-12-31"),
    "day_spelling": N_("{given} is not written as a day, write {better}"),
    "day_with_time": N_("{given} has a time of day, write {better}"),
    "day_not_in_month": N_("{given} is not a day of the calendar, {month} has {days} days"),
    "day_not_in_calendar": N_("{given} is not a day of the calendar, expected year-month-day such as 2025-12-31"),
    "day_far": N_("{given} is too far away, expected a day from {first} to {last}"),
    "number": N_("{given} is not a number, expected one such as 270000 or 21.3"),
    "number_digits": N_("{given} has too many digits, expected at most {most} on either side of the point"),
    "number_quoted": N_("{given} is text, write {better} without the quotes"),
    "number_separators": N_("{given} has thousands separators, write {better}"),
    "number_percent": N_(
        "{given} is a percentage, expected a number in the indicator's unit, write {better} where the unit is %"
        " (a change against the baseline is goal: {{change: {{by: {percent}}}}})"
    ),
    "number_words": N_("{given} is not a plain number, write {better}"),
    "percent": N_("{given} is not a percentage, expected one such as -60%"),
    "percent_of_what": N_("{given} does not say of what, write {given}%"),
    "percent_spelling": N_("{given} is not written as a percentage, write {better}"),
    "days": N_("{given} is not a number of days up to {most}, expected one such as 31d"),
    "days_of_what": N_("{given} does not say of what, write {given}d for days"),
    "email": N_("{given} is not an e-mail address, expected exactly one such as name@example.org"),
    "web_address": N_("{given} is not a web address, expected one that begins with https:// or http://"),
    "country": N_("{given} is not a country with a known calendar, expected a two-letter code such as CN"),
    "country_spelling": N_("{given} is not written as a country code, write {better}"),
    "period": N_("{given} is not a period, expected one such as 2024, 2024-12 or 2024-01..2024-06"),
    # --- configuration: what must hold between values ---
    "id_twice": N_("'{name}' is the id of the {kind} in line {first_line}, expected a different one"),
    "id_there_already": N_("'{name}' is the id of a target there is already, expected a different one"),
    "id_archived": N_("'{name}' is the id of one that is archived, expected a different one"),
    "there_otherwise": N_("is there already and says something else, expected its id alone"),
    "owner_there_otherwise": N_("is there already and described differently, expected its id alone"),
    "owner_twice": N_(
        "'{name}' is described differently in line {first_line}, expected it once under owners: and its id here"
    ),
    "owner_id_missing": N_("missing, expected one, since none can be made from a name without Latin letters"),
    "bounds_reversed": N_("{lowest} is above highest {highest}, expected the two the other way round"),
    "january_needs_months": N_(
        "goes with every: month, and every is {every}; expected every: month or the key removed"
    ),
    "unit_of_milestones": N_("milestones count steps and need no unit, expected the key removed"),
    "rule_none": N_("no rule says how it is computed, expected exactly one of {known}"),
    "rule_many": N_("{count} rules at once ({named}), expected exactly one of {known}"),
    "part_counts_milestones": N_("'{name}' counts milestones, expected an indicator with values"),
    "part_is_level": N_("'{name}' is a level, which does not add up; expected a flow"),
    "part_is_flow": N_("'{name}' is a flow, expected a level that gives the yearly change in %"),
    "rolling_months": N_("{given} is no span of a rolling total, expected {least} to {most} months"),
    "ratio_of_two": N_("[{given}] is not a ratio, expected two different indicators: [above, below]"),
    "base_missing": N_("missing, expected base and base_on: where the chained index begins (100 on 2022-12-31)"),
    "base_without_chain": N_("goes with chained_from, and the rule is {rule}; expected the key removed"),
    "from_itself": N_("is computed from itself ({way}), expected a rule that ends at measured indicators"),
    "goal_empty": N_("nothing stands here, expected the promise such as {above: 270000}, or complete"),
    "goal_bare": N_("{given} does not say what counts as attained, write {{above: {number}}} or the like"),
    "goal_none": N_("no goal stands here, expected exactly one of {known}"),
    "goal_many": N_(
        "{count} goals at once ({named}), expected exactly one of {known}; a range is between: [low, high]"
    ),
    "between_two": N_("{count} numbers, expected two: [low, high]"),
    "between_nothing": N_("[{low}, {high}] leaves no range, expected the smaller number first"),
    "between_order": N_("[{low}, {high}] runs backwards, write [{high}, {low}]"),
    "change_none": N_("{given}% is no goal, expected a change that is not 0% and not under -100%"),
    "baseline_missing": N_(
        "is relative to a baseline and there is none, expected baseline: {value: ..., period: ...}; where none is"
        " published, say so in note: and the target waits for one"
    ),
    "baseline_zero": N_(
        "0 cannot change by a percentage, expected another baseline or an absolute goal such as at_least"
    ),
    "baseline_inside": N_("ends on {day}, inside the window, expected a period before {start}"),
    "deadline_before_start": N_("{day} is before the start {start}, expected a later day"),
    "deadline_over": N_("{day} was over when it was announced ({announced}), expected a later day"),
    "deadline_missing": N_(
        "missing, expected the last day of the window: '{name}' is a {measure}, and only milestones may go without"
    ),
    "waypoint_outside": N_("{day} is outside the window, expected a day from {first} to {last}"),
    "waypoint_outside_open": N_("{day} is outside the window, expected a day from {first} on"),
    "waypoint_order": N_("{day} comes after {before} in the list, expected the points in order of their days"),
    "waypoint_beyond": N_("{value} is beyond the goal {goal}, expected at most that"),
    "waypoint_falls": N_("{value} is less than {before} before it, expected values since the start, which cannot fall"),
    "step_twice": N_("'{name}' is the id of an earlier step, expected a different one"),
    "step_due_late": N_("{day} is after the target's deadline {deadline}, expected that day or an earlier one"),
    "step_due_early": N_("{day} is before the start {start}, expected that day or a later one"),
    "complete_misfit": N_("complete is for milestones and '{name}' is a {measure}, expected one of {known}"),
    "goal_misfit": N_("{goal} does not fit, '{name}' counts milestones, write goal: complete"),
    "goal_bounds": N_("{value} is outside the bounds of '{name}' ({low} to {high}), expected one inside"),
    "steps_misfit": N_("steps are for milestones and '{name}' is a {measure}, expected none"),
    "steps_missing": N_(
        "missing, '{name}' counts milestones, expected at least one: steps: [{{id: ..., title: {{en: ..., zh: ...}}}}]"
    ),
    "term_misfit": N_("'{name}' counts milestones and has no use for it, expected the key removed"),
    "term_taken_away": N_("nothing stands here, expected the new {term}, or the key removed"),
    "goal_far_change": N_("a change of {change} is more than tenfold"),
    "goal_far_from_last": N_("the goal of {goal} ({words}) is ten times off the one before, {before}"),
    "goal_beyond_published": N_(
        "the goal of {goal} ({words}) is far beyond all that was published, which would come to {most}"
    ),
    "version_changes_nothing": N_("changes nothing, expected at least one of {known}"),
    "effective_early": N_("{day} is before it was announced ({announced}), expected that day or later"),
    "effective_before_announced": N_(
        "{day} is before the announcement ({before}), expected that day or later, oldest version first"
    ),
    "effective_before_last": N_(
        "{day} is before the version above it ({before}), expected that day or later, oldest version first"
    ),
}
