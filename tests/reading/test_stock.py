"""What short lines of pages say of the stock, in the languages of the sources."""

import pytest

from monitor.core.models import Availability, Condition
from monitor.reading.stock import condition_in_lines, condition_in_title, stock_in

IN, FEW, OUT = Availability.IN_STOCK, Availability.LIMITED, Availability.OUT_OF_STOCK
ORDERED, PRE, GONE, UNKNOWN = (
    Availability.BACKORDER,
    Availability.PREORDER,
    Availability.DISCONTINUED,
    Availability.UNKNOWN,
)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["knapper lagerbestand"], FEW),
        (["wenige exemplare auf lager - schnell bestellen!"], FEW),
        (["momentan nicht verfügbar"], OUT),
        (["lieferzeit: ca. 1-2 tage"], IN),
        (["lieferzeit: 3-4 wochen", "in den warenkorb"], ORDERED),
        (["lagerbestand:", "12 stück"], IN),
        (["dispo web :", "sous 7 jours"], ORDERED),
        (["dispo web :", "rupture", "ajouter au panier"], OUT),
        (["indisponible en livraison", "disponible uniquement en magasin"], FEW),
        (["últimas unidades en stock"], FEW),
        (["dostępność: brak"], OUT),
        (["dostępność: duża ilość"], IN),
        (["brak opinii", "do koszyka"], IN),  # no reviews is not no stock
        (["skladem (>5 ks)"], IN),
        (["skladem 2 ks"], FEW),
        (["skladem u dodavatele"], ORDERED),
        (["jelenleg nem rendelhető"], OUT),
        (["raktárkészlet: 0 db"], OUT),
        (["наличие:", "мало"], FEW),
        (["в наличии в 34 магазинах"], IN),
        (["готово до відправки"], IN),
        (["webblager: 5+ st"], IN),
        (["ikke på lager. forventet 15.12."], ORDERED),
        (["saatavuus:", "varastossa 20+ kpl"], IN),
        (["tükendi", "gelince haber ver"], OUT),
        (["ただいま品切れ中です"], OUT),
        (["お取り寄せ(1~2週間)"], ORDERED),
        (["상품의 재고가 부족하여 구매할 수 없습니다."], OUT),
        (["还有 12 件", "加入购物车"], IN),
        (["sold by newegg", "add to cart"], IN),
        (["sold"], OUT),
        (["cart (0)"], UNKNOWN),
        (["pickup", "not available", "add to cart"], IN),
        (["notify me when it is in stock"], OUT),
        (["benachrichtigen, wenn verfügbar"], OUT),
        (["produkt archiwalny"], GONE),
        (["pre-order - eta 28/02"], PRE),
        (["ships in 2 days"], IN),
        (["usually ships within 24 hours"], IN),
        (["ships in 12 weeks"], ORDERED),
        (["lieferbar in 2 tagen"], IN),
        (["lieferbar in 14 tagen"], ORDERED),
        (["voor 23:59 besteld, morgen in huis"], IN),
        (["nu voor 219 euro"], UNKNOWN),
        (["sofortüberweisung"], UNKNOWN),  # a way to pay
        (["todos los derechos reservados"], UNKNOWN),
        (["meilleures ventes", "nouveaux arrivages"], UNKNOWN),
        (["dina beställningar"], UNKNOWN),
        (["finance available from £20/month"], UNKNOWN),
        (["verified purchase"], UNKNOWN),
    ],
)
def test_lines_state_the_stock(lines, expected):
    assert stock_in(lines) is expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["usado | 1 vendido"], Condition.USED),
        (["zustand", "sehr gut"], Condition.USED),
        (["état : très bon", "reconditionné"], Condition.REFURBISHED),
        (["中古 ランクb"], Condition.USED),
        (["used - good"], Condition.USED),
        (["condition: new"], Condition.NEW),
        (["new & used"], Condition.UNKNOWN),
        (["gut beschrieben"], Condition.UNKNOWN),
        (["outlet grade a"], Condition.USED),
        (["grade b - refurbished"], Condition.REFURBISHED),
        (["military grade aluminium"], Condition.UNKNOWN),
    ],
)
def test_lines_state_the_condition(lines, expected):
    assert condition_in_lines(lines) is expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("RTX 3080 10GB Outlet Grade A", Condition.USED),
        ("RTX 3080 10GB (A-Grade)", Condition.USED),
        ("RTX 3080 Refurbished Grade A", Condition.REFURBISHED),
        ("RTX 3080 generalüberholt, Grade B", Condition.REFURBISHED),
        ("ASUS TUF RTX 3080, Military-Grade Certification, military grade builds", Condition.UNKNOWN),
    ],
)
def test_a_grade_is_given_to_what_was_used(title, expected):
    assert condition_in_title(title) is expected
