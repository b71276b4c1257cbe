"""A small price chart as PNG for messages: steps, the launch price, words large enough for a phone."""

import io
from collections.abc import Mapping
from datetime import date, timedelta
from itertools import pairwise
from math import ceil, log10
from typing import Any

from monitor.core.amounts import written

WIDTH, HEIGHT, MARGIN_LEFT, MARGIN_BOTTOM, MARGIN_TOP, MARGIN_RIGHT = 1136, 480, 120, 56, 64, 32
PAPER, INK, GRID, LINE, MARK = "#ffffff", "#1b1f24", "#d9dee3", "#1f5fbf", "#b35900"


def price_chart(chart: Mapping[str, Any]) -> bytes | None:
    """The picture of `points` (day since 1970, price) in `currency`, with a line at `msrp`; `None` under two points.

    It has its own white background, so it reads the same in a dark mail program.
    """
    points = [(int(day), float(price)) for day, price in chart.get("points", ())]
    if len(points) < 2:
        return None
    from PIL import Image, ImageDraw, ImageFont  # half a second that only messages need

    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    draw, font, small = ImageDraw.Draw(image), ImageFont.load_default(28), ImageFont.load_default(22)
    msrp = float(chart["msrp"]) if chart.get("msrp") else None
    low, high = _bounds([price for _, price in points], msrp)
    first, last = points[0][0], max(points[-1][0], points[0][0] + 1)

    def at(day: float, price: float) -> tuple[float, float]:
        across, up = (day - first) / (last - first), (price - low) / (high - low)
        return (
            MARGIN_LEFT + across * (WIDTH - MARGIN_LEFT - MARGIN_RIGHT),
            HEIGHT - MARGIN_BOTTOM - up * (HEIGHT - MARGIN_BOTTOM - MARGIN_TOP),
        )

    for price, label in _labelled(low, high):
        draw.line([at(first, price), at(last, price)], fill=GRID, width=2)
        draw.text((MARGIN_LEFT - 12, at(first, price)[1]), label, fill=INK, font=small, anchor="rm")
    for day, anchor in ((first, "la"), (last, "ra")):
        text = (date(1970, 1, 1) + timedelta(days=day)).isoformat()
        draw.text((at(day, low)[0], HEIGHT - MARGIN_BOTTOM + 14), text, fill=INK, font=small, anchor=anchor)
    if msrp is not None and low <= msrp <= high:
        draw.line([at(first, msrp), at(last, msrp)], fill=MARK, width=3)
        draw.text((at(last, msrp)[0], at(last, msrp)[1] - 6), "launch price", fill=MARK, font=small, anchor="rs")
    draw.line(_steps(points, at), fill=LINE, width=5)
    title = f"{chart.get('title', '')}, {chart.get('currency', '')}: {written(points[-1][1])}"
    draw.text((MARGIN_LEFT, 16), title, fill=INK, font=font)
    out = io.BytesIO()
    image.convert("P", palette=Image.Palette.ADAPTIVE, colors=16).save(out, "PNG", optimize=True)
    return out.getvalue()


def _bounds(prices: list[float], msrp: float | None) -> tuple[float, float]:
    shown = [*prices, msrp] if msrp is not None and msrp < 3 * max(prices) else prices
    low, high = min(shown), max(shown)
    room = (high - low) * 0.08 or high * 0.1 or 1.0
    return max(0.0, low - room), high + room


def _labelled(low: float, high: float) -> list[tuple[float, str]]:
    """Where the grid's lines lie and what stands beside them, with as many decimals as tell them apart.

    >>> [text for _, text in _labelled(1000, 1300)], [text for _, text in _labelled(1.95, 2.35)]
    (['1,000', '1,150', '1,300'], ['1.95', '2.15', '2.35'])
    """
    digits = min(4, max(0, ceil(1 - log10((high - low) / 2))))
    return [(price, f"{price:,.{digits}f}") for price in (low, (low + high) / 2, high)]


def _steps(points: list[tuple[int, float]], at: Any) -> list[tuple[float, float]]:
    """A price holds until the next one is seen, so the line has steps, not slopes."""
    corners = [at(*points[0])]
    for (_, before), (day, price) in pairwise(points):
        corners += [at(day, before), at(day, price)]
    return corners
