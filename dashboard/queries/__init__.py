"""What the pages and addresses read: the only part of the dashboard, beside `actions`, that touches the store.

Every answer is cached under the version of the data, so that a page is quick and never old. A question with `as_of`
sees nothing that was known later.
"""

from dashboard.queries.base import catalog, engine, read, version
from dashboard.queries.calls import (
    Asked,
    ExpectedWindow,
    expected_windows,
    flips,
    gauge,
    goals,
    past,
    rules,
    scores,
    signals,
    successor_of,
    verdict,
)
from dashboard.queries.health import (
    Figures,
    Freshness,
    age_of,
    deliveries,
    figures,
    freshness,
    health,
    newest_day,
    quarantine,
    rejected_beside,
    rejections,
    runs,
    sources,
    unmatched,
)
from dashboard.queries.prices import news, offers, price_series
from dashboard.queries.probes import before_and_after, own_cards
from dashboard.queries.record import record, record_balance, record_broken_at
from dashboard.queries.value import field_progress, newest_price, relative_speed

__all__ = [
    "Asked",
    "ExpectedWindow",
    "Figures",
    "Freshness",
    "age_of",
    "before_and_after",
    "catalog",
    "deliveries",
    "engine",
    "expected_windows",
    "field_progress",
    "figures",
    "flips",
    "freshness",
    "gauge",
    "goals",
    "health",
    "newest_day",
    "newest_price",
    "news",
    "offers",
    "own_cards",
    "past",
    "price_series",
    "quarantine",
    "read",
    "record",
    "record_balance",
    "record_broken_at",
    "rejected_beside",
    "rejections",
    "relative_speed",
    "rules",
    "runs",
    "scores",
    "signals",
    "sources",
    "successor_of",
    "unmatched",
    "verdict",
    "version",
]
