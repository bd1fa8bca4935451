"""What is wrong with published documents, by code: how they are fetched, their bytes and tables, what is picked."""

from __future__ import annotations

from collections.abc import Mapping

from targetwatch.wording.translation import N_

OF_DOCUMENTS: Mapping[str, str] = {
    # --- how it is described ---
    "fetch_one_way": N_("expected exactly one of {names}"),
    "decode_missing": N_("does not say what the documents are, expected decode: csv, workbook, html, json, pdf ..."),
    "pick_missing": N_("does not say where the readings stand, expected pick"),
    "options_beside_kind": N_("a document has no options, expected fetch, decode and pick beside kind"),
    "described_otherwise": N_("stands only beside kind: document, expected options here"),
    "sql_address_written_out": N_("is written out, expected ${NAME}: an address of a database holds a password"),
    "computed_not_read": N_("{name} is computed from others, expected one that is measured"),
    "paging_one_way": N_("expected exactly one of next, offset, page"),
    "paging_start": N_("query '{name}' is no whole number, expected where the first page begins"),
    "not_a_moment": N_("'{given}' is no moment, expected now, -90d, 2025-01-01 or 2025-01-01T00:00:00+08:00"),
    "not_one_select": N_("is not one SELECT, expected a single statement that begins with SELECT or WITH, without ';'"),
    "query_forbidden": N_(
        "calls {name}, which reads files, reaches other servers or changes something; expected what only reads tables"
    ),
    "outside_folders": N_(
        "lies outside the folders that sources made on the web may read (TARGETWATCH_SOURCE_FOLDERS)"
    ),
    "variables_not_allowed": N_(
        "source '{source}': {variables} may not be used by a source made on the web (TARGETWATCH_SOURCE_VARIABLES)"
    ),
    # --- what came of it ---
    "host_busy": N_("another source is asking {host}, one at a time; its turn did not come before the deadline"),
    "no_token": N_("gave no token, expected JSON with access_token"),
    "page_not_json": N_("is not JSON, so how it goes on cannot be read"),
    "page_without_total": N_("has no list of rows, or no whole number as the total; expected both (paging)"),
    "total_changed": N_("says there are {now} rows in all, the page before said {before}; nothing was read"),
    "page_again": N_("holds the same rows as a page before; nothing was read"),
    "page_withheld": N_("ends with {count} of {total} rows; nothing was read"),
    "more_than_total": N_("makes it {count} rows, more than the {total} there are said to be; nothing was read"),
    "pages_without_end": N_("has more than {most} pages (most_pages)"),
    "nothing_listed": N_("lists no item, expected at least one"),
    "link_unfit": N_("leads to no address that may be asked, expected one starting with https:// or http://"),
    "database_address": N_("is no address of a database, expected one such as postgresql://user:password@host/name"),
    "database_kind": N_("is not supported, expected sqlite or postgresql"),
    "no_such_database": N_("there is no such database file"),
    "database_says": N_("the database says: {why}"),
    "query_too_slow": N_("the query takes more than {seconds} s (deadline_seconds)"),
    "query_gives_more_rows": N_("the query gives more than {most} rows (max_rows)"),
    "cell_of_bytes": N_("the query gives bytes in a column, expected text, numbers and dates"),
    "nothing_kept": N_("no document of it is kept yet, expected a run that fetches first"),
    "said_twice": N_("is there more than once, as {values}; the other: {others}. None of them was stored"),
    # --- how a document is to be read ---
    "not_one_format": N_("expected exactly one of {names}"),
    "not_page_numbers": N_("'{given}' names no pages, expected some such as 1 or 2-4"),
    # --- bytes that are no such document ---
    "empty_document": N_("is empty, expected a document"),
    "document_gone": N_("The document is no longer kept; please open it again"),
    "document_too_large": N_("has more than {most} bytes, expected at most that"),
    "login_page": N_("is a page that asks for a password, expected the document: its address may need a login now"),
    "page_instead": N_("is a web page, expected the document: its address may have moved, or answer with an error"),
    "page_instead_titled": N_(
        "is a web page titled '{title}', expected the document: its address may have moved, or answer with an error"
    ),
    "error_page": N_("is an error page ('{title}'), expected the document"),
    "holds_no_text": N_("holds something else than text"),
    "cut_off_at_line": N_("breaks off in the middle of line {line}"),
    "cell_too_large": N_("has a cell larger than any figure: is a quotation mark never closed?"),
    "several_members": N_("the archive has several files, expected the name of one of them: {names}"),
    "no_such_member": N_("the archive has no such file, it has {names}"),
    "no_workbook": N_("is no spreadsheet, expected XLSX, XLSB, XLS or ODS"),
    "no_such_sheet": N_("no sheet of that name; there are: {names}"),
    "locked": N_("is locked with a password, expected a file without one"),
    "damaged": N_("is damaged, or not what it seems: {why}"),
    "run_too_long": N_(
        "not done after {seconds} s, so the run was stopped; what was stored by then stays, and the next run goes on"
    ),
    "beyond_limits": N_("takes more memory or time than any document of figures; it was not read"),
    "another_format": N_("is {found}, expected {expected}"),
    "nothing_pasted": N_("there is nothing in it; paste a table, or choose a file"),
    "form_changed": N_("what the page kept of the file has been changed; choose the file again"),
    "too_many_rows": N_("has more than {most} rows, expected at most that"),
    "too_many_columns": N_("has {found} columns, expected at most {most}"),
    "too_many_cells": N_("has more than {most} cells, expected at most that"),
    "too_many_characters": N_("has more than {most} characters, expected at most that"),
    "no_list": N_("has no list of rows"),
    "no_list_among": N_("has no list of rows, it has {names}; expected the JMESPath of the rows"),
    "several_lists": N_("has several lists of rows, expected one of them: {names}"),
    "cut_off": N_("breaks off: its end is missing"),
    "no_repeated_elements": N_("has no elements that come again and again, expected the XPath of the rows"),
    "no_elements": N_("finds no elements"),
    "not_well_formed": N_("is no well-formed XML in line {line}: {why}"),
    "has_entities": N_("declares entities, which are not read; expected none"),
    "no_jsonstat": N_("is no JSON-stat: {why}"),
    "several_data_sets": N_("has several data sets, expected one of them: {names}"),
    "other_number_of_values": N_("has {found} values, expected {expected} by its dimensions"),
    "no_sdmx": N_("is no SDMX: {why}"),
    "structure_only": N_("holds a structure only: there is no data in this document"),
    "no_observations": N_("holds no observation: there is no data in this document"),
    "no_time_dimension": N_("has no time dimension: there is no dated figure in this document"),
    "no_pdf": N_("is no PDF"),
    "too_many_pages": N_("has {found} pages, expected at most {most}; name those to read (pages)"),
    "no_such_page": N_("it has {count} pages"),
    "no_text_in_pdf": N_("holds no text: its pages are pictures, such as scans, which cannot be read"),
    "no_article": N_("holds no article, only what surrounds one"),
    # --- pages of one answer ---
    "page_twice": N_("page {number} is the same as one before it"),
    "pages_differ": N_("page {number} has other columns than the first"),
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
