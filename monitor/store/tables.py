"""The tables. Rows are built only from checked dataclasses, by the functions in `store/repo/`.

Two kinds of price stand apart. `offers` are single sellers' prices as change events: one row lasts as long as article,
price and availability stay the same. `observations` are lines of price files, which are summaries of one day and are
never merged. Both hang on `articles`, which say what was priced. `daily_prices` sums `offers` up per day and source.
"""

# pyright: reportAssignmentType=false
# (SQLModel types `__tablename__` as something else than the name that it takes)

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, Index, UniqueConstraint, text
from sqlmodel import AutoString, Field, SQLModel

from monitor.store.columns import NAMING, CleanText, Micros, UtcTime

SQLModel.metadata.naming_convention = NAMING
PENDING = text("quarantine = 'pending'")  # an index on all of `quarantine` tempts SQLite to read nearly every row by it


class ArticleRow(SQLModel, table=True):
    """What was priced: one seller's article, or one label of a price file."""

    __tablename__ = "articles"
    __table_args__ = (Index(None, "gpu", "condition"), Index(None, "source"))

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)  # digest of what makes it the same article
    gpu: str
    title: str
    source: str
    condition: str
    market: str
    billing: str
    region: str
    currency: str
    stat: str
    seller: str
    url: str
    sku: str
    quantity: int
    syntax: str
    latest_offer_id: int | None = None  # no foreign key: it would point both ways


class OfferRow(SQLModel, table=True):
    """One price of one article from `first_seen` to `last_seen`."""

    __tablename__ = "offers"
    __table_args__ = (
        Index(None, "last_seen"),
        Index(None, "article_id", "first_seen"),
        Index("ix_offers_pending", "id", sqlite_where=PENDING, postgresql_where=PENDING),
    )

    id: int | None = Field(default=None, primary_key=True)
    article_id: int = Field(foreign_key="articles.id")
    price: Decimal = Field(sa_type=Micros)
    availability: str
    first_seen: datetime = Field(sa_type=UtcTime)
    last_seen: datetime = Field(sa_type=UtcTime)
    recorded_at: datetime = Field(sa_type=UtcTime)
    sightings: int = 1
    quarantine: str = ""  # "", pending, confirmed, rejected; "not_a_gpu" and what it was before
    decided_at: datetime | None = Field(default=None, sa_type=UtcTime)
    snippet: str = ""
    reason: str = ""


class ImportRow(SQLModel, table=True):
    """One file that was imported, with what came of it."""

    __tablename__ = "imports"

    id: int | None = Field(default=None, primary_key=True)
    path: str
    recorded_at: datetime = Field(sa_type=UtcTime)
    new: int = 0
    known: int = 0
    rejected: int = 0


class ObservationRow(SQLModel, table=True):
    """One line of a price file; `epoch_day` is the day (days since 1970-01-01) on which it could be known."""

    __tablename__ = "observations"
    __table_args__ = ({"sqlite_with_rowid": False},)

    article_id: int = Field(primary_key=True, foreign_key="articles.id")
    epoch_day: int = Field(primary_key=True)
    price: Decimal = Field(primary_key=True, sa_type=Micros)
    n_obs: int | None = None
    import_id: int | None = Field(default=None, foreign_key="imports.id")


class DailySeriesRow(SQLModel, table=True):
    """What the days of `daily_prices` are about: one GPU in one condition at one source."""

    __tablename__ = "daily_series"
    __table_args__ = (
        UniqueConstraint("gpu", "condition", "market", "billing", "source", "region", "currency"),
        Index(None, "source"),
    )

    id: int | None = Field(default=None, primary_key=True)
    gpu: str
    condition: str
    market: str
    billing: str
    source: str
    region: str
    currency: str


class DailyPriceRow(SQLModel, table=True):
    """One day of one source's prices for one GPU: kept for ever, when single offers have been thinned out."""

    __tablename__ = "daily_prices"
    __table_args__ = (Index(None, "epoch_day"), {"sqlite_with_rowid": False})

    series_id: int = Field(primary_key=True, foreign_key="daily_series.id")
    epoch_day: int = Field(primary_key=True)
    price_min: Decimal = Field(sa_type=Micros)
    price_median: Decimal = Field(sa_type=Micros)
    n: int


