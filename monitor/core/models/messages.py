"""What people are told: alerts, the rules that make them, and their way through a channel."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from monitor.core.models.words import Money


@dataclass(frozen=True, kw_only=True)
class Alert:
    """A message that is due; `key` makes it the same message however often it is sent."""

    key: str
    rule: str
    subject: str
    body: str
    payload: Mapping[str, object]
    created_at: datetime
    not_before: datetime | None = None  # quiet hours: not sent earlier


@dataclass(frozen=True, kw_only=True)
class AlertRule:
    """What somebody wants to be told; `kind` is a key of `alerting.RULES`. Empty gpu, goal, region: any.

    `margin` and `needed` of `sightings` keep noise out: the state must hold in `needed` of the last `sightings`
    looks, and leave it by `margin` (share of the threshold) before the rule is armed again.
    """

    slug: str
    kind: str
    gpu: str = ""
    goal: str = ""
    condition: str = ""
    region: str = ""
    threshold: Money | None = None
    margin: float = 0.02
    needed: int = 2
    sightings: int = 3
    cooldown_hours: float = 24.0
    cap_per_day: int = 5
    still_days: float = 0.0  # repeat as "still" while it lasts; 0: never
    quiet_from: str = ""  # "22:00" local time; empty: no quiet hours
    quiet_to: str = ""
    time_zone: str = "UTC"
    digest: str = ""  # "", daily, weekly
    muted_until: datetime | None = None
    enabled: bool = True


@dataclass(frozen=True, kw_only=True)
class RuleState:
    """Where one rule stands for one subject ("RTX 4090|new|US"); what a rule remembers between two looks."""

    rule: str  # slug
    subject: str
    value: str | None = None  # what was last told ("wait"; "" where nothing holds); None: never looked at
    looks: tuple[str, ...] = ()  # newest last, at most `sightings` of the rule
    fired: tuple[datetime, ...] = ()  # of the last day, for the cap; the last one always stays
    pending: tuple[str, ...] = ()  # what waits for the digest: changes as JSON, or lines


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """One alert on its way through one channel. `state`: due, sending, sent, dead."""

    alert: Alert
    channel: str  # the channel's name, which holds no secret
    attempts: int = 0  # tries before this one
    state: str = "due"
    next_try_at: datetime | None = None
    error: str = ""
