import json
from pathlib import Path

import pytest

from monitor.cli import run
from monitor.store import repo
from monitor.store.engine import make_engine, session_scope
from tests.conftest import NOW
from tests.test_history import ROW, changed, write


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_url: str) -> Path:
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("GPU_LIMBO_HOME", str(tmp_path / "home"))
    return tmp_path


def stored(url: str) -> int:
    with session_scope(make_engine(url)) as session:
        return repo.observation_count(session)


def test_import_counts_rows_in_known_and_rejected(home, database_url, capsys):
    path = write(home / "a.csv", ROW, ROW, changed(price="nothing"), changed(price="5"))
    assert run(["import", str(path), "--json"]) == 0
    expected = {"files": 1, "new": 2, "known": 1, "rejected": 1, "reasons": {"unreadable_price": 1}}
    assert json.loads(capsys.readouterr().out) == expected
    assert run(["import", str(home)]) == 0
    told = capsys.readouterr()
    assert told.out == "1 files: 0 rows in, 3 known already, 1 rejected\n"
    assert f"{path}:4: unreadable_price" in told.err
    assert stored(database_url) == 2
    with session_scope(make_engine(database_url)) as session:
        assert [rejection.where for rejection in repo.rejections(session)] == [f"{path}:4"]


def test_a_file_that_is_no_price_file_does_not_stop_the_others(home, database_url, capsys):
    write(home / "a.csv", "1,2", header="x,y")
    write(home / "b.csv", ROW)
    assert run(["import", str(home)]) == 0
    assert "no_price_file" in capsys.readouterr().err
    assert stored(database_url) == 1


def test_an_import_without_any_row_is_exit_1_and_a_missing_path_exit_2(home, capsys):
    assert run(["import", str(write(home / "a.csv", changed(price="x")))]) == 1
    assert run(["import", str(home / "missing.csv")]) == 2
    assert run(["import"]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_a_database_is_backed_up_and_restored(home, database_url, capsys):
    run(["import", str(write(home / "a.csv", ROW))])
    assert run(["db", "backup", "--keep", "2"]) == 0
    [backup] = (home / "home" / "backups").glob("gpu-limbo-*.db")
    run(["import", str(write(home / "b.csv", changed(price="7")))])
    assert stored(database_url) == 2
    assert run(["db", "restore", str(backup), "--yes"]) == 0
    assert stored(database_url) == 1
    assert "read back" in capsys.readouterr().out


def test_upgrade_says_what_it_did(home, monkeypatch, capsys):
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{home / 'fresh.db'}")
    assert run(["db", "upgrade"]) == 0
    assert run(["db", "upgrade"]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first.endswith("brought up to date")
    assert second.endswith("nothing to do")


def test_a_move_copies_everything(home, empty_database_url, capsys):
    run(["import", str(write(home / "a.csv", ROW))])
    target = empty_database_url.replace("limbo.db", "other.db")
    assert run(["db", "move", target]) == 0
    assert stored(target) == 1
    assert run(["db", "move", target]) == 1
    assert "not empty" in capsys.readouterr().err


def test_restoring_what_is_not_there_is_one_sentence(home, capsys):
    assert run(["db", "restore", str(home / "none.db"), "--yes"]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_a_new_database_gets_the_shipped_history_once(tmp_path):
    from monitor.jobs.history import open_filled_store

    engine, rows = open_filled_store(f"sqlite:///{tmp_path / 'new.db'}", NOW)
    assert rows > 10_000
    with session_scope(engine) as session:
        assert len(repo.series_as_of(session, NOW)) > 500
        assert repo.rejections(session) == []
    assert open_filled_store(f"sqlite:///{tmp_path / 'new.db'}", NOW)[1] == 0


def test_a_database_with_prices_gets_no_history(home, database_url):
    from monitor.jobs.history import open_filled_store

    run(["import", str(write(home / "a.csv", ROW))])
    assert open_filled_store(database_url, NOW)[1] == 0
    assert stored(database_url) == 1


def test_the_shipped_history_is_small_and_every_file_of_it_is_named_in_the_notice():
    from monitor.jobs.history import SHIPPED

    files = sorted(SHIPPED.glob("*.csv.gz"))
    notice = (SHIPPED.parents[2] / "NOTICE").read_text("utf-8")
    assert sum(file.stat().st_size for file in files) < 700_000
    assert [file.name for file in files if file.name not in notice] == []
