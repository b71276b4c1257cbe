"""Calls made now -> the record that nothing changes later; calls whose time is over -> how they ended."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlmodel import Session

from monitor.core.models import Series, Signal
from monitor.core.record import CALL, DELAY_COST, ENDING, call_body, calls_to_note, endings, subject_of
from monitor.store.repo.record import add_to_record, record_entries


def keep_record(
    session: Session,
    signals: Sequence[Signal],
    series: Sequence[Series],
    now: datetime,
    delays: Mapping[str, float],
) -> int:
    """Append new calls and endings that are due; returns how many entries. `delays`: cost of a week's delay by goal
    ("": calls for no goal), by which a call was made and will be judged."""
    entries = record_entries(session)
    calls = [entry for entry in entries if entry.kind == CALL]
    newest = {entry.subject: entry for entry in calls}
    settled = {int(json.loads(entry.body)["call"]) for entry in entries if entry.kind == ENDING}
    noted = calls_to_note(signals, newest, now)
    due = [(subject_of(signal), call_body(signal, delays.get(signal.goal, DELAY_COST))) for signal in noted]
    added = add_to_record(session, CALL, due, now)
    return added + add_to_record(session, ENDING, endings(calls, settled, series, now), now)
