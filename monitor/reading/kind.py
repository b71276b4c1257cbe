"""Whether a page is about one article or about a list of them."""

import re

from monitor.reading.action_words import ACTIONS, BUY, NOTIFY
from monitor.reading.claims import Product
from monitor.reading.document import Document
from monitor.reading.heading import Heading, likeness, tokens
from monitor.reading.listing import Listing
from monitor.reading.marks import Mark
from monitor.reading.text import VisibleText
from monitor.reading.visible import SURE, SeenPrice

_LIST_TYPES = frozenset(("itemlist", "collectionpage", "searchresultspage", "offercatalog", "productcollection"))
_COUNT = re.compile(
    # A number of them, not the end of a price ("4.99", then "Product reviews").
    r"(?:(?<![\d.,$€£])(?!\d{1,9}[.,]\d\d(?!\d)|[01]\s)\d[\d.,' ]{0,12}|\balle)\s{0,3}"
    r"(?:products?|results?|items?|articles?|artikel|produkte|treffer|ergebnissen?"
    r"|résultats?"
    r"|produits?|resultados?|productos?|produtos?|risultati|prodotti"
    r"|articoli|resultaten|producten|produktów|wyników|ofert\w*|ogłosze\w*|produkty|położ\w*|pozycji|termék"
    r"|hirdetés\w*|találat|товар(?:ов|а|ів|и)?|объявлени\w*|оголошен\w*"
    r"|результат\w*|produktů|položek|inzerát\w*|výsledků|ürün|produse|προϊόντα|produkter|träffar|treff|varer|tuotetta"
    r"|개의? 상품|개 상품|件|個の商品|个商品|项结果|筆)\b"
    r"|(?<!\d)\d{1,9} (?:annonces?|anuncios?|annunci|advertenties|ads|listings?)\b"
    r"|\d\s?[-–]\s?\d+ (?:of|von|de|di|do|van|z|ze|из|з|av|af|sur|su|out of|/) [\d.,]+"
    r"|\b(?:sort by|sortieren|trier par|ordenar por|ordina per|sorteer|sortuj|rendezés|сортировать|сортування"
    r"|seřadit|sortera|sorter|정렬|並び替え|並べ替え|排序)",
    re.IGNORECASE,
)
_SEARCH = re.compile(
    r"results?\b.{0,5}\bfor|search|suchergebnis|suche nach|résultats? (?:pour|de)|recherche|resultados? (?:de|para"
    r"|por)|buscar|risultati|ricerca|zoekresultaten|gezocht|wyniki"
    r"|szukan|találatok|keresés|результаты|поиск|пошук|hledán|výsledky|sökresultat|søk|søg|검색|検索|搜索|搜尋",
    re.IGNORECASE,
)
_LIST_PATH = re.compile(
    r"/s\?|/search|/suche|/recherche|/buscar|/busca|/zoeken|/szukaj|/kereses|/poisk|[?&](?:q|k|query|search|keyword"
    r"|d|text|s)="
    r"|/collections/[^/]+/?(?:\?|$)|/categor|/kategori|/catalog(?:ue)?/[^/]*/?$|/c/|/g-\d+/|/product-category/|/pl\?"
    r"|(?:[/_.-]|product|produkt|goods|item|article|category|search|shop)list(?:e|ing(?!/\d)|a|ado)?(?:\.\w{2,5})?(?:[/?]|$)|[?&](?:cat|cate|category|cate_?no|cpath|category_?id|cid|ca_id)=",
    re.IGNORECASE,
)
_HOST = re.compile(r"^\w*:?//[^/?#]*")
_ITEM_QUERY = re.compile(
    r"[?&](?:products?_?(?:id|no|code)|item_?(?:id|code|no)|it_id|goods_?no|sku|pcode)=", re.IGNORECASE
)
_ITEM_PATH = re.compile(
    r"/dp/|/p/|/products?/[^/]+|/item/|/fiche/|/produkt|/produit|/producto|/produto|/prodotto|/ip/|/listing/\d|/pd/"
    r"|\.p(?:\?|$)",
    re.IGNORECASE,
)
_FRONT_PATH = re.compile(r"/?(?:(?:index|default|home)(?:\.\w{2,5})?/?|[a-z]{2}(?:[-_][a-z]{2})?/?)?", re.IGNORECASE)
_PREORDER = re.compile(
    r"pre-?order(?: now)?|(?:jetzt )?vorbestellen|pr[ée]commander|reservar|prenota(?: ora)?|предзаказ"
    r"|předobjednat|予約する"
)
_QUANTITY = re.compile(
    r"(?:quantity|qty|menge|anzahl|stückzahl|quantité|cantidad|quantidade|quantità|aantal|ilość|množství|množstvo"
    r"|mennyiség|darab|количество|кол-во|кількість|antal|antall|määrä|cantitate|adet|数量|數量|수량)\.? ?[:：]?"
)
MANY_ROWS = 8
_PART_NUMBER = re.compile(r"\b(?=\w*\d)(?=\w*[^\W\d_])\w{5,}\b")  # an article's, not a category's name
NEAR_CHARS = 2500


