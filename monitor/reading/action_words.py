"""Words on the buttons of shops, in the languages of the sources: to buy, to be told when it is back."""

from monitor.core.words import WordList, listed

BUY = "buy"  # a button to order
NOTIFY = "notify"  # a button to be told when it is back

_ACTIONS = {
    BUY: """
        add to cart | add to basket | add to bag | add to trolley | buy now | add item to cart | buy it now |
        order now | add to order | shop now add | add to my cart | in den warenkorb | in den einkaufswagen |
        in den korb | jetzt kaufen | kaufen | zum warenkorb hinzufügen | bestellen | ajouter au panier | acheter |
        commander | añadir al carrito | agregar al carrito | añadir a la cesta | comprar | comprar ahora | añadir |
        adicionar ao carrinho | colocar no carrinho | comprar agora | aggiungi al carrello | acquista |
        acquista ora | in winkelwagen | in winkelmand | toevoegen aan winkel | bestel | do koszyka |
        dodaj do koszyka | kup teraz | kupuję | kosárba | kosárba teszem | megveszem | megrendelem | в корзину |
        добавить в корзину | купить | в кошик | до кошика | додати в кошик | купити | do košíku | přidat do košíku |
        koupit | vložit do košíku | do košíka | lägg i varukorg | lägg i kundvagn | köp | legg i handlekurv |
        legg i handlevogn | kjøp | læg i kurv | læg i indkøbskurv | køb | lisää ostoskoriin | lisää koriin |
        adaugă în coș | adauga in cos | lisa ostukorvi | lisa korvi | sepete ekle | dodaj u košaricu | 장바구니 |
        구매하기 | 바로구매 | 장바구니 담기 | カートに入れる | カートに追加 | 購入する | 買い物かご | ご購入手続き |
        今すぐ買う | かごに追加 | 加入购物车 | 加入購物車 | 立即购买 | 立即購買 | 放入購物車 | 直接購買 |
        add to backpack | add to tote | add to crate | add to shopping bag | add to cart now |
        add to shopping cart | add to shopping basket | add to my basket | quick add | place order | buy it |
        make offer | zum warenkorb | warenkorb legen | sofort-kaufen | sofort kaufen | in die tasche |
        jetzt bestellen | in den warenkorb legen | ajouter au chariot | j'achète | acheter maintenant |
        ajouter à mon panier | je commande | mettre au panier | añadir a la bolsa | agregar a la cesta | lo quiero |
        añadir al carro | agregar al carro | adicionar à sacola | adicionar ao cesto | eu quero | comprar já |
        colocar na sacola | aggiungi al cestino | compra ora | metti nel carrello | compra subito |
        in den einkaufskorb | in mijn winkelwagen | koop nu | bestel nu | in het mandje | voeg toe aan |
        toevoegen aan winkelwagen | toevoegen aan mandje | dodaj do wózka | kup i zapłać |
        dodaj produkt do koszyka | wrzuć do koszyka | zamów | kosárba rakom | hozzáadás a kosárhoz | megrendelés |
        vásárlás | kosárba helyezés | положить в корзину | оформить заказ | купить сейчас | купить в один клик |
        купить в 1 клик | покласти в кошик | додати до кошика | купити зараз | придбати | купити в 1 клік |
        přidat do nákupního | objednat | do nákupního košíku | pridať do košíka | vložiť do košíka | kúpiť |
        objednať | lägg i korgen | köp nu | lägg i varukorgen | lägg till i varukorg | lägg till i kundvagn |
        legg i kurv | kjøp nå | legg til | føj til kurv | læg i kurven | tilføj til kurv | køb nu | ostoskoriin |
        osta nyt | cumpără | în coș | satın al | hemen al | sepete at | προσθήκη στο καλάθι | στο καλάθι | αγορά |
        dodaj u korpu | dodaj v košarico | kupi odmah | ostukorvi | osta kohe | į krepšelį | pirkti |
        pievienot grozam | beli sekarang | tambah ke keranjang | masukkan keranjang | mua ngay | thêm vào giỏ |
        ซื้อเลย | หยิบใส่ตะกร้า | เพิ่มลงตะกร้า | הוסף לסל | הוספה לסל | קנה עכשיו | 바로 구매 | 주문하기 |
        카트에 담기 | 장바구니에 담기 | 買い物カゴ | カゴに入れる | 買い物かごに入れる | 注文する | 購入手続き |
        立即订购 | 立即訂購 | 加入購物袋 | 马上购买 | 抢购 | 放入购物车
    """,
    NOTIFY: """
        notify me | email me when | alert me when | get notified | back in stock alert | notify when available |
        add to waitlist | join waitlist | benachrichtigen | benachrichtigung anfordern | benachrichtigen sie mich |
        verfügbarkeitsalarm | me prévenir | m'alerter | prévenez-moi | avísame | avisarme | notificarme | avise-me |
        avisar quando | avvisami | avvertimi | mail mij | houd mij op de hoogte | powiadom mnie |
        powiadom o dostępności | értesítést kérek | értesítsen | сообщить о поступлении | уведомить |
        повідомити про наявність | повідомити коли | hlídat dostupnost | upozornit | bevaka | få besked |
        få varsel | varsle meg | 재입고 알림 | 입고알림 | 入荷通知 | 再入荷 | 到货通知 | 到貨通知 | 貨到通知 |
        let me know | email when available | notify when in stock | back in stock | stock alert | when available |
        remind me | verfügbarkeit benachrichtigen | wenn verfügbar | erinnern sie mich | sobald verfügbar |
        wieder verfügbar | prévenir | alerte stock | m'avertir | être alerté | être informé | avisadme | avísenme |
        notifícame | cuando esté disponible | avise quando | me avise | avisem-me | quando disponível |
        avvisa quando | notificami | avviso disponibilità | quando disponibile | waarschuw mij |
        houd me op de hoogte | stuur een bericht | powiadom | powiadomienie o dostępności | kiedy będzie dostępny |
        ha újra elérhető | сообщить о | уведомить о | узнать о поступлении | сообщить, когда | повідомити |
        сповістити | коли з'явиться | hlídací pes | hlídat | strážiť | upozorniť | hlídač | meddela mig |
        bevaka produkt | påmind | varsle | giv besked | anunță-mă | notifică | gelince haber | haber ver |
        báo khi có | 재입고알림 | 재입고 | 입고 알림 | 入荷お知らせ | 再入荷通知 | 入荷連絡 | 可訂購時通知 |
        貨到通知我
    """,
}  # fmt: skip
ACTIONS = WordList({action: listed(text) for action, text in _ACTIONS.items()})
