"""One real-looking alert of every kind, for `alerts test`: what will come, and how it will look."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from math import sin

from monitor.catalog import load_catalog
from monitor.core.alert_state import SUMMARY
from monitor.core.alerting import RULES, Look, preview
from monitor.core.models import (
    Action,
    Alert,
    AlertRule,
    Ask,
    Condition,
    Goal,
    Market,
    Money,
    NewsEvent,
    Offer,
    Reason,
    Signal,
    StreetPrice,
    Verdict,
)
from monitor.errors import DeliveryError, UsageError
from monitor.jobs.card_pages import with_card_pages
from monitor.jobs.digests import with_cards
from monitor.jobs.rounds import channels_of
from monitor.notify import Channel
from monitor.notify.rendering import Links, message_of
from monitor.settings import Settings

GOAL = Goal(slug="test-goal", title="Train an 8B LoRA at home (test)", workload="lora-8b")


@dataclass(frozen=True, kw_only=True)
class Tried:
    """One sample over one channel; `error` is empty where the channel took it."""

    channel: str
    kind: str
    error: str


def send_samples(settings: Settings, now: datetime, kinds: Sequence[str] = ()) -> list[Tried]:
    """Send a sample of each kind over every channel, now, and say what came of each; raises `UsageError`."""
    channels, links = channels_of(settings), Links(public_url=settings.public_url)
    if not channels:
        raise UsageError("no channel is set: give one or more addresses in GPU_LIMBO_CHANNELS")
    gpus = load_catalog().gpus
    found = [with_card_pages(alert, gpus) for alert in samples(now, kinds)]
    return [_send(channel, alert, links) for alert in found for channel in channels]


def _send(channel: Channel, alert: Alert, links: Links) -> Tried:
    message, error = message_of(alert, links), ""
    try:
        channel.send(message)
    except DeliveryError as failure:
        error = str(failure)
    return Tried(channel=channel.name, kind=message.kind, error=error)


def samples(now: datetime, kinds: Sequence[str] = ()) -> list[Alert]:
    """The sample of each of these kinds (of all where none is named), made by the rules themselves."""
    for kind in kinds:
        if kind not in RULES:
            raise UsageError(f"there is no rule of kind '{kind}'; choose one of: {', '.join(RULES)}")
    before, after = _look(now - timedelta(days=2), flipped=False), _look(now, flipped=True)
    found: list[Alert] = []
    for kind in kinds or RULES:
        limit = Decimal("1.50") if kind == "rental_below" else Decimal(1500)
        rule = AlertRule(
            slug=f"test-{kind}", kind=kind, gpu="RTX 4090", threshold=Money(amount=limit, currency="USD"), needed=1
        )
        wide = replace(rule, gpu="", digest="daily" if kind == SUMMARY else "")
        for alert in preview(wide if kind in ("source_broken", SUMMARY) else rule, [before, after])[-1:]:
            alert = with_cards(alert, [GOAL], after.verdicts, now)
            payload = {**alert.payload, "test": True, "chart": _chart(now)}
            found.append(replace(alert, rule="", subject=f"[Test] {alert.subject}", payload=payload))
    return found


def _look(now: datetime, flipped: bool) -> Look:
    """A made-up market before and after everything that rules wait for has happened."""
    subject, source, other = "RTX 4090|new|US", "example-shop", "another-shop"
    call = Signal(
        gpu="RTX 4090",
        condition=Condition.NEW,
        region="US",
        action=Action.LIMBO if flipped else Action.BUY_NOW,
        window_low_weeks=13.0,
        window_high_weeks=39.0,
        expected_saving=0.12,
        saving_low=0.02,
        saving_high=0.2,
        confidence=0.7,
        price=Money(amount=Decimal(1449), currency="USD"),
        as_of=now,
        data_on=now.date(),
        reasons=(Reason(code="test", text="this is a test: the figures are made up", contribution=0.12),),
    )
    rented = _price(now, Market.CLOUD, Decimal("0.35") if flipped else Decimal("2.00"))
    bought = _price(now, Market.RETAIL, Decimal(1449) if flipped else Decimal(1899))
    ask = bought.asks[0].offer if flipped else None
    launch = NewsEvent(
        title="Test: the RTX 5090 is on sale from today",
        event="launch",
        gpus=("RTX 4090", "RTX 5090"),
        expected_date="",
        effect="wait",
        source="example-feed",
        url="https://example.org/launch",
        published_at=now,
        key="test-launch",
    )
    return Look(
        as_of=now,
        signals=[call],
        verdicts=[_verdict(call)],
        prices=[bought, rented],
        fair={subject: Money(amount=Decimal(1799), currency="USD")},
        stock={(subject, other): flipped},
        on_sale={(subject, other): replace(ask, source=other)} if ask else {},
        news=[launch] if flipped else [],
        faults={source: "it answers 503 since yesterday (test)" if flipped else ""},
        settled={subject: 'RTX 4090: "wait" of 26 weeks ago has saved 9 % (test)'} if flipped else {},
    )


def _verdict(call: Signal) -> Verdict:
    return Verdict(
        goal=GOAL.slug, action=call.action, gpus=(call.gpu,), signals=(call,), reasons=call.reasons, as_of=call.as_of
    )


def _price(now: datetime, market: Market, amount: Decimal) -> StreetPrice:
    offer = Offer(
        gpu="RTX 4090",
        title="Test: GeForce RTX 4090 24GB",
        price=Money(amount=amount, currency="USD"),
        condition=Condition.NEW if market is Market.RETAIL else Condition.RENTAL,
        source="example-shop" if market is Market.RETAIL else "example-cloud",
        region="US",
        seen_at=now,
        market=market,
        url="https://example.org/rtx-4090",
    )
    return StreetPrice(
        gpu=offer.gpu,
        condition=offer.condition,
        region=offer.region,
        price=offer.price,
        n=4,
        shops=2,
        low=amount,
        high=amount,
        spread=0.0,
        seen_on=now.date(),
        carried=False,
        market=market,
        asks=(Ask(amount=amount, source=offer.source, article="test", seen_at=now, offer=offer),),
    )


def _chart(now: datetime) -> dict[str, object]:
    today = (now.date() - date(1970, 1, 1)).days
    points = [[today - 360 + 10 * i, round(1899 - 12 * i + 60 * sin(i / 3), 2)] for i in range(37)]
    return {"title": "RTX 4090 new (test)", "currency": "USD", "points": points, "msrp": 1599.0}
