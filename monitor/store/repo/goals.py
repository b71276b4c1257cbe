"""Goals of the user; the shipped ones stand in the catalogue."""

from datetime import datetime

from sqlmodel import Session, col, select

from monitor.core.models import Condition, Goal, Money
from monitor.store.tables import GoalRow


def goals(session: Session) -> list[Goal]:
    """The user's goals in the order they were saved."""
    return [_goal_from(row) for row in session.exec(select(GoalRow).order_by(col(GoalRow.saved_at), GoalRow.slug))]


def save_goal(session: Session, goal: Goal, now: datetime) -> None:
    """Store a goal, or replace the one of the same slug."""
    session.merge(
        GoalRow(
            slug=goal.slug,
            title=goal.title,
            workload=goal.workload,
            conditions=[condition.value for condition in goal.conditions],
            region=goal.region,
            budget=None if goal.budget is None else goal.budget.amount,
            budget_currency="" if goal.budget is None else goal.budget.currency,
            delay_cost_per_week=goal.delay_cost_per_week,
            deadline_weeks=goal.deadline_weeks,
            min_memory_gb=goal.min_memory_gb,
            cards=goal.cards,
            saved_at=now,
        )
    )
    session.flush()


def goal_saved_at(session: Session, slug: str) -> datetime | None:
    """When the user last changed a goal; `None` for one that is not the user's own."""
    row = session.get(GoalRow, slug)
    return row.saved_at if row else None


def delete_goal(session: Session, slug: str) -> bool:
    """Whether there was such a goal."""
    row = session.get(GoalRow, slug)
    if row is not None:
        session.delete(row)
        session.flush()
    return row is not None


def _goal_from(row: GoalRow) -> Goal:
    return Goal(
        slug=row.slug,
        title=row.title,
        workload=row.workload,
        conditions=tuple(Condition(condition) for condition in row.conditions),
        region=row.region,
        budget=None if row.budget is None else Money(amount=row.budget, currency=row.budget_currency),
        delay_cost_per_week=row.delay_cost_per_week,
        deadline_weeks=row.deadline_weeks,
        min_memory_gb=row.min_memory_gb,
        cards=row.cards,
    )
