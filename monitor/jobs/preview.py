"""What a rule would have sent, had it been there: the rule itself over one look a day of the stored history.

Prices, stock and news of a past day come from the same queries as today's, asked as of that day. Calls, also those for
goals, are made anew once a week by the decision of today's program. Faults of sources are known since they are noted.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlmodel import Session

from monitor.catalog import Catalog
from monitor.core.alert_state import SUMMARY, digest_period
from monitor.core.alerting import Look, checked, preview
from monitor.core.models import Alert, AlertRule, Preferences, Series
from monitor.core.preferences import USUAL
from monitor.core.settled import settled_calls
from monitor.jobs.looks import EPOCH, cheapest_on_sale, prices_at, stock_of, usual_prices
from monitor.jobs.preview_calls import PastCalls
from monitor.store import repo
from monitor.store.repo.record import record_entries

ON_CALLS = ("signal_flip", "limbo")
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


def preview_rule(
    session: Session,
    catalog: Catalog,
    rule: AlertRule,
    now: datetime,
    since: datetime,
    defaults: Preferences = USUAL,
) -> Preview:
    """The preview of a rule from `since` (or the first day after it that anything is known of) until now."""
    checked(rule)
    if rule.kind == SUMMARY:
        how_often = {"daily": "every morning", "weekly": "every Monday morning"}[digest_period(rule)]
        return Preview(alerts=(), since=since, note=f"It comes {how_often}, whatever has happened.")
    if rule.kind == "source_broken":
        return _source_preview(session, rule, now, since)
    series = repo.series_as_of(session, now)
    start = since if rule.kind == "launch" else _first_day(rule, series, since)
    if start is None:
        return Preview(alerts=(), since=since, note=f"No price of {rule.gpu or 'any GPU'} is stored yet: no preview.")
    if rule.kind in ON_CALLS:
        looks = _call_looks(PastCalls(session, catalog, rule, series, defaults), start, now)
    elif rule.kind == "record_settled":
        looks = _settled_looks(session, start, now)
    else:
        looks = _looks(session, rule, series, start, now)
    return Preview(alerts=tuple(preview(rule, looks)), since=start)


def _first_day(rule: AlertRule, series: Sequence[Series], since: datetime) -> datetime | None:
    """`since`, or the first day with a price of the rule's GPU, at the same time of day; `None` without any."""
    first = min((int(one.days[0]) for one in series if rule.gpu in ("", one.key.gpu)), default=None)
    return None if first is None else max(since, datetime.combine(EPOCH + timedelta(days=first), since.timetz()))


def _moments(start: datetime, now: datetime) -> Iterator[datetime]:
    for number in range((now - start).days + 1):
        yield min(start + number * DAY, now)


def _looks(
    session: Session, rule: AlertRule, series: Sequence[Series], start: datetime, now: datetime
) -> Iterator[Look]:
    mine = [one for one in series if rule.gpu in ("", one.key.gpu)]
    for moment in _moments(start, now):
        offers = repo.offers_as_of(session, moment, gpu=rule.gpu or None)
        known = [one for one in mine if int(one.days[0]) <= (moment.date() - EPOCH).days]
        yield Look(
            as_of=moment,
            prices=prices_at(offers, known, moment),
            fair=usual_prices(known, (moment.date() - EPOCH).days) if rule.kind == "below_fair" else {},
            stock=stock_of(offers) if rule.kind == "restock" else {},
            on_sale=cheapest_on_sale(offers) if rule.kind == "restock" else {},
            news=repo.news_as_of(session, moment, since=moment - 14 * DAY) if rule.kind == "launch" else (),
        )


def _call_looks(calls: PastCalls, start: datetime, now: datetime) -> Iterator[Look]:
    look = Look(as_of=start)
    for number, moment in enumerate(_moments(start, now)):
        look = calls.look(moment) if number % 7 == 0 else replace(look, as_of=moment)
        yield look


def _settled_looks(session: Session, start: datetime, now: datetime) -> Iterator[Look]:
    """Calls that were made here, as the record settled them day by day."""
    entries = record_entries(session)
    for moment in _moments(start, now):
        yield Look(as_of=moment, settled=settled_calls(entries, moment))


def _source_preview(session: Session, rule: AlertRule, now: datetime, since: datetime) -> Preview:
    """A source counts as read once a day, with the fault that was noted last."""
    changes = repo.fault_history(session)
    first = min((at for noted in changes.values() for at, _ in noted), default=None)
    if first is None:
        return Preview(alerts=(), since=since, note="No source has been crawled yet: no preview.")
    start = max(since, first)
    looks = (
        Look(as_of=moment, faults=(faults := _faults_at(changes, moment)), tried=dict.fromkeys(faults, moment))
        for moment in _moments(start, now)
    )
    return Preview(alerts=tuple(preview(rule, looks)), since=start)


def _faults_at(changes: dict[str, list[tuple[datetime, str]]], moment: datetime) -> dict[str, str]:
    known = {source: [fault for at, fault in noted if at <= moment] for source, noted in changes.items()}
    return {source: faults[-1] for source, faults in known.items() if faults}
