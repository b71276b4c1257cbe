import sqlite3
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import column, insert, inspect, select, text
from sqlalchemy import table as plain_table
from sqlmodel import select as choose

from monitor.errors import StoreError
from monitor.store import repo
from monitor.store.backup import restore
from monitor.store.copying import TABLES
from monitor.store.engine import (
    MIGRATIONS,
    head_version,
    is_sqlite,
    make_engine,
    schema_version,
    session_scope,
    upgrade,
)
from monitor.store.tables import OfferRow, SQLModel
from tests.conftest import NOW, make_offer

LAYOUTS = sorted(Path(__file__).with_name("layouts").glob("*.sql"))  # one filled database of each released layout


def test_an_empty_database_gets_the_newest_layout_once(empty_database_url):
    engine = make_engine(empty_database_url)
    assert schema_version(engine) is None
    assert upgrade(engine)
    assert schema_version(engine) == head_version()
    assert not upgrade(engine)
    engine.dispose()


def test_tables_and_migrations_say_the_same(engine):
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_a_database_of_a_newer_program_is_refused_and_left_alone(engine):
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="newer gpu-limbo"):
        upgrade(engine)
    assert schema_version(engine) == "9999"


def test_a_migration_that_fails_leaves_the_layout_as_it_was(empty_database_url, monkeypatch):
    engine = make_engine(empty_database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE user_settings (name VARCHAR)"))  # in the way of the first migration
    with pytest.raises(StoreError, match="another program"):
        upgrade(engine)
    assert schema_version(engine) is None
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE user_settings"))
    assert upgrade(engine)
    engine.dispose()


def test_every_layout_has_its_filled_database():
    released = {path.name.split("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py")}
    assert {path.stem for path in LAYOUTS} == released


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda path: path.stem)
def test_a_database_of_each_layout_is_brought_up_to_date_with_its_rows(empty_database_url, tmp_path, layout):
    """On SQLite and PostgreSQL: the layout of that release, filled, then what a start of today's program does."""
    engine = make_engine(empty_database_url)
    fill_at(engine, layout, tmp_path)
    assert schema_version(engine) == layout.stem
    assert upgrade(engine) == (layout.stem != head_version())
    check_rows(engine)
    with session_scope(engine) as session:  # new rows get numbers of their own
        repo.add_offers(session, [make_offer(title="another", seen_at=NOW)], NOW)
    engine.dispose()


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda path: path.stem)
def test_a_backup_of_each_layout_can_be_restored(engine, tmp_path, layout):
    with sqlite3.connect(tmp_path / "old.db") as file:
        file.executescript(layout.read_text("utf-8"))
    restore(engine, tmp_path / "old.db")
    check_rows(engine)


def fill_at(engine, layout: Path, folder: Path) -> None:
    """The layout of that release with its rows; PostgreSQL's is made by the migrations up to it."""
    if is_sqlite(engine):
        with sqlite3.connect(str(engine.url.database)) as file:
            file.executescript(layout.read_text("utf-8"))
        return
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with sqlite3.connect(folder / "rows.db") as file:
        file.executescript(layout.read_text("utf-8"))
    source = make_engine(f"sqlite:///{folder / 'rows.db'}")
    with source.connect() as rows, engine.begin() as target:
        config.attributes["connection"] = target
        command.upgrade(config, layout.stem)
        there = inspect(target)
        for table in (table for table in TABLES if there.has_table(table.name)):
            names = {found["name"] for found in there.get_columns(table.name)}
            kept = [column(known.name, known.type) for known in table.columns if known.name in names]
            gone = [column(name) for name in sorted(names - set(table.columns.keys()))]  # dropped by a later layout
            then = plain_table(table.name, *kept, *gone)
            found = rows.execute(select(*then.columns)).mappings().all()
            if found:
                target.execute(insert(then), [{str(name): value for name, value in row.items()} for row in found])
        _continue_numbering(target, there)
    source.dispose()


def _continue_numbering(target, there) -> None:
    for table in TABLES:
        if there.has_table(table.name) and "id" in table.columns:
            sequence = f"pg_get_serial_sequence('{table.name}', 'id')"
            highest = f"SELECT coalesce(max(id), 0) + 1 FROM {table.name}"
            target.execute(text(f"SELECT setval({sequence}, ({highest}), false)"))


def check_rows(engine) -> None:
    """What stands in the filled databases, asked through the present program."""
    with session_scope(engine) as session:
        assert [str(offer.price.amount) for offer in repo.offers_as_of(session, NOW)] == ["1599.00"]
        states = [row.quarantine for row in session.exec(choose(OfferRow))]
        assert sorted(states) == ["", "", "pending"]
        assert repo.observation_count(session) == 2
        assert {signal.gpu for signal in repo.latest_signals(session)} == {"RTX 4090", "RTX 3090"}
        assert [goal.slug for goal in repo.goals(session)] == ["g"]
        assert [rule.slug for rule in repo.alert_rules(session)] == ["r"]
        assert [state.looks for state in repo.rule_states(session)] == [("a", "")]
        assert {delivery.channel for delivery in repo.deliveries(session)} == {"mail", "hook"}
        assert [event.gpus for event in repo.news_as_of(session, NOW)] == [("RTX 5090",)]
        assert len(repo.measurements_as_of(session, NOW)) == len(repo.latest_scores(session)) == 1
        assert repo.title_corrections(session) == {"some card": None}
        assert repo.choice(session, "theme") == {"a": [1, None, "ü"]}
        assert [health.fault for health in repo.source_health(session)] == ["gone"]
        assert len(repo.runs(session)) == len(repo.rejections(session)) == 1
