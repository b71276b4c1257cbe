"""The values that travel through the house: frozen, keyword-only, and free of any I/O.

A GPU is named by its catalogue name everywhere ("RTX 4090"); `Gpu.slug` is for addresses only.
Times are aware and UTC. Money is `Decimal` with an ISO 4217 code. Other names carry their unit.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray


class Condition(StrEnum):
    NEW = "new"
    REFURBISHED = "refurbished"
    USED = "used"
    RENTAL = "rental"  # price files and decisions use it for the cloud market
    UNKNOWN = "unknown"


class Availability(StrEnum):
    IN_STOCK = "in_stock"
    LIMITED = "limited"
    PREORDER = "preorder"
    BACKORDER = "backorder"
    OUT_OF_STOCK = "out_of_stock"
    DISCONTINUED = "discontinued"
    UNKNOWN = "unknown"


class Market(StrEnum):
    RETAIL = "retail"
    CLOUD = "cloud"


class Billing(StrEnum):
    ON_DEMAND = "on_demand"
    SPOT = "spot"
    RESERVED = "reserved"


class Action(StrEnum):
    BUY_NOW = "buy_now"
    WAIT = "wait"
    LIMBO = "limbo"
    NO_CALL = "no_call"


@dataclass(frozen=True, kw_only=True)
class Money:
    amount: Decimal
    currency: str  # ISO 4217


@dataclass(frozen=True, kw_only=True)
class Gpu:
    """A GPU or accelerator model as the catalogue knows it; `None` means that no source states the fact."""

    name: str
    vendor: str
    segment: str  # consumer, workstation, datacenter, accelerator (TPU, Trainium, Gaudi: not GPUs)
    architecture: str
    memory_gb: float
    bandwidth_gb_s: float
    fp32_tflops: float | None
    fp16_tflops: float | None  # dense, FP32 accumulate; see throughput.py for cards without tensor cores
    fp8_tflops: float | None
    power_watts: float | None
    launched_on: date | None
    announced_on: date | None
    msrp_usd: float | None
    tier: str  # cards of one tier succeed each other
    predecessor: str | None
    aliases: tuple[str, ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict[str, str])  # fact -> where it stands

    @property
    def slug(self) -> str:
        """The name as it stands in an address: "rtx-4090"."""
        return re.sub(r"[^a-z0-9]+", "-", self.name.lower()).strip("-")


@dataclass(frozen=True, kw_only=True)
class Launch:
    """Evidence that a generation is coming: an announcement, or the first part of an architecture on sale.

    Nothing about it was known before the day `on`; see data/launches.toml.
    """

    name: str  # unique: "Ada Lovelace, first card on sale"
    vendor: str
    architecture: str
    kind: str  # announced, on_sale (first part of the architecture, for anybody)
    segment: str  # what it is evidence for: consumer, workstation, datacenter, accelerator
    on: date
    source: str
    gpus: tuple[str, ...] = ()  # catalogue names of the parts meant, where they are known by now
    expected: str = ""  # when the announcement said that it would come: "2026-H2"


@dataclass(frozen=True, kw_only=True)
class Workload:
    """A kind of deep-learning work, described by its shape; see data/workloads.toml."""

    slug: str
    title: str
    family: str  # cnn_train, cnn_infer, vit_train, ..., llm_decode
    model: str
    params_m: float  # millions of parameters
    precision: str
    batch_size: int
    sequence_or_image: int
    unit: str  # what one unit of throughput is, "images/s"
    training: bool
    optimizer: str = ""
    shape: Mapping[str, float] = field(default_factory=dict[str, float])  # layers, hidden, heads ... where known


@dataclass(frozen=True, kw_only=True)
class SourceInfo:
    """A place that is read: a shop, a cloud's price API, or a news feed; what its TOML entry states."""

    name: str
    kind: str = "shop"  # shop, cloud, feed
    title: str = ""
    starts: tuple[str, ...] = ()  # addresses that a crawl begins with
    reader: str = "page"  # page, shopify, woocommerce, ebay, bestbuy, keepa; the provider's name for a cloud
    country: str = ""  # ISO 3166; "" where it sells everywhere
    currency: str = ""  # ISO 4217; what a bare number on its pages means
    language: str = ""
    condition: Condition = Condition.UNKNOWN  # what it sells, where a page does not say
    market: Market = Market.RETAIL
    tax_included: bool | None = None
    posture: str = "robots"  # api: official; robots: allowed by robots.txt; off: not crawled unless named
    key_setting: str = ""  # environment variable with the user's own key, where one is needed
    cadence_hours: float = 12.0
    read_on: date | None = None  # day that a person read its robots.txt and terms; None: not yet
    note: str = ""


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
class Score:
    """What a dollar buys: one GPU, one workload, one way of getting it."""

    gpu: str
    workload: str
    condition: Condition
    region: str
    price: Money
    throughput: float
    unit: str
    per_dollar: float
    low: float  # 80 % interval of per_dollar
    high: float
    n: int  # offers behind the price
    as_of: datetime
    fits: str = "yes"  # yes, tight, no


