"""What is wrong with readings and with what brings them, by code: rows, numbers, periods, held readings, sources."""

from __future__ import annotations

from collections.abc import Mapping

from targetwatch.wording.translation import N_

OF_READINGS: Mapping[str, str] = {
    # --- names ---
    "not_found": N_("not found"),
    "not_found_near": N_("not found; did you mean {near}?"),
    "not_found_among": N_("not found; there are: {names}"),
    "is_computed": N_("is computed, expected readings of {inputs} instead"),
    "has_no_steps": N_("{indicator} has no steps, expected none"),
    "step_is_empty": N_("is empty, expected one of {names}"),
    # --- the fields of a row ---
    "is_empty": N_("is empty, expected a value"),
    "basis_is_empty": N_("nothing says what the figure counts, expected one of {choices}"),
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
    "percentage_in_words": N_("spells the percentage out, expected digits such as 64.7%"),
    "scientific_notation": N_("is in scientific notation, which hides digits; expected them written out"),
    "fall_in_words": N_("says a fall in words, expected a sign: -3.5%"),
    "rise_in_words": N_("says a rise in words, expected the bare rate: 28%"),
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
    "no_percentage": N_("is no percentage, expected one such as 28%"),
    "rate_without_percent": N_("is a rate without a percent sign, expected one such as 28%"),
    "inexact_rate": N_("is an inexact rate, expected the bare rate, such as 28%, or none"),
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
    "running_total_falls": N_(
        "The running total of {publisher} would fall from {earlier} to {later}. What came in a year or a month alone "
        "counts “that period alone”."
    ),
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
    "currencies_disagree": N_(
        "The quote says {one} and {other}: {rate} for one {base}, which since 2000 has been between {low} and {high}."
    ),
    "total_as_month": N_(
        "{value} in {period} is about the sum of the year so far ({so_far}) and a usual month ({usual}): "
        "is it the year to date rather than the month?"
    ),
    "increment_out_of_proportion": N_(
        "The running total would grow by {grown} from {last} to {value}; at its pace since its start it would have "
        "grown by {usual}."
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
    "accept_without_note": N_("accepted without a note, expected why it is right after all"),
    "accept_by_nobody": N_("can only be accepted by a person"),
    "accept_own": N_("was entered by you: another person has to accept it, or an admin"),
    "not_decided": N_("waits, nothing was decided that could be taken back"),
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
    # --- what is inferred from a press sentence, and what is doubtful ---
    "publication_given": N_("The day of publication as given with the text."),
    "publication_read": N_("Read in the text; check the year."),
    "unit_only": N_("No word of the text names this indicator; only the unit and the publisher fit."),
    "not_set_apart": N_("The text does not say the word that sets this indicator apart from others; check it."),
    "unit_apart": N_("The unit stands apart from the number."),
    "growth_unsaid": N_(
        "The text does not say on what the growth is counted; taken as on the same period a year before."
    ),
    "rate_aligned": N_("Told from its place in a list of rates longer than the list of figures."),
    "taken_as_rounded": N_("The number ends in zeros and is taken as rounded at its last other digit."),
    "said_exactly": N_("No word such as over or about stands by the number."),
    "starts_with_year": N_("The time starts with the year."),
    "starts_later_than_year": N_("The time does not start with the year."),
    "running_total_said": N_("The words say a running total."),
    "running_total_by_indicator": N_(
        "The indicator is published as a running total, and the text names no other time."
    ),
    "running_total_assumed": N_(
        "A figure as of a day, without a rate; taken as a running total. It could be the year to date."
    ),
    "year_to_date_assumed": N_("A figure as of a day with a rate on the year before; taken as the year to date."),
    "level_on_last_day": N_("A level, taken on the last day of the time named."),
    "ratio_over_period": N_("A ratio over the time named."),
    "cut_off_unsaid": N_("The text names no last day; taken as the day of publication."),
    "sentence_before": N_("The time stands in an earlier sentence."),
    "range_given": N_("The text gives a range, not one figure; decide which to enter."),
    "reads_as_planned": N_("This reads as a plan or a forecast, not as a figure reached."),
    "rate_inexact": N_("The growth is not printed as an exact rate, so none is proposed."),
    "rate_other": N_(
        "A rate beside the figure is not on the year before (month on month, an average, points); it is left out."
    ),
    "number_without_unit": N_("A bare number: it may count something else."),
    "start_unsaid": N_("A running total whose first day is neither in the text nor known; enter the period."),
    "region_unsaid": N_("The text does not name {region}; the figure may be of a wider scope."),
    "year_only": N_("Only the year of the start is said; taken as {start}."),
    "start_known": N_("The start, {start}, is what the indicator or its earlier figures say."),
    "year_counted_from_publication": N_(
        "The text does not print the year; it is counted from the day of publication, {day}."
    ),
    "year_counted_from_today": N_(
        "The text prints no year and no day of publication is known; it is counted from today, {day}."
    ),
    "year_carried": N_("The year {year} is taken from earlier in the text."),
    "words_narrow": N_("'{words}' says that it is of a part only, or of something else."),
    "other_value_said": N_("The text says more plainly of the same thing: {words}."),
    "region_elsewhere": N_("'{words}' places the figure in a region no indicator is about."),
}
