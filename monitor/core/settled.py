"""Calls that have just come to their end, in a sentence each, as the record settled them: no second verdict."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from monitor.core.amounts import written
from monitor.core.models import Action
from monitor.core.record import CALL, ENDING, Entry

RECENT = timedelta(days=14)  # older endings are no news
VERDICTS = {"hit": "was right", "miss": "was wrong", "tie": "made no difference"}


def settled_calls(entries: Iterable[Entry], now: datetime) -> dict[str, str]:
    """For each general call that the record settled in the last two weeks one sentence, by "GPU|condition|region|day of
    the call". Calls made for a goal are left out: the same card would be told of twice."""
    calls: dict[int, Entry] = {}
    found: dict[str, str] = {}
    for entry in entries:
        if entry.kind == CALL:
            calls[entry.number] = entry
        elif entry.kind == ENDING and now - RECENT < entry.made_at <= now and entry.subject.endswith("|"):
            ending = json.loads(entry.body)
            if call := calls.get(int(ending["call"])):
                found[f"{call.subject[:-1]}|{call.made_at.date().isoformat()}"] = _sentence(call, ending)
    return found


def _sentence(call: Entry, ending: Mapping[str, Any]) -> str:
    said, (gpu, condition, region, _) = json.loads(call.body), call.subject.split("|", 3)
    where = f" in {region}" if region else ""
    action, currency = str(said["action"]).replace("_", " "), ending["currency"]
    called = f"{gpu} {condition}{where}: {action} of {call.made_at.date().isoformat()} at {written(said['price'])}"
    followed = f"following it {_against(ending['followed'], currency)}, "
    if said["action"] == str(Action.BUY_NOW):
        followed = ""
    waited = f"waiting all 26 weeks {_against(ending['waited'], currency)}"
    return f"{called} {currency} {VERDICTS[ending['hit']]}: against buying at once {followed}{waited}"


def _against(cost: float, currency: str) -> str:
    return f"{'saved' if cost < 0 else 'cost'} {written(abs(cost))} {currency}"
