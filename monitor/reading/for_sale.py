"""Whether a list is one of things for sale there and then, where its rows say nothing of their stock.

Shops mark what is sold out, or take its price or its button away; ads are taken down. So a row with a price of its own
is for sale if the page is a shop's (it has a cart), a market of private ads (it takes them), or the row tells how it is
sent. A comparison of prices has none of these: there nobody knows.
"""

import re
from collections.abc import Iterable

from monitor.reading.document import Document
from monitor.reading.text import VisibleText

_CART = re.compile(
    r"\b(?:(?:shopping )?cart|basket|shopping bag|trolley|(?:zum )?warenkorb|einkaufswagen|panier|carrito|cesta"
    r"|carrinho|sacola"
    r"|cesto|carrello|winkelwagen|winkelmand(?:je)?|koszyk\w*|kosár\w*|корзин[аеуы]|кошик\w*|koší\w+"
    r"|varukorg\w*|kundvagn\w*"
    r"|(?:handle|indkøbs)?kurv\w*|handlevogn|ostoskori\w*|coșul|sepet\w*|καλάθι|количка|košaric\w+|korp[aeu]"
    r"|ostukorv\w*"
    r"|krepšel\w+|groz[sāa]|keranjang|giỏ hàng)\b|ตะกร้า|장바구니|カート|買い物かご|购物车|購物車"
)
_CART_LINK = re.compile(
    rb"""["'/](?:cart|basket|shopping-?cart|warenkorb|panier|carrito|cesta|carrinho|carrello|winkelwagen|koszyk|kosar|kosik"""
    rb"""|korzina|kundvagn|varukorg|kurv|handlekurv|ostoskori|sepet|checkout)(?:\.\w{2,5})?["'/?]""",
    re.IGNORECASE,
)
_ADS = re.compile(
    r"\b(?:(?:place|post) (?:an? |your )?(?:free )?ad|sell (?:now|your|an item)|anzeige aufgeben|inserieren"
    r"|inserat aufgeben"
    r"|déposer une annonce|(?:publicar|poner|publica) (?:un )?anuncio|sube (?:tu )?producto|anunciar"
    r"|inserisci (?:un )?annuncio"
    r"|plaats (?:een )?advertentie|dodaj ogłoszenie|wystaw przedmiot|hirdetés ?feladás\w*|(?:подать|разместить"
    r"|дать) объявление"
    r"|подати оголошення|přidat inzerát|pridať inzerát|lägg in annons|opret annonce|legg ut annonse|jätä ilmoitus"
    r"|adaugă anunț|ilan ver)\b|판매하기|出品する|发布闲置"
)
_SENT = re.compile(
    r"\b(?:free (?:shipping|delivery)|(?:ships|delivers) to|get it (?:by|as soon)|delivery (?:by|tomorrow"
    r"|today)|in stock"
    r"|(?:gratis|kostenlose?r?) ?versand|versand möglich|livraison gratuite|envío gratis|envío incluido|frete grátis"
    r"|spedizione gratuita|gratis verzending|darmowa dostawa|ingyenes szállítás|бесплатная доставка"
    r"|безкоштовна доставка"
    r"|doprava zdarma|fri frakt|gratis fragt|ilmainen toimitus|ücretsiz kargo)\b|무료배송|送料無料|包邮|免運"
)


def is_for_sale(document: Document, seen: VisibleText) -> bool:
    """Whether the page belongs to a shop or to a market of private ads."""
    return (
        _CART.search(seen.lower) is not None
        or _CART_LINK.search(document.body) is not None
        or _ADS.search(seen.lower) is not None
    )


def is_sent(lines: Iterable[str]) -> bool:
    """Whether the lower-case lines of a row tell how it gets to the buyer."""
    return any(_SENT.search(line) for line in lines)
