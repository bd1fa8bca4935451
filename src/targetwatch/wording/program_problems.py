"""What is wrong with what the program is asked for or given, by code: settings, requests, the database, files."""

from __future__ import annotations

from collections.abc import Mapping

from targetwatch.wording.translation import N_

OF_PROGRAM: Mapping[str, str] = {
    # --- moments before a target's time ---
    "not_announced": N_("target '{target}': not announced before {announced}, asked as of {asked}"),
    "announced_later": N_("target '{target}': did not exist on {asked}, it was announced on {announced}"),
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
    # --- what the database says ---
    "says": "{why}",
    "driver_missing": N_("PostgreSQL needs a driver, expected 'pip install targetwatch[postgresql]'"),
    "row_contradicts": N_("refused a row that contradicts the others: {why}"),
    "row_changed_first": N_("someone else changed the row first, expected to load it again"),
    "being_written": N_("someone else has been writing for more than {seconds} s, expected to try again"),
    "hangs": N_("the server does not answer; it is asked every few seconds"),
    "connections_taken": N_("every connection was taken for {seconds} s, expected to try again"),
    "another_leads": N_("another process leads now and has taken over what was under way"),
    "another_serves": N_(
        "another 'serve' runs the sources on this file, expected one, or PostgreSQL for several (one with --as-of or"
        " --replay may run beside it)"
    ),
    "connection_shared": N_(
        "a pooler stands before the server and shares its sessions, expected the address of PostgreSQL itself: the lead"
        " is a lock of one session"
    ),
    "work_needs_server": N_(
        "workers judge for a leader on PostgreSQL only: on SQLite 'serve' judges everything itself"
    ),
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
    "link_forged": N_("the link was not made by this service, expected one out of a mail, whole"),
    "link_of_earlier_owner": N_("the target has another owner or address since, who is mailed now"),
    "link_old": N_("the link is older than {days} days, expected one out of a newer mail"),
    "link_without_target": N_("the target is not there any more, nothing is mailed about it"),
    "mail_file_expected": N_("expected a file that ends in .html or .eml"),
    "managed_by_file": N_("is managed by the configuration file, expected to be taken over first"),
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
    # --- what a program outside says ---
    # --- the settings ---
    "setting_no_zone": N_("'{given}' is not a time zone, expected a name such as Asia/Shanghai"),
    "setting_no_address": N_("'{given}' is not an address, expected one such as https://targets.example.org"),
    "export_both": N_("--readings and --statuses given, expected one of them"),
    "setting_no_origin": N_("'{given}' is no origin, expected one such as https://example.org"),
    "setting_no_network": N_("'{given}' is no address, expected one such as 10.0.0.7 or 10.0.0.0/24"),
    "setting_no_issuer": N_("'{given}' is no issuer, expected an address that begins with https://"),
    "setting_no_role": N_("'{given}' names no role, expected VALUE=ROLE with a role of {roles}"),
    "setting_believed_from_nobody": N_("is believed from nobody yet, expected the proxy's address in {setting}"),
    "setting_alone": N_("cannot be used alone, expected {names} too"),
    "setting_no_hours": N_("'{given}' are no hours, expected such as 'Mon-Fri 8:30-17:30', or 'always'"),
    "setting_no_server": N_(
        "is no mail server, expected smtp://host:25, smtp://user:password@host:587 or smtps://user:password@host:465;"
        " smtp:// may end in ?starttls= and one of {options}; write a sign such as @ in a password as %40"
    ),
    "setting_no_sender": N_("'{given}' is no sender, expected such as Targets <targets@example.org>"),
    "setting_short_key": N_("a key is too short, expected at least {least} signs in each line"),
    "year_to_come": N_("is a year to come, expected one that has begun"),
    "no_mail_server": N_("is not set, expected the address of a mail server"),
    "no_address_of_mail": N_("is no address, expected such as li@example.org"),
    "mail_not_taken": N_("did not take the mail: {why}"),
    "sink_without_replay": N_("is for the mails of a replay, expected --replay too"),
    "setting_file_unreadable": N_("{why}, expected a readable file"),
    "no_calendar_of_holidays": N_("'{given}' has no calendar of holidays, expected a country code such as CN"),
    "oidc_not_installed": N_("needs more than is installed, expected targetwatch[oidc]"),
    # --- the options of a source ---
    "options_refused": N_("{problems}"),
    "encoding_unknown": N_("is no encoding that can be read here, expected one such as utf-8 or gb18030"),
    "credentials_in_address": N_("holds a user name or password, expected them in headers"),
    "fields_missing": N_("{names}: expected in fields (a JMESPath) or in constants (one value for all)"),
    "not_jmespath": N_("'{given}' is no JMESPath expression: {why}"),
    "header_unfit": N_("header '{name}' has a line break or letters beyond ASCII, expected neither"),
    "is_no_number": N_("{given} is no number"),
    "option_field_unknown": N_("field '{name}': is not known; expected one of {names}"),
    "option_field_unknown_near": N_("field '{name}': is not known; did you mean {near}?"),
    # --- what a command was given ---
    "day_expected": N_("not a day, expected YYYY-MM-DD such as 2025-03-31"),
    "both_given": N_("{one} and {other} were both given, expected one of them"),
    "not_a_stretch": N_("not a stretch of time, expected FROM..TO such as 2025-01-01..2026-01-31"),
    "stretch_reversed": N_("ends before it starts, expected the earlier day first"),
    "not_a_duration": N_("not a duration, expected seconds such as 2s or 0.5s"),
    "not_a_length": N_("not a length of time above zero, expected one such as 30m, 1h or 6h"),
    "not_a_label": N_("not a label, expected NAME=VALUE such as job=targetwatch"),
    "label_misnamed": N_("'{name}' cannot name a label, expected letters, digits and _, first no digit or __"),
    "label_taken": N_("the series have a label '{name}' already, expected another name"),
    "label_twice": N_("'{name}' was given before, expected each name once"),
    "directory_not_writable": N_("{why}, expected a directory that can be written"),
    "file_not_writable": N_("{why}, expected a file that can be written"),
    "file_there_already": N_("{path} exists already, expected --force or another directory"),
    "plan_refused": N_("apply would refuse what is marked with !"),
    "sources_failed": N_("{count} of the sources failed: {names}"),
    "source_expected": N_("reads the documents of one source, expected its id"),
    "no_case": N_("there is no {name} in it nor in a folder of it"),
    "one_document_expected": N_("holds {count} documents beside its two descriptions, expected one"),
    "cases_differ": N_("{count} of the documents differ: {names}"),
    "nothing_to_change": N_("nothing to change, expected --role, --title, --password or --disable"),
    "no_terminal": N_("there is no terminal to ask on, expected --password-stdin"),
    "address_not_free": N_("address {host}:{port}: {why}, expected a free one (--host, --port)"),
    "too_early_for_prometheus": N_("too early for Prometheus, expected {earliest} or later"),
    "after_today": N_("in the future, expected {today} (today) or earlier"),
    "before_the_first_day": N_("before --from '{first}', expected the earlier day first"),
    "step_of_nothing": N_("no time at all, expected a stretch of time such as 1h"),
    "left_to_scrapes": N_("within the last three hours, which are the scrapes'; expected an earlier day"),
    "no_target_configured": N_("no target is configured, expected `targetwatch apply` first"),
    "none_announced_by_then": N_("no target had been announced by then, expected {announced} or later"),
    # --- the past asked ---
    "nothing_to_ask": N_(
        "of none of the {count} indicators a whole past year is known, expected at least one with its figures as they "
        "came out (published_on)"
    ),
    # --- who asks for a page, and what ---
    "page_not_public": N_("this page is not public, expected somebody who is signed in"),
    "role_expected": N_("expected somebody who is signed in as {needed} or more"),
    "role_too_low": N_("may {has}, expected {needed} or more"),
    "scope_too_narrow": N_("may {has}, expected {needed}"),
    "token_in_address_expected": N_("expected an address that ends with ?token= and a token that is for feeds"),
    "token_to_read_expected": N_("expected the header 'Authorization: Bearer TOKEN' with a token that may read"),
    "token_to_record_expected": N_("expected the header 'Authorization: Bearer TOKEN' with a token that may record"),
    "clock_simulated": N_("the clock is simulated, nothing may be written"),
    "form_of_another_site": N_("a page of another site may not send this form"),
    "form_without_cookie": N_("the form came without this site's cookie, expected a browser that keeps cookies"),
    "form_of_earlier_session": N_("the form is of an earlier session, expected the page to be loaded again"),
    "asked_by_another_site": N_("a page of another site may not ask for this"),
    "request_cut_off": N_("the request was cut off, expected the whole of it"),
    "shard_unreadable": N_("no part of several, expected one such as 2/8, of {most} parts at most"),
    "reads_no_documents": N_("reads no documents, expected a source of kind document"),
    "form_without_file": N_("the form has no file, expected one"),
    "snapshot_not_ready": N_("the first snapshot is still being taken"),
    "past_not_judged": N_("this day is being judged; ask again in a moment"),
    "past_too_large": N_("this day could not be judged within the limits of memory and time"),
    "service_busy": N_("the service is busy; come back in a moment"),
    "error_of_ours": N_("an error of this program; its log says more"),
    "database_away": N_("the database cannot be used at the moment; the log says more"),
    "as_of_none": N_("not a day, expected a day up to {last}, written as 2025-03-31"),
    "as_of_future": N_("lies in the future, expected a day up to {last}, written as 2025-03-31"),
    "as_of_early": N_("lies before anything is known, expected a day up to {last}, written as 2025-03-31"),
    "issuer_calls_itself_otherwise": N_("calls itself '{name}', expected the same"),
    "issuer_without_https": N_("names an address without https, expected https only"),
    "changed_meanwhile": N_("was changed in the meantime"),
}
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
