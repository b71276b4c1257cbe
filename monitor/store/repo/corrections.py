"""What the user says about titles: rows that later offers are read by, and that earlier offers follow."""

from dataclasses import replace
from datetime import datetime

from sqlmodel import Session, col, select, update

from monitor.store.repo.articles import OFFERS, article_key, chunks, offer_from
from monitor.store.repo.rollup import redo_days
from monitor.store.tables import ArticleRow, OfferRow, TitleCorrectionRow

# What `offers.quarantine` says of offers whose title was said to be no GPU, by what it said before.
SET_ASIDE = {"": "not_a_gpu", "confirmed": "not_a_gpu, confirmed", "pending": "not_a_gpu, pending"}


def correct_title(session: Session, title: str, gpu: str | None, now: datetime) -> int:
    """Remember what the user says a title means (`None`: no GPU); how many stored articles follow.

    An article moves to its GPU with all its prices; one that is no GPU counts in no price any more, until the user
    changes their mind. The daily prices of the past are worked out anew. What was refused earlier is read again by
    `ingest.correct_title`.
    """
    session.merge(TitleCorrectionRow(title=plain_title(title), gpu=gpu, corrected_at=now))
    return _follow(session, title, gpu)


def drop_title_correction(session: Session, title: str, gpu: str | None) -> int:
    """Forget what the user said about a title, which by itself reads as `gpu`; how many stored articles follow."""
    row = session.get(TitleCorrectionRow, plain_title(title))
    if row is None:
        return 0
    session.delete(row)
    return _follow(session, title, gpu)


def title_corrections(session: Session) -> dict[str, str | None]:
    """What the user said about titles, by the title in lower case with single spaces; the newest first."""
    newest = col(TitleCorrectionRow.corrected_at).desc()
    return {row.title: row.gpu for row in session.exec(select(TitleCorrectionRow).order_by(newest))}


def plain_title(title: str) -> str:
    """A title in lower case with single spaces."""
    return " ".join(title.lower().split())


def _follow(session: Session, title: str, gpu: str | None) -> int:
    """Make the stored articles of a title be about a GPU, or about none; how many they are."""
    session.flush()
    plain = plain_title(title)
    query = select(ArticleRow.id, ArticleRow.title, ArticleRow.gpu).where(ArticleRow.stat == "offer")
    before = {number: was for number, known, was in session.exec(query) if number and plain_title(known) == plain}
    for article_id in before:
        _count(session, article_id, counts=gpu is not None)
        if gpu is not None:
            _move(session, article_id, gpu)
    session.flush()
    rows: list[int] = []
    for some in chunks(list(before)):
        rows += [row for row in session.exec(select(OfferRow.id).where(col(OfferRow.article_id).in_(some))) if row]
    redo_days(session, rows, set(before.values()))
    return len(before)


def _count(session: Session, article_id: int, *, counts: bool) -> None:
    """Let an article's offers count as they did before it was said to be no GPU, or let them count no more."""
    for believed, not_a_gpu in SET_ASIDE.items():
        old, new = (not_a_gpu, believed) if counts else (believed, not_a_gpu)
        rows = update(OfferRow).where(col(OfferRow.article_id) == article_id, col(OfferRow.quarantine) == old)
        session.execute(rows.values(quarantine=new))


def _move(session: Session, article_id: int, gpu: str) -> None:
    """The same article under another GPU, and under the key that later sightings will have."""
    article = session.get_one(ArticleRow, article_id)
    row = session.execute(OFFERS.where(col(OfferRow.article_id) == article_id).limit(1)).first()
    if row is not None:
        key = article_key(replace(offer_from(row, seen_at=row.last_seen), gpu=gpu))
        if session.exec(select(ArticleRow.id).where(ArticleRow.key == key)).first() is None:
            article.key = key
    article.gpu = gpu
    session.add(article)
