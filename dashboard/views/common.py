"""What several pages share: the day that is asked about, how old a call is, and the price chart of one GPU."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from urllib.parse import urlencode

import streamlit as st

from dashboard import charts, charts_price, queries, texts
from dashboard.cards import wide_table
from dashboard.goal_cards import how_old
from dashboard.theme import Palette, palette
from dashboard.views.pictures import draw_with_csv
from monitor.core.models import Condition, Gpu, Series, Signal
from monitor.core.price_fan import Fan

REGIONS = ("US", "DE", "GB", "FR", "ES", "IT", "NL", "AT", "CH", "PL", "CA", "AU", "IN", "JP", "KR", "TW", "BR", "RU")
NEWS_DAYS, MOST_NEWS = 3650, 60


def asked_day() -> datetime | None:
    """The end of the day in the address (`?as_of=2017-12-21`), or `None` for now."""
    try:
        day = date.fromisoformat(st.query_params.get("as_of", ""))
    except ValueError:
        return None
    return datetime.combine(day, time.max, UTC)


def colours() -> Palette:
    """The palette of the visitor's theme."""
    return palette(st.context.theme.type)


def say_how_old() -> None:
    """The line under each title: which day is shown, and how old the newest price is."""
    if (as_of := asked_day()) is not None:
        st.info(texts.TIME_MACHINE.format(day=texts.day(as_of.date())), icon=":material/history:")
        return
    text, fresh = how_old()
    if fresh.day is None:
        st.info(text)
    elif fresh.stale:
        st.warning(text, icon=":material/schedule:")
    else:
        st.caption(text)


def usual_market(places: Sequence[tuple[str, str]], newest: Mapping[tuple[str, str], date]) -> int:
    """Which market to show first: one with prices of the last three years before others, the own region,
    new before used before rented, then the newest."""
    order = ["new", "used", "refurbished", "rental"]
    latest = max(newest.values(), default=date.min)

    def rank(place: tuple[str, str]) -> tuple[object, ...]:
        day = newest.get(place, date.min)
        known = order.index(place[0]) if place[0] in order else len(order)
        old = (latest - day).days > 1000
        return old, place[1] not in (queries.preferences().region, ""), known, -day.toordinal()

    return min(range(len(places)), key=lambda number: rank(places[number]), default=0)


def card_link(gpu: str, condition: str, region: str, currency: str) -> str:
    """The address of a card's page, open at a market and on the day of this page: where its numbers come from."""
    known = queries.catalog().gpus.get(gpu)
    params = {"gpu": known.slug if known else "", "market": market_address(condition, region, currency)}
    if "as_of" in st.query_params:
        params["as_of"] = st.query_params["as_of"]
    return f"/gpu?{urlencode(params)}"


def market_address(condition: str, region: str, currency: str) -> str:
    """A market as it stands in the address of a page: "used-us-usd"."""
    return f"{condition}-{region}-{currency}".lower()


def draw_history(gpu: str, series: Sequence[Series], key: str = "", weeks: int = 26) -> None:
    """The price chart of one GPU with MSRP, events and the fan of coming prices, or why there is none; and its data."""
    with st.spinner(texts.READING_PRICES):
        fan = _fan(gpu, series, weeks)
    facts = queries.catalog().gpus.get(gpu)  # price files know cards that we do not
    msrp = facts.msrp_usd if facts else None
    words, prices = draw_with_csv(charts_price.price_history, series, msrp, _marks(gpu, facts, series), colours(), fan)
    if words is None:
        st.info(texts.NO_HISTORY)
        return
    name = facts.slug if facts else "prices"
    with st.container(horizontal=True):
        _download("Prices as CSV", prices, f"{name}.csv", f"csv-{gpu}-{key}")
        if fan is not None:
            table = charts_price.fan_table(fan).to_csv(index=False)
            _download("Forecast as CSV", table, f"{name}-forecast.csv", f"fan-{gpu}-{key}")
    if fan is None:
        st.caption(texts.NO_FAN)
        return
    unit = f"{fan.series.currency}{' an hour' if fan.series.condition == 'rental' else ''}"
    st.caption(texts.marked(texts.FAN_CAPTION.format(day=texts.day(fan.made_on))))
    with st.expander(texts.FAN_TABLE):
        st.text(charts_price.fan_in_words(fan, unit))
        st.html(fan_rows(fan))


def fan_rows(fan: Fan) -> str:
    """The fan at the weeks that people ask about, as a table that fits a phone."""
    steps = [week for week in charts_price.STEPS if week <= fan.points[-1].weeks]
    rows = [
        (
            texts.FAN_WEEKS.format(weeks=point.weeks, day=texts.day(point.on)),
            (texts.figure(point.middle), texts.span(point.low50, point.high50), texts.span(point.low80, point.high80)),
        )
        for point in map(fan.at, steps)
    ]
    return wide_table(texts.FAN_COLUMNS, rows)


def _fan(gpu: str, series: Sequence[Series], weeks: int) -> Fan | None:
    """The fan of the market that is drawn; none where several markets or currencies are in one picture."""
    markets = {(gpu, one.key.condition, one.key.region, one.key.currency) for one in series}
    return queries.fan(next(iter(markets)), asked_day(), weeks) if len(markets) == 1 else None


def _marks(gpu: str, facts: Gpu | None, series: Sequence[Series]) -> list[charts.Mark]:
    """Launches of the card and of those that follow it, headlines about it, and each change of its call here."""
    day = asked_day()
    followers = [one for one in queries.catalog().gpus.values() if one.predecessor == gpu]
    marks = [
        charts.Mark(day=one.launched_on, label=f"{one.name} launched", kind="launch")
        for one in (facts, *followers)
        if one is not None and one.launched_on is not None and (day is None or one.launched_on <= day.date())
    ]
    marks += [
        charts.Mark(day=event.published_at.date(), label=event.title, kind="news")
        for event in [event for event in queries.news(day, days=NEWS_DAYS) if gpu in event.gpus][:MOST_NEWS]
    ]
    places = {(one.key.condition, one.key.region) for one in series}
    return marks + [
        charts.Mark(
            day=flip.as_of.date(),
            label=_why(flip),
            kind=str(flip.action),
            rented=flip.condition is Condition.RENTAL,
        )
        for flip in queries.flips(gpu, as_of=day)
        if (str(flip.condition), flip.region) in places
    ]


def _why(flip: Signal) -> str:
    return flip.reasons[0].text if flip.reasons else texts.verdict(flip.action, flip.condition)


def _download(label: str, csv: str, name: str, key: str) -> None:
    st.download_button(label, csv, file_name=name, mime="text/csv", key=key)
