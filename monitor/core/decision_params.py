"""What a decision depends on beside the data: its own module, since the plan and what would turn it need it too."""

from dataclasses import dataclass

from monitor.core.models import Goal
from monitor.core.panel import STALE_WEEKS


@dataclass(frozen=True, kw_only=True)
class DecisionParams:
    """What a decision depends on beside the data; `delay_cost_per_week` and `deadline_weeks` are the goal's."""

    delay_cost_per_week: float = 0.005
    deadline_weeks: int = 26
    stale_weeks: int = STALE_WEEKS
    margin: float = 0.01  # waiting must save more than this share of the price
    doubt: float = 0.5  # and more than so many sd over the sets of constants
    min_prices: int = 4  # in 26 weeks, unless the market itself is known from
    min_market_changes: int = 10  # price changes in a year

    @classmethod
    def for_goal(cls, goal: Goal) -> "DecisionParams":
        """The parameters with the goal's own cost of delay and deadline."""
        return cls(delay_cost_per_week=goal.delay_cost_per_week, deadline_weeks=goal.deadline_weeks)
