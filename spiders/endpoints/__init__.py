"""Shop systems and official APIs that answer in JSON, by the `reader` of a source's entry."""

from spiders.endpoints import bestbuy, ebay, keepa, shopify, woocommerce
from spiders.shop_answers import Endpoint

ENDPOINTS: dict[str, Endpoint] = {
    "shopify": shopify,
    "woocommerce": woocommerce,
    "ebay": ebay,
    "bestbuy": bestbuy,
    "keepa": keepa,
}
