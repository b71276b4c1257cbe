"""Which of the products that a page's markup names is the one the page is about."""

from dataclasses import replace
from urllib.parse import urlsplit

from monitor.reading.claims import Product
from monitor.reading.document import Document
from monitor.reading.heading import likeness, tokens
from monitor.reading.model_names import other_model

MAX_COMPARED = 400
CROWD = 3  # articles with offers in one syntax
SAME_NAME = 0.5
ANY_LIKENESS = 0.3


def main_products(document: Document, products: list[Product], names: tuple[str, ...]) -> list[Product]:
    """The page's own product once for every syntax that names it, the likeliest first; empty if none fits."""
    best: dict[str, tuple[float, Product]] = {}
    own = {address for address in (_path(document.canonical), _path(document.url)) if address}
    for order, product in enumerate(_worth_comparing(products, own, names)):
        score = _score(product, own, names) - min(order, 50) * 0.004
        known = best.get(product.syntax)
        if known is None or score > known[0]:
            best[product.syntax] = (score, product)
    ranked = sorted(best.values(), key=lambda entry: entry[0], reverse=True)
    crowds = {syntax for syntax in best if is_crowd(products, syntax)}
    fitting = [product for _, product in ranked if _fits(product, own, names, product.syntax in crowds)]
    return [_with_all_offers(product, products) for product in fitting]


def is_crowd(products: list[Product], syntax: str, least: int = CROWD) -> bool:
    """Whether a syntax offers several articles side by side: the rows of a list, or related ones. Nothing says of those
    without a name that they are one."""
    offered = [product for product in products if product.syntax == syntax and product.claims]
    named = {product.name for product in offered if product.name}
    return len(named) + sum(not product.name for product in offered) >= least


def _fits(product: Product, own: set[str], names: tuple[str, ...], crowd: bool) -> bool:
    """Whether a product is the page's own: by its address, or by a name like the page's. In a crowd, and inside lists,
    the names must agree both ways, since "RTX 5070" stands in every row of that list. Another model is none."""
    if own and _path(product.url) in own and not crowd:
        return True
    if _is_other_model(product, names):
        return False
    if crowd or product.depth > 0:
        return any(both_ways(product.name, name) >= SAME_NAME for name in names)
    return not names or not product.name or max(_agreement(product.name, name) for name in names) >= ANY_LIKENESS


def _is_other_model(product: Product, names: tuple[str, ...]) -> bool:
    """Whether a product is another model than the one that the page's first name, its heading, tells."""
    return bool(names) and other_model(product.name, names[0])


def both_ways(one: str, other: str) -> float:
    """Shared words over all words of both."""
    a, b = tokens(one), tokens(other)
    return len(a & b) / len(a | b) if a or b else 0.0


def _worth_comparing(products: list[Product], own: set[str], names: tuple[str, ...]) -> list[Product]:
    """All of a few products; of very many those that carry the page's address or name, and the first ones."""
    if len(products) <= MAX_COMPARED:
        return products
    wanted = {name.lower() for name in names}
    kept = [product for product in products if product.name.lower() in wanted or (own and _path(product.url) in own)]
    return kept[:MAX_COMPARED] + products[:MAX_COMPARED]


def _score(product: Product, own: set[str], names: tuple[str, ...]) -> float:
    score = 1.0 if product.depth == 0 else 0.0
    if product.claims:
        score += 0.6
    if own and _path(product.url) in own:
        score += 1.5
    shared = max((_agreement(product.name, name) for name in names if name), default=0.5)
    return score + 2.0 * shared - (0.7 if shared < 0.3 and product.name else 0.0)


def _agreement(one: str, other: str) -> float:
    """Likeness of two names; a single common word in long names counts little."""
    if len(tokens(one)) < 2 and len(tokens(other)) > 4:
        return 0.5 * likeness(one, other)
    return likeness(one, other)


def _path(address: str) -> str:
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    path = parts.path.rstrip("/").lower()
    return path if path.count("/") >= 1 and len(path) > 1 else ""


def _with_all_offers(product: Product, products: list[Product]) -> Product:
    """The product with the offers of its namesakes, if it has none of its own."""
    if product.claims:
        return product
    for other in products:
        if other.syntax == product.syntax and other.claims and other.name == product.name:
            return replace(product, claims=other.claims)
    return product
