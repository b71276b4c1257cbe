"""What people do on the pages, in a real browser: first run, goals, alerts, a doubted price; two of them at once."""

import re
from contextlib import suppress

from playwright.sync_api import Page, TimeoutError, expect

from dashboard import texts
from tests.browser.conftest import Opener
from tests.filled import HOSTILE
from tools.browser import PHONE, settle

BERT = "Fine-tune BERT-large on questions and answers"


def choose(page: Page, label: str, option: str) -> None:
    """Choose an option of a select box as somebody does who types its beginning, and again where the list has closed.

    Streamlit closes an open list when the page scrolls under it, which an expander that just opened may still do.
    """
    box = page.get_by_role("combobox", name=label).first
    wanted = page.get_by_role("option", name=option, exact=True)
    for _ in range(5):
        box.click()
        box.fill("")
        box.fill(option[:30])
        with suppress(TimeoutError):
            return wanted.click(timeout=5_000)
    wanted.click()


def first_card(page: Page) -> str:
    return page.locator("#root .gl-card").first.inner_text()


def test_the_first_sight_shows_the_verdicts_without_any_script(browser, dashboard: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(dashboard)
    assert page.locator(".gl-verdict").count() >= 5
    assert "JavaScript" in page.locator("main").inner_text()
    context.close()


def test_the_first_sight_leaves_when_the_page_is_there(visit: Opener) -> None:
    page = visit()
    expect(page.locator("#first-sight")).to_have_count(0)
    expect(page.locator("#root .gl-verdict").first).to_be_visible()


def test_the_questions_on_a_phone_set_the_goal_and_the_address_keeps_it(visit: Opener) -> None:
    page = visit(size=PHONE)
    choose(page, texts.Q_WORK, BERT)
    choose(page, texts.Q_REGION, "DE")
    page.get_by_role("button", name=texts.Q_SHOW).click()
    expect(page.locator("#root .gl-card h3").first).to_have_text(BERT)
    settle(page)
    assert "in=DE" in page.url
    card = first_card(page)
    page.goto(page.url)  # as somebody does who got the address from a friend
    settle(page)
    assert first_card(page) == card


def test_a_goal_is_kept_and_forgotten(visit: Opener) -> None:
    page = visit("/settings?work=vision-cnn-train&in=US&get=new")
    page.get_by_label(texts.GOAL_NAME, exact=True).fill("Pictures of birds")
    page.get_by_role("button", name=texts.KEEP_GOAL).click()
    expect(page.get_by_text(texts.KEPT, exact=True)).to_be_visible()
    page.goto(f"{address(page)}/")
    settle(page)
    assert "Pictures of birds" in first_card(page)
    page.goto(f"{address(page)}/settings")
    settle(page)
    page.get_by_role("button", name=texts.FORGET).first.click()
    expect(page.get_by_text("Pictures of birds")).to_have_count(0)


def test_an_alert_rule_shows_what_it_would_have_done_and_is_kept_and_forgotten(visit: Opener) -> None:
    page = visit("/settings")
    before = page.get_by_role("button", name=texts.FORGET).count()
    page.get_by_text(texts.NEW_RULE).click()
    choose(page, texts.RULE_KIND, texts.RULE_KINDS["price_below"])
    choose(page, texts.RULE_GPU, "RTX 4090")
    limit = page.get_by_label(texts.ALERT_LIMIT.format(currency="USD"))
    limit.fill("1700")
    limit.press("Tab")
    page.get_by_role("button", name=texts.PREVIEW_RULE).click()
    expect(page.get_by_text(re.compile("would have fired"))).to_be_visible()
    page.get_by_role("button", name=texts.KEEP_RULE).click()
    expect(page.get_by_text(texts.KEPT, exact=True)).to_be_visible()
    page.goto(page.url)
    settle(page)
    forget = page.get_by_role("button", name=texts.FORGET)
    expect(forget).to_have_count(before + 1)
    rule = page.get_by_text(re.compile("RTX 4090.*1,700"))
    expect(rule.first).to_be_visible()
    for number in range(before + 1):
        if "RTX 4090" in forget.nth(number).locator("xpath=../../..").inner_text():
            forget.nth(number).click()
            break
    expect(forget).to_have_count(before)


def test_a_doubted_price_with_a_hostile_title_is_confirmed(visit: Opener) -> None:
    page = visit("/data-health")
    expect(page.get_by_text(HOSTILE[:40]).first).to_be_visible()  # as text
    page.get_by_role("button", name="It is genuine").click()
    expect(page.get_by_text(texts.NO_QUARANTINE)).to_be_visible()


def test_two_visitors_at_once_do_not_see_each_others_goals(visit: Opener) -> None:
    ours, theirs = visit("/?work=vision-cnn-train&in=DE&get=used"), visit("/?work=llm-decode-8b-b1&in=US&get=new")
    mine = first_card(ours)
    assert mine != first_card(theirs)
    plain = visit()
    assert first_card(plain) not in (mine, first_card(theirs))
    ours.reload()
    settle(ours)
    assert first_card(ours) == mine


def test_the_verdict_comes_before_the_questions_for_who_reads_by_ear_or_keyboard(visit: Opener) -> None:
    page = visit(size=PHONE)
    order = page.evaluate(
        """() => { const all = [...document.querySelectorAll('#root *')];
        const at = (chosen) => all.indexOf(document.querySelector(chosen));
        return [at('#root h1'), at('#root .gl-verdict'), at('#root form, #root [data-testid=stForm]')]; }"""
    )
    assert -1 not in order
    assert order == sorted(order)


def test_the_keyboard_skips_to_the_verdict_and_then_to_the_questions(visit: Opener) -> None:
    page = visit()
    assert "Skip to main content" in focused_after_tab(page)
    page.keyboard.press("Enter")
    assert texts.NOW_TITLE in page.evaluate("() => document.activeElement.innerText")
    stops = [focused_after_tab(page) for _ in range(4)]
    assert any(texts.Q_WORK in stop for stop in stops)


def test_the_keyboard_never_comes_to_what_a_phone_does_not_show(visit: Opener) -> None:
    page = visit(size=PHONE)
    for _ in range(6):
        focused_after_tab(page)
        box = page.evaluate(
            "() => { const b = document.activeElement.getBoundingClientRect(); return [b.right, b.left]; }"
        )
        assert box[0] > 0
        assert box[1] < PHONE[0]


def focused_after_tab(page: Page) -> str:
    """What the next press of the tab key comes to."""
    page.keyboard.press("Tab")
    return page.evaluate(
        "() => { const at = document.activeElement; return `${at.getAttribute('aria-label') ?? ''} ${at.innerText}`; }"
    )


def address(page: Page) -> str:
    return "/".join(page.url.split("/")[:3])


def test_the_verdict_stands_in_words_and_a_shape_in_both_themes(visit: Opener) -> None:
    for dark in (False, True):
        said = visit(dark=dark).locator("#root .gl-verdict").first.inner_text()
        assert re.search("[▲■◆○] (Buy now|Rent now|Wait|Hardware limbo: wait|Cannot tell)", said)
