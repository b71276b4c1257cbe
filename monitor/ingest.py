"""What was found becomes what is known: raw offers are understood or rejected with a reason, weighed, and stored.

Nothing is dropped without a trace, and nothing is guessed: a price that cannot be read or a title that names no single
GPU is a `Rejection`; a price that the market does not explain is stored and waits for a second sighting.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal

from sqlmodel import Session

from monitor.catalog import Catalog
from monitor.core import fx, tax, trust
from monitor.core.fx import Rates
from monitor.core.matching import match_title
from monitor.core.models import Billing, Condition, Market, Money, NewsEvent, Offer, RawOffer, Rejection, SourceInfo
from monitor.core.money import parse_money
from monitor.core.source_memory import CrawlFacts, SourceMemory, memory_from_json, memory_to_json, remember
from monitor.core.stories import WINDOW, with_story_keys
from monitor.core.trust import Trust, Usual
from monitor.rates import load_rates
from monitor.store import repo

MAX_TEXT = 500  # characters of a page that are kept as evidence
MARKET_DAYS = 14.0  # age of the offers that say what is usual
MEMORY = "source/"  # begins the names under which memories of sources are stored
SOURCE_FAULT = "source fault"  # begins the reason of offers that only a person, or the market, can clear
CENT = Decimal("0.01")

_Kind = tuple[str, Condition]


@dataclass(frozen=True, kw_only=True)
class Knowledge:
    """What readings are weighed against; gathered once a crawl, which began at `since`."""

    usual: Mapping[_Kind, Usual]
    believed: Mapping[_Kind, Sequence[tuple[str, float]]]  # source and price in USD without tax
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


@dataclass(frozen=True, kw_only=True)
class Ingested:
    """What a batch of readings of one source came to; `new` counts prices and headlines not known before. Of `compared`
    offers, which have a market of their own, `agreed` were plausible in it."""

    offers: tuple[Offer, ...] = ()
    news: tuple[NewsEvent, ...] = ()
    rejections: tuple[Rejection, ...] = ()
    new: int = 0
    compared: int = 0
    agreed: int = 0


def gather(session: Session, catalog: Catalog, now: datetime, rates: Rates | None = None) -> Knowledge:
    """What is known now; one per crawl is enough, since a crawl must not confirm itself. Without `rates` the shipped
    ones count."""
    empty = Knowledge(usual={}, believed={}, corrections={}, rates=rates or load_rates(), since=now)
    offers = repo.offers_as_of(session, now, max_age_days=MARKET_DAYS)
    believed: dict[_Kind, list[tuple[str, float]]] = defaultdict(list)
    for offer in offers:
        if (usd := empty.usd(offer)) is not None and offer.billing in (None, Billing.ON_DEMAND):
            believed[offer.gpu, offer.condition].append((offer.source, usd))
    usual = trust.usual_prices(believed, catalog.gpus, now.date())
    return replace(empty, usual=usual, believed=believed, corrections=repo.title_corrections(session))


def ingest_offers(
    session: Session,
    raws: Sequence[RawOffer],
    source: SourceInfo,
    catalog: Catalog,
    now: datetime,
    knowledge: Knowledge | None = None,
) -> Ingested:
    """Understand, weigh and store what a shop asks; every raw offer comes back as an offer or as a rejection."""
    known = knowledge or gather(session, catalog, now)
    understood = [understand(raw, source, catalog, now, known.corrections) for raw in raws]
    rejections = [item for item in understood if isinstance(item, Rejection)]
    repo.add_rejections(session, rejections, now)
    weighed = ingest_prices(session, [item for item in understood if isinstance(item, Offer)], now, known)
    return replace(weighed, rejections=tuple(rejections))


def ingest_offer(
    session: Session, raw: RawOffer, source: SourceInfo, catalog: Catalog, now: datetime
) -> Offer | Rejection:
    """Understand, weigh and store one offer."""
    result = ingest_offers(session, [raw], source, catalog, now)
    return (result.offers or result.rejections)[0]


def ingest_prices(session: Session, offers: Sequence[Offer], now: datetime, known: Knowledge) -> Ingested:
    """Weigh and store offers that are understood, as those of clouds come."""
    weighed = _weigh(session, offers, known, now)
    counts = repo.add_offers(session, weighed, now)
    compared = [offer for offer in weighed if (kind := known.usual.get(_kind(offer))) and kind.shops]
    agreed = sum(not offer.quarantined for offer in compared)
    return Ingested(offers=tuple(weighed), new=counts.new, compared=len(compared), agreed=agreed)


def ingest_news(session: Session, events: Sequence[NewsEvent], now: datetime) -> Ingested:
    """Store headlines, each with the key of its story, which several feeds may tell."""
    if not events:
        return Ingested()
    first = min(event.published_at for event in events)
    keyed = with_story_keys(events, repo.news_as_of(session, now, since=first - WINDOW))
    return Ingested(news=tuple(keyed), new=repo.add_news(session, keyed, now).new)


def ingest_rejections(session: Session, rejections: Sequence[Rejection], now: datetime) -> Ingested:
    """Store what a spider could not use."""
    repo.add_rejections(session, rejections, now)
    return Ingested(rejections=tuple(rejections))


def together(parts: Sequence[Ingested]) -> Ingested:
    """Several results as one."""
    return Ingested(
        offers=tuple(offer for part in parts for offer in part.offers),
        news=tuple(event for part in parts for event in part.news),
        rejections=tuple(rejection for part in parts for rejection in part.rejections),
        new=sum(part.new for part in parts),
        compared=sum(part.compared for part in parts),
        agreed=sum(part.agreed for part in parts),
    )


def doubt_burst(session: Session, source: SourceInfo, since: datetime) -> str:
    """Look at what a whole crawl changed in one source. Where so much changes at once that the source must be at
    fault, its new rows go into quarantine, and the fault comes back in words; "" where all is well."""
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
    fault = trust.burst(changes)
    if fault:
        row_ids = [one.row_id for one in again if one.row_id is not None]
        repo.doubt_offers(session, row_ids, f"{SOURCE_FAULT}: {fault}"[:MAX_TEXT])
    return fault


def recall(session: Session, source_name: str) -> SourceMemory:
    """What earlier crawls of a source left behind."""
    return memory_from_json(repo.choice(session, f"{MEMORY}{source_name}"))


def left_alone(session: Session, now: datetime) -> dict[str, datetime]:
    """The sources that refused us and are not asked again yet, with the time until which."""
    stored = repo.choices(session, MEMORY).items()
    memories = ((name.removeprefix(MEMORY), memory_from_json(value)) for name, value in stored)
    return {name: until for name, memory in memories if (until := memory.left_alone_until) and until > now}


def end_crawl(
    session: Session, source: SourceInfo, facts: CrawlFacts, since: datetime, now: datetime, *, errors: int
) -> str:
    """Write down how a crawl of a source, begun at `since`, went; its fault comes back in words, "" where it did well.
    Comes after all of its readings are stored."""
    facts = replace(facts, burst=doubt_burst(session, source, since))
    memory, fault = remember(recall(session, source.name), facts, now)
    repo.put_choice(session, f"{MEMORY}{source.name}", memory_to_json(memory), now)
    seconds = (now - since).total_seconds()
    counts = {"offers": facts.readings, "rejections": facts.rejections, "errors": errors, "seconds": seconds}
    repo.record_crawl(session, source.name, now, fault=fault, **counts)
    return fault


def end_untried(session: Session, source_name: str, now: datetime, why: str) -> None:
    """Write down that a source was not asked at all in a crawl, so that its turn comes again in its usual time."""
    repo.record_crawl(session, source_name, now, offers=0, rejections=0, errors=0, seconds=0.0, fault=why)


def understand(
    raw: RawOffer, source: SourceInfo, catalog: Catalog, now: datetime, corrections: Mapping[str, str | None]
) -> Offer | Rejection:
    """The offer that a raw one means, or why it cannot be used. The price is per card, and as a buyer there pays it."""
    match = match_title(raw.title, catalog.matcher)
    plain = " ".join(raw.title.lower().split())
    gpu, why = (corrections[plain], "corrected by you") if plain in corrections else (match.gpu, match.reason)
    if gpu is None:
        return _rejected(raw, source, why, now)
    price = parse_money(raw.price_text, hint=raw.currency or source.currency or None, country=source.country or None)
    paid = _as_paid(price, source) if price else None
    if price is None or paid is None:
        return _rejected(raw, source, "unreadable_price", now)
    taxed = "tax added to the net price" if paid != price else ""
    quantity = max(match.quantity, raw.quantity, 1)
    return Offer(
        gpu=gpu,
        title=raw.title[:MAX_TEXT],
        price=_per_card(paid, quantity),
        condition=worst_condition(match.condition, raw.condition, source.condition),
        source=source.name,
        region=source.country,
        seen_at=now,
        market=source.market,
        availability=raw.availability,
        quantity=quantity,
        seller=raw.seller,
        url=raw.url,
        sku=raw.sku,
        syntax=raw.syntax,
        snippet=(raw.snippet or raw.price_text)[:MAX_TEXT],
        reason="; ".join(part for part in (why, raw.reason, taxed) if part)[:MAX_TEXT],
    )


def worst_condition(title: Condition, page: Condition, habit: Condition) -> Condition:
    """The condition of an article: "used" wins wherever it stands, since markup calls everything new; the source's
    habit only fills silence."""
    for condition in (Condition.USED, Condition.REFURBISHED, Condition.NEW):
        if condition in (title, page):
            return condition
    return habit


def _weigh(session: Session, offers: Sequence[Offer], known: Knowledge, now: datetime) -> list[Offer]:
    """The same offers, those in quarantine that cannot be believed yet."""
    weighed: list[Offer] = []
    for offer, past in zip(offers, repo.pasts(session, offers), strict=True):
        usd = known.usd(offer)
        last_usd = known.usd(offer, past.believed) if past.believed is not None else None
        usual = known.usual.get(_kind(offer))
        if usd is None:  # a currency without a rate can still be held against the article's own past
            usd, last_usd, usual = float(offer.price.amount), float(past.believed or 0) or None, None
        judged = trust.judge(usd, offer.condition, usual, last_usd)
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
    for row_id, other in repo.quarantined(session, gpu=offer.gpu):
        same = other.condition is offer.condition and other.source != offer.source
        clean = not other.reason.startswith((SOURCE_FAULT, Trust.SUSPICIOUS.value))
        if same and clean and trust.agree(usd, known.usd(other)):
            repo.confirm_quarantined(session, row_id, now)
            confirming = other.source
    return confirming


def _kind(offer: Offer) -> _Kind:
    return offer.gpu, offer.condition


def _with_reason(offer: Offer, reason: str) -> Offer:
    return replace(offer, reason="; ".join(part for part in (reason, offer.reason) if part)[:MAX_TEXT])


def _as_paid(price: Money, source: SourceInfo) -> Money | None:
    """What a private buyer pays: shops that state net prices to business get the country's tax added."""
    return tax.with_tax(price, source.country) if source.tax_included is False else price


def _per_card(price: Money, quantity: int) -> Money:
    if quantity == 1:
        return price
    amount = (price.amount / quantity).quantize(CENT, rounding=ROUND_HALF_EVEN)
    return Money(amount=amount, currency=price.currency)


def _rejected(raw: RawOffer, source: SourceInfo, reason: str, now: datetime) -> Rejection:
    text = (raw.snippet or raw.price_text)[:MAX_TEXT]
    title = raw.title[:MAX_TEXT]
    return Rejection(source=source.name, reason=reason, text=text, title=title, seen_at=now, url=raw.url)
