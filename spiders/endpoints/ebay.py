"""eBay's Browse API: live fixed-price listings, new and used. What is asked, not what was paid.

Needs the user's own application key as "client id:client secret". The first answer is the token, the others listings.
Sellers' names are personal data and are not kept. https://developer.ebay.com/api-docs/buy/browse/overview.html
"""

import base64
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from monitor.core.models import Availability, Condition, RawOffer, SourceInfo
from spiders.shop_answers import Ask, ShopAnswer, decoded, read_each, rows, shown, unexpected, with_query

TOKEN_URL = "https://api.ebay.com/identity/v1/oauth2/token"
SCOPE = "https://api.ebay.com/oauth/api_scope"
PER_PAGE = 200
LAST_PAGE = 3  # of one search: the cheapest 600
MARKETPLACES = {
    "US": "EBAY_US", "GB": "EBAY_GB", "DE": "EBAY_DE", "FR": "EBAY_FR", "IT": "EBAY_IT", "ES": "EBAY_ES",
    "CA": "EBAY_CA", "AU": "EBAY_AU", "AT": "EBAY_AT", "PL": "EBAY_PL", "NL": "EBAY_NL", "CH": "EBAY_CH",
}  # fmt: skip
BROKEN = "7000"  # "for parts or not working"
CONDITIONS = (  # of the API's condition ids: the first two digits tell
    (("10", "15", "17"), Condition.NEW),  # new, new other (open box), new with defects
    (("20", "25", "27"), Condition.REFURBISHED),
    (("30", "40", "50", "60"), Condition.USED),
)


def asks(source: SourceInfo, key: str) -> tuple[Ask, ...]:
    """The request for a token, from which the searches follow."""
    pair = base64.b64encode(key.encode()).decode()
    form = urlencode({"grant_type": "client_credentials", "scope": SCOPE})
    headers = {"Authorization": f"Basic {pair}", "Content-Type": "application/x-www-form-urlencoded"}
    return (Ask(url=TOKEN_URL, body=form, headers=headers),)


def parse(payload: bytes, asked: Ask, source: SourceInfo) -> ShopAnswer:
    """The searches, from the token; or the listings of a search and its next page."""
    try:
        answer = decoded(payload)
        if asked.url == TOKEN_URL:
            return ShopAnswer(more=_searches(source, answer["access_token"]))
        items = rows(answer.get("itemSummaries", []))
    except (ValueError, KeyError, TypeError, AttributeError):
        return unexpected(payload)
    offers, rejections = read_each(items, _listing)
    broken = tuple(("broken", shown(item)) for item in items if _is_broken(item))
    turn = asked.turn + 1
    more = ()
    if answer.get("next") and turn <= LAST_PAGE:
        more = (Ask(url=with_query(asked.url, offset=(turn - 1) * PER_PAGE), headers=asked.headers, turn=turn),)
    return ShopAnswer(offers=offers, rejections=rejections + broken, more=more)


def _searches(source: SourceInfo, token: str) -> tuple[Ask, ...]:
    headers = {"Authorization": f"Bearer {token}", "X-EBAY-C-MARKETPLACE-ID": MARKETPLACES[source.country]}
    extra = {"limit": PER_PAGE, "filter": "buyingOptions:{FIXED_PRICE}", "sort": "price"}
    return tuple(Ask(url=with_query(start, **extra), headers=headers) for start in source.starts)


def _is_broken(item: Any) -> bool:
    return isinstance(item, dict) and str(item.get("conditionId")) == BROKEN


def _listing(item: dict[str, Any]) -> Iterator[RawOffer]:
    if _is_broken(item):
        return
    price = item["price"]
    amount, currency = (
        price.get("convertedFromValue") or price["value"],
        price.get("convertedFromCurrency") or price["currency"],
    )
    yield RawOffer(
        title=item["title"],
        price_text=f"{currency} {amount}",
        currency=currency,
        availability=Availability.IN_STOCK,
        condition=_condition(str(item.get("conditionId") or "")),
        url=_plain_address(item["itemWebUrl"]),
        sku=item["itemId"],
        syntax="json_api",
        snippet=shown({name: item.get(name) for name in ("title", "price", "condition", "buyingOptions")}),
    )


def _condition(condition_id: str) -> Condition:
    return next((condition for heads, condition in CONDITIONS if condition_id[:2] in heads), Condition.UNKNOWN)


def _plain_address(url: str) -> str:
    """The listing's address without what was added for tracking."""
    parts = urlsplit(url)
    return f"https://{parts.netloc}{quote(parts.path, safe='/%')}"
