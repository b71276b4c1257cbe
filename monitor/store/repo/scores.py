"""The newest ranking."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, delete
from sqlmodel import Session, col, insert, select

from monitor.core.models import Condition, Money, Score
from monitor.store.tables import ScoreRow

SET = " x"


def add_scores(session: Session, scores: Iterable[Score]) -> int:
    """Replace the stored rankings of each workload that comes along, those of sets with them; how many rows."""
    scores = list(scores)
    rows = {(s.gpu, _work_of(s), s.condition, s.region): _values(s) for s in scores}
    for workload in {score.workload for score in scores}:
        session.execute(delete(ScoreRow).where(_ranks(workload)))
    if rows:
        session.execute(insert(ScoreRow), list(rows.values()))
    return len(rows)


def latest_scores(
    session: Session, *, workload: str | None = None, gpu: str | None = None, cards: int | None = 1
) -> list[Score]:
    """The newest ranking, best value first: of single cards, of sets of `cards`, or of all (`None`)."""
    query = select(ScoreRow).order_by(ScoreRow.workload, col(ScoreRow.per_dollar).desc(), ScoreRow.gpu)
    if workload is not None:
        query = query.where(_ranks(workload))
    query = query if gpu is None else query.where(ScoreRow.gpu == gpu)
    found = [_score_from(row) for row in session.exec(query)]
    return [score for score in found if cards in (None, score.cards)]


def _ranks(workload: str) -> ColumnElement[bool]:
    """Rows of a workload, of single cards and of sets."""
    return (col(ScoreRow.workload) == workload) | col(ScoreRow.workload).startswith(f"{workload}{SET}")


def _work_of(score: Score) -> str:
    """What stands in the column `workload`: that of sets also says of how many, since each has a ranking of its own."""
    return score.workload if score.cards == 1 else f"{score.workload}{SET}{score.cards}"


def _values(score: Score) -> dict[str, object]:
    return {
        "gpu": score.gpu,
        "workload": _work_of(score),
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
    workload, _, cards = row.workload.partition(SET)
    return Score(
        gpu=row.gpu,
        workload=workload,
        cards=int(cards or 1),
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
