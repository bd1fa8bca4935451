"""The sentence of every problem: one table by code, and how its values are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from targetwatch.errors import StoreError
from targetwatch.model import Basis, Catalogue, Indicator, Measure, Period, Qualifier, Text
from targetwatch.model.problem import Amount, Name, Problem, Ratio
from targetwatch.quantity import format_period
from targetwatch.wording import formats
from targetwatch.wording.translation import N_, NC_, Translator, translator

if TYPE_CHECKING:
    from targetwatch.errors import TargetwatchError
    from targetwatch.model.problem import Value

SENTENCES: Mapping[str, str] = {
    # --- names ---
    "not_found": N_("not found"),
    "not_found_near": N_("not found; did you mean {near}?"),
    "not_found_among": N_("not found; there are: {names}"),
    "is_computed": N_("is computed, expected readings of {inputs} instead"),
    "has_no_steps": N_("{indicator} has no steps, expected none"),
    "step_is_empty": N_("is empty, expected one of {names}"),
    # --- the fields of a row ---
    "is_empty": N_("is empty, expected a value"),
    "too_long": N_("has {count} characters, expected at most {most}"),
    "unknown_field": N_("is not known, expected one of {names}"),
    "not_one_of": N_("expected one of {choices}"),
    "not_one_of_near": N_("expected one of {choices}; did you mean {near}?"),
    "not_yes_or_no": N_("expected yes or no"),
    "not_a_day": N_("is no day, expected one such as 2025-07-17"),
    "not_an_address": N_("is no web address, expected one starting with https:// or http://"),
    "not_from_new_year": N_("a year-to-date starts on 1 January, not on {start}, expected {expected}"),
    "other_notation": N_("is not written as the value '{value}' is, expected the same unit"),
    "rounding_too_small": N_("'{value}' is printed to within {width}, expected no less"),
    "qualifier_differs": N_("says {qualifier}, but the value '{value}' says {printed}, expected one of the two"),
    # --- numbers ---
    "empty_figure": N_("is empty, expected a figure such as 154,600 or 6.4万"),
    "percentage_in_words": N_("spells the percentage out, expected digits such as 64.7 %"),
    "scientific_notation": N_("is in scientific notation, which hides digits; expected them written out"),
    "fall_in_words": N_("says a fall in words, expected a sign: -3.5 %"),
    "rise_in_words": N_("says a rise in words, expected the bare rate: 28 %"),
    "range_of_figures": N_("is a range, expected one figure"),
    "yuan_or_yen": N_("has a sign of both yuan and yen, expected CNY or JPY"),
    "letter_at_the_end": N_("ends in a letter that may be a magnitude or a unit, expected million or a unit after it"),
    "zero_in_front": N_("starts with a zero, expected a figure such as 154600 or 0.5"),
    "thousands_or_decimals": N_("has a mark that may part thousands or decimals, expected 1234 or 1.23"),
    "no_digits": N_("has no digits, expected one such as 27万"),
    "not_a_number": N_("is not a number, expected a figure such as 154,600, 6.4万 or 28.33 billion yuan"),
    "figure_cut_off": N_("ends in '{rest}', expected the figure whole"),
    "further_figure": N_("goes on with '{rest}' after '{read}', expected one figure"),
    "unknown_unit": N_(
        "has '{rest}' after '{read}', which is no unit known here; expected a known unit, or the unit on its own"
    ),
    "too_many_digits": N_("has {count} digits, expected at most {most}"),
    "magnitudes_out_of_order": N_("mixes magnitudes out of order, expected one such as 27万2300"),
    "two_units": N_("names two units, {one} and {other}, expected one"),
    "no_percentage": N_("is no percentage, expected one such as 28 %"),
    "rate_without_percent": N_("is a rate without a percent sign, expected one such as 28 %"),
    "inexact_rate": N_("is an inexact rate, expected the bare rate, such as 28 %, or none"),
    "other_unit_than_field": N_("says {unit}, the unit field counts {counted}"),
    "other_unit": N_("says {unit}, the indicator counts {counted}"),
    "unknown_locale": N_("not known, expected one such as en, zh, de or ru"),
    "no_unit": N_("no unit"),
    # --- periods ---
    "not_a_period": N_(
        "cannot be read, expected one such as 2025, 2025-06, 2025-Q1, 2025-H1, 2025-11-10 or 2025-01..2025-06"
    ),
    "no_such_month": N_(
        "there is no month {month}, expected one such as 2025, 2025-06, 2025-Q1, 2025-H1, 2025-11-10 or "
        "2025-01..2025-06"
    ),
    "no_such_day": N_(
        "there is no day {day}, expected one such as 2025, 2025-06, 2025-Q1, 2025-H1, 2025-11-10 or 2025-01..2025-06"
    ),
    "months_reversed": N_(
        "month {last} comes before month {first}, expected one such as 2025, 2025-06, 2025-Q1, 2025-H1, "
        "2025-11-10 or 2025-01..2025-06"
    ),
    "no_such_half": N_(
        "a year has no half {number}, expected one such as 2025, 2025-06, 2025-Q1, 2025-H1, 2025-11-10 or "
        "2025-01..2025-06"
    ),
    "year_out_of_range": N_(
        "the year {year} is not between {earliest} and {latest}, expected one such as 2025, 2025-06, "
        "2025-Q1, 2025-H1, 2025-11-10 or 2025-01..2025-06"
    ),
    "period_reversed": N_("ends on {end}, before it starts on {start}"),
    # --- why a reading is held ---
    "unfitting_basis": N_("A {measure} is reported as {fitting}, but this reading says {basis}."),
    "unit_differs": N_("The reading says {unit}, but the indicator counts {counted}."),
    "ends_after_today": N_("The period ends on {end}, after today, {today}."),
    "published_after_today": N_("It is said to be published on {published}, after today, {today}."),
    "ends_after_publication": N_("The period ends on {end}, after the day of publication, {published}."),
    "below_lowest": N_("{value} is below the lowest plausible value, {lowest}."),
    "above_highest": N_("{value} is above the highest plausible value, {highest}."),
    "growth_to_nothing": N_("A growth of {growth} would leave nothing or less."),
    "larger_than_quoted": N_(
        "The quote says '{quoted}', which is {meant}, but the value is {value}, {times} times larger."
    ),
    "smaller_than_quoted": N_(
        "The quote says '{quoted}', which is {meant}, but the value is {value}, {times} times smaller."
    ),
    "year_to_date_falls": N_("The year-to-date of {publisher} would fall from {earlier} to {later}."),
    "running_total_falls": N_("The running total of {publisher} would fall from {earlier} to {later}."),
    "year_to_date_above_later": N_(
        "The year-to-date of {publisher} would be {earlier}, more than what it has grown to later: {later}."
    ),
    "running_total_above_later": N_(
        "The running total of {publisher} would be {earlier}, more than what it has grown to later: {later}."
    ),
    "growth_differs": N_(
        "A growth of {growth} to {value} in {period} means about {implied} a year before, but known is {earlier}."
    ),
    "growth_of_next_year_differs": N_(
        "A growth of {growth} to {value} in {period} means about {implied} a year before, but this reading "
        "says {earlier}."
    ),
    "large_revision": N_("It would revise {current} to {value}."),
    "far_above": N_("{value} is an order of magnitude above what is known: {known}."),
    "far_below": N_("{value} is an order of magnitude below what is known: {known}."),
    "far_above_per_day": N_("{value} is an order of magnitude above what is known per day: {known}."),
    "far_below_per_day": N_("{value} is an order of magnitude below what is known per day: {known}."),
    "figure": N_("{value} ({period})"),
    "figure_published": N_("{value} ({period}, published {published})"),
    "rejected_before": N_("{why} It was rejected by {who}: {note}"),
    "no_reason_given": N_("no reason given"),
    "was_withdrawn": N_("The same reading, number {number}, was withdrawn; restore it if it was right."),
    # --- what cannot be done to a reading ---
    "accepted_already": N_("was accepted already, as reading {reading}"),
    "rejected_already": N_("was rejected already, expected one that waits"),
    "accepted_not_waiting": N_("was accepted already, expected one that waits; withdraw the reading instead"),
    "unit_of_held": N_(
        "counts {unit}, not what its indicator counts; expected it to be rejected and recorded again in "
        "the indicator's unit"
    ),
    "unit_not_said": N_("something not said"),
    "withdrawn_already": N_("is withdrawn already"),
    "correction_of_withdrawn": N_("is withdrawn already, expected one in force"),
    "not_withdrawn": N_("is not withdrawn, expected one that is"),
    "withdraw_without_reason": N_("withdraw without a reason, expected one"),
    "restore_without_reason": N_("restore without a reason, expected one"),
    "not_entered_so": N_("was not entered so by {who}, or is not in force any more"),
    # --- the rows of a source ---
    "no_header": N_("is empty, expected a header line"),
    "half_written": N_("has no line break at its end and may be half-written, expected one to follow"),
    "quotation_open": N_('opens a quotation mark that is never closed; expected quotes inside a cell doubled ("")'),
    "quotation_open_lines": N_(
        "opens a quotation mark that is never closed, lines {first} to {last} were not read; expected "
        'quotes inside a cell doubled ("")'
    ),
    "quotation_misplaced": N_('has a quotation mark out of place; expected quotes inside a cell doubled ("") ({why})'),
    "quotation_misplaced_lines": N_(
        "has a quotation mark out of place, lines {first} to {last} were not read; expected quotes inside "
        'a cell doubled ("") ({why})'
    ),
    "column_twice": N_("stands twice in the header"),
    "column_not_there": N_("is not in the header, expected it for {field}"),
    "column_missing": N_("is missing, expected it in the header"),
    "column_unknown": N_("is not known; expected {names}"),
    "column_unknown_near": N_("is not known; did you mean {near}?"),
    "cells_differ": N_(
        "has {count} cells where the header has {expected}, expected one for each column (a cell with "
        "'{delimiter}' in it stands in quotation marks)"
    ),
    "other_encoding": N_("holds bytes that are not {encoding}, expected the file saved so, or its encoding named"),
    "implausible_figure": N_("is no plausible figure"),
    "finds_a_list": N_("finds a list, expected one value"),
    "finds_a_group": N_("finds a group, expected one value"),
    "other_day_format": N_("is not written as {form}"),
    "not_a_ratio": N_("is no ratio, expected one such as 0.28"),
    "no_row_can_be_used": N_("no row can be used, {count} problems, the first at {first}"),
    "more_problems": N_("and {count} more"),
    # --- runs of a source ---
    "run_under_way": N_("a run is under way, expected to wait for its end"),
    "unknown_kind": N_("is not known, expected one of {names}"),
    # --- why a source cannot be read ---
    "inside_network": N_(
        "{host} is at {peer}, an address inside the network, expected a public one; if it is meant, "
        "add '{peer}' to allow_private"
    ),
    "redirects_to_another_host": N_("redirects to another host, {host}; if that is meant, put its address into url"),
    "redirects_to_another_port": N_("redirects to another port, {address}; if that is meant, put it into url"),
    "redirects_to_http": N_("redirects from https to http, which is not followed"),
    "redirects_nowhere": N_("redirects to no web address"),
    "redirects_too_often": N_("redirects more than {most} times"),
    "redirects_other_method": N_("answers {method} with a redirect to {address}, expected that address in url"),
    "no_answer_in_time": N_("no complete answer within {seconds} s, while {doing}"),
    "trying_to_connect": N_("trying to connect"),
    "waiting_for_answer": N_("waiting for {host} to answer"),
    "waiting_to_ask_again": N_("waiting to ask again after it {why}"),
    "reading_the_answer": N_("reading the answer ({count} bytes so far)"),
    "failed_while": N_("failed while {doing} ({kind})"),
    "given_up": N_("was given up"),
    "next_attempt_too_late": N_("{why}, and the next attempt would come after the deadline of {seconds} s"),
    "name_not_found": N_("its name cannot be looked up, expected a host that exists"),
    "certificate_refused": N_("its certificate is not accepted: {why}"),
    "no_secure_connection": N_("no secure connection can be made ({why})"),
    "broken_off_after": N_("breaks off after {count} bytes"),
    "broken_off_before_the_end": N_("breaks off after {count} bytes, {more} more were announced"),
    "broken_off_within": N_("breaks off in the middle of its answer"),
    "compressed_data_damaged": N_("sends compressed data that is damaged"),
    "connection_refused": N_("refuses the connection: nothing listens at that port"),
    "connection_broken": N_("breaks off the connection"),
    "answers_too_late": N_("does not answer in time"),
    "answers_not_in_http": N_("does not answer in HTTP"),
    "header_impossible": N_("cannot be asked: a header has a line break or is no text"),
    "answers": N_("answers {status}"),
    "answers_and_asks_to_wait": N_("answers {status} and asks to wait {seconds} s"),
    "answers_401": N_("answers {status}: the credentials in headers are missing or not accepted"),
    "answers_403": N_("answers {status}: it does not let this service in"),
    "answers_404": N_("answers {status}: there is nothing at this address"),
    "answers_410": N_("answers {status}: what was at this address has been taken away"),
    "answers_429": N_("answers {status}: it is asked too often"),
    "answers_server_error": N_("answers {status}: it has a fault of its own"),
    "answers_other": N_("answers {status}: expected 200 OK"),
    "announces_too_much": N_("announces {count} bytes, expected at most {most} (max_bytes)"),
    "goes_on_too_long": N_("goes on after {most} bytes, expected at most that (max_bytes)"),
    "unchanged_unasked": N_("says nothing changed, but it was asked for everything"),
    "no_such_file": N_("no such file in {folder}"),
    "no_file_matches": N_("no file matches in {folder}"),
    "cannot_be_searched": N_("cannot be searched: {why}"),
    "no_regular_file": N_("is no regular file, expected CSV files only"),
    "file_too_large": N_("has {count} bytes, expected at most {most}"),
    "other_content_type": N_(
        "says it is {kind}, expected application/json; if it is JSON all the same, add it to content_types"
    ),
    "no_content_type": N_(
        "does not say what it is, expected application/json; if it is JSON all the same, add it to content_types"
    ),
    "empty_answer": N_("answers with nothing, expected JSON"),
    "unknown_charset": N_("says it is written in '{charset}', which is not known; expected utf-8"),
    "undecodable": N_("is not {encoding} from byte {byte} on, expected utf-8"),
    "json_cut_off": N_("breaks off in the middle, at line {line}, column {column}"),
    "not_json_at": N_("is not JSON: {why}, at line {line}, column {column}"),
    "not_json": N_("is not JSON: {why}"),
    "nested_too_deeply": N_("is nested too deeply to be read"),
    "values_find_nothing": N_("'{path}' finds nothing in any of {count} rows"),
    "not_applicable": N_("cannot be applied to the answer: {why}"),
    "rows_find_nothing": N_("finds nothing in the answer, expected a list"),
    "rows_find_nothing_among": N_("finds nothing in the answer, expected a list; the answer has {names}"),
    "rows_find_one_value": N_("finds one value in the answer, expected a list"),
    "rows_find_one_value_among": N_("finds one value in the answer, expected a list; the answer has {names}"),
    # --- when a source runs ---
    "crontab_nickname": N_("'{line}' is a nickname, write '{expected}'"),
    "crontab_fields": N_(
        "'{line}' has {count} fields, expected five: minute, hour, day of the month, month, weekday,"
        " such as '0 9 * * *'"
    ),
    "crontab_minute": N_("'{line}' has minute {item}, expected 0 to 59"),
    "crontab_hour": N_("'{line}' has hour {item}, expected 0 to 23"),
    "crontab_day": N_("'{line}' has day of the month {item}, expected 1 to 31"),
    "crontab_month": N_("'{line}' has month {item}, expected 1 to 12 or jan to dec"),
    "crontab_weekday": N_("'{line}' has weekday {item}, expected 0 to 7 or sun to sat"),
    "crontab_form": N_(
        "'{line}' has '{item}', expected *, a number, a range such as 1-5, the smaller first, or a step such as */15"
    ),
    "crontab_never": N_("'{line}' never comes, expected a day that month {months} has (at most {longest})"),
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
    "version_changes_nothing": N_("changes nothing, expected at least one of {known}"),
    "effective_early": N_("{day} is before it was announced ({announced}), expected that day or later"),
    "effective_before_announced": N_(
        "{day} is before the announcement ({before}), expected that day or later, oldest version first"
    ),
    "effective_before_last": N_(
        "{day} is before the version above it ({before}), expected that day or later, oldest version first"
    ),
    # --- moments before a target's time ---
    "not_announced": N_("target '{target}': not announced before {announced}, asked as of {asked}"),
    "announced_later": N_("target '{target}': did not exist on {asked}, it was announced on {announced}"),
    "target_and_indicator": N_("status: --target and --indicator were both given, expected one of them"),
    # --- what cannot be forecast ---
    "comparator_unknown": N_("comparator: '{given}' given, one of {comparators} expected"),
    "steps_not_forecast": N_("comparator: 'complete' given, steps are counted, not forecast"),
    "goal_not_finite": N_("goal: {given} given, finite numbers expected"),
    "band_upside_down": N_("goal: between {goal} and {upper}, an upper end not below the goal expected"),
    "number_below_zero": N_("{name}: {given} given, a finite number not below zero expected"),
    "months_known_out_of_range": N_("months_known: {given} given, more than 0 and less than 12 expected"),
    "flow_below_zero": N_("flow: {given} given, values of at least 0 expected"),
    "history_not_in_years": N_("history: shape {given} given, (years, 12) expected"),
    "not_one_to_eleven_months": N_("year to date: shape {given} given, 1 to 11 single months expected"),
    "months_not_finite": N_("months: a value that is not a finite number given, complete years expected"),
    "forecast_method_unknown": N_("method: '{given}' given, one of {methods} expected"),
    "statsforecast_missing": N_(
        "method pool3: statsforecast is not installed, `pip install targetwatch[forecast]` expected"
    ),
    # --- what the database says ---
    "says": "{why}",
    "driver_missing": N_("PostgreSQL needs a driver, expected 'pip install targetwatch[postgresql]'"),
    "row_contradicts": N_("refused a row that contradicts the others: {why}"),
    "row_changed_first": N_("someone else changed the row first, expected to load it again"),
    "being_written": N_("someone else has been writing for more than {seconds} s, expected to try again"),
    "value_refused": N_("refused a value: {why}"),
    "changed_while_reading": N_("rows were changed in a reading session, expected writing(actor)"),
    "actor_missing": N_("a write without an actor, expected the name of whoever answers for it"),
    "changed_without_actor": N_("changed without an actor, expected writing(actor)"),
    "moment_without_offset": N_("the moment '{moment}' has no offset, expected an aware datetime"),
    "moment_missing": N_("no moment given, expected a session of writing(now=...)"),
    "database_missing": N_("there is none yet, expected 'targetwatch db upgrade' to create it"),
    "database_unreachable": N_("{why}, expected a database that can be reached"),
    "database_of_others": N_("holds other tables ({tables}), expected 'targetwatch db upgrade' to prepare it"),
    "database_empty": N_("is empty, expected 'targetwatch db upgrade' to prepare it"),
    "database_newer": N_(
        "is newer than this program (its revision '{revision}' is not known here), expected the newer program, or a"
        " backup of the older database"
    ),
    "database_older": N_(
        "is older than this program (revision '{revision}', expected '{expected}'), expected 'targetwatch db backup"
        " FILE', then 'targetwatch db upgrade'"
    ),
    "address_unreadable": N_(
        "the address cannot be read, expected 'sqlite:///targetwatch.db' or 'postgresql://user:password@host/name'"
    ),
    "database_unsupported": N_("'{backend}' is not supported, expected sqlite or postgresql"),
    "database_in_memory": N_("is in memory and gone at once, expected 'sqlite:///file.db'"),
    "rows_refer_to_nothing": N_("{count} rows refer to nothing after the upgrade, nothing was changed"),
    "no_such_folder": N_("there is no folder '{folder}', expected one"),
    "backed_up_by_pg_dump": N_(
        "PostgreSQL is backed up by its own program, expected 'pg_dump --format=custom --file={file} {name}'"
    ),
    "nothing_to_back_up": N_("there is none yet, nothing to back up"),
    "file_exists": N_("exists already, expected a new file"),
    "copy_damaged": N_("the copy is damaged: {found}"),
    "cannot_be_deleted": N_("cannot be deleted, expected to be archived"),
    "cannot_be_changed": N_("cannot be changed, only followed by a new row"),
    "bulk_change": N_("bulk changes pass by the audit trail, expected rows changed one by one"),
    "stored_unreadable": N_(
        "what is stored cannot be read, expected 'targetwatch audit verify' to say what was changed behind the"
        " program's back"
    ),
    "unknown_outcome": N_("outcome '{outcome}', expected one of {names}"),
    "text_with_nul": N_("a text contains a NUL character, expected none"),
    # --- who may change what is configured ---
    "managed_on_web": N_("is managed on the web, expected to be handed back first"),
    "managed_by_file": N_("is managed by the configuration file, expected to be taken over first"),
    "managed_already": N_("is managed by the {manager} already"),
    "stands_on_archived": N_("stands on {kind} '{missing}', which would be archived, expected it in force as well"),
    "in_force_already": N_("is in force already"),
    "id_exists": N_("exists already, expected another id"),
    "saved_meanwhile": N_("someone saved revision {revision} in the meantime, expected revision {expected}"),
    "owner_differs": N_("owner '{owner}' is described differently by another target"),
    "version_lost": N_("version {number} (effective {day}) is missing"),
    "version_rewritten": N_("version {number} {change}"),
    "past_promise": N_(
        "{what}: a past promise cannot be changed, expected a further entry under 'versions', or a correction with"
        " its reason"
    ),
    "past_promise_kept": N_("{what}: a past promise cannot be changed, expected a new version"),
    "correction_without_reason": N_("a correction without a reason, expected one"),
    "versions_misnumbered": N_("its versions are numbered {numbers}, expected 1, 2, 3..."),
    "version_too_early": N_("version {number} is effective from {day}, expected {before} (version {earlier}) or later"),
    # --- people ---
    "user_name": N_("cannot be a name, expected 1 to {most} small letters, digits, '.', '_' or '-', such as li.wei"),
    "name_taken": N_("exists already, expected another name"),
    "last_admin": N_("is the last admin, expected another admin first"),
    "not_one_line": N_("cannot be used, expected one line of at most {most} characters"),
    "password_short": N_("is too short, expected at least {least} characters"),
    "password_long": N_("is too long, expected at most {most} characters"),
    "password_easy": N_("is too easy to guess, expected one that neither repeats itself nor begins with the name"),
    "account_disabled": N_("is disabled, expected an account that is not"),
    "token_without_title": N_("has no title, expected what it is for, such as 'monthly import'"),
    "token_title": N_("the title cannot be used, expected one line of at most {most} characters"),
    "token_lasts": N_("would last {days} days, expected 1 to {most}"),
    "token_may_not_record": N_("is {role}, expected editor or more for a token that records"),
    # --- what was done behind the audit trail's back ---
    "entry_removed": N_("audit entry {entry}: was removed"),
    "entry_changed": N_("audit entry {entry}: does not match its hash: it or the entry before it was changed"),
    "entry_added": N_("audit entry {entry}: was added behind the program's back: {count} were written"),
    "entry_not_head": N_("audit entry {entry}: does not match the head of the trail: one of them was changed"),
    "told_otherwise": N_(
        "{kind} '{object}': {name} was {value} before audit entry {entry}, the audit trail says {known}"
    ),
    "reading_slipped_in": N_("reading {reading}: is in no audit entry: it was slipped in"),
    "reading_changed": N_("reading {reading}: was changed after it was recorded (audit entry {entry})"),
    "reading_removed": N_("reading {reading}: was removed after it was recorded (audit entry {entry})"),
    "readings_resealed": N_("readings {first}..{last}: one was changed, seal and all (audit entry {entry})"),
    "row_slipped_in": N_("{kind} '{object}': is in no audit entry: it was slipped in"),
    "row_differs": N_("{kind} '{object}': {name} is {value}, the audit trail says {known}"),
    "row_removed": N_("{kind} '{object}': was removed behind the audit trail's back"),
    "audit_tampered": N_("tampered with:"),
}

NO_PERIOD = (
    *("period", "not_a_period", "no_such_month", "no_such_day", "months_reversed", "no_such_half"),
    *("year_out_of_range", "period_reversed"),
)
IN_FIELD: Mapping[str, str] = {
    "missing": N_("Nothing stands here, please fill it in"),
    "missing_both": N_("Please fill in at least one of the two languages"),
    "unknown": N_("This cannot be chosen, please choose one of the list"),
    "too_long": N_("{count} characters, at most {most} fit here"),
    "unprintable": N_("It holds characters that cannot be seen, please type it anew"),
    "number": N_("Not a number, expected one such as 300,000, 30万 or 28.33 billion"),
    "number_qualified": N_("Please give the bare number and choose “more than” or the like beside it"),
    "number_unit": N_("It says {said}, but this is counted in {unit}"),
    "number_unit_none": N_(
        "It says {said}, but what this is counted in is not known yet: choose the indicator, or give its unit, first"
    ),
    "percent": N_("Not a percentage, expected one such as -60%"),
    "day": N_("Not a day, expected one such as 2025-07-01"),
    "day_far": N_("Expected a day from {first} to {last}"),
    **dict.fromkeys(NO_PERIOD, N_("Not a period, expected one such as 2024, 2024-12 or 2024-01..2024-06")),
    "email": N_("Not an e-mail address, expected one such as name@example.org"),
    "web_address": N_("Not a web address, expected one that begins with https://"),
    "id": N_("Only lower-case letters, digits and single hyphens, such as cargo-2026"),
    "id_taken": N_("There is one of that name already; {other} is free"),
    "days": N_("Expected a number of days, such as 31"),
    "country": N_("Expected a two-letter country code, such as CN"),
    "unchanged": N_("Nothing has been changed"),
    "between_two": N_("Both numbers are needed"),
    "between_order": N_("It has to be larger than the first number"),
    "between_nothing": N_("It has to be larger than the first number"),
    "change_none": N_("A change of 0% or below -100% is no goal"),
    "baseline_missing": N_("A change by % needs a value to start from; where none is published, say so in a note"),
    "baseline_zero": N_("0 cannot change by a percentage"),
    "baseline_inside": N_("The period has to end by the first day"),
    "deadline_before_start": N_("The deadline is before the first day"),
    "deadline_over": N_("It was over when it was announced"),
    "deadline_missing": N_("Only steps may go without a deadline"),
    "waypoint_outside": N_("Outside the days from first day to deadline"),
    "waypoint_outside_open": N_("Outside the days from first day to deadline"),
    "waypoint_order": N_("The points have to be in the order of their days"),
    "waypoint_beyond": N_("More than the goal itself"),
    "waypoint_falls": N_("Less than the point before, though it adds up"),
    "empty_list": N_("Please give at least one point"),
    "steps_missing": N_("Please give at least one step"),
    "step_twice": N_("An earlier step has this short name"),
    "step_due_late": N_("After the deadline of the target"),
    "step_due_early": N_("Before the first day of the target"),
    "goal_bounds": N_("Outside what this indicator can be ({low} to {high})"),
    "any": N_("any"),
    "meanwhile": N_("Something of it was saved by somebody else in the meantime, please look again"),
    "unexplained": N_("The promise gets easier to keep ({easier}), please say why"),
    "eased_goal": N_("the goal"),
    "eased_deadline": N_("the deadline"),
    "eased_steps": N_("the steps"),
    "eased_start": N_("the first day"),
    "effective_before_last": N_("The version before counts from {day}; this one has to come on that day or later"),
    "effective_before_announcement": N_("It was announced on {day} and cannot count earlier"),
    "effective_after_deadline": N_("The deadline is {day}; a change after it would change nothing"),
}
"""What is wrong with a field of a form, by the code or its first word: what was typed stands there already."""


REASONS: Mapping[str, str] = {
    "pasted_table": N_("pasted table of {count} rows"),
    "password_reset": N_("password reset"),
    "new_password": N_("new password"),
    "first_password": N_("first password"),
    "undone_at_once": N_("undone right after it was entered"),
    "undoes_version": N_("undoes version {number}"),
    "corrected": NC_("reason", "corrected"),
}
"""Why something was done where nobody was asked: put down with the change as a code."""


WORDS: Mapping[StrEnum, str] = {
    Basis.PERIOD: NC_("basis", "period"),
    Basis.YEAR_TO_DATE: NC_("basis", "year to date"),
    Basis.SINCE_START: NC_("basis", "running total"),
    Basis.POINT: NC_("basis", "point"),
    Basis.EVENT: NC_("basis", "event"),
    Measure.FLOW: NC_("measure", "flow"),
    Measure.LEVEL: NC_("measure", "level"),
    Measure.MILESTONES: NC_("measure", "milestones"),
    Qualifier.EXACT: NC_("qualifier", "exact"),
    Qualifier.ABOUT: NC_("qualifier", "about"),
    Qualifier.OVER: NC_("qualifier", "over"),
}
ENDS = (".", "。", "?", "？")


def sentence(problem: Problem, _: Translator) -> str:
    """Return what is wrong, without its place; a code that is none of ours is a text kept as it was written."""
    return _Typed(_).sentence(problem)


def placed(problem: Problem, _: Translator) -> str:
    """Return what is wrong after its place: "targets.yaml:3: goal: ...", "row 4: value 'six': is not a number"."""
    return _Typed(_).placed(problem)


def of_error(error: TargetwatchError, _: Translator) -> str:
    """Return everything an error speaks of: in one line, or a line each for what stands in files or is stored."""
    parting = "\n" if isinstance(error, StoreError) or any(problem.file for problem in error.problems) else "; "
    return parting.join(placed(problem, _) for problem in error.problems)


def in_english(error: TargetwatchError) -> str:
    """Return what a log, a terminal or a program is told."""
    return of_error(error, translator("en"))


def on_page(
    problem: Problem, _: Translator, *, catalogue: Catalogue | None = None, indicator: Indicator | None = None
) -> str:
    """Return what is wrong as a sentence of its own, without its place, in the words of a reader rather than of a file.

    Indicators and publishers are called by their titles in the `catalogue`, amounts counted as `indicator` is read.
    """
    said = _Told(_, catalogue, indicator).sentence(problem)
    stop = "" if said.endswith(ENDS) else _(".").strip()
    return f"{said[:1].upper()}{said[1:]}{stop}"


def in_field(problem: Problem, _: Translator, *, indicator: Indicator | None = None) -> str:
    """Return what is wrong as it is said beside a field of a form; what has no words of its own there, as missing."""
    return _InField(_, indicator=indicator).sentence(problem)


def reason(text: str, _: Translator) -> str:
    """Return why something was done, as its reader is told it: as a person wrote it, or by the code it was kept as."""
    if not text.startswith('{"code":'):
        return text
    try:
        problem = Problem.from_text(text)
        return _(REASONS[problem.code], **problem.values)
    except (ValueError, LookupError, TypeError, AttributeError):
        return text  # a person wrote what looks like a code


def is_ours(problem: Problem) -> bool:
    """Return whether a problem has a sentence in every language; otherwise it is a text kept as it was written."""
    return problem.code in SENTENCES


def placed_on_page(problem: Problem, _: Translator) -> str:
    """Return what is wrong after its place, in the words of a reader."""
    return _Told(_).placed(problem)


def printable(text: str) -> str:
    """Return a stranger's words without what would drive a terminal."""
    return text if text.isprintable() else "".join(sign if sign.isprintable() else "\ufffd" for sign in text)


