"""Words that say what an amount beside a price is, by language: the old price, a saving, a rate, shipping, ...

Each role has words that stand before its amount ("was $999") and words that stand after it ("$83.25/month").
Everything is lower case; matched at word starts, so "economi" covers "economisez" and "economize".
"""

import re
from collections.abc import Mapping
from enum import StrEnum


class Role(StrEnum):
    """What an amount of money is."""

    ASKING = "asking"
    FROM = "from"  # the lowest of several variants or sellers
    WAS = "was"
    SAVING = "saving"
    INSTALMENT = "instalment"
    SHIPPING = "shipping"
    MEMBER = "member"  # needs a membership, coupon or trade-in
    NET = "net"  # without tax
    EXTRA = "extra"  # warranty, deposit, unit price, reward: not the article
    RANGE = "range"
    REGULAR = "regular"  # the usual price: what is asked, unless a lower one stands beside it


_BEFORE = {
    Role.REGULAR: """
        regular price | regular | reg. | normal price | usual price | normalpreis | regulärer preis | prix normal |
        prix habituel | precio habitual | precio regular | precio normal | preço normal | prezzo normale |
        normale prijs | normaal | normalpris | ordinarie | normaalihinta | обычная цена | звичайна ціна |
        cena normalna | normál ár | 通常価格 | 정상가
    """,
    Role.WAS: """
        retail: |
        was | were | list price | list: | original price | originally | before | rrp | msrp | srp | compare at |
        old price | previous | typical price | retail price | std price | lowest price in | 30-day |
        lowest price of the last | price new | new: | uvp | np | neupreis | neuwert | prix neuf | új ára |
        новая стоила | 参考新品価格 | statt | bisher | vorher | alter preis | ursprünglich | streichpreis | unverb |
        niedrigster preis | ancien prix | au lieu de | prix barré | prix conseillé | prix public | avant |
        prix initial | neuf : | antes | precio anterior | precio original | pvpr | pvp recomendado |
        precio recomendado | precio de lista | de r$ | de: r$ | preço original | por de | era | prezzo precedente |
        prezzo consigliato | prezzo di listino | invece di | prima | anziché | listino | adviesprijs | van |
        oude prijs | vanafprijs was | oorspronkelijke | cena katalogowa | poprzednia cena | najniższa cena |
        cena regularna | stara cena | przed obniżką | eredeti ár | korábbi ár | régi ár | listaár | fogy. ár |
        старая цена | было | вместо | цена без скидки | без скидки | рек. цена | стара ціна | було | původní cena |
        běžná cena | pôvodná cena | doporučená | před slevou | nejnižší cena | ord. pris | tidligere | førpris |
        før | rek. pris | veiledende | rekommenderat | niedrigster gesamtpreis | reduced from | marked down from |
        original price was | previous price | price was | ursprünglicher preis | reduziert von |
        le prix initial était | precio original era | el precio original era | prezzo originale |
        il prezzo originale era | oorspronkelijke prijs was | preço original era | pierwotna cena |
        pierwotna cena wynosiła | cena pierwotna | původní cena byla | pôvodná cena bola | az eredeti ár |
        первоначальная цена | прежняя цена | цена до скидки | оригінальна ціна | попередня ціна | ціна до знижки |
        рекомендована | det ursprungliga priset | ursprungligt pris | tidigare pris | tidl. pris | oprindelig |
        opprinnelig | alkuperäinen hinta | prețul inițial | preț vechi | preț recomandat | prp | orijinal fiyat |
        piyasa fiyatı | τιμή λίστας | αρχική τιμή | λιανική | tavahind | 시중가격 | 시중가 | 출시가 | 할인 전 |
        当店通常 | メーカー小売 | 税込定価 | 門市價 | 建議價 | 市場售價 | 日常价 | ovh | 参考価格 | 定価 |
        希望小売価格 | 元値 | メーカー希望 | 旧価格 | 市場価格 | 市价 | 市場價 | 原价 | 原價 | 划线价 | 定价 |
        定價 | 建議售價 | 정가 | 할인전 | 기존가 | 소비자가 | 판매가 할인전 | 원가 | eski fiyat
    """,
    Role.SAVING: """
        du sparer | du sparar |
        save | you save | saving | savings | discount | off | less | instant rebate | rebate | you saved | sparen |
        ersparnis | gespart | rabatt | sie sparen | spar | du sparst | nachlass | économ | econom | remise |
        réduction | soit - | ahorr | descuento | rebaja | desconto | poup | risparmi | sconto | bespaar | korting |
        voordeel | oszczęd | rabat | taniej o | zniżka | kedvezmény | megtakarítás | экономия | скидка | выгода |
        знижка | економія | вигода | ušetříte | sleva | zľava | ušetríte | spara | besparelse | säästä | 割引 |
        値引 | お得 | 立减 | 优惠 | 節省 | 折抵 | 할인 | 절약 | indirim | cashback | cash back
    """,
    Role.INSTALMENT: """
        fois | mal | per month | monthly | finance | installments of | payments of | instalments of | as low as |
        pay in 4 | affirm | klarna | afterpay | financing | lease | raten | monatlich | rate | finanzierung |
        ratenzahlung | mtl | mensualité | en 3x | en 4x | en 10x | par mois | cuotas | mensualidad | plazos |
        al mes | meses | financia | x de | parcela | em até | vezes | rate da | rata | al mese | finanziamento |
        per maand | termijn | raty | rat | miesięcznie | raty od | részlet | havonta | havi | в рассрочку |
        рассрочка | в месяц | кредит | платеж | платежей | розстрочка | на місяць | оплата частинами | платежів |
        splátk | měsíčně | mesačne | delbetal | per månad | avdrag | pr. md | pr. måned | månadsvis | osamaksu |
        分割 | 月々 | 月額 | 分期 | 每期 | 每月 | 할부 | 월 | 무이자 | taksit
    """,
    Role.SHIPPING: """
        s&s | s&h | p&p |
        mindestbestellwert | mindestbestellmenge | minimum order | minimum spend | minimum de commande |
        commande minimum | pedido mínimo | compra mínima | ordine minimo | minimale bestelwaarde |
        minimum zamówienia | minimalne zamówienie | minimální objednávka | minimálna objednávka |
        minimális rendelés | минимальный заказ | минимальная сумма | мінімальне замовлення | мінімальна сума |
        shipping | delivery | postage | freight | ship | handling | free over | orders over | orders above |
        versand | lieferung | porto | zzgl | versandkosten | versandkostenfrei ab | livraison | frais de port |
        frais d'envoi | port | envío | envio | gastos de | frete | entrega | portes | spedizione | consegna |
        verzend | bezorg | levering | dostawa | wysyłka | przesyłka | kuriera | dostawy | szállítás | kiszállítás |
        доставк | пересылка | доставка | doprav | poštovné | dopravn | frakt | fragt | toimitus | leverans | 送料 |
        配送料 | 运费 | 運費 | 邮费 | 배송 | 배송비 | 택배 | kargo | eco fee | environmental | recycling fee |
        éco-part | eco-part | dont écopart | ecotax | copyright | uhg | deposit | dph:
    """,
    Role.MEMBER: """
        rewards exclusive | members only | member exclusive | for members | nur für mitglieder |
        member | members | with membership | plus price | prime price | with coupon | after coupon | coupon |
        with code | trade-in | trade in | student | club price | rewards price | with card | subscribe | up to |
        mitglied | mit gutschein | gutschein | altgerät | adhérent | membre | bon d'achat | reprise | code promo |
        avec le code | socio | cupón | cupom | clube | tessera | con codice | ledenprijs | kortingscode | z kodem |
        klub | kupon | члены клуба | для членов | клубная цена | по карте | с картой | промокод | за карткою |
        se slevovým kódem | s kódem | medlem | klubb | 会員 | クーポン | 会员 | 會員 | 券后 | 折價券 | 쿠폰 | 회원 |
        카드할인 | 최대 혜택 | with the code | using code | using the code | voucher code | discount code |
        promo code | mit code | mit dem code | rabattcode | aktionscode | avec code | avec un code | com o código |
        com código | c/ código | com o cupão | com cupão | código promocional | con el código | con código |
        código de descuento | con il codice | codice sconto | met code | met de code | so kódom | kuponnal |
        kuponkód | kóddal | med kod | med koden | med kode | rabattkod | koodilla | alekoodi | cu codul | kodla |
        havale ile | havale/eft | eft ile |
        koduyla | с кодом | по коду | з кодом | за кодом | με κωδικό | με τον κωδικό | 券後 | 用券 | 优惠码 |
        優惠碼 | 折扣碼 | 折扣码
    """,
    Role.NET: """
        ex vat | ex. vat | excl. vat | exc vat | exc. vat | excluding vat | without vat | net price | ex gst |
        excl gst | ex. gst | excl. gst | before tax | ex tax | excl. tax | excl tax | excluding tax | tax excl |
        без налогов | bez podatku | hors taxe | sans taxe | zonder btw | χωρίς φπα | fără tva | kdv hariç | htva |
        hors tva | netto | ohne mwst | exkl. mwst | zzgl. mwst | ht: | hors tax | sin iva | sem iva | iva escl |
        senza iva | excl. btw | ex btw | exkl. moms | ekskl. moms | eks. mva | ex. moms | u. mva | bez vat |
        bez dph | nettó | áfa nélkül | без ндс | без пдв | 税抜 | 税別 | 税拔 | 未稅 | 未税 | 부가세 별도 | alv 0
    """,
    Role.EXTRA: """
        langzeitgarantie | plusgarantie | garantieverlängerung | geräteschutz | breakdown care | extended warranty |
        warranty | protection plan | protection | insurance | gift card | reward | earn | points | credit |
        care plan | geek squad | garantie | schutz | versicherung | assurance | garantía | seguro | garantia |
        garanzia | assicurazione | verzekering | gwarancja | ubezpieczenie | garancia | biztosítás | страхов |
        záruka | pojištění | försäkring | forsikring | 保証 | ポイント | 保修 | 보증 | 적립 | 포인트 | 积分 | 紅利 |
        open box | open-box | refurbished from | used from | new from | more buying | other sellers | gebraucht ab |
        neu ab | d'occasion dès | autres vendeurs | average price | grundpreis | unit price | price per | bundle |
        together: | total price | price break | zusammen | sold for | estimated | bid | cena za jednostkę |
        cena jednostkowa |
        měrná cena | merná cena | egységár | jämförpris | jämförelsepris | sammenligningspris | vertailuhinta |
        prix au kilo | prix au kg | prix au litre | prezzo al kg | precio por kg | precio por kilo |
        price for both | price for all | price for the set | both for | all three for | buy both | beide für |
        beide zusammen | preis für beide | alle drei für | prix pour les deux | prix des deux | les deux pour |
        precio de ambos | precio por los dos | los dos por | ambos por | preço dos dois | os dois por |
        prezzo per entrambi | entrambi a | beide voor | samen voor | razem za | za oba | obojí za | oboje za |
        оба за | за оба | вместе за | разом за | обидва за | cena w innych sklepach | price elsewhere |
        get cash | sell for cash | we pay you | ankaufspreis | wir zahlen | prix de rachat | te pagamos |
        price in other shops | preis in anderen shops | prix ailleurs | precio en otras tiendas
    """,
    Role.FROM: """
        from | starting at | starting from | beginning at | starts at | as from | low as | lowest | ab | schon ab |
        bereits ab | à partir de | a partir de | dès | partir de | desde | da soli | a partire da | vanaf | od |
        już od | -tól | legalább | от | від | fra | från | alk. | より | から | 最低価格 | 最安 | 起价 | 最低價 |
        최저가 | 최저
    """,
}

