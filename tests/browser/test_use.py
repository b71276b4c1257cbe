"""What people do on the pages, in a real browser: first run, goals, alerts, a doubted price; two of them at once."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Opener
from tests.filled import HOSTILE
from tools.browser import PHONE, settle


def choose(page: Page, label: str, option: str) -> None:
    """Choose an option of a select box as somebody does who types its beginning."""
    box = page.get_by_role("combobox", name=label).first
    box.click()
    box.fill(option)
    page.get_by_role("option", name=option, exact=True).click()


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


def test_three_questions_on_a_phone_set_the_goal_and_the_address_keeps_it(visit: Opener) -> None:
    page = visit(size=PHONE)
    choose(page, "What do you train or run?", "Train an image classifier")
    choose(page, "Where do you buy?", "DE")
    page.get_by_role("button", name="Show my verdict").click()
    expect(page.locator("#root .gl-card h3").first).to_have_text(re.compile("image", re.I))
    settle(page)
    assert "in=DE" in page.url
    card = first_card(page)
    page.goto(page.url)  # as somebody does who got the address from a friend
    settle(page)
    assert first_card(page) == card


def test_a_goal_is_kept_and_forgotten(visit: Opener) -> None:
    page = visit("/settings?work=vision-cnn-train&in=US&get=new")
    page.get_by_label("Name", exact=True).fill("Pictures of birds")
    page.get_by_role("button", name="Keep this goal").click()
    expect(page.get_by_text("Kept.")).to_be_visible()
    settle(page)
    page.goto(page.url.split("/settings")[0])
    settle(page)
    assert "Pictures of birds" in first_card(page)
    page.goto(page.url.split("?")[0] + "settings")
    settle(page)
    page.get_by_role("button", name="Forget").first.click()
    expect(page.get_by_text("Pictures of birds")).to_have_count(0)


def test_an_alert_rule_is_kept_and_forgotten(visit: Opener) -> None:
    page = visit("/settings")
    choose(page, "Tell me when", "price below")
    choose(page, "GPU (empty: any)", "RTX 4090")
    page.get_by_label(re.compile("^Below")).fill("1200")
    page.get_by_role("button", name="Keep this rule").click()
    line = page.get_by_text(re.compile("price below: RTX 4090"))
    expect(line).to_be_visible()
    settle(page)
    page.get_by_role("button", name="Forget").last.click()
    expect(line).to_have_count(0)


def test_a_doubted_price_with_a_hostile_title_is_confirmed(visit: Opener) -> None:
    page = visit("/data-health")
    expect(page.get_by_text(HOSTILE[:40]).first).to_be_visible()  # as text
    page.get_by_role("button", name="It is genuine").click()
    expect(page.get_by_text("No price is doubted.")).to_be_visible()
    page.goto(page.url.replace("data-health", "gpu?card=rtx-4090"))
    settle(page)


def test_two_visitors_at_once_do_not_see_each_others_goals(visit: Opener) -> None:
    ours, theirs = visit("/?work=vision-cnn-train&in=DE&get=used"), visit("/?work=llm-decode-8b&in=US&get=new")
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
    assert page.locator("#root .gl-card h3").first.evaluate("card => card.closest('article') !== null")
    stops = focus_stops(page, 12)
    assert len(stops) == len(set(stops))  # nothing traps the keyboard
    assert any("What do you train" in stop for stop in stops)


def focus_stops(page: Page, most: int) -> list[str]:
    """What the tab key comes to from the top of the page, one after the other."""
    stops = []
    for number in range(most):
        page.keyboard.press("Tab")
        stops.append(
            page.evaluate(
                """number => { const at = document.activeElement; return number + ' ' +
                (at.getAttribute('aria-label') || at.innerText || at.tagName); }""", number)
        )  # fmt: skip
    return stops


def test_the_verdict_stands_in_words_and_a_shape_in_both_themes(visit: Opener) -> None:
    for dark in (False, True):
        said = visit(dark=dark).locator("#root .gl-verdict").first.inner_text()
        assert re.search("[▲■◆○] (Buy now|Wait|Hardware limbo: wait|Cannot tell)", said)
