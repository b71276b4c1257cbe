"""Probe records of other people, into the store: believed only as far as physics goes."""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from monitor.catalog import load_catalog
from monitor.core.models import Measurement, Rejection
from monitor.core.probe_record import from_record
from monitor.errors import SourceError
from monitor.jobs.history import EXAMPLES, Imported
from monitor.store import repo
from monitor.store.engine import session_scope

ENDINGS = (".json", ".jsonl")
LARGEST_FILE = 20 * 2**20


def is_record(path: Path) -> bool:
    """Whether a file is one of probe records by its name."""
    return path.suffix.lower() in ENDINGS


def import_records(engine: Engine, paths: Sequence[Path], now: datetime) -> Imported:
    """Store the measurements of these files, one record a line; what is not believed is kept as a rejection."""
    total = Imported()
    for path in paths:
        rows, refused = _read(path, now)
        with session_scope(engine) as session:
            counts = repo.add_measurements(session, rows, now)
            repo.add_rejections(session, refused, now)
        total += Imported(
            files=1,
            new=counts.new,
            known=counts.known,
            reasons=Counter(rejection.reason for rejection in refused),
            examples=tuple(f"{r.where}: {r.text}" for r in refused[:EXAMPLES]),
        )
    return total


def _read(path: Path, now: datetime) -> tuple[list[Measurement], list[Rejection]]:
    rows: list[Measurement] = []
    refused: list[Rejection] = []
    gpus = load_catalog().gpus
    for number, line in enumerate(_lines(path), start=1):
        try:
            said = from_record(json.loads(line), f"{path.stem}:{number}", gpus, now)
        except (json.JSONDecodeError, RecursionError):
            said = "it is not JSON"
        if isinstance(said, str):
            where = f"{path.name}:{number}"
            refused.append(Rejection(source="probe", reason="unbelievable_record", text=said, seen_at=now, where=where))
        else:
            rows += said
    return rows, refused


def _lines(path: Path) -> list[str]:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise SourceError(f"{path} is larger than {LARGEST_FILE // 2**20} MiB: no probe record is")
        text = path.read_text("utf-8", errors="replace")
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}") from None
    if path.suffix.lower() == ".json":  # one record over several lines
        return [" ".join(text.split("\n"))]
    return [line for line in text.splitlines() if line.strip()]
