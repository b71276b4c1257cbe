"""Pages of made-up shops: the same articles in six layouts, with prices written as each country writes them."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One article as a page shows it; `text` is the price as written, such as "1.599,00 €"."""

    path: str
    title: str
    amount: str  # for markup: "1599.00"
    text: str
    currency: str
    in_stock: bool


def json_ld(articles: Sequence[Shown]) -> str:
    """A listing with an ItemList in JSON-LD."""
    items = [{"@type": "ListItem", "position": n, "item": _product(one)} for n, one in enumerate(articles, 1)]
    markup = json.dumps({"@context": "https://schema.org", "@type": "ItemList", "itemListElement": items})
    rows = "".join(f'<li><a href="{one.path}">{escape(one.title)}</a> <b>{one.text}</b></li>' for one in articles)
    return _page(f"<ul>{rows}</ul>", head=f'<script type="application/ld+json">{markup}</script>')


def microdata(articles: Sequence[Shown]) -> str:
    """A listing whose rows are schema.org items."""
    return _page(
        "".join(
            '<div class="card" itemscope itemtype="https://schema.org/Product">'
            f'<a itemprop="url" href="{one.path}"><span itemprop="name">{escape(one.title)}</span></a>'
            '<div itemprop="offers" itemscope itemtype="https://schema.org/Offer">'
            f'<meta itemprop="priceCurrency" content="{one.currency}"><meta itemprop="price" content="{one.amount}">'
            f'<link itemprop="availability" href="https://schema.org/{_stock(one)}">{one.text}</div></div>'
            for one in articles
        )
    )


def rows(articles: Sequence[Shown]) -> str:
    """A listing without any markup: only what people see."""
    return _page(
        '<div class="grid">'
        + "".join(
            f'<div class="item"><a class="name" href="{one.path}">{escape(one.title)}</a>'
            f'<span class="price">{one.text}</span>{"" if one.in_stock else "<em>Sold out</em>"}</div>'
            for one in articles
        )
        + "</div>"
    )


def table(articles: Sequence[Shown]) -> str:
    """The same as a table, the price first."""
    return _page(
        "<table><tr><th>Price</th><th>Article</th><th></th></tr>"
        + "".join(
            f"<tr><td><strong>{one.text}</strong></td><td><a href='{one.path}'>{escape(one.title)}</a></td>"
            f"<td>{'' if one.in_stock else 'out of stock'}</td></tr>"
            for one in articles
        )
        + "</table>"
    )


def many_json_ld(articles: Sequence[Shown]) -> str:
    """A listing with one JSON-LD block for each article."""
    blocks = "".join(
        f'<script type="application/ld+json">{json.dumps({"@context": "https://schema.org"} | _product(one))}</script>'
        for one in articles
    )
    shown = "".join(f'<p><a href="{one.path}">{escape(one.title)}</a>: {one.text}</p>' for one in articles)
    return _page(shown + blocks)


def tiles(articles: Sequence[Shown]) -> str:
    """Tiles whose link holds everything."""
    return _page(
        "".join(
            f'<article class="tile"><a href="{one.path}"><h2>{escape(one.title)}</h2>'
            f'<div class="amount">{one.text}</div>{"" if one.in_stock else "<small>Out of stock</small>"}</a></article>'
            for one in articles
        )
    )


def scripts_only(_: Sequence[Shown]) -> str:
    """What is left of a listing that its shop now draws by scripts: nothing to read."""
    return _page('<div id="app"></div><noscript>Please switch on JavaScript.</noscript><script src="/app.js"></script>')


LAYOUTS: tuple[Callable[[Sequence[Shown]], str], ...] = (json_ld, microdata, rows, table, many_json_ld, tiles)


def written(amount: float, country: str) -> str:
    """A price as shops of that country write it.

    >>> written(1599.0, "DE"), written(1599.0, "US"), written(1599.0, "GB")
    ('1.599,00 €', '$1,599.00', '£1,599.00')
    """
    text = f"{amount:,.2f}"
    if country == "DE":
        return text.replace(",", " ").replace(".", ",").replace(" ", ".") + " €"
    return ("$" if country == "US" else "£") + text


def _product(one: Shown) -> dict[str, object]:
    offer = {
        "@type": "Offer", "price": one.amount, "priceCurrency": one.currency,
        "availability": f"https://schema.org/{_stock(one)}",
    }  # fmt: skip
    return {"@type": "Product", "name": one.title, "url": one.path, "offers": offer}


def _stock(one: Shown) -> str:
    return "InStock" if one.in_stock else "OutOfStock"


def _page(body: str, head: str = "") -> str:
    start = f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Graphics cards</title>{head}</head>'
    return f"{start}<body><nav><a href='/'>Shop</a></nav><h1>Graphics cards</h1>{body}</body></html>"