def is_listing(
    document: Document,
    seen: VisibleText,
    heading: Heading,
    listing: Listing,
    outside: SeenPrice | None,
    products: list[Product],
    types: frozenset[str],
) -> bool:
    """Whether the page's list is what it is about. `outside` is the likeliest price that stands in no row."""
    score = _by_markup(document, heading, products, types)
    score += _by_heading(heading, document)
    score += _by_address(document)
    score += _by_text(seen, heading, listing)
    if outside is not None:
        score += 1.5 if outside.score >= SURE else 0.5 if outside.score >= 1.5 else 0.0
    if len(listing.rows) >= MANY_ROWS:
        score -= 0.5
    if listing.aside:
        score += 1.5
    return score < 1.5


def is_called_list(types: frozenset[str], address: str) -> bool:
    """Whether a page says that it is a list, by the types of its markup or by its address."""
    return bool(types & _LIST_TYPES and "product" not in types) or is_list_address(address)


def is_nameless(document: Document) -> bool:
    """Whether a page calls itself nothing at all: the rows of a list that a script asks for."""
    return not document.title and not document.meta("og:title") and next(document.root.iter("h1"), None) is None


def is_front_page(document: Document) -> bool:
    """Whether a page's address is that of its whole site."""
    address = document.url or document.canonical
    return bool(address) and _FRONT_PATH.fullmatch(_HOST.sub("", address, count=1)) is not None


def is_list_address(address: str) -> bool:
    """Whether an address looks like that of a category or a search."""
    path = _HOST.sub("", address, count=1)
    return _LIST_PATH.search(path) is not None and _ITEM_PATH.search(path) is None


def _by_markup(document: Document, heading: Heading, products: list[Product], types: frozenset[str]) -> float:
    score = 0.0
    if types & _LIST_TYPES and "product" not in types:
        score -= 2.5
    own = [product for product in products if product.depth == 0 and product.syntax != "opengraph"]
    if any(likeness(product.name, heading.text) >= 0.6 and len(tokens(product.name)) >= 3 for product in own):
        score += 1.5
    return score + (0.5 if document.meta("og:type").lower().startswith("product") else 0.0)


def _by_heading(heading: Heading, document: Document) -> float:
    words = len(tokens(heading.text))
    if _PART_NUMBER.search(heading.text):
        words = max(words, 4)
    if not heading.text or heading.position < 0:
        return -0.5
    if _SEARCH.search(heading.text) or _SEARCH.search(document.title[:60]):
        return -2.0
    length = 1.5 if words >= 6 else 0.8 if words >= 4 else 0.0 if words == 3 else -1.0
    return length if heading.sure else min(length, 0.5)


def _by_address(document: Document) -> float:
    address = _HOST.sub("", document.url or document.canonical, count=1)
    if is_front_page(document):
        return -2.0
    if _ITEM_QUERY.search(address):
        return 0.8
    if _LIST_PATH.search(address):
        return -1.5
    return 0.8 if _ITEM_PATH.search(address) else 0.0


def _by_text(seen: VisibleText, heading: Heading, listing: Listing) -> float:
    """A button to buy before the list speaks for one article; counts of results and sorting for a list."""
    start = max(heading.position, 0)
    end = start + len(heading.text) + NEAR_CHARS
    score = 0.0
    buttons = 0
    amount = False  # a place to say how many
    line_start = start
    for line in seen.lower[start:end].split("\n"):
        in_list = listing.start <= line_start <= listing.end
        if len(line) <= 40 and not in_list and not listing.holds(seen.element_at(line_start)):
            found = {action for action, _, _ in ACTIONS.all_in(line)}
            amount = amount or _QUANTITY.fullmatch(line.strip()) is not None
            pressed = BUY in found or NOTIFY in found or _PREORDER.fullmatch(line.strip()) is not None
            if pressed and not seen.marks_at(line_start) & Mark.HIDDEN:
                buttons += 1
        line_start += len(line) + 1
    if buttons:
        score += 1.5
    if amount:
        score += 0.7
    if _COUNT.search(seen.text[max(0, start - 300) : listing.start]):
        score -= 1.5
    distance = listing.start - start
    return score + (1.5 if distance > 6000 else 0.7 if distance > 3000 else 0.0)
