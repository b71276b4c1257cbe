"""Rules of single shops, where the general readers cannot know better. Each rule sees the parsed page and the products
found so far, and returns the products to go on with."""

from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from monitor.reading.claims import Product
from monitor.reading.document import Document
from monitor.reading.shops import geizhals

Rule = Callable[[Document, list[Product]], list[Product]]

SHOPS: Mapping[str, Rule] = {
    "geizhals.at": geizhals.offers_of_all_shops,
    "geizhals.de": geizhals.offers_of_all_shops,
    "geizhals.eu": geizhals.offers_of_all_shops,
}


def rule_for(url: str) -> Rule | None:
    """The rule of the shop that an address belongs to, by its host's end."""
    try:
        host = (urlsplit(url).hostname or "").lower()
    except ValueError:
        return None
    while host:
        if host in SHOPS:
            return SHOPS[host]
        host = host.partition(".")[2]
    return None
