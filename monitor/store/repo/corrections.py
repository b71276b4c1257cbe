"""What the user says about titles: rows that later offers are read by, and that earlier offers follow."""

from dataclasses import replace
from datetime import datetime

from sqlmodel import Session, col, select, update

from monitor.store.repo.articles import OFFERS, article_key, offer_from
from monitor.store.tables import ArticleRow, OfferRow, TitleCorrectionRow


def correct_title(session: Session, title: str, gpu: str | None, now: datetime) -> int:
    """Remember what the user says a title means (`None`: no GPU); how many stored articles follow.

    An article moves to its GPU with all its prices; one that is no GPU counts in no price any more. What was rejected
    earlier comes in with the next crawl that sees it.
    """
    plain = plain_title(title)
    session.merge(TitleCorrectionRow(title=plain, gpu=gpu, corrected_at=now))
    session.flush()
    query = select(ArticleRow.id, ArticleRow.title).where(ArticleRow.stat == "offer")
    ids = [article_id for article_id, known in session.exec(query) if article_id and plain_title(known) == plain]
    for article_id in ids:
        if gpu is None:
            _count_no_more(session, article_id, now)
        else:
            _move(session, article_id, gpu)
    session.flush()
    return len(ids)


def title_corrections(session: Session) -> dict[str, str | None]:
    """What the user said about titles, by the title in lower case with single spaces."""
    return {row.title: row.gpu for row in session.exec(select(TitleCorrectionRow))}


def drop_title_correction(session: Session, title: str) -> None:
    """Forget what the user said about a title; the next crawl reads it anew."""
    if row := session.get(TitleCorrectionRow, plain_title(title)):
        session.delete(row)
        session.flush()


def plain_title(title: str) -> str:
    """A title in lower case with single spaces."""
    return " ".join(title.lower().split())


def _count_no_more(session: Session, article_id: int, now: datetime) -> None:
    offers = update(OfferRow).where(col(OfferRow.article_id) == article_id)
    session.execute(offers.values(quarantine="rejected", decided_at=now))


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
