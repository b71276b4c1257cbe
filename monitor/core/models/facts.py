"""What is known before anything is read: GPUs, launches, workloads, sources, goals."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from monitor.core.models.words import Condition, Market, Money


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


FORMER_GOALS = {"lora-7b-home": "lora-8b-home"}  # old names of shipped goals, which rules and commands may still use


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
class Preferences:
    """What the owner of an installation chose, for every page and job; `power_price_kwh` is in `currency`."""

    region: str = "US"  # ISO 3166
    currency: str = "USD"  # ISO 4217, to compare in
    tax_percent: float = 0.0  # what comes on top at the till, where prices are shown without tax
    power_price_kwh: float = 0.25
    delay_cost_per_week: float = 0.005  # share of the price that a week without the card costs
    numbers_as_in: str = ""  # "de-DE"; empty: as the visitor's browser asks