class _Typed:
    """Writes problems as files and the command line do: days in ISO, names by their ids."""

    def __init__(self, _: Translator) -> None:
        self._ = _

    def sentence(self, problem: Problem) -> str:
        """Return the sentence of a problem; what somebody said stands before what is wrong with it."""
        values = {name: self.written(value, near=name == "near") for name, value in problem.values.items()}
        said = values.pop("said", None)
        words = self._(SENTENCES[problem.code], **values) if problem.code in SENTENCES else problem.code
        return words if said is None else self.quoted(said, words)

    def placed(self, problem: Problem) -> str:
        """Return the sentence of a problem after its place."""
        said = self.sentence(problem)
        if problem.where:
            said = f"{problem.where} {said}" if "said" in problem.values else f"{problem.where}{self._(': ')}{said}"
        return f"{problem.place}{self._(': ')}{said}" if problem.place else said

    def quoted(self, said: str, words: str) -> str:
        """Return somebody's words and what is wrong with them."""
        return f"'{said}': {words}"

    def written(self, value: Value, *, near: bool = False) -> str:
        """Return a value as it stands in a sentence."""
        match value:
            case StrEnum():
                return self.word(value)
            case str():
                return printable(value)
            case Problem():
                return self.placed(value)
            case Amount():
                return self.amount(value)
            case Ratio():
                return f"{_grouped(value.value * 100)} %"
            case Name():
                return self.name(value)
            case Period():
                return self.period(value)
            case Decimal():
                return _grouped(value)
            case date():
                return self.day(value)
            case tuple():
                parting = self._(" or ") if near else self.parting(value)
                return parting.join(self.written(one) for one in value)
        return str(value)

    def parting(self, items: Sequence[Value]) -> str:  # noqa: ARG002 - a page looks at them
        """Return what stands between the items of a list."""
        return self._.context("list", ", ")

    def word(self, value: StrEnum) -> str:
        """Return a word of a closed list."""
        return value.value

    def amount(self, amount: Amount) -> str:
        """Return an amount with its unit."""
        return f"{_grouped(amount.value)} {amount.unit}".strip()

    def name(self, name: Name) -> str:
        """Return what something is called."""
        return name.id

    def period(self, period: Period) -> str:
        """Return a period."""
        return format_period(period)

    def day(self, day: date) -> str:
        """Return a day."""
        return day.isoformat()


