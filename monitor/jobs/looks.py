"""What is stored -> what rules look at. The same for now and for any day of the past, so that a preview is a replay."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from statistics import median
from typing import Any

from sqlmodel import Session

from monitor.core.alerting import Look, subject_of
from monitor.core.market import CARRY_DAYS, street_prices
from monitor.core.models import (
    Alert,
    Availability,
    Condition,
    Gpu,
    Market,
    Money,
    NewsEvent,
    Offer,
    Series,
    Signal,
    StreetPrice,
    Verdict,
)
from monitor.core.settled import settled_calls
from monitor.core.trust import SOURCE_FAULT
from monitor.store import repo
from monitor.store.repo.record import record_entries

EPOCH = date(1970, 1, 1)
USUAL_WEEKS, USUAL_POINTS = 26, 8  # no usual price is claimed on fewer points
FILE_DAYS = 7  # a price file's line counts for so long
CHART_DAYS = 365
NEWS_DAYS = 14
MOST_DOUBTED = 2000
THERE = {Availability.IN_STOCK: True, Availability.LIMITED: True, Availability.UNKNOWN: None}


def look_at(
    session: Session,
    now: datetime,
    signals: Sequence[Signal],
    verdicts: Sequence[Verdict],
    series: Sequence[Series],
    news: Sequence[NewsEvent],
) -> Look:
    """Everything that a rule may ask about at `now`."""
    offers, health = repo.offers_as_of(session, now), repo.source_health(session)
    doubted = _doubted(session, now)
    return Look(
        as_of=now,
        signals=signals,
        verdicts=verdicts,
        prices=prices_at(offers, series, now),
        unconfirmed=street_prices(doubted, now),
        fair=usual_prices(series, (now.date() - EPOCH).days),
        stock=stock_of(offers),
        on_sale=cheapest_on_sale(offers),
        news=[event for event in news if now - timedelta(days=NEWS_DAYS) < event.published_at <= now],
        faults={one.source: one.fault for one in health},
        tried={one.source: one.last_try_at for one in health},
        settled=settled_calls(record_entries(session), now),
    )


def _doubted(session: Session, now: datetime) -> list[Offer]:
    """Offers of the last days that wait for a second sighting or a person; a source's fault is nobody's offer."""
    waiting = repo.quarantined(session, since=now - timedelta(days=CARRY_DAYS), limit=MOST_DOUBTED)
    return [replace(offer, quarantined=False) for _, offer in waiting if not offer.reason.startswith(SOURCE_FAULT)]


def prices_at(offers: Sequence[Offer], series: Sequence[Series], now: datetime) -> list[StreetPrice]:
    """Street prices from live offers, and from price files where there are none and a line is at most a week old."""
    live = street_prices(offers, now)
    have = {(subject_of(price), price.price.currency) for price in live}
    filed: dict[tuple[str, str], dict[str, tuple[int, float]]] = defaultdict(dict)
    today = (now.date() - EPOCH).days
    for one in series:
        place = (f"{one.key.gpu}|{one.key.condition}|{one.key.region}", one.key.currency)
        count = int((one.days <= today).sum())
        if place not in have and count and today - int(one.days[count - 1]) <= FILE_DAYS:
            found = (int(one.days[count - 1]), float(one.prices[count - 1]))
            filed[place][one.key.source] = max(found, filed[place].get(one.key.source, found))
    return [*live, *(_filed_price(place, votes) for place, votes in filed.items())]


def usual_prices(series: Sequence[Series], day: int) -> dict[str, Money]:
    """Per GPU, condition and region: the median price of the last 26 weeks, each series having one vote; none where
    there are fewer than 8 points, and none for rented hours."""
    votes: dict[tuple[str, str], list[float]] = defaultdict(list)
    points: dict[tuple[str, str], int] = defaultdict(int)
    for one in series:
        recent = one.prices[(one.days > day - 7 * USUAL_WEEKS) & (one.days <= day)]
        if len(recent) and one.key.condition != Condition.RENTAL:
            place = (f"{one.key.gpu}|{one.key.condition}|{one.key.region}", one.key.currency)
            votes[place].append(float(median(recent)))
            points[place] += len(recent)
    return {
        subject: Money(amount=Decimal(f"{median(prices):.2f}"), currency=currency)
        for (subject, currency), prices in votes.items()
        if points[subject, currency] >= USUAL_POINTS
    }


def stock_of(offers: Sequence[Offer]) -> dict[tuple[str, str], bool | None]:
    """Per subject and source: on sale (one offer is enough), sold out, or not to be told (`None`)."""
    states: dict[tuple[str, str], list[bool | None]] = defaultdict(list)
    for offer in offers:
        place = (f"{offer.gpu}|{offer.condition}|{offer.region}", offer.source)
        states[place].append(THERE.get(offer.availability, False))
    return {place: True if True in seen else (None if None in seen else False) for place, seen in states.items()}


def cheapest_on_sale(offers: Sequence[Offer]) -> dict[tuple[str, str], Offer]:
    """Per subject and source: the cheapest offer that is on sale."""
    found: dict[tuple[str, str], Offer] = {}
    for offer in offers:
        place = (f"{offer.gpu}|{offer.condition}|{offer.region}", offer.source)
        if offer.price.amount <= 0 or not THERE.get(offer.availability):
            continue
        if place not in found or offer.price.amount < found[place].price.amount:
            found[place] = offer
    return found


def with_chart(alert: Alert, series: Sequence[Series], gpus: Mapping[str, Gpu]) -> Alert:
    """The alert with the last year's prices of its first GPU, for the picture in the message."""
    changes: Any = alert.payload.get("changes")
    subject = "" if not changes or "digest" in alert.payload else str(changes[0]["subject"])  # a digest has many
    subject = str(alert.payload.get("chart_of", subject))
    gpu, condition, region = (*subject.split("|"), "", "", "")[:3]
    found = [s for s in series if (s.key.gpu, s.key.condition, s.key.region) == (gpu, condition, region)]
    if not found:
        return alert
    newest = max(int(one.days[-1]) for one in found)
    longest = max(found, key=lambda one: int((one.days > newest - CHART_DAYS).sum()))
    kept = longest.days > newest - CHART_DAYS
    points = [[int(d), round(float(p), 4)] for d, p in zip(longest.days[kept], longest.prices[kept], strict=True)]
    in_dollars = condition != Condition.RENTAL and longest.key.currency == "USD"
    msrp = gpus[gpu].msrp_usd if gpu in gpus and in_dollars else None
    chart = {"title": f"{gpu} {condition}", "currency": longest.key.currency, "points": points[-400:], "msrp": msrp}
    return replace(alert, payload={**alert.payload, "chart": chart})


def _filed_price(place: tuple[str, str], votes: Mapping[str, tuple[int, float]]) -> StreetPrice:
    (subject, currency), amounts = place, [Decimal(f"{price:.4f}") for _, price in votes.values()]
    gpu, condition, region = subject.split("|")
    lowest_day = min(votes.values(), key=lambda vote: vote[1])[0]
    newest_day, price = max(day for day, _ in votes.values()), median(amounts)
    return StreetPrice(
        gpu=gpu,
        condition=Condition(condition) if condition in set(Condition) else Condition.UNKNOWN,
        region=region,
        price=Money(amount=price, currency=currency),
        n=len(amounts),
        shops=len(amounts),
        low=min(amounts),
        high=max(amounts),
        spread=float((max(amounts) - min(amounts)) / price) if price else 0.0,
        seen_on=EPOCH + timedelta(days=newest_day),
        carried=False,
        market=Market.CLOUD if condition == Condition.RENTAL else Market.RETAIL,
        newest_at=_midnight(newest_day),
        low_seen_at=_midnight(lowest_day),
    )


def _midnight(day: int) -> datetime:
    return datetime.combine(EPOCH + timedelta(days=day), datetime.min.time(), UTC)
