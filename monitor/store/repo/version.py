"""One short text that changes whenever something that a page shows has changed: the key of the pages' caches."""

from sqlmodel import Session, col, func, select

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

NEWEST = (
    func.max(ArticleRow.id),
    func.max(ImportRow.id),
    func.max(MeasurementRow.id),
    func.max(NewsRow.id),
    func.max(OfferRow.id),
    func.max(RejectionRow.id),
    func.max(RunRow.id),
    func.max(RunRow.finished_at),
    func.max(SourceStateRow.last_try_at),
    func.max(SignalStateRow.as_of),
    func.max(GoalRow.saved_at),
    func.count(col(GoalRow.slug)),
    func.max(DeliveryRow.sent_at),
    func.max(TitleCorrectionRow.corrected_at),
    func.max(UserSettingRow.changed_at),
)


def data_version(session: Session) -> str:
    """Changes with every new price, import, signal, run, choice or rejection; a few index look-ups."""
    query = select(*(select(newest).scalar_subquery() for newest in NEWEST))  # type: ignore[call-overload]
    return "|".join(str(value) for value in session.execute(query).one())
