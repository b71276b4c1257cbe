"""The record shows any later edit, settles when the time is over, and counts in money."""

import hashlib
import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from monitor.core.models import Action, Money
from monitor.core.record import (
    CALL,
    ENDING,
    Entry,
    balance,
    call_body,
    calls_to_note,
    chained,
    endings,
    first_break,
    missing_at_the_end,
)
from monitor.core.record import subject_of as about
from tests.core.test_decision import START, call, market, moment


def chain(lines, now):
    entries, previous = [], ""
    for number, (kind, subject, body) in enumerate(lines, 1):
        previous = chained(previous, kind, subject, now, body)
        entries.append(Entry(number=number, kind=kind, subject=subject, made_at=now, body=body, digest=previous))
    return entries


NOW = moment(START + 7 * 60)
LINES = [(CALL, f"RTX {n}|new|US|", f'{{"action":"wait","n":{n}}}') for n in range(5)]


def test_a_whole_chain_is_whole():
    assert first_break(chain(LINES, NOW)) is None
    assert first_break([]) is None


@pytest.mark.parametrize("edit", ["body", "subject", "kind", "made_at", "removed", "swapped"])
def test_any_edit_is_found(edit):
    entries = chain(LINES, NOW)
    if edit == "removed":
        del entries[2]
    elif edit == "swapped":
        entries[2], entries[3] = entries[3], entries[2]
    else:
        entries[2] = replace(entries[2], **{edit: NOW - timedelta(days=1) if edit == "made_at" else "other"})
    assert first_break(entries) in (3, 4)


def test_a_record_begun_when_digests_left_the_moment_out_is_whole_and_still_shows_edits():
    entries, previous = [], ""
    for entry in chain(LINES, NOW):
        if entry.number <= 3:
            text = "\n".join((previous, entry.kind, entry.subject, entry.body))
            digest = hashlib.sha256(text.encode()).hexdigest()
        else:
            digest = chained(previous, entry.kind, entry.subject, NOW, entry.body)
        entries.append(replace(entry, digest=digest))
        previous = digest
    assert first_break(entries) is None
    assert first_break([replace(entries[0], body="other"), *entries[1:]]) == 1
    late = "\n".join((entries[3].digest, entries[4].kind, entries[4].subject, entries[4].body))
    fallen_back = replace(entries[4], digest=hashlib.sha256(late.encode()).hexdigest())
    assert first_break([*entries[:4], fallen_back]) == 5


def test_a_cut_end_is_seen_by_the_head_alone():
    entries = chain(LINES, NOW)
    assert first_break(entries[:3]) is None
    assert missing_at_the_end(entries[:3], head=5) == 2
    assert missing_at_the_end(entries, head=5) == 0
    assert missing_at_the_end([], head=5) == 5


def test_a_call_is_noted_when_new_changed_or_a_week_old_and_only_if_live():
    (signal, *_) = call(market(-0.02))
    now = signal.as_of
    assert calls_to_note([signal], {}, now) == [signal]
    noted = chain([(CALL, about(signal), call_body(signal))], now)[0]
    newest = {about(signal): noted}
    assert calls_to_note([signal], newest, now) == []
    later = replace(signal, as_of=now + timedelta(days=8))
    assert calls_to_note([later], newest, later.as_of) == [later]
    assert calls_to_note([replace(signal, action=Action.BUY_NOW)], newest, now) != []
    assert calls_to_note([signal], {}, now + timedelta(days=3)) == []


def test_a_wait_in_a_fall_is_a_hit_and_in_a_rise_a_miss_counted_in_money():
    for rate, hit in ((-0.02, "hit"), (0.02, "miss")):
        series = [one for one in market(rate, weeks=90) if one.key.gpu == "RTX 3080"]
        (signal, *_) = call(market(-0.02, weeks=52))
        price = Money(amount=signal.price.amount, currency="USD")
        signal = replace(signal, gpu="RTX 3080", price=price, limit_price=None, window_high_weeks=20.0)
        noted = chain([(CALL, about(signal), call_body(signal))], signal.as_of)
        over = signal.as_of + timedelta(weeks=27)
        assert endings(noted, set(), series, signal.as_of + timedelta(weeks=10)) == []
        (ending,) = endings(noted, set(), series, over)
        assert endings(noted, {1}, series, over) == []
        body = json.loads(ending[1])
        assert body["hit"] == hit
        assert (body["followed"] < 0) == (hit == "hit")
        found = balance([*noted, *chain([(ENDING, *ending)], over)])
        assert (found.calls, found.settled, found.hits) == (1, 1, int(hit == "hit"))
        assert found.followed["USD"] == body["followed"]


def test_what_a_call_for_an_hour_at_a_few_dollars_came_to_is_not_rounded_away():
    (signal, *_) = call(market(-0.02, weeks=52))
    assert signal.price is not None
    hourly = 0.19 / float(signal.price.amount)
    price = Money(amount=Decimal("0.19"), currency="USD")
    dear = replace(signal, limit_price=None, window_high_weeks=20.0)
    cheap = replace(dear, price=price)
    over = signal.as_of + timedelta(weeks=27)
    came = []
    for one, scale in ((dear, 1.0), (cheap, hourly)):
        paths = [replace(s, prices=s.prices * scale) for s in market(-0.02, weeks=90) if s.key.gpu == signal.gpu]
        noted = chain([(CALL, about(one), call_body(one))], signal.as_of)
        came.append(json.loads(endings(noted, set(), paths, over)[0][1]))
    for what in ("followed", "waited"):
        assert came[1][what] == pytest.approx(came[0][what] * hourly, rel=0.001)


def test_a_call_is_not_settled_by_the_last_price_of_a_source_that_fell_silent():
    (signal, *_) = call(market(-0.02, weeks=52))
    noted = chain([(CALL, about(signal), call_body(signal))], signal.as_of)
    over = signal.as_of + timedelta(weeks=30)
    for weeks, settled in ((52 + 26 - 4, 0), (52 + 26 - 3, 1)):
        series = [one for one in market(-0.02, weeks=weeks) if one.key.gpu == signal.gpu]
        assert len(endings(noted, set(), series, over)) == settled
