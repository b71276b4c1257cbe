"""What the probe measured, here or in an imported record."""

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from monitor.core.models import Measurement
from monitor.store.bulk import insert_into
from monitor.store.repo.articles import chunks
from monitor.store.repo.offers import Counts
from monitor.store.tables import MeasurementRow


def add_measurements(session: Session, measurements: Iterable[Measurement], recorded_at: datetime) -> Counts:
    """Store measurements; one that is stored already counts as known, so a record can be imported twice."""
    given = list(measurements)
    found = {_key(item): item for item in given}
    query = select(MeasurementRow.key)
    known = {
        key for some in chunks(list(found)) for key in session.exec(query.where(col(MeasurementRow.key).in_(some)))
    }
    new = [_values(item, key, recorded_at) for key, item in found.items() if key not in known]
    if new:
        session.connection().execute(insert_into(session, MeasurementRow).on_conflict_do_nothing(), new)
    return Counts(new=len(new), known=len(given) - len(new))


def measurements_as_of(
    session: Session, as_of: datetime, *, gpu: str | None = None, origin: str | None = None
) -> list[Measurement]:
    """Measurements recorded by `as_of`, oldest first."""
    query = select(MeasurementRow).where(col(MeasurementRow.recorded_at) <= as_of)
    query = query if gpu is None else query.where(MeasurementRow.gpu == gpu)
    query = query if origin is None else query.where(MeasurementRow.origin == origin)
    query = query.order_by(col(MeasurementRow.measured_at), col(MeasurementRow.id))
    return [_measurement_from(row) for row in session.exec(query)]


def _key(item: Measurement) -> str:
    parts = (
        item.origin,
        item.device_name,
        item.op,
        item.precision,
        item.unit,
        item.measured_at.isoformat(),
        item.value,
    )
    text = json.dumps([*parts, item.conditions], sort_keys=True, default=str)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def _values(item: Measurement, key: str, recorded_at: datetime) -> dict[str, Any]:
    return {
        "key": key,
        "gpu": item.gpu,
        "device_name": item.device_name,
        "device_kind": item.device_kind,
        "op": item.op,
        "precision": item.precision,
        "value": item.value,
        "unit": item.unit,
        "rel_mad": item.rel_mad,
        "n": item.n,
        "status": item.status,
        "conditions": dict(item.conditions),
        "origin": item.origin,
        "measured_at": item.measured_at,
        "recorded_at": recorded_at,
    }


def _measurement_from(row: MeasurementRow) -> Measurement:
    return Measurement(
        gpu=row.gpu,
        device_name=row.device_name,
        device_kind=row.device_kind,
        op=row.op,
        precision=row.precision,
        value=row.value,
        unit=row.unit,
        rel_mad=row.rel_mad,
        n=row.n,
        measured_at=row.measured_at,
        status=row.status,
        conditions=row.conditions,
        origin=row.origin,
    )
