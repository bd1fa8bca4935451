"""The schema: is the database this program's, and how it becomes so. Works from an installed wheel, no alembic.ini.

Alembic is only imported when something is to be migrated: a command that looks at a figure should not wait for it. So
a migration's file name starts with its revision, four digits that count up.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect

from targetwatch.errors import SchemaError, StoreError
from targetwatch.store.db.engine import READ_ONLY, file_of, shown, translated

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy.engine import Connection, Engine

MIGRATIONS = Path(__file__).parent.parent / "migrations"


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the schema to this program's, creating an SQLite file where there is none: all of it or nothing.

    SchemaError when the database is newer than the program.
    """
    from alembic import command  # noqa: PLC0415 - see the module's docstring

    _check_folder(engine)
    with translated(engine), engine.connect() as connection:
        _enforce_foreign_keys(connection, enforced=False)
        try:
            with connection.begin():
                found = _revision(connection)
                if found is not None and found not in revisions():
                    raise SchemaError(_newer(engine, found))
                command.upgrade(_config(connection), revision)
                _check_foreign_keys(connection)
        finally:
            _enforce_foreign_keys(connection, enforced=True)


def check_schema(engine: Engine) -> None:
    """Return when the schema is this program's; SchemaError, with what to do, when it is not or cannot be reached."""
    where = f"database '{shown(engine.url)}'"
    file = file_of(engine)
    if file is not None and not file.exists():
        raise SchemaError(f"{where}: there is none yet, expected 'targetwatch db upgrade' to create it")
    try:
        with translated(engine), engine.execution_options(**READ_ONLY).connect() as connection:
            found, tables = _revision(connection), inspect(connection).get_table_names()
    except StoreError as error:
        raise SchemaError(f"{error}, expected a database that can be reached") from error
    if found is None:
        what = f"holds other tables ({', '.join(sorted(tables)[:3])})" if tables else "is empty"
        raise SchemaError(f"{where}: {what}, expected 'targetwatch db upgrade' to prepare it")
    if found not in revisions():
        raise SchemaError(_newer(engine, found))
    if found != revisions()[-1]:
        raise SchemaError(
            f"{where}: is older than this program (revision '{found}', expected '{revisions()[-1]}'), "
            "expected 'targetwatch db backup FILE', then 'targetwatch db upgrade'"
        )


def revisions() -> tuple[str, ...]:
    """Return every revision this program knows, oldest first."""
    return tuple(sorted(file.name.partition("_")[0] for file in (MIGRATIONS / "versions").glob("[0-9]*_*.py")))


def draft(engine: Engine, message: str) -> Path:
    """Write a migration from what differs between the tables and an upgraded database: a developer's first draft."""
    from alembic import command  # noqa: PLC0415 - see the module's docstring

    number = f"{len(revisions()) + 1:04}"
    with engine.connect() as connection, connection.begin():
        made = command.revision(_config(connection), message, autogenerate=True, rev_id=number)
    assert made is not None
    assert not isinstance(made, list)
    return Path(made.path)


def _revision(connection: Connection) -> str | None:
    """Return the revision a database is at; None when no targetwatch was ever here."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return None if found is None else str(found)


def _config(connection: Connection) -> Config:
    from alembic.config import Config  # noqa: PLC0415 - see the module's docstring

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _enforce_foreign_keys(connection: Connection, *, enforced: bool) -> None:
    """Switch SQLite's foreign keys, outside any transaction: a table rebuilt by a migration is dropped for a moment."""
    if connection.dialect.name == "sqlite":
        cursor = connection.connection.cursor()
        cursor.execute(f"PRAGMA foreign_keys={'ON' if enforced else 'OFF'}")
        cursor.close()


def _check_foreign_keys(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            raise StoreError(f"database: {len(broken)} rows refer to nothing after the upgrade, nothing was changed")


def _check_folder(engine: Engine) -> None:
    file = file_of(engine)
    if file is not None and not file.absolute().parent.is_dir():
        raise SchemaError(f"database '{shown(engine.url)}': there is no folder '{file.parent}', expected one")


def _newer(engine: Engine, found: str) -> str:
    return (
        f"database '{shown(engine.url)}': is newer than this program (its revision '{found}' is not known here), "
        "expected the newer program, or a backup of the older database"
    )
