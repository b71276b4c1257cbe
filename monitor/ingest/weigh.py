"""Whether what was read can be believed: each offer against the market and its own past, each crawl as a whole."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from sqlmodel import Session

from monitor.catalog import Catalog
from monitor.core import fx, tax, trust
from monitor.core.fx import Rates
from monitor.core.models import Billing, Market, Offer, SourceInfo
from monitor.core.trust import SOURCE_FAULT, Kind, Trust, Usual
from monitor.rates import load_rates
from monitor.store import repo
from monitor.store.repo.sightings import OnShelf
from monitor.store.repo.sightings import shelf as shelf_of

MARKET_DAYS = 14.0  # age of the offers that say what is usual
CONFIRMS_WITHIN = timedelta(days=3)  # between two doubtful sightings that confirm each other
MAX_REASON = 500  # characters


@dataclass(frozen=True, kw_only=True)
class Knowledge:
    """What readings are weighed against; gathered once a crawl, which began at `since`."""

    usual: Mapping[Kind, Usual]
    believed: Mapping[Kind, Sequence[tuple[str, float]]]  # source and price in USD without tax
    corrections: Mapping[str, str | None]  # what the user said about titles
    rates: Rates
    since: datetime

    def usd(self, offer: Offer, amount: Decimal | None = None) -> float | None:
        """The offer's price (or another `amount` of it) in USD without tax, or `None` where no rate is known."""
        price = offer.price if amount is None else replace(offer.price, amount=amount)
        net = tax.without_tax(price, offer.region) if offer.market is Market.RETAIL else price
        # For telling a price from nonsense the newest rate is good enough, however old.
        on = min(self.since.date(), self.rates.days[-1]) if self.rates.days else self.since.date()
        converted = fx.convert(net, "USD", on, self.rates)
        return float(converted.price.amount) if converted else None


def gather(session: Session, catalog: Catalog, now: datetime, rates: Rates | None = None) -> Knowledge:
    """What is known now; one per crawl is enough, since a crawl must not confirm itself. Without `rates` the shipped
    ones count."""
    empty = Knowledge(usual={}, believed={}, corrections={}, rates=rates or load_rates(), since=now)
    offers = repo.offers_as_of(session, now, max_age_days=MARKET_DAYS)
    believed: dict[Kind, list[tuple[str, float]]] = defaultdict(list)
    for offer in offers:
        if (usd := empty.usd(offer)) is not None and offer.billing in (None, Billing.ON_DEMAND):
            believed[offer.gpu, offer.condition].append((offer.source, usd))
    usual = trust.usual_prices(believed, catalog.gpus, now.date())
    return replace(empty, usual=usual, believed=believed, corrections=repo.title_corrections(session))


def weigh(session: Session, offers: Sequence[Offer], known: Knowledge, now: datetime) -> list[Offer]:
    """The same offers, those in quarantine that cannot be believed yet."""
    weighed: list[Offer] = []
    for offer, past in zip(offers, repo.pasts(session, offers), strict=True):
        usd = known.usd(offer)
        last_usd = known.usd(offer, past.believed) if past.believed is not None else None
        usual = known.usual.get(_kind(offer))
        if usd is None:  # a currency without a rate can still be held against the article's own past
            usd, last_usd, usual = float(offer.price.amount), float(past.believed or 0) or None, None
        taxed = offer.market is Market.RETAIL and not tax.is_known(offer.region)
        judged = trust.judge(usd, offer.condition, usual, last_usd, taxed=taxed)
        faulty = past.waiting == offer.price.amount and past.waiting_reason.startswith(SOURCE_FAULT)
        if faulty and not trust.explained(usd, usual):
            weighed.append(replace(offer, quarantined=True, reason=past.waiting_reason))
        elif judged.trust is Trust.BELIEVED:
            weighed.append(offer)
        elif judged.trust is Trust.UNCONFIRMED and (second := _second_sighting(session, offer, usd, past, known, now)):
            weighed.append(_with_reason(offer, f"confirmed by {second}: {judged.reason}"))
        else:
            doubt = _with_reason(offer, f"{judged.trust.value}: {judged.reason}")
            weighed.append(replace(doubt, quarantined=True))
    return weighed


def _second_sighting(
    session: Session, offer: Offer, usd: float | None, past: repo.Past, known: Knowledge, now: datetime
) -> str:
    """Who has seen this price before: the same page in an earlier crawl, or another source; "" where nobody has."""
    waited = past.waiting_since is not None and past.waiting_since < known.since
    if waited and past.waiting == offer.price.amount:
        return "a later crawl"
    for source, other_usd in known.believed.get(_kind(offer), ()):
        if source != offer.source and trust.agree(usd, other_usd):
            return source
    confirming = ""
    for row_id, other in repo.quarantined(session, gpu=offer.gpu, since=now - CONFIRMS_WITHIN):
        same = other.condition is offer.condition and other.source != offer.source
        clean = not other.reason.startswith((SOURCE_FAULT, Trust.SUSPICIOUS.value))
        if same and clean and trust.agree(usd, known.usd(other)):
            repo.confirm_quarantined(session, row_id, now)
            confirming = other.source
    return confirming


def doubt_burst(
    session: Session, source: SourceInfo, since: datetime, now: datetime, *, compared: int = 0, agreed: int = 0
) -> str:
    """Look at what a whole crawl changed in one source, and how many of its prices that could be compared agreed with
    others. Where the source must be at fault, its new rows go into quarantine, and the fault comes back in words; ""
    where all is well."""
    again = repo.seen_again(session, source.name, since)
    changes = [
        trust.Change(
            price_before=float(one.price_before),
            price_now=float(one.price_now),
            stock_before=one.stock_before,
            stock_now=one.stock_now,
        )
        for one in again
    ]
    if fault := trust.burst(changes):
        row_ids = [one.row_id for one in again if one.row_id is not None]
    else:
        fault, row_ids = _doubt_shelf(shelf_of(session, source.name, since), source, compared, agreed)
    if fault:
        repo.doubt_offers(session, row_ids, f"{SOURCE_FAULT}: {fault}"[:MAX_REASON], now)
    return fault


def _doubt_shelf(shelf: Sequence[OnShelf], source: SourceInfo, compared: int, agreed: int) -> tuple[str, list[int]]:
    """The fault that a source's prices show when its articles are not told apart, and the rows that it spoils."""
    steps = [(list(map(float, one.before)), list(map(float, one.now))) for one in shelf]
    if source.market is Market.RETAIL and (fault := trust.shift(steps)):
        return fault, [row_id for one in shelf for row_id in one.row_ids]
    waiting = [row_id for one in shelf for row_id in one.waiting_ids]
    comparable = source.market is not Market.RETAIL or tax.is_known(source.country)
    return (trust.stray(compared, agreed, len(waiting)) if comparable else ""), waiting


def _kind(offer: Offer) -> Kind:
    return offer.gpu, offer.condition


def _with_reason(offer: Offer, reason: str) -> Offer:
    return replace(offer, reason="; ".join(part for part in (reason, offer.reason) if part)[:MAX_REASON])
