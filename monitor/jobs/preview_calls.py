"""The calls of a past day as a rule on calls would have seen them, for cards and for goals alike."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from monitor.catalog import Catalog
from monitor.core.alerting import Look
from monitor.core.decision import DecisionParams, decide
from monitor.core.market import market_of, street_prices
from monitor.core.models import AlertRule, Goal, Preferences, Series, Signal, StreetPrice, Verdict
from monitor.core.panel import WEEKS
from monitor.core.preferences import params_of, terms_in_dollars
from monitor.core.value import score_all
from monitor.core.verdict import goal_verdict, prices_of
from monitor.jobs.looks import EPOCH
from monitor.jobs.score import goals_in_force
from monitor.performance import load_throughput_model
from monitor.rates import dollars_by_currency, load_rates
from monitor.store import repo


class PastCalls:
    """Makes the look of any past day that one rule needs: calls for its GPU, verdicts for its goals."""

    def __init__(
        self, session: Session, catalog: Catalog, rule: AlertRule, series: Sequence[Series], defaults: Preferences
    ) -> None:
        self._session, self._catalog, self._rule, self._series = session, catalog, rule, series
        self._wishes = repo.preferences(session, defaults)
        goals = goals_in_force(session, catalog, self._wishes)
        of_goals = bool(rule.goal) or (not rule.gpu and rule.kind == "signal_flip")
        self._goals = [goal for goal in goals if of_goals and rule.goal in ("", goal.slug)]
        rates = load_rates()
        self._dollars = dollars_by_currency({"EUR", *rates.per_euro}, rates)

    def look(self, moment: datetime) -> Look:
        """What today's program would have called then, from what was known."""
        today = (moment.date() - EPOCH).days
        near = [one for one in self._series if int(one.days[0]) <= today and int(one.days[-1]) > today - 7 * WEEKS]
        verdicts = self._verdicts(near, moment)
        for_goals = [replace(signal, goal=v.goal) for v in verdicts for signal in v.signals[:1]]
        calls = self._calls(near, moment) if not self._goals else []
        return Look(as_of=moment, signals=[*calls, *for_goals], verdicts=verdicts)

    def _calls(self, near: Sequence[Series], moment: datetime) -> list[Signal]:
        """The calls for the rule's GPU (for all, where it names none); the others stay in as the market they make."""
        gpu = self._rule.gpu
        markets = {market_of(one.key) for one in near if gpu in ("", one.key.gpu)}
        made = decide(near, self._catalog.gpus, moment, params_of(self._wishes), explain=False, markets=markets)
        return [signal for signal in made if gpu in ("", signal.gpu)]

    def _verdicts(self, near: Sequence[Series], moment: datetime) -> list[Verdict]:
        calls: dict[DecisionParams, list[Signal]] = {}
        prices: list[StreetPrice] = []
        verdicts: list[Verdict] = []
        for goal in self._goals:
            params = DecisionParams.for_goal(goal)
            if params not in calls:
                calls[params] = decide(near, self._catalog.gpus, moment, params, explain=False)
            prices = prices or self._prices(calls[params], moment)
            verdicts.append(self._verdict(goal, calls[params], prices, moment))
        return verdicts

    def _prices(self, calls: Sequence[Signal], moment: datetime) -> list[StreetPrice]:
        live = street_prices(repo.offers_as_of(self._session, moment), moment)
        have = {(price.gpu, price.condition, price.region) for price in live}
        return [*live, *(p for p in prices_of(calls) if (p.gpu, p.condition, p.region) not in have)]

    def _verdict(self, goal: Goal, calls: Sequence[Signal], prices: Sequence[StreetPrice], moment: datetime) -> Verdict:
        gpus = {
            name: gpu
            for name, gpu in self._catalog.gpus.items()
            if gpu.launched_on and gpu.launched_on <= moment.date()
        }
        work = [self._catalog.workloads[goal.workload]]
        terms = terms_in_dollars(self._wishes, self._dollars)
        scores = score_all(
            gpus, work, prices, load_throughput_model(), moment, terms=terms, dollars=self._dollars, cards=goal.cards
        )
        return goal_verdict(goal, calls, scores, self._catalog.gpus, moment)