class RejectionRow(SQLModel, table=True):
    """What could not be used; `key` keeps the same thing from being counted at every crawl."""

    __tablename__ = "rejections"
    __table_args__ = (Index(None, "last_seen"), Index(None, "source", "reason"))

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    source: str
    reason: str
    text: str
    title: str
    url: str
    place: str
    first_seen: datetime = Field(sa_type=UtcTime)
    last_seen: datetime = Field(sa_type=UtcTime)
    recorded_at: datetime = Field(sa_type=UtcTime)
    sightings: int = 1
    reading: str | None = None  # JSON of the offer that it would have been, but for its GPU


class NewsRow(SQLModel, table=True):
    """One headline of one feed; headlines about one event share `event_key`."""

    __tablename__ = "news_events"
    __table_args__ = (Index(None, "recorded_at"), Index(None, "published_at"))

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    event_key: str = Field(index=True)
    title: str
    event: str
    gpus: list[str] = Field(sa_type=JSON)
    expected_date: str
    effect: str
    source: str
    url: str
    language: str
    published_at: datetime = Field(sa_type=UtcTime)
    recorded_at: datetime = Field(sa_type=UtcTime)


class MeasurementRow(SQLModel, table=True):
    """One rate that the probe measured."""

    __tablename__ = "measurements"
    __table_args__ = (Index(None, "gpu"), Index(None, "recorded_at"))

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    gpu: str | None = None
    device_name: str
    device_kind: str
    op: str
    precision: str
    value: float
    unit: str
    rel_mad: float
    n: int
    status: str
    conditions: dict[str, Any] = Field(sa_type=JSON)
    origin: str
    measured_at: datetime = Field(sa_type=UtcTime)
    recorded_at: datetime = Field(sa_type=UtcTime)


class ScoreRow(SQLModel, table=True):
    """The latest ranking; earlier ones follow from the prices and need no rows."""

    __tablename__ = "scores"

    gpu: str = Field(primary_key=True)
    workload: str = Field(primary_key=True)
    condition: str = Field(primary_key=True)
    region: str = Field(primary_key=True)
    price: Decimal = Field(sa_type=Micros)
    currency: str
    throughput: float
    unit: str
    per_dollar: float
    low: float
    high: float
    n: int
    fits: str
    as_of: datetime = Field(sa_type=UtcTime)


class SignalRow(SQLModel, table=True):
    """A flip: what was called from `as_of` on, until the next row of the same key."""

    __tablename__ = "signals"
    __table_args__ = (Index(None, "gpu", "condition", "region", "goal", "as_of"), Index(None, "as_of"))

    id: int | None = Field(default=None, primary_key=True)
    gpu: str
    condition: str
    region: str
    goal: str
    as_of: datetime = Field(sa_type=UtcTime)
    action: str
    body: dict[str, Any] = Field(sa_type=JSON)


class SignalStateRow(SQLModel, table=True):
    """The newest call of each key, with the figures of the last run even where the action did not change."""

    __tablename__ = "signal_states"

    gpu: str = Field(primary_key=True)
    condition: str = Field(primary_key=True)
    region: str = Field(primary_key=True)
    goal: str = Field(primary_key=True)
    as_of: datetime = Field(sa_type=UtcTime)
    action: str
    body: dict[str, Any] = Field(sa_type=JSON)


class AlertRow(SQLModel, table=True):
    """A message that is due, once per key."""

    __tablename__ = "alerts"
    __table_args__ = (Index(None, "created_at"),)

    key: str = Field(primary_key=True)
    rule: str
    subject: str
    body: str
    payload: dict[str, Any] = Field(sa_type=JSON)
    created_at: datetime = Field(sa_type=UtcTime)


