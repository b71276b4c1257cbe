"""How long an order takes, as shops say it in the languages of the sources."""

import re

_DAYS = (
    r"(?:werk|arbeits|business |working )?(?:tage?n?|days?)|jours?(?: ouvr[ée]s)?|d[ií]as?|giorn[io]"
    r"|(?:werk)?dag(?:en|e|ar)?"
    r"|(?:var|hver)dag(?:ar|e|er)?|dni|dn[íiů]|nap|дн[яейі]*|день|zile|arkipäiv\w*|päiv\w*|ημέρ\w*|gün|hours?"
    r"|stunden|godzin\w*"
    r"|ч(?:ас\w*)?|h"
)
_WEEKS = (
    r"weeks?|wochen?|semaines?|semanas?|settiman[ae]|weken|tygodni\w*|týdn\w*|hét|недел\w*|тижн\w*|veckor|uger|uker"
    r"|viikko\w*"
)
# "Lieferzeit: ca. 1-2 Tage", "wysyłka w 24 godziny": how long an order takes, where nothing else is said of the stock.
DELIVERY_TIME = re.compile(
    r"(?:lieferzeit|liefer(?:ung|bar) (?:in|innerhalb(?: von)?)"
    r"|versandfertig in|delivery (?:time|in)|dispatch(?:ed|es)? (?:time|in|within)"
    r"|(?:ships?|shipped|sent|leaves our \w+) (?:in|within)"
    r"|d[ée]lai (?:de livraison|d'exp[ée]dition)|livraison (?:sous|en)|exp[ée]dition sous|plazo de entrega|entrega en"
    r"|prazo de entrega|entrega em|tempi? di (?:consegna|spedizione)|consegna in|spedizione in|levertijd"
    r"|leverbaar binnen"
    r"|czas (?:dostawy|realizacji|wysyłki)|wysyłka w(?: ciągu)?|dodac[íi] (?:lhůta|doba|lehota)|doručení do"
    r"|expedice do"
    r"|szállítási idő|kiszállítás|срок (?:доставки|поставки)|отгрузка|термін (?:доставки|поставки)|leveranstid"
    r"|leveringstid"
    r"|levering|toimitusaika|termen de livrare|livrare în|χρόνος παράδοσης|παράδοση σε|teslimat süresi)"
    r"\s*[:：]?\s*(?:\w{1,6}\.?\s)?(\d{1,3})(?:\s?(?:-|–|bis|to|à|a|do|до|až|tot|/)\s?(\d{1,3}))?\s*"
    rf"(?:({_DAYS})|({_WEEKS}))(?!\w)"
)
SOON_DAYS = 7
# "sous 7 jours", "in 3-5 Tagen": a delay behind a label about stock; from the shelf it takes no longer than SHELF_DAYS.
DELAY = re.compile(
    rf"\D{{0,12}}?(\d{{1,3}})(?:\s?(?:-|–|bis|to|à|a|do|до|až|tot"
    rf"|/)\s?(\d{{1,3}}))?\s*(?:({_DAYS})|({_WEEKS}))(?!\w)"
)
SHELF_DAYS = 3
