"""What the markup around a text says about it: struck through, hidden, part of a menu or of "others also bought"."""

import re
from collections.abc import Iterable
from functools import lru_cache

from monitor.reading.document import Element


class Mark:
    """Marks of an element, as bits. HIDDEN, ASIDE and LINK come from any ancestor, the others from near ones."""

    NONE = 0
    STRUCK = 1  # an old price
    HIDDEN = 2
    ASIDE = 4  # menu, footer, related articles, accessories, reviews
    PRICE = 8  # called a price
    OTHER = 16  # called a saving, rate, shipping cost, member price, warranty
    LINK = 32
    NET = 64  # called a price without tax
    GROSS = 128
    ONLY_NET = 512  # without tax, and none with tax beside it
    REGULAR = 256  # called the regular or list price: an old one only where a lower one stands beside it


_NEAR = Mark.PRICE | Mark.REGULAR | Mark.OTHER | Mark.NET | Mark.GROSS | Mark.STRUCK
_FAR = Mark.HIDDEN | Mark.ASIDE | Mark.LINK
_NEAR_LEVELS = 5
_STRUCK_TAGS = frozenset(("s", "del", "strike"))
_ASIDE_TAGS = frozenset(("nav", "footer"))
_ATTRIBUTES = frozenset(
    (
        "class",
        "id",
        "data-testid",
        "data-test",
        "data-qa",
        "data-component",
        "data-automation",
        "data-marker",
        "data-hook",
        "data-e2e",
        "aria-label",
    )
)