class DeliveryRow(SQLModel, table=True):
    """One alert on its way through one channel."""

    __tablename__ = "deliveries"
    __table_args__ = (Index(None, "state", "next_try_at"),)

    alert_key: str = Field(primary_key=True, foreign_key="alerts.key")
    channel: str = Field(primary_key=True)
    state: str = "due"  # due, sending, sent, dead
    attempts: int = 0
    next_try_at: datetime = Field(sa_type=UtcTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcTime)
    error: str = ""


class AlertRuleRow(SQLModel, table=True):
    """A rule of the user."""

    __tablename__ = "alert_rules"

    slug: str = Field(primary_key=True)
    kind: str
    enabled: bool = True
    muted_until: datetime | None = Field(default=None, sa_type=UtcTime)
    body: dict[str, Any] = Field(sa_type=JSON)
    saved_at: datetime = Field(sa_type=UtcTime)


class RuleStateRow(SQLModel, table=True):
    """Where one rule stands for one subject; what it remembers between two looks."""

    __tablename__ = "rule_states"

    rule: str = Field(primary_key=True)
    subject: str = Field(primary_key=True)
    value: str | None = None
    looks: list[str] = Field(sa_type=JSON)
    fired: list[str] = Field(sa_type=JSON)
    pending: list[str] = Field(sa_type=JSON)


class GoalRow(SQLModel, table=True):
    """A goal of the user."""

    __tablename__ = "goals"

    slug: str = Field(primary_key=True)
    title: str
    workload: str
    conditions: list[str] = Field(sa_type=JSON)
    region: str
    budget: Decimal | None = Field(default=None, sa_type=Micros)
    budget_currency: str = ""
    delay_cost_per_week: float
    deadline_weeks: int
    min_memory_gb: float
    cards: int = 1
    saved_at: datetime = Field(sa_type=UtcTime)


class RunRow(SQLModel, table=True):
    """One run of one job, also when it was missed or failed."""

    __tablename__ = "runs"
    __table_args__ = (Index(None, "job", "started_at"),)

    id: int | None = Field(default=None, primary_key=True)
    job: str
    started_at: datetime = Field(sa_type=UtcTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcTime)
    status: str  # running, ok, failed, missed
    detail: str = ""
    counts: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


class SourceStateRow(SQLModel, table=True):
    """How a source is doing: its last crawl, its last good crawl, and its fault if it has one."""

    __tablename__ = "source_states"

    source: str = Field(primary_key=True)
    last_try_at: datetime = Field(sa_type=UtcTime)
    last_good_at: datetime | None = Field(default=None, sa_type=UtcTime)
    offers: int = 0
    rejections: int = 0
    errors: int = 0
    seconds: float = 0.0
    fault: str = ""
    fault_since: datetime | None = Field(default=None, sa_type=UtcTime)


class TitleCorrectionRow(SQLModel, table=True):
    """What the user says a title means; `gpu` is `None` for "no GPU at all"."""

    __tablename__ = "title_corrections"

    title: str = Field(primary_key=True)
    gpu: str | None = None
    corrected_at: datetime = Field(sa_type=UtcTime)


class UserSettingRow(SQLModel, table=True):
    """A choice made on the page, and what the program must remember between starts."""

    __tablename__ = "user_settings"

    name: str = Field(primary_key=True)
    value: Any = Field(default=None, sa_type=JSON)
    changed_at: datetime = Field(sa_type=UtcTime)


class RecordRow(SQLModel, table=True):
    """A line of the record of calls, chained to the one before it; see core/record.py."""

    __tablename__ = "record"

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    kind: str
    subject: str
    made_at: datetime = Field(sa_type=UtcTime)
    body: str
    digest: str


class LeaseRow(SQLModel, table=True):
    """Who may do a piece of work that only one process may do."""

    __tablename__ = "leases"

    name: str = Field(primary_key=True)
    holder: str
    expires_at: datetime = Field(sa_type=UtcTime)


for _table in SQLModel.metadata.tables.values():
    for _column in _table.columns:
        if isinstance(_column.type, AutoString):  # every text may come from the web
            _column.type = CleanText()
