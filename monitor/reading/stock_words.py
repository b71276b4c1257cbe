"""Words of shops about stock, by meaning, in the languages of the sources."""

import re

from monitor.core.models import Availability
from monitor.core.words import WordList, listed, with_plain

_STOCK = {
    Availability.IN_STOCK: """
        in stock | in-stock | instock | available now | available to ship | available online | ready to ship |
        ships today | available for delivery | available for immediate |
        in stock online | stock available | in stock: yes | auf lager | lagernd | sofort lieferbar |
        sofort verfügbar | lieferbar | verfügbar | ab lager | vorrätig | sofort versandfertig | lieferung zwischen |
        versandfertig | am lager | lagerware | en stock | disponible | dispo | expédié sous | livraison immédiate |
        disponible immédiatement | stock internet | en existencia | hay existencias | disponible en stock |
        envío inmediato | recíbelo | entrega inmediata | stock disponible | em stock | em estoque | disponível |
        pronta entrega | produto disponível | disponibile | disponibilità immediata | in magazzino |
        disponibile subito | spedizione immediata | op voorraad | direct leverbaar | leverbaar | morgen in huis |
        uit voorraad leverbaar | vandaag besteld | w magazynie | dostępny | dostępne | dostępna | na stanie |
        wysyłka w 24 | wysyłka dzisiaj | produkt dostępny | w sklepie | raktáron | készleten | azonnal elérhető |
        elérhető | rendelhető | azonnal szállítható | в наличии | есть в наличии | на складе | доступно | доступен |
        есть на складе | в наявності | є в наявності | готовий до відправлення | готово до відправки |
        skladem | na skladě | dostupné | ihned k odeslání | k odběru | na sklade | k dispozici |
        i lager | finns i lager | på lager | på lager: | lagervare | kan leveres | på fjernlager |
        varastossa | heti saatavilla | saatavilla | în stoc | in stoc | disponibil | laos | stokta | stokta var |
        stokta mevcut | mevcut | na zalihi | na stanju | sandėlyje | noliktavā | σε απόθεμα | διαθέσιμο | 재고있음 |
        재고 있음 | 구매가능 | 판매중 | 당일출고 | 오늘출발 | 바로구매가능 | 在庫あり | 在庫有り | 在庫有 | 即納 |
        当日出荷 | 即日発送 | 在庫○ | 在庫◎ | 取扱中 | 24時間以内に出荷 | 有货 | 有貨 | 现货 | 現貨 | 有库存 |
        有庫存 | 库存充足 | 庫存充足 | 供貨中 | item in stock | product in stock | ships same day |
        ready for dispatch | same day dispatch |
        in stock and ready | stock: available | available immediately | sofort ab lager | verfügbar ab lager |
        lieferbar ab lager | versand heute | heute versandfertig | in wenigen tagen bei | verfügbarkeit: verfügbar |
        an lager | ab lager lieferbar | disponible sous | expédition sous |
        expédié en | livré demain | livraison demain | produit en stock | livrable | recíbelo mañana | envío en 24 |
        en 24/48 | entrega en 24 | stock inmediato | hay stock | con stock | unidades en stock | envio imediato |
        a pronta entrega | em até 24 | disponível em estoque | tem em stock | disponibile in magazzino |
        spedizione in 24 | consegna in 24 | pronta consegna | pronto per la spedizione | voor 23: | voor 22: |
        voor 21: | voor 23.59 | morgen geleverd | direct uit voorraad | direct leverbaar uit voorraad |
        ruim op voorraad |
        duża ilość | średnia ilość | bardzo duża ilość | dostępny od ręki | wysyłka jutro | wysyłka w ciągu 24 |
        wysyłamy w 24 | dostępność: dostępny | jest dostępny | wysyłka natychmiast | azonnal vihető |
        azonnal raktárról | készletről | доставим завтра | заберите сегодня | забрать сегодня | отгрузка сегодня |
        отправим сегодня | можно забрать | товар в наличии | відправимо сьогодні | відправка сьогодні |
        товар в наявності | ihned k odběru | odesíláme ihned | skladom | ihneď k odoslaniu | dostupný | dostupná |
        webblager | nettlager | weblager | skickas inom | skickas idag | sendes i dag | på nettlager |
        klar til levering | heti toimitettavissa | verkkovarastossa | în stoc furnizor local | produs în stoc |
        disponibil imediat | hemen teslim | hemen kargoda | άμεσα διαθέσιμο | ετοιμοπαράδοτο | άμεση παράδοση |
        налично | в наличност | na lageru | na zalogi | yra sandėlyje | ir noliktavā | stok tersedia | ready stock |
        còn hàng | มีสินค้า | พร้อมส่ง | במלאי | 재고 보유 | 당일발송 | 당일 출고 | 즉시구매 | 바로구매 가능 |
        배송가능 | 在庫数 | 即納可能 | 販売中 | 営業日以内に発送 | 営業日以内に出荷 | 尚有庫存 | 可立即出貨 |
        24h到貨 | 库存有 | 有现货
    """,
    Availability.LIMITED: """
        ограничено | обмежено | ограниченное количество |
        low stock | low inventory | limited stock | limited availability | limited quantities | almost gone |
        few left | last one | selling fast | nearly gone | last few | last items | only a few left | hurry |
        in store only | available in store only | in-store only | geringer bestand | wenige verfügbar |
        nur noch wenige | fast ausverkauft | knapper bestand | restposten | letzte stücke | stock limité |
        stock faible | bientôt épuisé | dernières pièces | quantité limitée | plus que quelques |
        derniers articles | pocas unidades | últimas unidades | última unidad | stock limitado | quedan pocas |
        poucas unidades | últimas peças | pochi pezzi | ultimi pezzi | disponibilità limitata | in esaurimento |
        quasi esaurito | beperkte voorraad | bijna uitverkocht | laatste stuks | ostatnie sztuki | ostatnia sztuka |
        mała ilość | na wyczerpaniu | utolsó darab | utolsó darabok | kevés van | заканчивается | осталось мало |
        последний товар | остання одиниця | poslední kusy | poslední kus | få kvar | få igjen | få på lager |
        næsten udsolgt | 품절임박 | 재고부족 | 残りわずか | 在庫僅少 | 残り僅か | 在庫わずか | 在庫少 | 仅剩 |
        僅剩 | 库存紧张 | 即將售完 | very low stock | limited number | disponible uniquement en magasin |
        uniquement en magasin | only in stores | nur im geschäft | alleen in de winkel | solo in negozio |
        tylko w salonie | tylko w sklepie | jen na prodejně | last in stock | last unit | available in store |
        collect in store only | knapper lagerbestand | wenige exemplare | wenige stück | nur wenige |
        letztes stück | nur noch 1 | geringe menge | fast vergriffen | nur im markt | nur in der filiale |
        restbestand | dernier article | dernier exemplaire | dernière pièce | stock très limité |
        disponible en magasin uniquement | última disponible | últimas disponibles | últimos artículos |
        pocas existencias | stock bajo | bajo stock | solo en tienda | última peça | estoque baixo | poucas peças |
        última disponível | ultimo pezzo | ultimi articoli | ultimi disponibili | scorte limitate |
        disponibilità bassa | laatste exemplaren | beperkt op voorraad | nog enkele | op=op | małej ilości |
        bardzo mała ilość | ostatni egzemplarz | ostatnie egzemplarze | kończy się | mało | kevés készlet |
        alacsony készlet | utolsó termék | utolsó 1 | заканчивается товар | последний экземпляр | последние штуки |
        осталась 1 | осталось несколько | только в магазине | мало в наявності | закінчується | останній товар |
        останні одиниці | залишилось мало | skladem poslední | málo kusů | posledné kusy | posledný kus |
        lågt lager | sista exemplaret | få kvar i lager | få stk | få antal | vähän jäljellä | viimeiset kappaleet |
        stoc limitat | ultimele bucăți | ultimul produs | son ürün | son 1 ürün | stokta az | τελευταία τεμάχια |
        λίγα τεμάχια | posljednji komad | viimased | sisa 1 | stok menipis | sắp hết | 마지막 수량 | 소량 | 残り1 |
        僅餘 | 庫存有限
    """,
    Availability.PREORDER: """
        pre-order | preorder | pre order | coming soon | available for pre-order | release date | expected release |
        ships on release | vorbestellung | vorbestellen | vorbestellbar | vorverkauf | erscheint am | précommande |
        précommander | pré-commande | en précommande | à paraître | bientôt disponible | en reserva | preventa |
        pre-venta | próximamente | resérvalo | pré-venda | pré venda | em breve | preordine | prenota ora |
        prenota subito | prenotabile | preordina |
        prossimamente | in arrivo prossimamente | pre-orderen | reserveer nu | przedsprzedaż | zapowiedź | wkrótce |
        előrendelés | előrendelhető | hamarosan | предзаказ | скоро в продаже | передзамовлення | очікується |
        předobjednávka | předobjednat | připravujeme | förbeställ | forhåndsbestill | forudbestil | kommer snart |
        ennakkotilaus | ön sipariş | 예약판매 | 예약구매 | 출시예정 | 予約受付中 | 予約 | 発売予定 | 近日発売 |
        预售 | 預購 | 预订 | 即将上市 | vorbestellbar ab | demnächst verfügbar | demnächst lieferbar |
        erhältlich ab | disponible à partir du | sortie le | sortie prévue | reserva ahora | reserva ya |
        reserva anticipada |
        disponible próximamente | disponibile dal | disponibile prossimamente | in prevendita |
        binnenkort beschikbaar | binnenkort leverbaar | pre-order nu | przedpremiera | dostępny wkrótce |
        megjelenés | hamarosan érkezik | előrendelés leadható | ожидается в продаже | незабаром |
        незабаром у продажу | připravujeme do prodeje | předprodej | predobjednávka | släpps | lanseres |
        tulossa pian | precomandă | precomanda | în curând | yakında | σύντομα διαθέσιμο | προπαραγγελία |
        pre order sekarang | đặt trước | sắp ra mắt | 사전예약 | 예약중인 상품 | 予約販売 | 予約商品 | 发售预告 |
        即將上市 | 預訂
    """,
    Availability.BACKORDER: """
        backorder | back-order | back order | backordered | on backorder | on order | special order |
        available on order | ships when available | available to order | made to order | nachbestellt |
        auf bestellung | bestellware | wird bestellt | beim lieferanten bestellt | im zulauf | im rückstand |
        sur commande | en cours de réapprovisionnement | réapprovisionnement en cours | bajo pedido | bajo encargo |
        en reposición | sob encomenda | por encomenda | su ordinazione | ordinabile | in riassortimento |
        in arrivo | op bestelling | in backorder | nabestelling | na zamówienie | w drodze |
        oczekiwanie na dostawę | rendelésre | külső raktár | beérkezés alatt | под заказ | ожидается поступление |
        під замовлення | na objednávku | na cestě | beställningsvara | bestillingsvare | skaffevare | tilaustuote |
        sipariş üzerine | 입고예정 | お取り寄せ | 取り寄せ | 取寄せ | 入荷待ち | メーカー取寄 | 調貨中 | 调货 |
        available for backorder | available on backorder | can be backordered | on back order | order now and we |
        awaiting stock | more on the way | due in | expected in stock | stock due | in stock on |
        ships in 1-2 weeks | supplier stock | in supplier stock | available from supplier | lieferbar ab |
        erwartet am | wareneingang | kurzfristig lieferbar | externes lager | lieferantenlager | beim lieferanten |
        beim hersteller bestellt | bestellbar | verfügbar ab | wieder lieferbar | stock fournisseur |
        chez le fournisseur | chez notre fournisseur | en cours d'approvisionnement | en cours d'arrivage |
        arrivage prévu |
        disponible sur commande | réassort | délai fournisseur | sous 10 jours | livré sous 15 |
        en stock proveedor | stock proveedor | disponible en proveedor | bajo demanda | por encargo | en camino |
        sob consulta | sob pedido | a caminho | disponibilidade fornecedor | disponibile su ordinazione |
        disponibile presso il fornitore | disponibile dal fornitore | in riordino | da ordinare | externe voorraad |
        verwacht op | leverbaar vanaf | verwachte levertijd | levertijd onbekend | besteld bij leverancier |
        dostępny na zamówienie | u dostawcy | dostępność u dostawcy | magazyn zewnętrzny | dostawa w ciągu 14 |
        pod zamówienie | külső raktáron | beszállítói raktár | beszállítónál | úton | várható beérkezés | на заказ |
        ожидается | ожидаем | в пути | у поставщика | удаленный склад | под замовлення | очікується поставка |
        очікуємо | в дорозі | у постачальника | віддалений склад | skladem u dodavatele | u dodavatele |
        externí sklad | na dotaz | čekáme na naskladnění | očekáváme | na ceste | u dodávateľa | externý sklad |
        na dopyt | skladom u dodávateľa | på beställning | restnoterad | förväntas | leverans okänd | okänd leverans |
        ej bekräftat | restordre | forventet | ventes på lager | ventes inn | ventes hjem | forventes på lager |
        forventet på lager | fjernlager |
        fjärrlager | bestilles hjem | toimittajan varastossa | tilattava | tilauksesta | la comandă |
        în stoc furnizor | stoc furnizor | tedarikçide | κατόπιν παραγγελίας | με παραγγελία | по поръчка |
        na upit | po narudžbi | po naročilu | tellimisel | pagal užsakymą | pēc pasūtījuma | indent | 주문제작 |
        주문 후 | 해외배송 주문 | 受注生産 | 入荷予定 | 取寄 | 可订货 | 訂貨
    """,
    Availability.OUT_OF_STOCK: """
        out of stock | out-of-stock | outofstock | sold out | soldout | not in stock | no stock | not available |
        currently unavailable | unavailable | temporarily unavailable | temporarily not available |
        temporarily out | currently out of stock | no longer in stock | none in stock | currently not available |
        item is unavailable | all gone | nil stock | out of inventory | sold-out | sorry, sold | nicht auf lager |
        nicht lieferbar | ausverkauft | nicht verfügbar | nicht vorrätig | derzeit nicht | momentan nicht |
        zur zeit nicht | vergriffen | leider ausverkauft | nicht lagernd | nicht mehr vorrätig | aktuell nicht |
        kein bestand | zurzeit nicht | rupture | en rupture | rupture de stock | épuisé | indisponible |
        non disponible | plus en stock | victime de son succès | pas en stock | plus disponible actuellement |
        agotado | sin stock | sin existencias | no disponible | no hay existencias | fuera de stock |
        temporalmente sin | esgotado | sem stock | sem estoque | indisponível | produto indisponível |
        não disponível | fora de estoque | avise-me quando chegar | esaurito | non disponibile | esaurita |
        terminato | attualmente non disponibile | momentaneamente non | momentaneamente esaurito | uitverkocht |
        niet op voorraad | niet leverbaar | niet beschikbaar | tijdelijk uitverkocht | tijdelijk niet |
        niet voorradig | niedostępny | niedostępne | niedostępna | brak w magazynie | brak towaru | wyprzedane |
        czasowo niedostępny | chwilowo niedostępny | produkt niedostępny | chwilowo brak | brak na stanie |
        nincs raktáron | elfogyott | nem elérhető | nem rendelhető | jelenleg nem | nincs készleten | készlethiány |
        átmenetileg nem | нет в наличии | нет на складе | распродано | товар закончился | отсутствует | недоступен |
        недоступно | закончился | нет в продаже | продано | немає в наявності | нема в наявності | закінчився |
        відсутній | немає на складі | розпродано | товар закінчився | недоступний | vyprodáno | není skladem |
        nedostupné | momentálně nedostupné | dočasně nedostupné | nie je na sklade | vypredané | není k dispozici |
        není na skladě | slut i lager | slutsåld | slutsålt | ej i lager | finns ej i lager | tillfälligt slut |
        inte i lager | utsolgt | ikke på lager | udsolgt | midlertidig utsolgt | ikke tilgjengelig |
        ikke tilgængelig | loppu | loppuunmyyty | ei varastossa | ei saatavilla | stoc epuizat | indisponibil |
        tükendi | stokta yok | läbi müüdud | rasprodano | 품절 | 일시품절 | 재고없음 | 재고 없음 | 판매종료 | 매진 |
        구매불가 | 在庫なし | 在庫無し | 売り切れ | 売切れ | 完売 | 品切れ | 品切 | 在庫切れ | 入荷未定 |
        缺货 | 缺貨 | 无货 | 無貨 | 售罄 | 售完 | 已售完 | 补货中 | 補貨中 | 暂时缺货 |
        暂无库存 | 完售 | back soon | sold out online | out of stock online | this item is sold | item sold |
        this listing was ended | this listing ended | listing ended | no longer for sale | cannot be ordered |
        not for sale | not currently available | currently sold out | temporarily sold out |
        not available for purchase | out of print | stock: 0 | 0 in stock | abverkauft | nicht bestellbar |
        nicht mehr auf lager | liefertermin unbekannt | liefertermin noch | kein liefertermin |
        derzeit ausverkauft | momentan ausverkauft | nicht an lager | derzeit leider | nicht auf vorrat |
        artikel ausverkauft | lieferbarkeit unbekannt | n'est plus en stock | stock épuisé | produit épuisé |
        momentanément indisponible | temporairement indisponible | actuellement indisponible | plus disponible |
        non disponible à la vente | hors stock | indispo | sin unidades | sin disponibilidad | producto agotado |
        agotada | agotados | temporalmente agotado | no está disponible | esgotada | produto esgotado |
        sem unidades | temporariamente indisponível | anúncio encerrado | não está disponível | articolo esaurito |
        prodotto esaurito | esauriti | non acquistabile | non in stock | terminata | momenteel niet |
        niet meer op voorraad | helaas uitverkocht | geen voorraad | brak na magazynie |
        brak w ofercie | produkt wyprzedany | niedostępny w sklepie | tymczasowo niedostępny | oferta zakończona |
        wyprzedany | wyprzedano | obecnie niedostępny | produkt chwilowo niedostępny | kifogyott |
        átmenetileg nem elérhető | jelenleg nincs raktáron | jelenleg nem rendelhető | nem kapható |
        átmeneti készlethiány | нет на складах | временно отсутствует | товара нет | нет товара | распродан |
        закончился товар | временно нет | объявление снято | недоступен для заказа |
        немає в продажу | немає на складах | тимчасово відсутній | тимчасово немає | розпроданий | закінчились |
        відсутня | dočasně vyprodáno | momentálně vyprodáno | vyprodaný | nedostupný | nedostupná |
        aktuálne nedostupné | momentálne nedostupné | dočasne vypredané | nie je skladom | není momentálně |
        není možné objednat | slut online | såld ut | slut på lager | ikke på nettlager | ikke på lager online |
        ej tillgänglig | tilapäisesti loppu | loppunut | ei varastossa verkossa | nu este în stoc | epuizat |
        stoc 0 | nu este disponibil | satışta değil | tükenmiştir | geçici olarak | stokta bulunmuyor |
        μη διαθέσιμο | εξαντλήθηκε | εξαντλημένο | εξαντλημενο | δεν υπάρχει | няма наличност | изчерпан |
        не е наличен | nije dostupno | nema na stanju | nedostupno | nema na zalihi | razprodano | ni na zalogi |
        išparduota | prekės nėra | nav noliktavā | izpārdots | stok habis | hết hàng | tạm hết | สินค้าหมด |
        หมดชั่วคราว | אזל | חסר במלאי | 구매할 수 없 | 구매 불가 | 판매중지 | 판매완료 | 거래완료 | 품절상품 |
        재고가 부족 | 일시 품절 | 재고소진 | 판매 종료 | 在庫無 | 在庫がありません | 在庫はありません |
        ただいま品切 | 現在品切 | 在庫ゼロ | 販売しておりません | 売約済 | 売切 | 受付終了 | 已售罄 | 已售出 |
        商品已售 | 暫無庫存 | 目前缺貨 | 暂无货 | 无库存 | 銷售一空 | 熱銷一空 | 到货通知 | 停止供貨
    """,
    Availability.DISCONTINUED: """
        discontinued | no longer available | no longer sold | end of life | has been discontinued |
        permanently out | retired product | eingestellt | auslaufartikel | nicht mehr lieferbar |
        nicht mehr verfügbar | nicht mehr erhältlich | artikel eingestellt | plus commercialisé |
        n'est plus disponible | arrêt de commercialisation | fin de vie | arrêté | descatalogado | descontinuado |
        ya no está disponible | fuori produzione | fuori catalogo | non più disponibile | niet meer leverbaar |
        uit assortiment | niet meer verkrijgbaar | wycofany | wycofane | produkt wycofany | megszűnt | kifutott |
        forgalmazása megszűnt | снят с производства | снято с производства | знято з виробництва | prodej ukončen |
        již se neprodává | produkt vyřazen | utgått | utgår | utgått ur | utgått sortiment | udgået | utgått vare |
        utgår ur | tuote poistunut | 단종 | 生産終了 | 販売終了 | 取扱終了 | 停产 | 停產 | 下架 | 停售 |
        product discontinued | no longer stocked | end-of-life | nicht mehr im sortiment |
        artikel nicht mehr lieferbar | produit arrêté | n'est plus commercialisé | produit supprimé |
        fuera de catálogo | producto descatalogado | fora de linha | produto descontinuado |
        articolo fuori produzione | niet meer in assortiment | uit de handel | produkt archiwalny | wycofano |
        wycofany z oferty | archiwalny | termék megszűnt | nem forgalmazzuk | kivezetett | архивный товар |
        снят с продажи | снято с продажи | больше не продаётся | архівний товар | більше не продається |
        ukončený prodej | ukončen prodej | ukončený predaj | vyřazeno z nabídky | produkt byl ukončen | utgången |
        utgått sortimentet | poistunut valikoimasta | poistunut | scos din ofertă | üretimi durduruldu |
        καταργήθηκε | 생산중단 | 판매종료상품 | 生産完了 | 取り扱い終了 | 已停产 | 已停產 | 已下架
    """,
}  # fmt: skip
# Without its accent an order in several other languages.
_NEVER_PLAIN = "la comanda"
STOCK = WordList(
    {state: tuple(word for word in with_plain(listed(text)) if word != _NEVER_PLAIN) for state, text in _STOCK.items()}
)