_AFTER = {
    Role.INSTALMENT: """
        /mo | / mo | /month | per month | a month | monthly | p/m | pm for | /mth | per mo | mtl. | monatlich |
        /monat | / monat | pro monat | im monat | x | /mois | / mois | par mois | al mes | /mes | / mes | por mês |
        /mês | al mese | /mese | per maand | /maand | p/mnd | /mies | miesięcznie | / mies | x 0% | /hó | havonta |
        /мес | в месяц | /міс | на місяць | měsíčně | /měs | /mes. | /mån | per månad | /mnd | /md | pr. md |
        pr. måned | /kk | /月 | × | x12 | x 12 | x 24 | x 36 | sans frais | sem juros | per week | /week | /wk |
        회 | 개월 | for 12 months | for 24 months |
        /year | / year | per year | a year | /yr | /jahr | pro jahr | im jahr | /an | par an | al año | /año |
        por ano | /ano | all'anno | per jaar | /rok | rocznie | в год | на рік | ročně
    """,
    Role.SAVING: """
        off | discount | saved | savings | rabatt | sparen | gespart | günstiger | de remise | d'économie |
        de réduction | offert | de descuento | de ahorro | de desconto | di sconto | korting | voordeel | taniej |
        rabatu | kedvezmény | скидк | выгод | знижк | sleva | zľava | 割引 | 引き | offerts | 할인 | cash back |
        cashback | indirim | rebate | coupon | gutschein
    """,
    Role.NET: """
        ex vat | ex. vat | excl. vat | exc vat | exc. vat | (ex vat | (ex. vat | (exc. vat | (exc vat | (excl. vat |
        excluding vat | + vat | +vat | ex gst | excl gst | ex. gst | (ex gst | + gst | +gst | excl. gst |
        (excl gst | exkl. mwst | zzgl. mwst | ohne mwst | netto | (netto | ht | h.t | € ht | hors tax | sin iva |
        s/iva | + iva | sem iva | iva esc | senza iva | excl. btw | ex btw | (excl. btw | exkl. moms | ekskl. moms |
        eks. mva | ex. moms | exkl moms | excl. tax | excl tax | excluding tax | ex tax | ex. tax | (excl. tax |
        (ex tax | tax excl | (tax excl | htva | hors tva | fără tva | + tva | + kdv | kdv hariç | χωρίς φπα |
        (без ндс | (bez dph | (bez vat | (nettó | exkl. ust | zzgl. ust | + moms | bez vat | bez dph | + áfa |
        nettó | без ндс | без пдв | (税抜 | 税抜 | （税抜 | 税別 | （税別 | (税別 | 未稅 | 未税 | 부가세 별도 |
        alv 0
    """,
    Role.SHIPPING: """
        bis zum kostenlosen | bis zur kostenlosen | bis zum gratis | bis versandkostenfrei | away from free |
        until free | more for free | to free shipping | do darmowej | do bezpłatnej |
        tot gratis | voor gratis verzending |
        pour la livraison gratuite | pour bénéficier de la livraison | para envío gratis | para el envío gratis |
        para frete grátis | para o frete grátis | per la spedizione gratuita | до бесплатной доставки |
        до безкоштовної доставки | do dopravy zdarma | till fri frakt | til fri fragt | til gratis frakt |
        di trasporto | di spedizione |
        shipping | delivery | postage | ship | p&p | z dostawą | z przesyłką | inkl. versand | incl. shipping |
        with delivery | livraison comprise | spese incluse | versand | porto | livraison | de port | de frais |
        de livraison | envío | de envío | frete | de portes | spedizione | verzend | dostawa | szállítás | доставк |
        doprav | frakt | fragt | 送料 | 运费 | 運費 | 배송 | eco fee | d'éco | dont éco | minimum order
    """,
    Role.MEMBER: """
        with membership | for members | for pros | member price | mit karte | für mitglieder | pour les adhérents |
        para socios | per i soci | voor leden | dla klubowiczów | по карте | з карткою | with trade | with coupon |
        mit gutschein | avec le code | with code | rewards | in rewards | bon d'achat | gift card | 会員 | 회원 |
        with plus | with the code | using code | using the code | mit code | mit dem code | mit rabattcode |
        avec code | avec un code | com o código | com código | c/ código | com o cupão | com cupão | com cupom |
        con el código | con código | con cupón | con codice | con il codice | met code | met de code | z kodem |
        s kódem | so kódom | kóddal | kuponnal | med kod | med koden | med kode | koodilla | cu codul | kodla |
        koduyla | с промокодом | по промокоду | з промокодом | за промокодом | με κωδικό | クーポン利用 | クーポン適用 |
        クーポン使用 | 쿠폰 적용 | 쿠폰적용 | 券后 | 券後 | 用券
    """,
    Role.EXTRA: """
        /kg | / kg | /100 | /stk | per unit | /oz | /count | /l | /st | points | pts | ポイント | pt | warranty |
        /each when | a day | /day | /night | /m² | per 100 | in-store price | in store price | filialpreis |
        prix en magasin | precio en tienda | preço na loja | prezzo in negozio | winkelprijs |
        cena w sklepie stacjonarnym | цена в магазине
    """,
    Role.WAS: """
        rrp | msrp | list price | uvp | unverb | pvpr | en lieu | (was) | prix conseillé
    """,
    Role.FROM: """
        起 | から | ~ | ～ | 부터 | -tól | -től | and up | & up | + used | より
    """,
}


def _split(words: Mapping[Role, str]) -> Mapping[Role, tuple[str, ...]]:
    return {role: tuple(re.sub(r"\s+", " ", word).strip() for word in text.split("|")) for role, text in words.items()}


BEFORE = _split(_BEFORE)
AFTER = _split(_AFTER)
