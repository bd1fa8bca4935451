"""What is wrong with a description of a document, and why a document is not taken: by code."""

from __future__ import annotations

from collections.abc import Mapping

from targetwatch.wording.translation import N_

OF_PICKING: Mapping[str, str] = {
    # --- the description ---
    "pattern_invalid": N_("{given} is no regular expression ({why})"),
    "pattern_without_names": N_("{given} names no part, expected one such as (?P<year>[0-9]{{4}})"),
    "capture_places": N_("expected exactly one of title, line, cell and file"),
    "lines_repeat": N_("expected heads and each together, and a part named values in the pattern"),
    "period_not_in_document": N_(
        "{given} is the same whatever the document says, expected columns or captures in braces, "
        "such as '{{Year}}-{{Month}}'"
    ),
    "published_rule": N_(
        "{given} is no rule, expected 'period_end + 45d', 'document', or a column or capture in braces"
    ),
    "unit_ways": N_("expected a unit, or the column that prints it, or both 'printed' and 'means'"),
    "unit_converts_to_nothing": N_("{given} cannot be counted in {counted}, the unit of {name}"),
    "guard_without_reason": N_("expected off with the reason why the guard does not apply, or most with a number"),
    "unknown_zone": N_("{given} is no time zone, expected one such as Asia/Shanghai"),
    "reading_without_period": N_("says no period, expected one here or for all readings"),
    # --- what is not there as described ---
    "capture_gone": N_("is found nowhere in the document, expected it once"),
    "capture_several": N_("is found with {count} different results, expected a pattern that fits once"),
    "anchor_gone": N_("is nowhere in the document, expected it as an anchor"),
    "anchor_of_other_unit": N_("is printed only within '{text}', which is another unit"),
    "table_gone": N_("is in no table of the document; there are: {names}"),
    "no_table": N_("the document holds no table"),
    "table_several": N_("fits {count} tables ({names}), expected table.number, table.name or more words in table.has"),
    "word_gone": N_("is nowhere in the table or text, expected it where the figures start or end"),
    "header_gone": N_("stand together in no row of the table, expected a header with these words"),
    "column_gone": N_("heads no column; there are: {names}"),
    "column_several": N_("may be any of {names}, expected more of the header, or the whole of it"),
    "row_gone": N_("is the name of no row ({count} missing)"),
    "nothing_readable": N_("none of its {count} figures can be read; the first: {first}"),
    "parts_fit_nothing": N_("does not fit the pattern of rows.parts for {head}, and no other cell does"),
    "nothing_found": N_("gives no figure at all: no row fits, or all its cells are empty"),
    "unit_gone": N_("is not printed in the document, expected it as the unit"),
    "published_gone": N_("the document says no day of publication, expected another way in published"),
    "repeated_otherwise": N_("holds {count} groups of figures under {expected} heads"),
    "line_several_ways": N_(
        "can be read in {count} ways, expected one: a sum in guards tells which blanks part numbers"
    ),
    # --- units ---
    "unit_not_printed": N_("prints no unit that is known here, expected an anchor called unit, or unit at the reading"),
    "unit_several": N_("prints several units ({names}), expected unit at the reading"),
    "unit_otherwise": N_("is the unit that '{head}' or an anchor prints, but the description declares {declared}"),
    "unit_half_known": N_(
        "is printed, of which only a part is known, and {declared} is declared; expected unit with printed and means"
    ),
    # --- numbers and periods as printed ---
    "number_ambiguous": N_(
        "may be thousands or decimals, expected numbers to say decimal: '.' or decimal: ',' in the description"
    ),
    "number_in_brackets": N_("is in brackets, expected brackets: negative where that is meant"),
    "number_with_triangle": N_("may be a fall or a rise, expected negative: '{sign}' where that is a minus"),
    "number_not_so_printed": N_("is no number as the description says they are printed"),
    "period_of_two_years": N_(
        "may be a school or fiscal year or a month, expected year_starts or span: month in the description"
    ),
    "quarter_of_which_year": N_(
        "may be a quarter of the calendar year or of the fiscal one, expected one such as Q1 FY2025, or no year_starts"
    ),
    "period_without_year": N_("names no year, expected the year from another column or a capture"),
    "period_not_span": N_("neither starts nor ends a {span}"),
    "time_within_day": N_("is within a day in {zone}, not the beginning of one; expected the zone where it is one"),
    "not_counted_time": N_("is no number of days or seconds"),
    # --- what contradicts itself ---
    "fact_doubled": N_("{period} stands twice with two values, {one} (at {place}) and {other}"),
    "rows_repeated": N_("{count} figures stand twice: a page seems to have come again"),
    "sum_differs": N_("{total} is {value}, but its parts add up to {sum}"),
    "month_above_year_to_date": N_("{period} is {value}, more than the year to its end, {total}"),
    "looks_cumulative": N_("the months of {year} only rise: a running total where single months are described"),
    "looks_not_cumulative": N_("the figures of {year} fall: single months where a running total is described"),
    "rows_fewer_than_stated": N_("{count} rows, but the document says it has {stated}"),
    # --- what a document should give and does not ---
    "not_refused": N_("is not refused, expected one of the reasons {expected}"),
    "reading_missing": N_("{indicator} {period} is not read, expected {expected}"),
    "reading_differs": N_("{indicator} {period} is {found}, expected {expected}"),
    "reading_unexpected": N_("{indicator} {period} is read as {found}, expected no such reading"),
    # --- what is not as it was ---
    "title_changed": N_("the title was '{before}' and is now '{now}'"),
    "column_changed": N_("the column was headed '{before}' and is now '{now}'"),
    "label_changed": N_("the code was labelled '{before}' and is now '{now}'"),
    "columns_reordered": N_("the columns stand in another order, and no known figure tells whether the values moved"),
    "unit_changed": N_("the unit was {before} and is now {now}"),
    "printed_unit_changed": N_("the text printed the unit {before} and now prints {now}"),
    "rows_fewer": N_("{now} periods up to {last}, where there were {before} up to {last_before}"),
    "span_changed": N_("the periods were of one {before} and are now of one {now}"),
    "decimals_changed": N_("three decimals where there were none: the mark between thousands may have changed"),
    "past_rewritten": N_(
        "{count} known periods have other values, the first {first}; at most {most} may change at once"
    ),
    "values_exchanged": N_(
        "{period} was {before} and is now {now}, which stood for another period: columns may be swapped"
    ),
    "old_figure_changed": N_("{period}, long known, was {before} and is now {now}"),
    "figure_of_period_before": N_("{period} is {value}, to the last digit the figure of {before}"),
    "growth_otherwise": N_("{period} prints a growth of {growth}, but known figures give {computed}"),
}
