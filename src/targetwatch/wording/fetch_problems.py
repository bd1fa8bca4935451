"""What is wrong with fetching a document, by code: how it is asked for, what came, what may not be asked."""

from __future__ import annotations

from collections.abc import Mapping

from targetwatch.wording.translation import N_

OF_FETCHING: Mapping[str, str] = {
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
}