_STRUCK = re.compile(
    r"strike|struck|line-?through|cross(?:ed)?[-_ ]?out|[-_ ]was\b|was[-_]?price|wasprice|price[-_]{0,2}was"
    r"|pricewas|old[-_]{0,2}pri"
    r"|price[-_]{0,2}old|priceold|oldprice"
    r"|(?<!n)rrp|msrp|[-_]uvp|uvp[-_]|compare[-_]?(?:at|price)|price[-_]{0,2}compare|before[-_]?price|(?:not|non)-?discounted"
    r"|price[-_]{0,2}before"
    r"|(?:^|\s)(?:old|was|prev|before)(?=\s|$)|previous[-_]?price|former|undiscounted|barre|stroke"
    r"|ancien|streich|vorher|preis-?alt|alter?-?preis|precio-?(?:anterior|antes|tachado)|preco-?(?:antigo|de\b)"
    r"|old-?value"
    r"|stara-?cena|cena-?(?:stara|przed)|discounted-from|price-through|beforeprice",
)
# A box that is named after the old price may hold the price of today as well: old only where a lower one stands beside.
_OLD_BOX = re.compile(r"[\w-]*old[-_]?price[-_]{0,2}(?:container|wrap(?:per)?|box|block|group|area)[\w-]*")
_REGULAR = re.compile(
    r"regular|list[-_]?price|price[-_]{1,2}list|base[-_]?price|original|full[-_]?price|standard[-_]?price"
    r"|normal[-_]?p"
)
_NOT_STRUCK = re.compile(r"no-?strike|price-item--sale|price--on-sale|current|basispreis-?aktuell|sale[-_]?price|now")
_NOT_STRUCK_STYLE = re.compile(r"text-decoration(?:-line)?\s*:\s*none")
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")
_HIDDEN_CLASS = re.compile(
    r"(?:^|\s)(?:hidden|hide|d-none|is-hidden|u-hidden|ng-hide|display-?none|no-?display|uk-hidden|js-hidden|dn"
    r"|x-hidden|hidden-block|visually-hidden-template)(?=\s|$)"
)
_SHOWN_SOMEWHERE = re.compile(
    r"(?:sm|md|lg|xl|xxl|desktop|mobile|tablet)[:-](?:block|flex|inline|grid|table|show)|d-(?:sm|md|lg|xl)|show-"
    r"|visible-"
)
_ASIDE = re.compile(
    r"relat(?:ed|ion)|recommend|also[-_]?(?:bought|viewed|like)|similar|cross[-_]?sell|up[-_]?sell|upsell|accessor"
    r"|carousel|swiper|slick-"
    r"|recently|you-?may|frequently|bought-?together|bundle|sponsor|advert|\bads?[-_](?:slot|banner|unit|box"
    r"|space|block|frame|container|wrap|area|zone|place|top|side|bottom)|mini-?cart|minicart"
    r"|cart-?(?:drawer|popup|flyout|overlay|modal|preview|summary)"
    r"|basket-?(?:drawer|preview|flyout)|site-?header|page-?header|header-?(?:top|nav|menu|bar|main|cart)"
    r"|mega-?menu|navbar|main-?menu|breadcrumb|footer"
    r"|cookie|newsletter|review|rating|testimonial|questions|wishlist-?(?:modal|popup)|compare-?(?:bar|drawer|list)"
    r"|alternativ|complement"
    r"|\bidentic|\bidentisch|zubeh[oö]r|[aä]hnliche|empfehl|kunden-?kauften|accessoire|associ[eé]|suggest|relacionad|similares|accesorios"
    r"|acessorio|correlat|accessori"
    r"|gerelateerd|aanbevolen|powi[aą]zane|podobne|polecane|kapcsol[oó]d[oó]|hasonl[oó]|pohoz|recomend"
    r"|souvisej[ií]c|podobn|relaterad|tillbeh[oö]r"
    r"|liknande|pairs-?well|complete-?the|shop-?the-?look|look-?book|trade-?in|warrant|protection|insurance"
    r"|care-?plan|service-?plan|gift-?card"
    r"|financ|promo-?(?:bar|banner|strip)|top-?banner|announcement|history-?price|price-?history|best-?sell"
    r"|most-?popular|people-?also|customers-?also",
)
# Names that say what a price has beside it or how it stands, not what it is: "has-discount", "price-and-shipping",
# "discounted-price" (a price after the discount).
_STATES = re.compile(
    r"(?:has|with|is|show|no)-{1,2}(?:rrp|uvp|msrp|compare|old-?price|regular-?price|list-?price|discount|sale|saving|shipping"
    r"|strike)[\w-]*"
    r"|(?:and|plus|incl?|tax)[-_](?:shipping|delivery)|(?<=price)[-_]{1,2}shipping(?=[-_]{1,2}price)"
    r"|(?<=price)[-_]{1,2}discount(?:ed)?(?![-_]?(?:am|per|val|lab|bad|text|tag|info|flag|code|box|no))"
    r"|discount(?:ed)?[-_]{0,2}(?=pri[cs]e|preis|prix|precio|preco|prezzo|prijs|cena)"
)
_PRICE = re.compile(
    r"pri[cs]e|preis|\bprix|precio|preco|pre[cç]o|prezzo|prijs|\bcena|[-_]cena|\bpris\b|pris[-_]|ár\b|amount|valor"
    r"|tsena|\bkaina|hinta|\bfiyat|money|cost\b|\bpvp",
)
_OTHER = re.compile(
    r"sav(?:e|ing)|discount|rabatt?|remise|descuento|desconto|sconto|korting|instal?lment|financ|monthly|per-?month"
    r"|klarna|afterpay|affirm|paypal"
    r"|parcela|cuota|rate[-_]|mensual|leasing|shipping|delivery|versand|livraison|envio|frete|spedizion|verzend"
    r"|dostaw|szallit|member|loyalty"
    r"|club|coupon|voucher|gutschein|(?:promo|discount|action)-?code|code-?promo|price-?measure|measure-?price|trade-?in|unit-?price|price-?per|per-?unit|base-?unit|grundpreis|deposit"
    r"|reward|points|cashback|eco-?(?:fee|part|tax)"
    r"|environmental|rebate|gift|warrant|insurance|protection|tax-?amount|vat-?amount|price-?range-?filter|filter"
    r"|facet|slider|min-?price-?30|lowest-?price|omnibus"
    r"|starting-?at-?other|other-?sellers|more-?buying|used-?price|refurb-?price|open-?box",
)
_NET = re.compile(
    r"ex(?:cl?|cluding)?[-_]?(?:vat|tax|mwst|btw|moms|gst)|without[-_]?(?:vat|tax)|netto?(?:[-_]?pri|preis|\b)"
    r"|price[-_]?net|\bht\b|[-_]ht\b|hors-?tax"
)
_GROSS = re.compile(
    r"in(?:cl?|cluding)?[-_]?(?:vat|tax|mwst|btw|moms|gst)|with[-_]?(?:vat|tax)|brutto|gross|\bttc\b|[-_]ttc\b"
)


