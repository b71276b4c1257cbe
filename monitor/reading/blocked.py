"""Pages that stand where an article should: captchas, bot walls, "access denied", answered with 200 or not."""

import re

MAX_TEXT = 4000  # a real page says more than a wall does

_SURE = re.compile(
    rb"/cdn-cgi/challenge-platform|cf-chl-|cf_chl_opt|px-captcha|_pxCaptcha|captcha-delivery\.com|geo\.captcha"
    rb"|datadome\.co/captcha"
    rb"|/_Incapsula_Resource|distil_r_captcha|areyouahuman|validateCaptcha|akam-sw|hcaptcha\.com/1/api"
    rb"|challenges\.cloudflare\.com"
    rb"|perfdrive\.com|awsWafCookieDomainList|Kasada|ddos-guard|sec-if-cpt-container",
    re.IGNORECASE,
)
_WORDS = re.compile(
    r"access (?:to this page has been |is )?denied|verify (?:that )?you(?:'re| are) (?:a |not a )?(?:human|robot)"
    r"|are you a (?:human|robot)|robot check|not a robot"
    r"|unusual (?:traffic|activity)|pardon our interruption|please enable (?:javascript and )?cookies"
    r"|enable javascript and cookies to continue"
    r"|just a moment|checking your browser|security check|attention required|request (?:could not be satisfied"
    r"|blocked|unsuccessful)|bot detection"
    r"|press (?:&|and) hold|type the characters you see|enter the characters|automated access|too many requests"
    r"|you have been blocked|403 forbidden|suspicious activity"
    r"|captcha|human verification|ddos protection|service unavailable|temporarily blocked|rate limit"
    r"|bist du ein mensch|sind sie ein mensch|kein roboter|zugriff (?:verweigert|gesperrt)"
    r"|ungewöhnlich\w* (?:aktivität|datenverkehr|zugriff)|sicherheitsüberprüfung|geben sie die zeichen"
    r"|accès (?:refusé|interdit)|vous n'êtes pas un robot|êtes-vous un (?:humain|robot)|trafic inhabituel"
    r"|vérification de sécurité|activité inhabituelle"
    r"|acceso denegado|no eres un robot|no soy un robot|tráfico inusual|acesso negado|não é um robô|não sou um robô"
    r"|tráfego incomum"
    r"|accesso negato|non sei un robot|non sono un robot|traffico insolito|toegang geweigerd|geen robot"
    r"|ongebruikelijk verkeer"
    r"|odmowa dostępu|dostęp zabroniony|nie jesteś robotem|nie jestem robotem|nietypowy ruch|hozzáférés megtagadva"
    r"|nem vagyok robot|nem vagy robot"
    r"|доступ (?:ограничен|запрещ[её]н|заблокирован)|вы не робот|я не робот|подтвердите, что"
    r"|подозрительн\w+ (?:активность|трафик)|доступ обмежено|ви не робот|я не робот"
    r"|přístup (?:odepřen|zamítnut)|nejste robot|nejsem robot|åtkomst nekad|inte en robot|ingen adgang"
    r"|ikke en robot|adgang nektet|tilgang nektet"
    r"|로봇이 아닙니다|비정상적인 접근|접근이 (?:거부|차단)|보안문자|ロボットではありません|アクセスが(?:拒否"
    r"|制限)|不正なアクセス|画像認証|アクセスが集中"
    r"|访问(?:被拒绝|受限|验证)|訪問被拒|安全验证|安全驗證|人机验证|滑动验证|验证码|驗證碼|不是机器人|不是機器人"
    r"|访问过于频繁",
    re.IGNORECASE,
)


def is_blocked(body: bytes, title: str, text: str) -> bool:
    """Whether a page that yielded nothing is a wall. A long page with one such word in it is not."""
    short = len(text) <= MAX_TEXT
    if short and _SURE.search(body):
        return True
    if _WORDS.search(title[:200]):
        return short
    return len(text) <= MAX_TEXT // 2 and _WORDS.search(text) is not None
