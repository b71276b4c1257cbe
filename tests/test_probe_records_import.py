"""`gpu-limbo import` of probe records: believed, known again, or refused with the reason and kept as such."""

import json
from pathlib import Path

import pytest

from monitor.cli import run
from monitor.store import repo
from monitor.store.engine import open_store, session_scope
from tests.conftest import NOW
from tests.core.test_probe_record import a_record


def test_records_of_others_go_in_once_and_lies_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'x.db'}")
    lie = a_record(results=[{"op": "copy", "precision": "", "unit": "GB/s", "median": 99999.0}])
    path = tmp_path / "friends.jsonl"
    path.write_text("\n".join([json.dumps(a_record()), json.dumps(lie), "{not json"]), encoding="utf-8")
    assert run(["import", str(path), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["new"], said["rejected"]) == (1, 2)
    assert run(["import", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["new"] == 0
    with session_scope(open_store(f"sqlite:///{tmp_path / 'x.db'}"), read_only=True) as session:
        assert [row.origin for row in repo.measurements_as_of(session, NOW.replace(year=2030))] == ["friends:1"]
        assert {rejection.reason for rejection in repo.rejections(session)} == {"unbelievable_record"}