class Marks:
    """Remembers the marks of the elements of one page."""

    def __init__(self) -> None:
        self._own: dict[Element, int] = {}
        self._all: dict[Element, int] = {}
        self._whole: dict[Element, int] = {}

    def own(self, element: Element) -> int:
        """The marks that an element's own tag and attributes give it."""
        known = self._own.get(element)
        if known is None:
            known = self._own[element] = _read_marks(element)
        return known

    def put(self, mark: int, elements: Iterable[Element]) -> None:
        """Mark elements, whatever they are called: as being about other articles, or as what cannot be used."""
        for element in elements:
            self._own[element] = self.own(element) | mark
        self._forget()

    def exempt(self, element: Element) -> None:
        """Take ASIDE from the elements that hold the page's main title: "product--carousel" is no menu."""
        node = element
        while node is not None:
            if node.tag not in _ASIDE_TAGS and self.own(node) & Mark.ASIDE:
                self._own[node] &= ~Mark.ASIDE
            node = node.getparent()
        self._forget()

    def _forget(self) -> None:
        self._all.clear()
        self._whole.clear()

    def of(self, element: Element) -> int:
        """The marks of an element, its near ancestors, and what all its ancestors pass on."""
        known = self._whole.get(element)
        if known is not None:
            return known
        chain: list[Element] = []
        node = element
        while node is not None and node not in self._all:
            chain.append(node)
            node = node.getparent()
        marks = self._all[node] if node is not None else Mark.NONE
        for link in reversed(chain):
            marks |= self.own(link) & _FAR
            self._all[link] = marks
        whole = self._whole[element] = marks | self._near(element)
        return whole

    def _near(self, element: Element) -> int:
        marks = Mark.NONE
        node = element
        for _ in range(_NEAR_LEVELS):
            if node is None:
                break
            marks |= self.own(node) & _NEAR
            node = node.getparent()
        return marks


def _read_marks(element: Element) -> int:
    tag = element.tag
    marks = Mark.STRUCK if tag in _STRUCK_TAGS else Mark.ASIDE if tag in _ASIDE_TAGS else Mark.NONE
    attributes = dict(element.items())  # at once: each look into lxml's own mapping costs more than the whole
    if not attributes:
        return marks
    if tag == "a" and attributes.get("href"):
        marks |= Mark.LINK
    style = attributes.get("style") or ""
    if "hidden" in attributes or (style and _HIDDEN_STYLE.search(style)):
        marks |= Mark.HIDDEN
    elif "line-through" in style:
        marks |= Mark.STRUCK
    names = " ".join([value[:300] for name, value in attributes.items() if name in _ATTRIBUTES])
    if attributes.get("data-a-strike") == "true":
        marks |= Mark.STRUCK
    if attributes.get("itemprop") in ("price", "lowPrice"):
        marks |= Mark.PRICE
    named = _marks_of_names(names, tag) if names else Mark.NONE
    if named & Mark.STRUCK and _NOT_STRUCK_STYLE.search(style):
        named &= ~Mark.STRUCK  # what it looks like decides, not what it is called
    return marks | named


@lru_cache(maxsize=50_000)
def _marks_of_names(names: str, tag: str) -> int:
    """The marks that class, id and test names give; the same few hundred names make up a whole shop."""
    names = names.lower()
    marks = Mark.NONE
    if _HIDDEN_CLASS.search(names) and not _SHOWN_SOMEWHERE.search(names):
        marks |= Mark.HIDDEN
    if tag in ("body", "html", "main"):
        return marks
    names = _OLD_BOX.sub("regular", _STATES.sub("", names))
    if _STRUCK.search(names) and not _NOT_STRUCK.search(names):
        marks |= Mark.STRUCK
    elif _REGULAR.search(names):
        marks |= Mark.REGULAR
    if _ASIDE.search(names):
        marks |= Mark.ASIDE
    if _PRICE.search(names):
        marks |= Mark.PRICE
    if _OTHER.search(names):
        marks |= Mark.OTHER
    if _NET.search(names):
        marks |= Mark.NET
    elif _GROSS.search(names):
        marks |= Mark.GROSS
    return marks
