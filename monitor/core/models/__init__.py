"""The values that travel through the house: frozen, keyword-only, and free of any I/O.

A GPU is named by its catalogue name everywhere ("RTX 4090"); `Gpu.slug` is for addresses only.
Times are aware and UTC. Money is `Decimal` with an ISO 4217 code. Other names carry their unit.
"""

from monitor.core.models.calls import Reason, Score, Signal, SignalFlip, Verdict
from monitor.core.models.facts import FORMER_GOALS, Goal, Gpu, Launch, Preferences, SourceInfo, Workload
from monitor.core.models.messages import Alert, AlertRule, Delivery, RuleState
from monitor.core.models.readings import (
    Ask,
    Measurement,
    NewsEvent,
    Offer,
    RawOffer,
    Rejection,
    Series,
    SeriesKey,
    StreetPrice,
)
from monitor.core.models.words import Action, Availability, Billing, Condition, Market, Money

__all__ = [
    "FORMER_GOALS",
    "Action",
    "Alert",
    "AlertRule",
    "Ask",
    "Availability",
    "Billing",
    "Condition",
    "Delivery",
    "Goal",
    "Gpu",
    "Launch",
    "Market",
    "Measurement",
    "Money",
    "NewsEvent",
    "Offer",
    "Preferences",
    "RawOffer",
    "Reason",
    "Rejection",
    "RuleState",
    "Score",
    "Series",
    "SeriesKey",
    "Signal",
    "SignalFlip",
    "SourceInfo",
    "StreetPrice",
    "Verdict",
    "Workload",
]
