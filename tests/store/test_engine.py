import os
import sqlite3
import threading
from pathlib import Path

import pytest
from sqlalchemy import text

from monitor.errors import SettingsError, StoreError
from monitor.store import repo
from monitor.store.engine import check_pages, make_engine, open_store, place, session_scope, upgrade
from tests.conftest import NOW, make_offer


@pytest.mark.parametrize("url", ["", "nonsense", "mysql://u:p@h/d", "postgresql+asyncpg://h/d", "http://h/d", "sqlite"])
def test_an_address_of_another_kind_is_refused_with_what_to_write(url):
    with pytest.raises(SettingsError, match="sqlite:////path"):
        make_engine(url)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_usual_name_of_postgresql_is_taken_and_the_password_is_not_shown(scheme):
    engine = make_engine(f"{scheme}://me:topsecret@host/limbo")
    assert engine.dialect.driver == "psycopg"
    assert "topsecret" not in place(engine)


def test_a_server_that_does_not_answer_is_one_sentence():
    with pytest.raises(StoreError, match=r"does not answer.*DATABASE_URL"):
        open_store("postgresql://me:topsecret@127.0.0.1:1/limbo")


def test_a_missing_database_is_one_sentence(empty_database_url):
    if empty_database_url.startswith("sqlite"):
        url = "sqlite:////proc/no/where/limbo.db"
    else:
        url = empty_database_url.replace("/limbo_", "/no_such_")
    with pytest.raises(StoreError, match=r"does not exist|cannot be made"):
        open_store(url)


def test_the_folder_of_a_new_database_is_made(tmp_path):
    open_store(f"sqlite:///{tmp_path / 'a' / 'b' / 'limbo.db'}").dispose()
    assert (tmp_path / "a" / "b" / "limbo.db").is_file()


def test_a_file_that_is_no_database_is_one_sentence(tmp_path):
    (tmp_path / "limbo.db").write_bytes(b"this is text" * 1000)
    with pytest.raises(StoreError, match=r"damaged.*gpu-limbo db restore"):
        open_store(f"sqlite:///{tmp_path / 'limbo.db'}")


def test_a_torn_database_is_one_sentence(tmp_path):
    path = tmp_path / "limbo.db"
    open_store(f"sqlite:///{path}").dispose()
    content = bytearray(path.read_bytes())
    content[4096:] = os.urandom(len(content) - 4096)
    path.write_bytes(content)
    with pytest.raises(StoreError, match="damaged"), session_scope(make_engine(f"sqlite:///{path}")) as session:
        repo.add_offers(session, [make_offer()], NOW)


def test_a_damaged_page_is_found_although_the_others_can_be_read(tmp_path):
    path = tmp_path / "limbo.db"
    engine = open_store(f"sqlite:///{path}")
    with session_scope(engine) as session:
        repo.add_offers(session, [make_offer(title=f"t{n}", seen_at=NOW) for n in range(2000)], NOW)
    engine.dispose()
    engine = make_engine(f"sqlite:///{path}")
    check_pages(engine)
    engine.dispose()
    content = bytearray(path.read_bytes())
    content[-20_000:-12_000] = os.urandom(8_000)
    path.write_bytes(content)
    engine = make_engine(f"sqlite:///{path}")
    with pytest.raises(StoreError, match=r"damaged.*gpu-limbo db restore"):
        check_pages(engine)


def test_a_locked_database_is_one_sentence_and_works_again_afterwards(engine):
    with session_scope(engine) as holder:
        repo.put_choice(holder, "a", 1, NOW)
        impatient = make_engine(engine.url.render_as_string(hide_password=False), busy_timeout_ms=50)
        with pytest.raises(StoreError, match="in use by another process"), session_scope(impatient) as session:
            repo.put_choice(session, "a", 2, NOW)
    with session_scope(impatient) as session:
        repo.put_choice(session, "a", 3, NOW)
    impatient.dispose()


def test_a_reader_does_not_wait_for_a_writer(engine):
    with session_scope(engine) as writer:
        repo.put_choice(writer, "a", 1, NOW)
        with session_scope(engine, read_only=True) as reader:
            assert repo.choice(reader, "a") is None


def test_a_full_disk_is_one_sentence_and_loses_nothing(tmp_path):
    engine = open_store(f"sqlite:///{tmp_path / 'limbo.db'}")
    with session_scope(engine) as session:
        repo.add_offers(session, [make_offer()], NOW)
        pages = session.connection().exec_driver_sql("PRAGMA page_count").scalar()
        session.connection().exec_driver_sql(f"PRAGMA max_page_count={pages}")  # of this connection, which is kept
    many = [make_offer(title=f"{n}" * 400) for n in range(500)]
    with pytest.raises(StoreError, match=r"disk .* full.*free some space"), session_scope(engine) as session:
        repo.add_offers(session, many, NOW)
    with session_scope(engine) as session:
        session.connection().exec_driver_sql("PRAGMA max_page_count=1000000")
        assert repo.offer_count(session) == 1
        assert repo.add_offers(session, [make_offer(title="t")], NOW).new == 1


