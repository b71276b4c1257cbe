"""Parts of a page that are about other articles, told by the heading above them: "Related products", "Zubehör"."""

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import islice

from monitor.reading.document import Element

MAX_CHARS = 70
MAX_CLIMB = 4
_HEADINGS = frozenset(("h2", "h3", "h4", "h5", "h6"))
_STRONG = frozenset((*_HEADINGS, "strong", "b", "legend", "caption", "dt", "th"))
_CALLED = re.compile(r"title|head|label|caption|nadpis|titre|titulo|ueberschrift", re.IGNORECASE)
# What such headings begin with. Words of parts of the article itself ("accessories included") must not fit.
_OTHERS = re.compile(
    r"(?:related|identical) (?:products?|items?|articles?)|similar (?:products?|items?|listings?)|you (?:may"
    r"|might) (?:also )?(?:like|need|be)"
    r"|(?:customers?|people|others|shoppers|users)\b.{0,30}\b(?:also|bought|viewed|like)|frequently bought"
    r"|bought together"
    r"|recommended|we recommend|recently (?:viewed|seen)|best ?sellers?\b|accessories$"
    r"|compare (?:with )?similar|more from"
    r"|sponsored|you also|pairs well|goes well|alternatives?\b|upgrade to|also (?:available|bought|viewed)"
    r"|featured products"
    r"|(?:new|popular|top) (?:products|arrivals)|explore (?:more|related)|shop (?:more|similar)|complete (?:the|your)"
    r"|ähnliche|identische|verwandte (?:produkte|artikel)"
    r"|kunden\b.{0,50}\b(?:kauften|kaufen|gekauft|angesehen|interessier|auch)"
    r"|(?:passendes )?zubehör$|passend dazu|das könnte|dazu passt|empfehlungen|unsere empfehlung|wir empfehlen"
    r"|zuletzt (?:an)?gesehen|wird oft zusammen|oft zusammen|bestseller|weitere (?:artikel|produkte)|alternativ"
    r"|andere kunden|auch interessant|neue artikel|top-?artikel"
    r"|produits? (?:similaires|associés|apparentés|complémentaires|recommandés|consultés)"
    r"|(?:articles?|produits) (?:similaires|associés|identiques)"
    r"|vous (?:aimerez|pourriez|allez)|les clients ont|ils ont aussi|accessoires$|récemment (?:vus|consultés)"
    r"|dans la même catégorie|meilleures ventes|d'autres (?:clients|produits)|nous vous recommandons|souvent achetés"
    r"|productos? (?:relacionad|similares|recomendad|vistos|complementari)|también (?:te |le |podría)|te puede|quizás"
    r"|(?:los )?clientes (?:que|también)|accesorios$|vistos recientemente|comprados juntos|otros clientes"
    r"|más vendidos"
    r"|quienes (?:vieron|compraron)|te recomendamos|publicaciones (?:relacionadas|del vendedor)"
    r"|produtos? (?:relacionad|similares|recomendad|semelhantes|vistos)|quem (?:viu|comprou|viewed)|você também"
    r"|aproveite|(?:produtos|artigos|productos) (?:idênticos|idénticos)"
    r"|compre junto|clientes também|acessórios$|mais vendidos|recomendados|talvez (?:você|se)|veja também"
    r"|prodotti (?:correlati|simili|consigliati|associati|visti)|potrebbe(?:ro)? |ti potrebbe"
    r"|chi ha (?:acquistato|comprato|visto)"
    r"|accessori$|visti di recente|spesso (?:acquistati|comprati)|i clienti|consigliati"
    r"|articoli (?:correlati|simili|identici)"
    r"|gerelateerde|vergelijkbare|anderen (?:bekeken|kochten)|misschien|ook interessant|aanbevolen|recent bekeken"
    r"|vaak samen|klanten|bijpassend|dit vind je"
    r"|podobne|produkty (?:podobne|powiązane|polecane|uzupełniające)|polecamy|polecane|klienci|zobacz (?:też"
    r"|również|także)"
    r"|akcesoria$|ostatnio oglądan|inni (?:kupili|klienci)|najczęściej|kup w zestawie|pasujące|może ci się|mogą ci"
    r"|hasonló|kapcsolódó|ajánlott|ajánljuk|akik ezt|mások|ezeket is|kiegészítők$|tartozékok$|legutóbb|népszerű"
    r"|neked ajánl|vásárlóink"
    r"|souvisej|podobn|příslušenství$|doporuč|zákazníci|mohlo by|naposledy|alternativy|súvisiace|príslušenstvo$"
    r"|odporúč"
    r"|zákazníkov|nejprodávan|najpredávan|k tomuto|ostatní (?:také|kupují)"
    r"|похожие|с этим товаром|рекоменд|сопутствующ|аксессуары$|вы (?:недавно )?смотрели|(?:недавно )?просмотренн"
    r"|недавно|аналог|хиты|вам (?:может|также)|вместе (?:дешевле|с этим)|покупают|другие (?:товары|объявления)"
    r"|также (?:покупают|смотрят)|популярные"
    r"|схожі|подібні|з цим товаром|супутні|аксесуари$|нещодавно|ви (?:переглядали|дивились)|переглянут|разом|вам може"
    r"|купують|інші (?:товари|оголошення)|популярні"
    r"|relaterad|liknande|tillbehör$|andra (?:köpte|kunder|tittade)|kunder (?:köpte|som)|senast visade|du kanske"
    r"|relate?r[et]|lignende|tilbehør$|andre (?:købte|kjøpte|kunder)|anbefal|sist sett|du vil måske|populære"
    r"|samankaltais|liittyv|suosittel|tarvikkeet$|muut (?:ostivat|asiakkaat)"
    r"|produse (?:similare|recomandate|asemănătoare|asociate)|accesorii$|clien[tț]ii|benzer|ilgili ürün|bunları"
    r"|aksesuar"
    r"|σχετικ|παρόμοι|προτεινόμεν|swap|seotud|sarnased|panašios|līdzīg|povezani|slični"
    r"|관련 ?상품|추천 ?상품|함께|연관|다른 고객|이 상품과|비슷한|최근 본"
    r"|関連(?:商品|製品)|おすすめ|オススメ|この商品を|最近(?:見|チェック|閲覧)|よく一緒|類似|チェックした"
    r"|併せて|こちらも"
    r"|相关(?:商品|产品|推荐)|猜你喜欢|推荐|看了又看|相關(?:商品|產品)|推薦|為您|其他人|瀏覽|浏览|热销|熱銷",
)


