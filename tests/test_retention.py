"""Thinning out old offers changes no call, no price that a rule looks at, and no ranking."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from sqlmodel import Session

from monitor.catalog import load_catalog
from monitor.core.models import Availability, Preferences
from monitor.jobs.decide import call_markets
from monitor.jobs.looks import prices_at
from monitor.jobs.score import rank
from monitor.rates import load_rates
from monitor.store import repo
from tests.conftest import NOW, make_offer

DAY = timedelta(days=1)
CARDS = {"RTX 4090": 1800, "RTX 4080": 1100, "RTX 4070": 600, "RX 7900 XTX": 950}


def two_years_of_crawls(session: Session) -> None:
    """Three shops, four cards, a falling market with noise, sold-out weeks and doubtful prices."""
    dice = np.random.default_rng(11)
    for age in range(730, -1, -3):
        seen_at = NOW - age * DAY
        for card, usual in CARDS.items():
            for shop in ("shop-a", "shop-b", "shop-c"):
                price = usual * (0.7 + 0.3 * age / 730) * dice.uniform(0.97, 1.05)
                offer = make_offer(
                    gpu=card, price=f"{price:.2f}", source=shop, title=f"{card} of {shop}", seen_at=seen_at,
                    availability=Availability.OUT_OF_STOCK if dice.random() < 0.1 else Availability.IN_STOCK,
                    quarantined=bool(dice.random() < 0.02),
                )  # fmt: skip
                repo.add_offers(session, [offer], seen_at)


@pytest.mark.parametrize("keep_days", [30, 365])
def test_no_signal_price_or_ranking_changes_when_old_offers_are_thinned_out(session: Session, keep_days: int) -> None:
    two_years_of_crawls(session)
    catalog, defaults = load_catalog(), Preferences()
    moments = [NOW, NOW - 20 * DAY]

    def everything() -> list[object]:
        found: list[object] = []
        for at in moments:
            found.append(sorted(map(repr, call_markets(session, catalog, at, defaults).general)))
            found.append(
                sorted(map(repr, prices_at(repo.offers_as_of(session, at), repo.series_as_of(session, at), at)))
            )
        ranking = rank(session, catalog, NOW, load_rates(), defaults)
        return [*found, sorted(repr(replace(score, as_of=NOW)) for score in ranking)]

    before, rows = everything(), repo.offer_count(session)
    assert sum("action=" in str(call) for call in before[0]) >= len(CARDS)  # type: ignore[attr-defined]
    assert repo.thin_out(session, NOW, keep_days=keep_days) > rows / 3
    assert everything() == before