def test_a_read_only_database_is_one_sentence_and_can_be_read(tmp_path):
    path = tmp_path / "limbo.db"
    open_store(f"sqlite:///{path}").dispose()
    engine = make_engine(f"sqlite:///file:{path}?mode=ro&uri=true")
    with session_scope(engine, read_only=True) as session:
        assert repo.offers_as_of(session, NOW) == []
    with pytest.raises(StoreError, match="only be read"), session_scope(engine, read_only=True) as session:
        repo.put_choice(session, "a", 1, NOW)


def test_a_database_without_our_tables_says_to_upgrade(empty_database_url):
    engine = make_engine(empty_database_url)
    with pytest.raises(StoreError, match="gpu-limbo db upgrade"), session_scope(engine) as session:
        repo.offers_as_of(session, NOW)
    engine.dispose()


def test_an_error_in_the_block_leaves_nothing_half(engine):
    with pytest.raises(ValueError, match="summary"), session_scope(engine) as session:
        repo.add_offers(session, [make_offer()], NOW) and repo.add_offers(session, [make_offer(stat="min_offer")], NOW)
    with session_scope(engine) as session:
        assert repo.offer_count(session) == 0


def test_sqlite_keeps_its_promises(tmp_path):
    engine = open_store(f"sqlite:///{tmp_path / 'limbo.db'}")
    with session_scope(engine) as session:
        read = session.connection().exec_driver_sql
        assert read("PRAGMA journal_mode").scalar() == "wal"
        assert read("PRAGMA foreign_keys").scalar() == 1
        assert read("PRAGMA synchronous").scalar() == 2  # FULL


def test_two_starts_at_once_make_one_layout(empty_database_url):
    engines = [make_engine(empty_database_url) for _ in range(4)]
    failures: list[Exception] = []

    def start(engine) -> None:
        try:
            upgrade(engine)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=start, args=(engine,)) for engine in engines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with session_scope(engines[0]) as session:
        assert session.connection().execute(text("SELECT count(*) FROM alembic_version")).scalar() == 1
    for engine in engines:
        engine.dispose()


def test_many_writers_at_once_lose_nothing(engine):
    def write(number: int) -> None:
        for step in range(5):
            with session_scope(engine) as session:
                repo.add_offers(session, [make_offer(title=f"{number} {step}")], NOW)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with session_scope(engine) as session:
        assert repo.offer_count(session) == 30


def test_a_sqlite_file_of_another_program_is_not_touched(tmp_path):
    path: Path = tmp_path / "other.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE offers (x)")
    with pytest.raises(StoreError, match="another program"):
        open_store(f"sqlite:///{path}")
    with sqlite3.connect(path) as other:
        assert other.execute("SELECT name FROM sqlite_master").fetchall() == [("offers",)]


def _offers(engine) -> int:
    with session_scope(engine, read_only=True) as session:
        return repo.offer_count(session)


def test_a_deleted_file_is_said_and_never_made_anew_and_works_again_when_it_is_back(tmp_path):
    file, kept = tmp_path / "limbo.db", tmp_path / "kept.db"
    engine = open_store(f"sqlite:///{file}")
    with session_scope(engine) as session:
        repo.add_offers(session, [make_offer()], NOW)
    file.rename(kept)
    for read_only in (True, False):
        with (
            pytest.raises(StoreError, match="the database file is gone"),
            session_scope(engine, read_only=read_only) as s,
        ):
            repo.offer_count(s)
    with pytest.raises(StoreError, match="is gone"):
        upgrade(engine)
    assert not file.exists()
    kept.rename(file)
    assert _offers(engine) == 1
    engine.dispose()


def test_a_replaced_file_is_opened_again(tmp_path):
    file, other = tmp_path / "limbo.db", tmp_path / "other.db"
    engine, second = open_store(f"sqlite:///{file}"), open_store(f"sqlite:///{other}")
    with session_scope(second) as session:
        repo.add_offers(session, [make_offer(), make_offer(url="https://shop.example/2")], NOW)
    second.dispose()
    assert _offers(engine) == 0
    for suffix in ("", "-wal", "-shm"):
        (tmp_path / f"limbo.db{suffix}").unlink(missing_ok=True)
    other.rename(file)
    assert _offers(engine) == 2
    engine.dispose()
