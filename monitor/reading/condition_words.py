"""Words of shops about an article's condition, in the languages of the sources."""

import re

from monitor.core.models import Condition
from monitor.core.words import WordList, listed

_CONDITIONS = {
    Condition.USED: """
        used | pre-owned | preowned | pre owned | second hand | second-hand | secondhand | like new |
        open-box used | ex-lease | ex-mining | gebraucht | gebrauchtware | gebrauchter | gebrauchte |
        aus zweiter hand | occasion | d'occasion | reconditionné occasion | seconde main | usado | usada |
        segunda mano | de segunda mano | seminovo | seminova | usato | usata | di seconda mano | tweedehands |
        gebruikt | gebruikte | używany | używana | używane | poleasingowy | z drugiej ręki | használt | б/у | бу |
        бывш. в употреблении | подержанный | вживаний | вживана | вживане | б/в | použité | použitý | použitá |
        bazar | bazarový | bazarové | z druhé ruky | begagnad | begagnat | brukt | brugt | käytetty | kasutatud |
        ikinci el | bekas | kondisi second | barang second | μεταχειρισμένο | folosit | utilizat | rabljeno |
        korišćeno | втора употреба |
        중고 | 중고품 | 中古 | 中古品 | ユーズド | 二手 | 二手商品
    """,
    Condition.REFURBISHED: """
        refurbished | refurb | renewed | certified refurbished | manufacturer refurbished | seller refurbished |
        reconditioned | recertified | remanufactured | openbox | open box | open-box | b-stock |
        outlet returns | warehouse deal | returned item | generalüberholt | b-ware | wiederaufbereitet |
        rückläufer | retourware | vorführware | kundenretoure | aufbereitet | reconditionné | reconditionnée |
        remis à neuf | reconditionnés | coin des affaires reconditionné | reacondicionado | reacondicionada |
        reacondicionados | restaurado | recondicionado | recondicionada | ricondizionato | ricondizionata |
        rigenerato | rigenerata | ricondizionati | gereviseerd | outlet retour | odnowiony | odnowione | odnawiany |
        poserwisowy | powystawowy | felújított | восстановленный | восстановленная | уценка | уцененный |
        відновлений | уцінка | уцінений | repasovaný | repasované | repasovaná | renovovaný | zánovní | rozbaleno |
        renoverad | rekonditionerad | fyndvara | renovert | renoveret | kunnostettu | 리퍼 | 리퍼비시 | 리퍼브 |
        반품상품 | 整備済 | 整備済み | 再生品 | リファービッシュ | アウトレット品 | 翻新 | 福利品 | 整新
    """,
    Condition.NEW: """
        brand new | new | neu | neuware | neuf | nuevo | nueva | novo | nova | nuovo | nuova | nieuw | nowy | nowe |
        nowa | új | новый | новая | новий | нова | nové | nový | ny | nytt | uusi | 신품 | 새상품 | 새제품 | 新品 |
        全新 | 未使用
    """,
}  # fmt: skip
CONDITIONS = WordList({condition: listed(text) for condition, text in _CONDITIONS.items()})

# "condition: used": labels before a condition.
CONDITION_LABEL = re.compile(
    r"^(?:item )?(?:condition|zustand|état|etat|estado|condición|condizione|condizioni|conditie|staat|stan|állapot"
    r"|состояние|стан|stav|skick|tilstand|stand"
    r"|kondisi|durumu?|κατάσταση|stare|상태|상품상태|状態|商品の状態|コンディション|成色|商品狀況|新舊)\s*[:：-]?\s*"
)
# What has been used is graded. Not "military grade aluminium"; what is refurbished and graded says both.
GRADED = re.compile(r"(?<![\w-])(?:grade[ -]?[abc]|[abc][ -]grade)(?![\w-])")
REFURBISHED_BY = re.compile(r"(?:this (?:product|item) (?:was|is|has been) )?(?:professionally )?refurbished by\b")