class _Told(_Typed):
    """Writes problems as a page does."""

    def __init__(self, _: Translator, catalogue: Catalogue | None = None, indicator: Indicator | None = None) -> None:
        super().__init__(_)
        self._indicator = indicator
        self._titles: dict[Name, Text] = {}
        if catalogue is not None:
            self._titles |= {Name("indicator", one.id): one.title for one in catalogue.indicators}
            self._titles |= {Name("publisher", one.id): one.title for one in catalogue.publishers}

    def parting(self, items: Sequence[Value]) -> str:
        titled = any(one in self._titles for one in items if isinstance(one, Name))
        return self._.context("list", "; ") if titled else super().parting(items)  # a title may have a comma in it

    def quoted(self, said: str, words: str) -> str:
        return self._("“{said}” {what_is_wrong}", said=said, what_is_wrong=words)

    def word(self, value: StrEnum) -> str:
        return self._(WORDS[value])

    def amount(self, amount: Amount) -> str:
        if self._indicator is None or amount.unit != self._indicator.unit:
            return super().amount(amount)
        return formats.amount(amount.value, self._indicator, self._)

    def name(self, name: Name) -> str:
        if name.kind == "unit" and self._indicator is not None and name.id == self._indicator.unit:
            return formats.axis_unit(self._indicator, self._)
        title = self._titles.get(name)
        return (title[self._.language] if title else "") or name.id

    def period(self, period: Period) -> str:
        return formats.period(period, self._)

    def day(self, day: date) -> str:
        return formats.day(day, self._)


class _InField(_Told):
    """Writes problems beside a field."""

    def sentence(self, problem: Problem) -> str:
        values = {name: self.written(value) for name, value in problem.values.items()}
        codes = (problem.code, problem.code.partition("_")[0], "missing")
        return self._(next(IN_FIELD[code] for code in codes if code in IN_FIELD), **values)


def _grouped(value: Decimal) -> str:
    shown = format(value, ",f")
    return shown.rstrip("0").rstrip(".") if "." in shown else shown
