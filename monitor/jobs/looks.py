"""What is stored -> what rules look at; now, or on a day of the past for the preview of a rule."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from statistics import median

from sqlmodel import Session

from monitor.core.alerting import Look
from monitor.core.market import street_prices
from monitor.core.models import Alert, Availability, Gpu, Money, NewsEvent, Series, Signal, StreetPrice, Verdict
from monitor.store import repo

EPOCH = date(1970, 1, 1)
USUAL_WEEKS, USUAL_POINTS = 26, 8  # no usual price is claimed on fewer points
CHART_DAYS = 365
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
    offers = repo.offers_as_of(session, now)
    doubted = [replace(offer, quarantined=False) for _, offer in repo.quarantined(session)]
    return Look(
        as_of=now,
        signals=signals,
        verdicts=verdicts,
        prices=street_prices(offers, now),
        unconfirmed=street_prices(doubted, now),
        fair=usual_prices(series, (now.date() - EPOCH).days),
        stock={(f"{o.gpu}|{o.condition}|{o.region}", o.source): None for o in offers} | _in_stock(offers),
        news=[event for event in news if event.published_at > now - timedelta(days=14)],
        faults={health.source: health.fault for health in repo.source_health(session)},
    )


def usual_prices(series: Sequence[Series], day: int) -> dict[str, Money]:
    """Per GPU, condition and region: the median price of the last 26 weeks, the medians of its sources having a vote
    each; none where there are fewer than 8 points, and none for rented hours."""
    votes: dict[tuple[str, str], list[float]] = {}
    points: dict[tuple[str, str], int] = {}
    for one in series:
        recent = one.prices[(one.days > day - 7 * USUAL_WEEKS) & (one.days <= day)]
        if len(recent) == 0 or one.key.stat.startswith("rental") or one.key.condition == "rental":
            continue
        place = (f"{one.key.gpu}|{one.key.condition}|{one.key.region}", one.key.currency)
        votes.setdefault(place, []).append(float(median(recent)))
        points[place] = points.get(place, 0) + len(recent)
    return {
        subject: Money(amount=Decimal(f"{median(prices):.2f}"), currency=currency)
        for (subject, currency), prices in votes.items()
        if points[subject, currency] >= USUAL_POINTS
    }


def with_chart(alert: Alert, series: Sequence[Series], gpus: Mapping[str, Gpu]) -> Alert:
    """The alert with the last year's prices of its first GPU, for the picture in the message."""
    changes = alert.payload.get("changes")
    subject = str(changes[0]["subject"]) if isinstance(changes, list) and changes else ""
    gpu, condition, region = (*subject.split("|"), "", "", "")[:3]
    found = [s for s in series if (s.key.gpu, s.key.condition, s.key.region) == (gpu, condition, region)]
    if not found:
        return alert
    newest = max(int(one.days[-1]) for one in found)
    longest = max(found, key=lambda one: int((one.days > newest - CHART_DAYS).sum()))
    points = [(int(d), float(p)) for d, p in zip(longest.days, longest.prices, strict=True)]
    kept = [[day, round(price, 2)] for day, price in points if day > points[-1][0] - CHART_DAYS]
    msrp = gpus[gpu].msrp_usd if gpu in gpus and condition != "rental" and longest.key.currency == "USD" else None
    chart = {"title": f"{gpu} {condition}", "currency": longest.key.currency, "points": kept[-400:], "msrp": msrp}
    return replace(alert, payload={**alert.payload, "chart": chart})


def _in_stock(offers: Sequence[object]) -> dict[tuple[str, str], bool | None]:
    states: dict[tuple[str, str], bool | None] = {}
    for offer in offers:
        place = (f"{offer.gpu}|{offer.condition}|{offer.region}", offer.source)  # type: ignore[attr-defined]
        there = THERE.get(offer.availability, False)  # type: ignore[attr-defined]
        before = states.get(place, False)
        states[place] = True if there or before else (None if there is None or before is None else False)
    return states


def moment(day: int) -> datetime:
    """The last second of a day (days since 1970)."""
    return datetime.combine(EPOCH + timedelta(days=day), datetime.max.time(), UTC)


def history_price(one: Series, day: int, max_age_days: int = 10) -> StreetPrice | None:
    """A series' price on a day of the past in the form that rules look at."""
    known = one.days <= day
    if not known.any() or day - int(one.days[known][-1]) > max_age_days:
        return None
    amount = Decimal(f"{float(one.prices[known][-1]):.4f}")
    from monitor.core.models import Condition, Market

    rented = one.key.condition == "rental"
    return StreetPrice(
        gpu=one.key.gpu,
        condition=Condition(one.key.condition),
        region=one.key.region,
        price=Money(amount=amount, currency=one.key.currency),
        n=1,
        shops=1,
        low=amount,
        high=amount,
        spread=0.0,
        seen_on=EPOCH + timedelta(days=int(one.days[known][-1])),
        carried=False,
        market=Market.CLOUD if rented else Market.RETAIL,
    )
