"""A goal as the address of a page, so that a view can be shared; every part is checked: anybody can write a link."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from monitor.core.countries import country_code, is_code
from monitor.core.models import Condition, Goal, Money, Workload

USUAL_DELAY = 0.005
MOST_MEMORY_GB, MOST_BUDGET = 2000.0, Decimal(10_000_000)
MOST_CARDS = 64  # as for `gpu-limbo estimate`: they are ranked as one machine
OFFERED = (Condition.NEW, Condition.USED, Condition.REFURBISHED, Condition.RENTAL)


def goal_from(params: Mapping[str, str], workloads: Mapping[str, Workload], currency: str) -> Goal | None:
    """The goal that an address asks for; `None` where it names no known work. Parts that make no sense are left out."""
    workload = workloads.get(params.get("work", ""))
    if workload is None:
        return None
    delay = _number(params.get("delay", ""), 0.0, 1.0)  # nothing is an answer, too
    return Goal(
        slug="asked",
        title=workload.title,
        workload=workload.slug,
        conditions=_conditions(params.get("get", "")) or (Condition.NEW, Condition.USED),
        region=_country(params.get("in", "")) or "US",
        budget=_budget(params.get("budget", ""), params.get("currency", currency)),
        delay_cost_per_week=USUAL_DELAY if delay is None else delay,
        deadline_weeks=int(_number(params.get("weeks", ""), 1, 104) or 26),
        min_memory_gb=_number(params.get("memory", ""), 0.0, MOST_MEMORY_GB) or 0.0,
        cards=int(_number(params.get("cards", ""), 1, MOST_CARDS) or 1),
    )


def params_of(goal: Goal) -> dict[str, str]:
    """The address that asks for this goal: `goal_from(params_of(goal))` is the same goal but for its name."""
    params = {
        "work": goal.workload,
        "get": ",".join(condition.value for condition in goal.conditions),
        "in": goal.region,
        "delay": f"{goal.delay_cost_per_week:g}",
        "weeks": str(goal.deadline_weeks),
        "memory": f"{goal.min_memory_gb:g}",
        "cards": str(goal.cards),
    }
    if goal.budget:
        params |= {"budget": f"{goal.budget.amount:f}", "currency": goal.budget.currency}
    return params


def _conditions(text: str) -> tuple[Condition, ...]:
    known = {condition.value: condition for condition in OFFERED}
    return tuple(dict.fromkeys(known[part] for part in text.split(",") if part in known))


def _country(text: str) -> str:
    code = country_code(text)
    return code if is_code(code) else ""


def _budget(text: str, currency: str) -> Money | None:
    code = currency.upper()
    if not (len(code) == 3 and code.isascii() and code.isalpha()):
        return None
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return None
    return Money(amount=amount, currency=code) if amount.is_finite() and 0 < amount <= MOST_BUDGET else None


def _number(text: str, least: float, most: float) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if least <= value <= most else None