def others_below(texts: Iterable[tuple[Element, str]]) -> list[Element]:
    """The elements that follow a heading for other articles, up to the next heading of its kind. `texts` are the pieces
    of text that people see, with the elements that hold them."""
    found: dict[Element, None] = {}
    for element, text in texts:
        if len(text) > MAX_CHARS or not _is_about_others(text):
            continue
        heading = _heading_at(element)
        if heading is not None:
            found.update(dict.fromkeys(_following(heading)))
    return list(found)


@lru_cache(maxsize=50_000)
def _is_about_others(text: str) -> bool:
    """Whether a text is such a heading; the menus and rows of a shop ask for the same texts on every page."""
    return _OTHERS.match(text.lower()) is not None and _NOT_OTHERS.search(text) is None


# "Recommended price: 599 €" is no heading.
_NOT_OTHERS = re.compile(
    r"[€$£¥₹₩₽₴%]|pri[cs]e|preis|\bprix|precio|preço|prezzo|prijs|\bcen[ay]\b|\bár\b|pris\b|hinta|цен|цін|価格"
    r"|가격|价|價|\d{4}",
    re.IGNORECASE,
)


def _heading_at(element: Element) -> Element | None:
    """The heading that a text is, or stands in; `None` for text that is none."""
    node = element
    for _ in range(3):
        if node is None:
            return None
        if node.tag in _STRONG or _CALLED.search(node.get("class") or ""):
            return node
        node = node.getparent()
    return None


def _text(element: Element) -> str:
    """The element's text in lower case, its first hundred characters."""
    parts = islice(element.itertext(), 12)
    return " ".join("".join(parts).split())[: MAX_CHARS + 1].strip(" :–—-•").lower()


def _following(heading: Element) -> list[Element]:
    """What follows a heading in its box; where it is alone in a box of its own, what follows that."""
    node = heading
    for _ in range(MAX_CLIMB):
        following = list(_until_next_heading(node, heading.tag))
        if following:
            return following
        parent = node.getparent()
        if parent is None or parent.tag in ("body", "main", "html") or len(_text(parent)) > MAX_CHARS:
            return []
        node = parent
    return []


def _until_next_heading(node: Element, tag: str) -> list[Element]:
    found: list[Element] = []
    for sibling in node.itersiblings():
        if sibling.tag == "h1" or (tag in _HEADINGS and sibling.tag in _HEADINGS and sibling.tag <= tag):
            break
        found.append(sibling)
    return found
