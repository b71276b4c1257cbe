"""Short texts that change whenever something that a page shows has changed: the keys of the pages' caches."""

from typing import NamedTuple

from sqlmodel import Session, col, func, select

from monitor.store.repo.quarantine import JUDGED
from monitor.store.tables import (
    ArticleRow,
    DeliveryRow,
    GoalRow,
    ImportRow,
    MeasurementRow,
    NewsRow,
    OfferRow,
    RejectionRow,
    RunRow,
    SignalStateRow,
    SourceStateRow,
    TitleCorrectionRow,
    UserSettingRow,
)

OF_A_ROUND = (
    select(func.max(ImportRow.id)),
    select(func.max(SignalStateRow.as_of)),
    select(func.max(TitleCorrectionRow.corrected_at)),
    select(UserSettingRow.changed_at).where(UserSettingRow.name == JUDGED),
    select(func.count(col(TitleCorrectionRow.title))),  # one that is not the newest may be forgotten
)
OF_THE_DATA = (
    func.max(ArticleRow.id),
    func.max(MeasurementRow.id),
    func.max(NewsRow.id),
    func.max(OfferRow.id),
    func.max(RejectionRow.id),
    func.max(RunRow.id),
    func.max(RunRow.finished_at),
    func.max(SourceStateRow.last_try_at),
    func.max(GoalRow.saved_at),
    func.count(col(GoalRow.slug)),
    func.max(DeliveryRow.sent_at),
    func.max(UserSettingRow.changed_at),
)


class Versions(NamedTuple):
    """`data` changes with every new price, import, signal, run, choice or rejection. `round` only with a round of
    calls, an import, a correction or a judgement of a doubted price: what is worked out from all prices is as new as
    the calls that stand beside it, and whoever judged a price sees it at once."""

    data: str
    round: str


def versions(session: Session) -> Versions:
    """Both, by a few index look-ups. Before the first calls every change of the data begins a round."""
    newest = (*OF_A_ROUND, *map(select, OF_THE_DATA))  # type: ignore[arg-type]
    query = select(*(one.scalar_subquery() for one in newest))  # type: ignore[call-overload]
    row = session.execute(query).one()
    of_data, of_round = ("|".join(map(str, part)) for part in (row, row[: len(OF_A_ROUND)]))
    return Versions(data=of_data, round=of_round if row[1] is not None else of_data)


def data_version(session: Session) -> str:
    """Changes with every new price, import, signal, run, choice or rejection."""
    return versions(session).data
