"""A PostgreSQL database of very many targets, in minutes: a hundred are made and judged, and copied under other names.

python fill.py ADDRESS [TARGETS]: ADDRESS is that of an empty database. The copies have readings and verdicts as true as
those they were copied from, and no entries in the audit trail, which `audit verify` would tell.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import world
from sqlalchemy import Engine

from targetwatch.model import AsOf
from targetwatch.store import catalogue, db, readings
from targetwatch.watch import Watch, keep

SEEDS = 100
COPIED = {
    "indicator": ("id", "terms"),
    "target": ("id", "indicator", "terms"),
    "target_version": ("target",),
    "status_change": ("target", "verdict"),
    "verdict": ("target", "verdict"),
    "reading": ("indicator",),
}
"""The columns of each table in which a target's or an indicator's name stands."""
NUMBERED = ("status_change", "reading")


def main(address: str, targets: int) -> None:
    """Make a hundred targets as the service does, and copy them."""
    engine = db.create_engine(address)
    db.upgrade(engine)
    now = datetime.now(UTC)
    with db.writing(engine, "benchmark", now=now) as session:
        catalogue.reconcile(session, world.catalogue(SEEDS), now=now)
        for month in world.months():
            readings.add(session, world.readings(month, SEEDS, now))
    watch = Watch()
    with db.reading(engine) as session:
        taken = watch.refresh(session, AsOf.at(now, world.ZONE), taken_at=now)
    with db.writing(engine, "benchmark", now=now) as session:
        keep(session, taken.changes, reached=watch.horizon(), found=watch.found(taken.judged))
    for table, named in COPIED.items():
        seconds = world.timed(lambda table=table, named=named: _copy(engine, table, named, targets))
        print(f"{table:18} {seconds:8.1f} s", flush=True)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(
            "UPDATE horizon SET reading = (SELECT max(id) FROM reading)",
        )
        connection.exec_driver_sql("VACUUM ANALYZE")
    engine.dispose()


def _copy(engine: Engine, table: str, named: tuple[str, ...], targets: int) -> None:
    with engine.connect() as connection, connection.begin():
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        kinds = dict(
            connection.exec_driver_sql(
                f"SELECT column_name, data_type FROM information_schema.columns WHERE table_name = '{table}'"
                " ORDER BY ordinal_position"
            ).all()
        )
        said = {name: f'"{name}"' for name in kinds}
        for name in named:
            text = f'replace("{name}"::text, old_name, new_name)'
            said[name] = f"replace({text}, old_port, new_port)::{kinds[name]}"
        if table in NUMBERED:
            said["id"] = "id + lot * highest"
        connection.exec_driver_sql(f"""
            INSERT INTO {table} ({", ".join(f'"{name}"' for name in kinds)})
            SELECT {", ".join(said.values())} FROM (
                SELECT one.*, lot, highest, 'cargo-' || part AS old_name, 'port ' || part::int AS old_port,
                    'cargo-' || lpad((part::int + lot * {SEEDS})::text, 5, '0') AS new_name,
                    'port ' || (part::int + lot * {SEEDS}) AS new_port
                FROM (SELECT *, substr("{named[0]}", 7, 5) AS part FROM {table}) one,
                    generate_series(1, {targets // SEEDS - 1}) lot,
                    (SELECT {f"max(id) AS highest FROM {table}" if table in NUMBERED else "0 AS highest"}) last
            ) each_one""")
        connection.exec_driver_sql(f"ANALYZE {table}")  # else each row that refers to it goes through all of it


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 100_000)
