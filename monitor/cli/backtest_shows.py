"""The other two faces of `gpu-limbo backtest`: a day that people remember, and whether the record is whole."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from monitor.cli.terminal import wrapped
from monitor.errors import UsageError

if TYPE_CHECKING:
    from monitor.core.models import Series
    from monitor.core.replay import Remembered

SHOWN = 8  # cards of each market


def replay_of(text: str, paths: Sequence[str], delay_cost: float, horizon_weeks: int) -> list[dict[str, Any]]:
    """The calls of the middle of a month ("2017-12"), from price files or, without them, from the database."""
    from monitor.catalog import load_catalog
    from monitor.clock import utc_now
    from monitor.core.decision import DecisionParams
    from monitor.core.replay import day_of, remember

    try:
        as_of = day_of(text)
    except ValueError:
        raise UsageError(f"{text!r} is not a month; write it like 2017-12") from None
    params = DecisionParams(delay_cost_per_week=delay_cost, deadline_weeks=horizon_weeks)
    found = remember(_series(paths), load_catalog().gpus, as_of, params, known_by=utc_now())
    return [_as_json(one) for one in found]


def _series(paths: Sequence[str]) -> "list[Series]":
    from monitor.clock import utc_now

    if paths:
        from monitor.history import read_price_files

        return read_price_files(paths, today=utc_now().date()).known
    from monitor.jobs.history import open_filled_store
    from monitor.settings import load_settings
    from monitor.store import repo
    from monitor.store.engine import session_scope

    now = utc_now()
    engine, _ = open_filled_store(load_settings().database, now)
    with session_scope(engine, read_only=True) as session:
        return repo.series_as_of(session, now)


def _as_json(one: "Remembered") -> dict[str, Any]:
    call = one.signal
    return {
        "gpu": call.gpu,
        "condition": str(call.condition),
        "region": call.region,
        "as_of": call.as_of.date().isoformat(),
        "action": str(call.action),
        "window_low_weeks": call.window_low_weeks,
        "window_high_weeks": call.window_high_weeks,
        "expected_saving": round(call.expected_saving, 4),
        "confidence": round(call.confidence, 3),
        "price": f"{call.price.amount:.2f}" if call.price else None,
        "currency": call.price.currency if call.price else None,
        "reasons": [reason.text for reason in call.reasons],
        "change_after_8_weeks": one.changes[8],
        "change_after_26_weeks": one.changes[26],
        "successor_on": one.successor_on.isoformat() if one.successor_on else None,
        "right": one.right,
    }


def replay_lines(calls: Sequence[dict[str, Any]]) -> Iterator[str]:
    """For each market what was called how often, how often it was right, all that was wrong, and its newest cards."""
    if not calls:
        yield "no price known then carries a call; name other price files with --prices"
        return
    for place in sorted({(call["condition"], call["region"]) for call in calls}):
        mine = [call for call in calls if (call["condition"], call["region"]) == place]
        counts = Counter(call["action"] for call in mine)
        right = Counter(call["right"] for call in mine)
        said = ", ".join(f"{action} {count}" for action, count in counts.most_common())
        yield f"{place[0]}, {place[1] or 'anywhere'} on {mine[0]['as_of']}: {said}"
        yield f"  what came: right {right[True]}, wrong {right[False]}, a tie or unknown {right[None]}"
        wrong = [call for call in mine if call["right"] is False]
        for call in [*wrong, *(call for call in mine if call["right"] is not False)][: max(SHOWN, len(wrong))]:
            later = [_percent(call[f"change_after_{weeks}_weeks"]) for weeks in (8, 26)]
            verdict = {True: "right", False: "WRONG", None: "open"}[call["right"]]
            price = f"{call['price']} {call['currency']}"
            yield f"  {call['action']:8s} {call['gpu']:20s} {price:>14s}  then {later[0]} / {later[1]}  {verdict}"
            yield from (wrapped(f"           - {text}", 13) for text in call["reasons"][:3])
            if call["successor_on"]:
                yield f"           its successor came on {call['successor_on']}"


def _percent(change: float | None) -> str:
    return "     ?" if change is None else f"{change:+6.1%}"


def record_state(noted: str | None = None) -> dict[str, Any]:
    """The record's chain and its balance, from the database; `noted`: a digest that somebody kept elsewhere."""
    from monitor.core.record import balance, first_break, missing_at_the_end
    from monitor.settings import load_settings
    from monitor.store.engine import open_store, session_scope
    from monitor.store.repo.record import record_entries, record_head

    engine = open_store(load_settings().database)
    with session_scope(engine, read_only=True) as session:
        entries, head = record_entries(session), record_head(session)
    found = balance(entries)
    return {
        "entries": len(entries),
        "first_broken": first_break(entries),
        "missing_at_the_end": missing_at_the_end(entries, head),
        "noted_digest_found": None if noted is None else any(entry.digest == noted for entry in entries),
        "newest_digest": entries[-1].digest if entries else None,
        "calls": found.calls,
        "settled": found.settled,
        "hits": found.hits,
        "misses": found.misses,
        "cost_of_following": dict(found.followed),
        "cost_of_waiting_always": dict(found.waited),
        "cost_of_buying_always": 0.0,
    }


def record_is_whole(state: dict[str, Any]) -> bool:
    """Whether nothing of it was changed or taken away, as far as can be seen."""
    changed = state["first_broken"] is not None or state["missing_at_the_end"]
    return not changed and state["noted_digest_found"] is not False


def record_lines(state: dict[str, Any]) -> Iterator[str]:
    """The same for people, with sums as the page Track record rounds them."""
    from monitor.core.amounts import shown_decimals

    if record_is_whole(state):
        yield f"the record is whole: {state['entries']} entries, newest digest {state['newest_digest'] or '(none)'}"
        yield "note that digest elsewhere: with --noted DIGEST it shows later whether all was written anew since"
    if state["first_broken"] is not None:
        yield f"THE RECORD WAS CHANGED: entry {state['first_broken']} does not follow from those before it"
    if state["missing_at_the_end"]:
        yield f"THE RECORD WAS CUT: its last {state['missing_at_the_end']} entries are gone"
    if state["noted_digest_found"] is False:
        yield "THE RECORD IS ANOTHER ONE: no entry has the digest that you noted"
    yield f"calls {state['calls']}, ended {state['settled']}: hits {state['hits']}, misses {state['misses']}"
    for currency, cost in state["cost_of_following"].items():
        waited = state["cost_of_waiting_always"][currency]
        followed, always = (f"{sum_:+,.{shown_decimals(sum_)}f} {currency}" for sum_ in (cost, waited))
        yield f"against buying at once (0): following {followed}, always waiting {always}"
