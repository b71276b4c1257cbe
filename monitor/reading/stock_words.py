"""Words of shops about stock, condition, buying and blocking, by meaning, in the languages of the sources."""

import re

from monitor.core.models import Availability, Condition
from monitor.core.words import WordList

BUY = "buy"  # a button to order
NOTIFY = "notify"  # a button to be told when it is back

_STOCK = {
    Availability.IN_STOCK: """
        in stock | in-stock | instock | available now | available to ship | available online | ready to ship |
        ships today | ships within |
        ships in 1 | usually ships | available for delivery | available for immediate | in stock online |
        stock available | in stock: yes |
        auf lager | lagernd | sofort lieferbar | sofort verfügbar | lieferbar | verfügbar | ab lager | vorrätig |
        sofort versandfertig |
        lieferung zwischen | versandfertig | am lager | lagerware |
        en stock | disponible | dispo | expédié sous | livraison immédiate | disponible immédiatement |
        stock internet |
        en existencia | hay existencias | disponible en stock | envío inmediato | recíbelo | entrega inmediata |
        stock disponible |
        em stock | em estoque | disponível | pronta entrega | produto disponível |
        disponibile | disponibilità immediata | in magazzino | disponibile subito | spedizione immediata |
        op voorraad | direct leverbaar | leverbaar | morgen in huis | uit voorraad leverbaar | vandaag besteld |
        w magazynie | dostępny | dostępne | dostępna | na stanie | wysyłka w 24 | wysyłka dzisiaj |
        produkt dostępny | w sklepie |
        raktáron | készleten | azonnal elérhető | elérhető | rendelhető | azonnal szállítható |
        в наличии | есть в наличии | на складе | доступно | доступен | есть на складе |
        в наявності | є в наявності | готовий до відправлення | готово до відправки | закінчується |
        skladem | na skladě | dostupné | ihned k odeslání | k odběru | na sklade | k dispozici |
        i lager | finns i lager | på lager | på lager: | lagervare | kan leveres | på fjernlager | sofort |
        varastossa | heti saatavilla | saatavilla |
        în stoc | in stoc | disponibil | laos | stokta | stokta var | stokta mevcut | mevcut | na zalihi |
        na stanju | sandėlyje | noliktavā | σε απόθεμα | διαθέσιμο |
        재고있음 | 재고 있음 | 구매가능 | 판매중 | 당일출고 | 오늘출발 | 바로구매가능 |
        在庫あり | 在庫有り | 在庫有 | 即納 | 当日出荷 | 即日発送 | 在庫○ | 在庫◎ | 取扱中 | 24時間以内に出荷 |
        有货 | 有貨 | 现货 | 現貨 | 有库存 | 有庫存 | 库存充足 | 庫存充足 | 供貨中
    """,
    Availability.LIMITED: """
        low stock | low inventory | limited stock | limited availability | limited quantities | almost gone |
        few left | last one |
        selling fast | nearly gone | last few | last items | only a few left | hurry | in store only |
        available in store only | in-store only |
        geringer bestand | wenige verfügbar | nur noch wenige | fast ausverkauft | knapper bestand | restposten |
        letzte stücke |
        stock limité | stock faible | bientôt épuisé | dernières pièces | quantité limitée | plus que quelques |
        derniers articles |
        pocas unidades | últimas unidades | última unidad | stock limitado | quedan pocas | poucas unidades |
        últimas peças |
        pochi pezzi | ultimi pezzi | disponibilità limitata | in esaurimento | quasi esaurito | beperkte voorraad |
        bijna uitverkocht | laatste stuks |
        ostatnie sztuki | ostatnia sztuka | mała ilość | na wyczerpaniu | utolsó darab | utolsó darabok |
        kevés van | заканчивается | мало |
        осталось мало | последний товар | остання одиниця | poslední kusy | poslední kus | få kvar | få igjen |
        få på lager | næsten udsolgt |
        품절임박 | 재고부족 | 残りわずか | 在庫僅少 | 残り僅か | 在庫わずか | 在庫少 | 仅剩 | 僅剩 | 库存紧张 |
        即將售完
    """,
    Availability.PREORDER: """
        pre-order | preorder | pre order | coming soon | available for pre-order | release date | expected release |
        ships on release |
        vorbestellung | vorbestellen | vorbestellbar | vorverkauf | erscheint am | précommande | précommander |
        pré-commande | en précommande |
        à paraître | bientôt disponible | reserva | preventa | pre-venta | próximamente | resérvalo | pré-venda |
        pré venda | em breve |
        preordine | prenota | preordina | prossimamente | in arrivo prossimamente | pre-orderen | reserveer |
        przedsprzedaż | zapowiedź | wkrótce |
        előrendelés | előrendelhető | hamarosan | предзаказ | скоро в продаже | передзамовлення | очікується |
        předobjednávka | předobjednat |
        připravujeme | förbeställ | forhåndsbestill | forudbestil | kommer snart | kommer snart | ennakkotilaus |
        ön sipariş |
        예약판매 | 예약구매 | 출시예정 | 予約受付中 | 予約 | 発売予定 | 近日発売 | 预售 | 預購 | 预订 | 即将上市
    """,
    Availability.BACKORDER: """
        backorder | back-order | back order | backordered | on backorder | on order | special order |
        available on order | ships when available |
        available to order | made to order | nachbestellt | auf bestellung | bestellware | wird bestellt |
        beim lieferanten bestellt |
        im zulauf | im rückstand | sur commande | en cours de réapprovisionnement | réapprovisionnement en cours |
        bajo pedido | bajo encargo |
        en reposición | sob encomenda | por encomenda | su ordinazione | ordinabile | in riassortimento |
        in arrivo | op bestelling | in backorder | nabestelling |
        na zamówienie | w drodze | oczekiwanie na dostawę | rendelésre | külső raktár | beérkezés alatt |
        под заказ | ожидается поступление |
        під замовлення | na objednávku | na cestě | beställningsvara | bestillingsvare | skaffevare | tilaustuote |
        sipariş üzerine |
        입고예정 | お取り寄せ | 取り寄せ | 取寄せ | 入荷待ち | メーカー取寄 | 調貨中 | 调货
    """,
    Availability.OUT_OF_STOCK: """
        out of stock | out-of-stock | outofstock | sold out | soldout | not in stock | no stock | not available |
        currently unavailable |
        unavailable | temporarily unavailable | temporarily not available | temporarily out |
        currently out of stock | no longer in stock | none in stock |
        currently not available | item is unavailable | all gone | nil stock | out of inventory | sold-out |
        sorry, sold |
        nicht auf lager | nicht lieferbar | ausverkauft | nicht verfügbar | nicht vorrätig | derzeit nicht |
        momentan nicht | zur zeit nicht |
        vergriffen | leider ausverkauft | nicht lagernd | nicht mehr vorrätig | aktuell nicht | kein bestand |
        zurzeit nicht |
        rupture | en rupture | rupture de stock | épuisé | indisponible | non disponible | plus en stock |
        victime de son succès | pas en stock | plus disponible actuellement |
        agotado | sin stock | sin existencias | no disponible | no hay existencias | fuera de stock |
        temporalmente sin |
        esgotado | sem stock | sem estoque | indisponível | produto indisponível | não disponível |
        fora de estoque | avise-me quando chegar |
        esaurito | non disponibile | esaurita | terminato | attualmente non disponibile | momentaneamente non |
        momentaneamente esaurito |
        uitverkocht | niet op voorraad | niet leverbaar | niet beschikbaar | tijdelijk uitverkocht |
        tijdelijk niet | niet voorradig |
        niedostępny | niedostępne | niedostępna | brak w magazynie | brak towaru | wyprzedane |
        czasowo niedostępny | chwilowo niedostępny | produkt niedostępny | chwilowo brak | brak na stanie |
        nincs raktáron | elfogyott | nem elérhető | nem rendelhető | jelenleg nem | nincs készleten | készlethiány |
        átmenetileg nem |
        нет в наличии | нет на складе | распродано | товар закончился | отсутствует | недоступен | недоступно |
        закончился | нет в продаже | продано |
        немає в наявності | нема в наявності | закінчився | відсутній | немає на складі | розпродано |
        товар закінчився | недоступний |
        vyprodáno | není skladem | nedostupné | momentálně nedostupné | dočasně nedostupné | nie je na sklade |
        vypredané | není k dispozici | není na skladě |
        slut i lager | slutsåld | slutsålt | ej i lager | finns ej i lager | tillfälligt slut | inte i lager |
        utsolgt | ikke på lager | udsolgt |
        midlertidig utsolgt | ikke tilgjengelig | ikke tilgængelig | loppu | loppuunmyyty | ei varastossa |
        ei saatavilla | stoc epuizat | indisponibil | tükendi | stokta yok | läbi müüdud | rasprodano |
        품절 | 일시품절 | 재고없음 | 재고 없음 | 판매종료 | 매진 | 구매불가 |
        在庫なし | 在庫無し | 売り切れ | 売切れ | 完売 | 品切れ | 品切 | 在庫切れ | 入荷未定 | sold out |
        販売終了しました |
        缺货 | 缺貨 | 无货 | 無貨 | 售罄 | 售完 | 已售完 | 补货中 | 補貨中 | 暂时缺货 | 暂无库存 | 完售
    """,
    Availability.DISCONTINUED: """
        discontinued | no longer available | no longer sold | end of life | has been discontinued |
        permanently out | retired product |
        eingestellt | auslaufartikel | nicht mehr lieferbar | nicht mehr verfügbar | nicht mehr erhältlich |
        artikel eingestellt |
        plus commercialisé | n'est plus disponible | arrêt de commercialisation | fin de vie | arrêté |
        descatalogado | descontinuado | ya no está disponible |
        fuori produzione | fuori catalogo | non più disponibile | niet meer leverbaar | uit assortiment |
        niet meer verkrijgbaar | wycofany | wycofane | produkt wycofany |
        megszűnt | kifutott | forgalmazása megszűnt | снят с производства | снято с производства |
        знято з виробництва | prodej ukončen | již se neprodává | produkt vyřazen |
        utgått | utgår | utgått ur | utgått sortiment | udgået | utgått vare | utgår ur | tuote poistunut | 단종 |
        生産終了 | 販売終了 | 取扱終了 | 停产 | 停產 | 下架 | 停售
    """,
}  # fmt: skip
_ACTIONS = {
    BUY: """
        add to cart | add to basket | add to bag | add to trolley | buy now | add item to cart | buy it now |
        order now | add to order | shop now add | add to my cart |
        in den warenkorb | in den einkaufswagen | in den korb | jetzt kaufen | kaufen | zum warenkorb hinzufügen |
        bestellen |
        ajouter au panier | acheter | commander | añadir al carrito | agregar al carrito | añadir a la cesta |
        añadir a la cesta | comprar | comprar ahora | añadir |
        adicionar ao carrinho | colocar no carrinho | comprar agora | aggiungi al carrello | acquista |
        acquista ora | in winkelwagen | in winkelmand | toevoegen aan winkel | bestel |
        do koszyka | dodaj do koszyka | kup teraz | kupuję | kosárba | kosárba teszem | megveszem | megrendelem |
        в корзину | добавить в корзину | купить | в кошик | до кошика | додати в кошик | купити | do košíku |
        přidat do košíku | koupit | vložit do košíku | do košíka |
        lägg i varukorg | lägg i kundvagn | köp | legg i handlekurv | legg i handlevogn | kjøp | læg i kurv |
        læg i indkøbskurv | køb | lisää ostoskoriin | lisää koriin |
        adaugă în coș | adauga in cos | lisa ostukorvi | lisa korvi | sepete ekle | dodaj u košaricu |
        장바구니 | 구매하기 | 바로구매 | 장바구니 담기 | カートに入れる | カートに追加 | 購入する | 買い物かご |
        ご購入手続き | 今すぐ買う | かごに追加 |
        加入购物车 | 加入購物車 | 立即购买 | 立即購買 | 放入購物車 | 直接購買
    """,
    NOTIFY: """
        notify me | email me when | alert me when | get notified | back in stock alert | notify when available |
        add to waitlist | join waitlist |
        benachrichtigen | benachrichtigung anfordern | benachrichtigen sie mich | verfügbarkeitsalarm |
        me prévenir | m'alerter | prévenez-moi | avísame | avisarme |
        notificarme | avise-me | avisar quando | avvisami | avvertimi | mail mij | houd mij op de hoogte |
        powiadom mnie | powiadom o dostępności | értesítést kérek | értesítsen |
        сообщить о поступлении | уведомить | повідомити про наявність | повідомити коли | hlídat dostupnost |
        upozornit | bevaka | få besked | få varsel | varsle meg |
        재입고 알림 | 입고알림 | 入荷通知 | 再入荷 | 到货通知 | 到貨通知 | 貨到通知
    """,
}  # fmt: skip
_CONDITIONS = {
    Condition.USED: """
        used | pre-owned | preowned | pre owned | second hand | second-hand | secondhand | like new |
        open-box used | ex-lease | ex-mining |
        gebraucht | gebrauchtware | gebrauchter | gebrauchte | aus zweiter hand | occasion | d'occasion |
        reconditionné occasion | seconde main |
        usado | usada | segunda mano | de segunda mano | seminovo | seminova | usato | usata | di seconda mano |
        tweedehands | gebruikt | gebruikte |
        używany | używana | używane | poleasingowy | z drugiej ręki | használt | б/у | бу | бывш. в употреблении |
        подержанный | вживаний | вживана | вживане | б/в |
        použité | použitý | použitá | bazar | bazarový | bazarové | z druhé ruky | begagnad | begagnat | brukt |
        brugt | käytetty | second hand | kasutatud | ikinci el |
        중고 | 중고품 | 中古 | 中古品 | ユーズド | 二手 | 二手商品
    """,
    Condition.REFURBISHED: """
        refurbished | refurb | renewed | certified refurbished | manufacturer refurbished | seller refurbished |
        reconditioned | recertified | remanufactured | openbox | open box |
        open-box | grade a | grade b | b-stock | outlet returns | warehouse deal | returned item |
        generalüberholt | refurbished | b-ware | wiederaufbereitet | rückläufer | retourware | vorführware |
        kundenretoure | aufbereitet | reconditionné | reconditionnée | remis à neuf | reconditionnés |
        coin des affaires reconditionné |
        reacondicionado | reacondicionada | reacondicionados | restaurado | recondicionado | recondicionada |
        ricondizionato | ricondizionata | rigenerato | rigenerata | ricondizionati |
        refurbished | gereviseerd | outlet retour | odnowiony | odnowione | odnawiany | poserwisowy | powystawowy |
        felújított | восстановленный | восстановленная | уценка | уцененный | відновлений | уцінка | уцінений |
        repasovaný | repasované | repasovaná | renovovaný | zánovní | rozbaleno | renoverad | rekonditionerad |
        fyndvara | renovert | renoveret | kunnostettu |
        리퍼 | 리퍼비시 | 리퍼브 | 반품상품 | 整備済 | 整備済み | 再生品 | リファービッシュ | アウトレット品 |
        翻新 | 福利品 | 整新
    """,
    Condition.NEW: """
        brand new | new | neu | neuware | neuf | nuevo | nueva | novo | nova | nuovo | nuova | nieuw | nowy | nowe |
        nowa | új | новый | новая | новий | нова | nové | nový | ny | nytt | uusi |
        신품 | 새상품 | 새제품 | 新品 | 全新 | 未使用
    """,
}  # fmt: skip


