"""What is wrong with published documents, by code: their bytes, their tables, what was described and is not there."""

from __future__ import annotations

from collections.abc import Mapping

from targetwatch.wording.translation import N_

OF_DOCUMENTS: Mapping[str, str] = {
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
}
