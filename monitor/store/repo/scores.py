"""The newest ranking."""

from collections.abc import Iterable

from sqlalchemy import delete
from sqlmodel import Session, col, insert, select

from monitor.core.models import Condition, Money, Score
from monitor.store.tables import ScoreRow


def add_scores(session: Session, scores: Iterable[Score]) -> int:
    """Replace the stored ranking of each workload that comes along; how many rows."""
    rows = {(s.gpu, s.workload, s.condition, s.region): _values(s) for s in scores}
    for workload in {row["workload"] for row in rows.values()}:
        session.execute(delete(ScoreRow).where(col(ScoreRow.workload) == workload))
    if rows:
        session.execute(insert(ScoreRow), list(rows.values()))
    return len(rows)


def latest_scores(session: Session, *, workload: str | None = None, gpu: str | None = None) -> list[Score]:
    """The newest ranking, best value first."""
    query = select(ScoreRow).order_by(ScoreRow.workload, col(ScoreRow.per_dollar).desc(), ScoreRow.gpu)
    query = query if workload is None else query.where(ScoreRow.workload == workload)
    query = query if gpu is None else query.where(ScoreRow.gpu == gpu)
    return [_score_from(row) for row in session.exec(query)]


def _values(score: Score) -> dict[str, object]:
    return {
        "gpu": score.gpu,
        "workload": score.workload,
        "condition": score.condition.value,
        "region": score.region,
        "price": score.price.amount,
        "currency": score.price.currency,
        "throughput": score.throughput,
        "unit": score.unit,
        "per_dollar": score.per_dollar,
        "low": score.low,
        "high": score.high,
        "n": score.n,
        "fits": score.fits,
        "as_of": score.as_of,
    }


def _score_from(row: ScoreRow) -> Score:
    return Score(
        gpu=row.gpu,
        workload=row.workload,
        condition=Condition(row.condition),
        region=row.region,
        price=Money(amount=row.price, currency=row.currency),
        throughput=row.throughput,
        unit=row.unit,
        per_dollar=row.per_dollar,
        low=row.low,
        high=row.high,
        n=row.n,
        fits=row.fits,
        as_of=row.as_of,
    )