_WHOLE_LINE = {
    Availability.IN_STOCK: """
        yes | ja | oui | sí | si | sim | tak | da | igen | ano | áno | да | так | є | есть | много | достаточно |
        достатньо | багато | duża | dużo | średnia | sok | azonnal | ihned | sofort | var | 있음 | あり | 有 | ○ |
        ◎ | many |
        plenty | high | viel | hoch | dostupno | turime
    """,
    Availability.LIMITED: """
        мало | few | low | wenig | gering | mała | kevés | málo | få | poco | poca | peu | 少 | △
    """,
    Availability.OUT_OF_STOCK: """
        no | nein | non | não | nie | ne | nem | нет | ні | немає | brak | nincs | nej | nei | yok | 없음 | なし |
        無 | 无 | × | ✕ | sold | vendu | vendue | vendido | vendida | venduto | verkocht | verkauft | продан |
        såld | solgt | myyty | vândut | satıldı | prodáno | predané | eladva | sprzedane | habis | otsas | loppu |
        none | nicht vorhanden
    """,
}
# Words that mean a state only where they are the whole line, or stand alone behind a label ("Dostępność: brak").
WHOLE_LINE = {word: state for state, text in _WHOLE_LINE.items() for word in listed(text)}

# "only 3 left", "noch 2 stück", "残り3点": a number beside a word of few.
FEW = re.compile(
    r"(?:only|just|nur noch|noch|nur|plus que|il ne reste que|reste|restent|solo quedan?|sólo quedan?|quedan?|solo"
    r"|[uú]ltim[ao]s|apenas|restam|rimangono|rimasti|nog maar|nog|slechts"
    r"|tylko|zostało|pozostało|ostatnie|mindössze|csak|осталось|всего|залишилось|лише|poslední|posledních|zbývá"
    r"|bara|kun|endast|ultimele|ultimul|son|sisa|còn|jen|viimased|ainult|残り|あと|仅剩|僅剩|剩余|남은"
    r"|단)\s*:?\s*(\d{1,3})(?!\d|[.,]\d|\s?[%€$£]|-|\s?(?:x|h"
    r"|hours?|days?|tage?"
    r"|stunden|jours?|день|дн|rat|mon))"
    r"|(?<![\d.,])(\d{1,2})\s*(?:left|remaining|verbleibend|restants?|restantes|rimast[oi]|over|szt\. pozostał"
    r"|点限り)"
    r"|(?<![\d.,\w-])(\d{1,5}|\d{1,3}(?:[.,]\d{3})+)\+?\s*(?:(?:units?|items?|pcs|products?|stk|stück|st|pièces?"
    r"|unidades|pezzi|stuks|szt\.?|ks|kpl|db|шт\.?|개|点|件)\s*)?"
    r"(?:in stock|available|auf lager|verfügbar|lagernd|en stock|disponibles?|disponibili|em stock|em estoque"
    r"|op voorraad|w magazynie|na stanie|raktáron|в наличии|skladem|i lager|på lager|dispo)(?!\w)"
    r"|(?:in stock|stock|lagerbestand|auf lager|en stock|skladem|på lager|i lager|재고|在庫|库存"
    r"|庫存)\s*[:：(]\s*(\d{1,5})\+?(?!\d|[.,:]\d|\s?%)"
    r"|(?:재고|在庫|库存|庫存|剩余|剩餘)\s*[:：(]?\s*(\d{1,5})\s*(?:개|대|点|個|台|枚|件|个)"
    r"|(?:skladem|auf lager|lagernd|en stock|raktáron|в наличии|в наявності|på lager|i lager|varastossa|na stanie"
    r"|in stock)"
    r"\s*[-:]?\s*(\d{1,5})\+?\s*(?:ks|szt|db|stk?|kpl|шт|pcs|stück|unid|pi[eè]ces)\b"
)