@dataclass(frozen=True, kw_only=True)
class Reason:
    """One thing that moved a decision, with its contribution to the expected saving as a share of the price."""

    code: str
    text: str
    contribution: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Signal:
    """What to do about one GPU in one market at one time.

    Savings are shares of `price` (0.06 = 6 %), intervals are 80 %, windows are weeks from `as_of`.
    `data_on` is the day of the newest price that the decision saw.
    """

    gpu: str
    condition: Condition
    region: str
    action: Action
    window_low_weeks: float | None
    window_high_weeks: float | None
    expected_saving: float
    saving_low: float
    saving_high: float
    confidence: float  # chance that following this call costs no more than buying at once
    price: Money | None
    as_of: datetime
    data_on: date | None
    reasons: tuple[Reason, ...] = ()
    goal: str = ""  # slug of the goal it was made for; "" for the general call
    limit_price: Money | None = None  # buy at or below it, while waiting
    would_change: tuple[str, ...] = ()  # what would change this call: a price, an event
    series: "SeriesKey | None" = None  # set where the call is for one price series, not for a whole market


@dataclass(frozen=True, kw_only=True)
class SignalFlip:
    """A change of a stored call; `previous` is `None` for the first call of its key."""

    previous: Signal | None
    current: Signal


@dataclass(frozen=True, kw_only=True)
class Goal:
    """What somebody wants a GPU for. Shipped ones stand in data/goals.toml, a user's own in the store."""

    slug: str
    title: str
    workload: str
    conditions: tuple[Condition, ...] = (Condition.NEW, Condition.USED)
    region: str = "US"
    budget: Money | None = None
    delay_cost_per_week: float = 0.005  # share of the price that a week without the card costs
    deadline_weeks: int = 26
    min_memory_gb: float = 0.0
    cards: int = 1  # how many are wanted


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


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What to do for one goal: the best card (cards that cannot be told apart stand together) and its call.

    `signals` are the calls of `gpus`, in the same order; `action` is that of the first. `per_dollar` and its interval
    belong to the first card; all are `None` where nothing fits the goal, and the reasons say why.
    """

    goal: str
    action: Action
    gpus: tuple[str, ...]
    signals: tuple[Signal, ...]
    reasons: tuple[Reason, ...]
    as_of: datetime
    price: Money | None = None
    per_dollar: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str = ""
    runners_up: tuple[str, ...] = ()


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
    pending: tuple[str, ...] = ()  # lines that wait for the digest


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """One alert on its way through one channel. `state`: due, sending, sent, dead."""

    alert: Alert
    channel: str  # the channel's name, which holds no secret
    attempts: int = 0  # tries before this one
    state: str = "due"
    next_try_at: datetime | None = None
    error: str = ""


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
