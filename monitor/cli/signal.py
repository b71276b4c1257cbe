"""`gpu-limbo decide`: what to do now, from the database."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import click

from monitor.cli.terminal import wrapped

if TYPE_CHECKING:
    from sqlmodel import Session

    from monitor.catalog import Catalog
    from monitor.core.decision import DecisionParams
    from monitor.core.goal_card import GoalCard
    from monitor.core.models import Goal, Money, Preferences, Signal


@click.command(
    "decide",
    short_help="Buy now or wait: the call for each GPU, with reasons.",
    epilog="Example: gpu-limbo decide --goal lora-8b-home",
)
@click.option("--goal", "goal_name", metavar="NAME", help="Only cards that fit this goal, with its cost of delay.")
@click.option("--gpu", "gpu_name", metavar="GPU", help="Only this GPU.")
@click.option("--as-of", "as_of_text", metavar="DATE", help="Ask about this day (UTC) instead of now.")
@click.option("--gauge", is_flag=True, help="Only the limbo gauge of all markets, and its history by week.")
@click.option("--all", "every", is_flag=True, help="Every call with its reasons, instead of a screen of them.")
@click.option("--json", "as_json", is_flag=True, help="Print only JSON, always every call.")
def decide_command(
    goal_name: str | None, gpu_name: str | None, as_of_text: str | None, gauge: bool, every: bool, as_json: bool
) -> int:
    """Say buy_now, wait, limbo or no_call for each GPU and market, with reasons.

    Without --gpu, --goal or --all one screen: how often what is called, and the newest cards of each market.
    Without --as-of a market whose prices have ended is asked on its last day, and says so. Each reason tells what
    waiting saves or costs by it, in percent of the price; together they make the expected saving. With --goal the
    verdict of the first page comes first, then the cards that can hold the work, the best value first.
    """
    from monitor.catalog import load_catalog
    from monitor.cli.goal import card_for, for_goal, goal_scores
    from monitor.cli.summary import summary
    from monitor.clock import utc_now
    from monitor.core.decision import DecisionParams
    from monitor.core.preferences import params_of
    from monitor.errors import UsageError
    from monitor.jobs.history import open_filled_store
    from monitor.settings import load_settings
    from monitor.store import repo
    from monitor.store.engine import session_scope

    if gauge and (goal_name or gpu_name):
        raise UsageError("--gauge is of all markets: leave out --goal and --gpu")
    catalog, now, settings = load_catalog(), utc_now(), load_settings()
    as_of = _moment(as_of_text) if as_of_text else None
    gpu = catalog.gpu(gpu_name).name if gpu_name else None
    engine, _ = open_filled_store(settings.database, now)
    with session_scope(engine, read_only=True) as session:
        goal = _goal(session, catalog, goal_name, settings.preferences) if goal_name else None
        wishes = repo.preferences(session, settings.preferences)
        usual = params_of(wishes)
        params = DecisionParams.for_goal(goal) if goal else usual
        signals, card = _signals(session, catalog, params, now, as_of), None
        if goal:
            scores = goal_scores(session, catalog, goal, signals, settings, as_of)
            card = card_for(goal, signals, scores, catalog, as_of or now)
            signals = for_goal(signals, goal, scores, catalog)
        past = _gauge_history(session, as_of) if gauge else []
    if gauge:
        return _show_gauge(signals, past, as_of or now, as_json=as_json)
    found = [signal for signal in signals if gpu in (None, signal.gpu)]
    if as_json:
        click.echo(json.dumps([_as_json(signal) for signal in found], indent=2))
    elif found and not (gpu or goal or every):
        click.echo("\n".join(summary(found, catalog.gpus, wishes.region, (as_of or now).date())))
    else:
        click.echo("\n".join([*_verdict(None if gpu else card), *_lines(found)]))
    if not found:
        click.echo("No prices for this are known: run `gpu-limbo crawl`, or `gpu-limbo import FILES`.", err=True)
    return 0 if found else 1


def _gauge_history(session: "Session", as_of: datetime | None) -> list[list[Any]]:
    """Day, value, low and high of each past Monday, from the newest backtest of this database."""
    from monitor.jobs.backtest import KEPT
    from monitor.store import repo

    kept = repo.choice(session, KEPT) or {}
    return [row for row in kept.get("gauge", []) if as_of is None or row[0] <= as_of.date().isoformat()]


def _show_gauge(signals: "Sequence[Signal]", past: list[list[Any]], now: datetime, *, as_json: bool) -> int:
    from monitor.core.gauge import fresh, limbo_gauge

    found = limbo_gauge(fresh(signals, now))
    names = ("day", "value", "low", "high")
    if as_json:
        shown = None if found is None else {"value": found.value, "low": found.low, "high": found.high}
        history = [dict(zip(names, row, strict=True)) for row in past]
        click.echo(
            json.dumps({"gauge": shown, "segments": found.segments if found else 0, "history": history}, indent=2)
        )
        return 0 if found or past else 1
    if found is None:
        click.echo("limbo gauge: cannot tell, no market has prices of the last nine weeks")
    else:
        span = f"80 % interval {found.low:.0f} to {found.high:.0f}, {found.segments} markets"
        click.echo(f"limbo gauge: {found.value:.0f} of 100 ({span}); 0: buy everything, 100: wait for everything")
    for day, value, low, high in past:
        click.echo(f"  {day}  {value:5.1f}  ({low:.0f} to {high:.0f})")
    if not past:
        click.echo("no history yet: the service replays the past weeks within two hours of its start", err=True)
    return 0 if found or past else 1


def _moment(text: str) -> datetime:
    """The end of the day that `text` names, or the moment itself where it has a time."""
    from monitor.errors import UsageError

    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text!r} is not a date; write it like 2024-05-12") from None
    if len(text) <= 10:
        moment = datetime.combine(moment.date(), time.max)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _goal(session: "Session", catalog: "Catalog", name: str, defaults: "Preferences") -> "Goal":
    from monitor.core.preferences import localised
    from monitor.store import repo

    own = {goal.slug: goal for goal in repo.goals(session)}
    return own[name] if name in own else localised(catalog.goal(name), repo.preferences(session, defaults))


def _signals(
    session: "Session",
    catalog: "Catalog",
    params: "DecisionParams",
    now: datetime,
    as_of: datetime | None,
) -> "list[Signal]":
    from monitor.core.decision import decide, decide_latest
    from monitor.store import repo

    asked = as_of or now
    series, news = repo.series_as_of(session, asked), repo.news_as_of(session, asked)
    return (decide if as_of else decide_latest)(series, catalog.gpus, asked, params, news)


def _as_json(signal: "Signal") -> dict[str, Any]:
    from monitor.core.signal_json import signal_json

    return {
        **signal_json(signal),
        "price": _amount(signal.price),
        "limit_price": _amount(signal.limit_price),
        "currency": signal.price.currency if signal.price else None,
    }


def _amount(money: "Money | None") -> str | None:
    return str(money.amount.quantize(Decimal("0.0001")).normalize().__format__("f")) if money else None


def _verdict(card: "GoalCard | None") -> Iterator[str]:
    """What the first page says of the goal, and an empty line before the calls card by card."""
    if card is None:
        return
    yield card.title
    yield wrapped(f"{card.verdict}: {card.what}", 9)
    if card.facts:
        yield wrapped("  " + "; ".join(f"{name}: {value}" for name, value in card.facts), 2)
    yield from (wrapped(f"  - {text}", 4) for text in card.reasons)
    yield wrapped(f"  {card.note}", 2)
    yield ""


def _lines(signals: "Sequence[Signal]") -> Iterator[str]:
    from monitor.core.phrases import reason

    for signal in signals:
        price = f"{signal.price.amount:.2f} {signal.price.currency}" if signal.price else "no price"
        where = f"{signal.gpu} ({signal.condition}, {signal.region or 'anywhere'})"
        yield f"{signal.action:8s} {where:36s} {price:>16s}"
        if signal.action != "no_call":
            yield wrapped(f"         {_saving(signal)}", 11)
        yield from (wrapped(f"         - {reason(one.text, one.contribution)}", 11) for one in signal.reasons)
        yield from (wrapped(f"         > would change it: {change}", 11) for change in signal.would_change)


def _saving(signal: "Signal") -> str:
    """What waiting brings, in whole percents of the price, and how long it takes."""
    from monitor.core.phrases import percent, sureness, window

    verb = "saves" if signal.expected_saving >= 0 else "costs"
    span = f"80 % interval {signal.saving_low:+.0%} to {signal.saving_high:+.0%}"
    how_long = window(signal.window_low_weeks, signal.window_high_weeks)
    said = f"waiting {how_long} {verb}" if how_long else f"waiting {verb}"
    return f"{said} {percent(signal.expected_saving)} of the price ({span}); {sureness(signal.confidence)}"
