"""What a rule would have sent, had it been there: the rule itself over one look a day of the stored history.

Prices, stock and news of a past day come from the same queries as today's, asked as of that day. Calls are made anew,
once a week, by the decision of today's program. What is not kept for past days (faults of sources) has no preview.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from monitor.catalog import Catalog
from monitor.core.alerting import Look, checked, preview
from monitor.core.decision import DecisionParams, decide
from monitor.core.models import Alert, AlertRule, Series, Signal
from monitor.jobs.looks import EPOCH, prices_at, stock_of, usual_prices
from monitor.store import repo

WITHOUT_HISTORY = ("source_broken", "record_settled")
DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Preview:
    """The alerts that a rule would have sent, and the first day it was asked about."""

    alerts: tuple[Alert, ...]
    since: datetime
    note: str = ""

    @property
    def sentence(self) -> str:
        """ "It would have fired 4 times since 2022-03-01." """
        if self.note:
            return self.note
        times = {0: "not at all", 1: "once"}.get(len(self.alerts), f"{len(self.alerts)} times")
        return f"It would have fired {times} since {self.since.date().isoformat()}."


def preview_rule(session: Session, catalog: Catalog, rule: AlertRule, now: datetime, since: datetime) -> Preview:
    """The preview of a rule from `since` (or the first stored price after it) until now."""
    checked(rule)
    if rule.kind in WITHOUT_HISTORY:
        return Preview(alerts=(), since=since, note="The history does not keep what this rule watches: no preview.")
    if rule.kind in ("signal_flip", "limbo") and not rule.gpu:
        return Preview(alerts=(), since=since, note="A rule on goals has no preview; one on a GPU has.")
    series = repo.series_as_of(session, now)
    start = since if rule.kind == "launch" else _first_day(rule, series, since)
    if start is None:
        return Preview(alerts=(), since=since, note=f"No price of {rule.gpu or 'any GPU'} is stored yet: no preview.")
    return Preview(alerts=tuple(preview(rule, _looks(session, catalog, rule, series, start, now))), since=start)


def _first_day(rule: AlertRule, series: Sequence[Series], since: datetime) -> datetime | None:
    """`since`, or the first day with a price of the rule's GPU, at the same time of day; `None` without any."""
    first = min((int(one.days[0]) for one in series if rule.gpu in ("", one.key.gpu)), default=None)
    return None if first is None else max(since, datetime.combine(EPOCH + timedelta(days=first), since.timetz()))


def _looks(
    session: Session, catalog: Catalog, rule: AlertRule, series: Sequence[Series], start: datetime, now: datetime
) -> Iterator[Look]:
    calls: list[Signal] = []
    mine = [one for one in series if rule.gpu in ("", one.key.gpu)]
    for number in range((now - start).days + 1):
        moment = min(start + number * DAY, now)
        if rule.kind in ("signal_flip", "limbo"):
            if number % 7 == 0:
                calls = _calls(catalog, rule, series, moment)
            yield Look(as_of=moment, signals=calls)
            continue
        offers = repo.offers_as_of(session, moment, gpu=rule.gpu or None)
        known = [one for one in mine if int(one.days[0]) <= (moment.date() - EPOCH).days]
        yield Look(
            as_of=moment,
            prices=prices_at(offers, known, moment),
            fair=usual_prices(known, (moment.date() - EPOCH).days) if rule.kind == "below_fair" else {},
            stock=stock_of(offers) if rule.kind == "restock" else {},
            news=repo.news_as_of(session, moment, since=moment - 14 * DAY) if rule.kind == "launch" else (),
        )


def _calls(catalog: Catalog, rule: AlertRule, series: Sequence[Series], moment: datetime) -> list[Signal]:
    """The calls of that day for the rule's GPU; the others stay in, since they make the market."""
    made = decide(series, catalog.gpus, moment, DecisionParams())
    return [signal for signal in made if signal.gpu == rule.gpu]
