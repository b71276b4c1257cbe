"""Which page of the dashboard a change in a message is about."""

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlencode

from monitor.core.models import Alert, Gpu


def with_card_pages(alert: Alert, gpus: Mapping[str, Gpu]) -> Alert:
    """The alert with the page of each card whose market it names (path and query; the dashboard's own address is put
    before it when the message is sent)."""
    changes = alert.payload.get("changes")
    if not isinstance(changes, list):
        return alert
    return replace(alert, payload={**alert.payload, "changes": [_with_page(change, gpus) for change in changes]})


def _with_page(change: Mapping[str, object], gpus: Mapping[str, Gpu]) -> Mapping[str, object]:
    gpu, condition, region = (*str(change.get("subject", "")).split("|"), "", "", "")[:3]
    if gpu not in gpus or not change.get("currency"):
        return change
    market = f"{condition}-{region}-{change['currency']}".lower()
    return {**change, "card_page": f"/gpu?{urlencode({'gpu': gpus[gpu].slug, 'market': market})}"}