def _listed(text: str) -> tuple[str, ...]:
    return tuple(re.sub(r"\s+", " ", word).strip() for word in text.split("|"))


STOCK = WordList({state: _listed(text) for state, text in _STOCK.items()})
ACTIONS = WordList({action: _listed(text) for action, text in _ACTIONS.items()})
CONDITIONS = WordList({condition: _listed(text) for condition, text in _CONDITIONS.items()})

# "condition: used": labels before a condition.
CONDITION_LABEL = re.compile(
    r"^(?:item )?(?:condition|zustand|état|etat|estado|condición|condizione|condizioni|conditie|staat|stan|állapot"
    r"|состояние|стан|stav|skick|tilstand|stand"
    r"|상태|상품상태|状態|商品の状態|コンディション|成色|商品狀況|新舊)\s*[:：-]?\s*"
)
REFURBISHED_BY = re.compile(r"(?:this (?:product|item) (?:was|is|has been) )?(?:professionally )?refurbished by\b")
# "only 3 left", "noch 2 stück", "残り3点": a number beside a word of few.
FEW = re.compile(
    r"(?:only|just|nur noch|noch|nur|plus que|il ne reste que|reste|restent|solo quedan?|sólo quedan?|quedan?|solo"
    r"|últim[ao]s|apenas|restam|rimangono|rimasti|nog maar|nog|slechts"
    r"|tylko|zostało|pozostało|ostatnie|mindössze|csak|осталось|всего|залишилось|лише|poslední|posledních|zbývá"
    r"|bara|kun|endast|残り|あと|仅剩|僅剩|剩余|남은|단)\s*:?\s*(\d{1,3})(?!\d|[.,]\d|\s?[%€$£]|-|\s?(?:x|h"
    r"|hours?|days?|tage?"
    r"|stunden|jours?|день|дн|rat|mon))"
    r"|(?<![\d.,])(\d{1,2})\s*(?:left|remaining|verbleibend|restants?|restantes|rimast[oi]|over|szt\. pozostał|点限り)"
    r"|(?<![\d.,\w-])(\d{1,5}|\d{1,3}(?:[.,]\d{3})+)\+?\s*(?:(?:units?|items?|pcs|products?|stk|stück|st|pièces?"
    r"|unidades|pezzi|stuks|szt\.?|ks|kpl|db|шт\.?|개|点|件)\s*)?"
    r"(?:in stock|available|auf lager|verfügbar|lagernd|en stock|disponibles?|disponibili|em stock|em estoque"
    r"|op voorraad|w magazynie|na stanie|raktáron|в наличии|skladem|i lager|på lager|dispo)(?!\w)"
    r"|(?:in stock|stock|lagerbestand|auf lager|en stock|skladem|på lager|i lager|재고|在庫|库存"
    r"|庫存)\s*[:：(]\s*(\d{1,5})\+?(?!\d|[.,:]\d|\s?%)"
)
