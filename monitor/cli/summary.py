"""What a bare `gpu-limbo decide` prints: all calls on one screen, those that say something first."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby

from monitor.cli.terminal import wrapped
from monitor.core.models import Action, Condition, Gpu, Signal
from monitor.core.phrases import CONDITIONS, day, percent

NAMED = 4  # cards of each call in each market
SHOWN_MARKETS, OTHER_MARKETS, SHOWN_CAUSES = 3, 6, 4
STALE_DAYS = 7
SPOKEN = (Action.BUY_NOW, Action.WAIT, Action.LIMBO)
HOW_TO_SEE_ALL = "All, with reasons: gpu-limbo decide --all (or --gpu NAME, or --goal NAME)"

Place = tuple[Condition, str]


def summary(calls: Sequence[Signal], gpus: Mapping[str, Gpu], region: str, today: date) -> Iterator[str]:
    """How often what is called, then the markets with their newest cards, `region`'s first, then what is missing."""
    counts = Counter(call.action for call in calls)
    said = ", ".join(f"{counts[action]} {action}" for action in (*SPOKEN, Action.NO_CALL) if counts[action])
    yield wrapped(f"{len(calls)} call{'s' * (len(calls) != 1)}: {said}. Newest cards are named.", 2)
    fresh = [call for call in calls if call.action is Action.NO_CALL and _is_fresh(call, today)]
    if home := [call for call in fresh if call.region == region]:
        yield ""
        yield from (wrapped(line, 2) for line in _too_new(home))
    places = _places([call for call in calls if call.action in SPOKEN], region)
    for place, mine in places[:SHOWN_MARKETS]:
        yield ""
        yield wrapped(_heading(place, mine, today), 2)
        yield from (wrapped(_row(action, some, gpus), 15) for action in SPOKEN if (some := _of(mine, action)))
    if rest := places[SHOWN_MARKETS:]:
        yield ""
        named = [f"{_named(place)}: {_counted(mine)}" for place, mine in rest[:OTHER_MARKETS]]
        named += [f"{len(rest) - OTHER_MARKETS} more markets"] * (len(rest) > OTHER_MARKETS)
        yield wrapped(f"and in other markets: {'; '.join(named)}", 2)
    if silent := [call for call in calls if call.action is Action.NO_CALL]:
        yield ""
        yield from (wrapped(line, 15) for line in _silent(silent))
    yield ""
    yield wrapped(HOW_TO_SEE_ALL, 2)


def main_causes(calls: Iterable[Signal]) -> list[tuple[str, int]]:
    """Why there are no calls, the commonest cause first, with how many it stands for.

    Causes that differ in their numbers only are one, with the least and the largest of each number.
    """
    texts = [next((one.text for one in call.reasons if one.code != "history"), "no reason is known") for call in calls]
    shapes: dict[str, list[str]] = defaultdict(list)
    for text in texts:
        shapes[re.sub(r"\d+", "#", text)].append(text)
    found = [(_spanned(alike), len(alike)) for alike in shapes.values()]
    return sorted(found, key=lambda one: -one[1])


def _spanned(texts: Collection[str]) -> str:
    """Texts that differ in their numbers only as one: "4 to 9 weeks"."""
    first = next(iter(texts))
    columns = list(zip(*([int(number) for number in re.findall(r"\d+", text)] for text in texts), strict=True))
    spans = iter([f"{min(c)}" if min(c) == max(c) else f"{min(c)} to {max(c)}" for c in columns])
    return re.sub(r"\d+", lambda _: next(spans), first)


def _places(calls: Sequence[Signal], region: str) -> list[tuple[Place, list[Signal]]]:
    """The calls by market: the own country's, then rentals from anywhere, then where most is called."""

    def rank(place: Place, n: int) -> tuple[bool, bool, int, str]:
        return place[1] != region, place != (Condition.RENTAL, ""), -n, _named(place)

    ordered = sorted(calls, key=_place)
    found = [(place, list(mine)) for place, mine in groupby(ordered, key=_place)]
    return sorted(found, key=lambda one: rank(one[0], len(one[1])))


def _place(call: Signal) -> Place:
    return call.condition, call.region


def _named(place: Place) -> str:
    return f"{CONDITIONS[place[0]]}, {place[1] or 'anywhere'}"


def _heading(place: Place, calls: Sequence[Signal], today: date) -> str:
    last = max((call.data_on for call in calls if call.data_on), default=None)
    if last is None:
        return _named(place)
    old = ": what held on that day, not today" if (today - last).days > STALE_DAYS else ""
    return f"{_named(place)}; newest price {day(last)}{old}"


def _counted(calls: Sequence[Signal]) -> str:
    return ", ".join(f"{len(some)} {action}" for action in SPOKEN if (some := _of(calls, action)))


def _of(calls: Sequence[Signal], action: Action) -> list[Signal]:
    return [call for call in calls if call.action is action]


def _row(action: Action, calls: Sequence[Signal], gpus: Mapping[str, Gpu]) -> str:
    """How many cards have a call, and the newest of them; those to wait for with what that saves."""
    ordered = sorted(calls, key=lambda call: call.gpu)
    ordered.sort(key=lambda call: (call.gpu in gpus and gpus[call.gpu].launched_on) or date.min, reverse=True)
    shown = [_card(call) for call in ordered[:NAMED]]
    more = f" and {len(ordered) - NAMED} more" if len(ordered) > NAMED else ""
    return f"  {action:8s} {len(calls):>3d}  {', '.join(shown)}{more}"


def _card(call: Signal) -> str:
    return call.gpu if call.action is Action.BUY_NOW else f"{call.gpu} (saves {percent(call.expected_saving)})"


def _is_fresh(call: Signal, today: date) -> bool:
    return call.data_on is not None and (today - call.data_on).days <= STALE_DAYS


def _too_new(calls: Sequence[Signal]) -> Iterator[str]:
    """The own country's cards whose prices are too new for a call: why, and what is to come."""
    cause, n = main_causes(calls)[0]
    which = "" if n == len(calls) else f" ({n} of {len(calls)} prices)"
    cards = len({call.gpu for call in calls})
    have = "1 card has" if cards == 1 else f"{cards} cards have"
    yield f"{calls[0].region}: {have} prices of these days and no call yet: {cause}{which}"
    if changes := Counter(change for call in calls for change in call.would_change[:1]):
        yield f"  would change it: {changes.most_common(1)[0][0]}"


def _silent(calls: Sequence[Signal]) -> Iterator[str]:
    """How many have no call, and the main causes."""
    causes = main_causes(calls)
    shown, rest = causes[:SHOWN_CAUSES], sum(n for _, n in causes[SHOWN_CAUSES:])
    yield f"  {Action.NO_CALL:8s} {len(calls):>3d}  because:"
    yield from (f"           {n:>3d}  {text}" for text, n in shown)
    if rest:
        yield f"           {rest:>3d}  for other reasons"
