"""What was seen: offers, news, measurements, and the price series made of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from monitor.core.models.words import Availability, Billing, Condition, Market, Money


@dataclass(frozen=True, kw_only=True)
class RawOffer:
    """One offer as a page or an answer states it, before its price and title are understood."""

    title: str
    price_text: str
    currency: str | None  # as the page says it, in any form; `None` if it does not
    availability: Availability = Availability.UNKNOWN
    condition: Condition = Condition.UNKNOWN
    seller: str = ""
    url: str = ""
    sku: str = ""
    quantity: int = 1
    syntax: str = ""  # jsonld, microdata, rdfa, opengraph, visible, listing, json_api, cloud_api
    snippet: str = ""  # the text the price was read from
    reason: str = ""  # what decided, where readings disagreed


@dataclass(frozen=True, kw_only=True)
class Offer:
    """One price of one GPU model at one time, understood.

    `stat` is "offer" for a single seller's offer; price files carry summaries ("min_offer", "monthly_mean_sold", ...)
    with `n_obs` offers behind them. Stats are never mixed in one series. `price` is per card, or per GPU and hour in
    the cloud market.
    """

    gpu: str
    title: str
    price: Money
    condition: Condition
    source: str
    region: str  # ISO country, or the cloud's region; "" where the source does not say
    seen_at: datetime
    market: Market = Market.RETAIL
    billing: Billing | None = None
    availability: Availability = Availability.UNKNOWN
    quantity: int = 1
    seller: str = ""
    url: str = ""
    sku: str = ""
    stat: str = "offer"
    n_obs: int | None = None
    syntax: str = ""
    snippet: str = ""
    reason: str = ""  # what decided the match
    quarantined: bool = False  # kept and shown, not counted until confirmed


@dataclass(frozen=True, kw_only=True)
class Rejection:
    """Something found that could not be used, with the reason; shown on the data-health page."""

    source: str
    reason: str  # unreadable_price, no_match, accessory, blocked, ...
    text: str
    seen_at: datetime
    url: str = ""
    where: str = ""  # file and line, where it came from a file
    title: str = ""
    offer: Offer | None = None  # what it would have been, but for its GPU (""): for when somebody says which it is


@dataclass(frozen=True, kw_only=True)
class NewsEvent:
    """A headline, understood: what happened to which GPUs, and what it suggests to a buyer."""

    title: str
    event: str  # launch, announcement, rumour, price_cut, price_rise, shortage, supply_relief, tariff_or_ban, ...
    gpus: tuple[str, ...]  # catalogue names, or future models as written
    expected_date: str  # as the text gives it: "2026-03", "2026-Q1", ""
    effect: str  # wait, buy, none
    source: str
    url: str
    published_at: datetime
    language: str = ""
    key: str = ""  # the same event over several feeds has one key


@dataclass(frozen=True, kw_only=True)
class Measurement:
    """One rate measured on one card by the probe, with its conditions."""

    gpu: str | None  # catalogue name; None when the catalogue does not know the card
    device_name: str
    device_kind: str  # gpu, mig, cpu
    op: str  # gemm, copy, read, triad, gemv, attention, conv, h2d, d2h, workload slug
    precision: str
    value: float
    unit: str  # TFLOP/s or GB/s
    rel_mad: float
    n: int
    measured_at: datetime
    status: str  # ok, degraded, unsupported, skipped, aborted
    conditions: Mapping[str, object] = field(default_factory=dict[str, object])
    origin: str = "local"  # local, or the name of an imported record


@dataclass(frozen=True, kw_only=True)
class Ask:
    """What one article costs; `article` tells it from others."""

    amount: Decimal
    source: str
    article: str
    seen_at: datetime
    offer: Offer | None = None  # as it was found: for a message that leads to it


@dataclass(frozen=True, kw_only=True)
class StreetPrice:
    """What one GPU costs in one market now: median over shops of each shop's median, from offers at most 3 days old."""

    gpu: str
    condition: Condition
    region: str
    price: Money
    n: int  # offers behind it
    shops: int
    low: Decimal  # cheapest and dearest shop
    high: Decimal
    spread: float  # (high - low) / price
    seen_on: date  # day of the newest offer
    carried: bool  # no offer from the day asked about: carried forward
    market: Market = Market.RETAIL
    billing: Billing | None = None
    newest_at: datetime | None = None  # when its newest offer was seen
    low_seen_at: datetime | None = None  # when the cheapest shop was last seen
    asks: tuple[Ask, ...] = ()  # the cheapest articles of any shop; none where only a summary is known


@dataclass(frozen=True, kw_only=True, order=True)
class SeriesKey:
    """What makes prices comparable over time; the same columns as the price files."""

    source: str
    gpu: str
    condition: str
    stat: str
    region: str
    currency: str


@dataclass(frozen=True, kw_only=True, eq=False)
class Series:
    """Prices of one key in ascending time. `days` are days since 1970-01-01 (int32), `prices` float64 in the currency,
    `n_obs` float64 (nan where unknown); all of one length."""

    key: SeriesKey
    days: NDArray[np.int32]
    prices: NDArray[np.float64]
    n_obs: NDArray[np.float64]
