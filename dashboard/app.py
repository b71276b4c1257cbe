"""The list of pages. Streamlit runs this file for each visitor."""

import sys
from contextlib import ExitStack
from html import escape
from pathlib import Path

import streamlit as st

if (root := str(Path(__file__).parents[1])) not in sys.path:  # Streamlit puts only this file's folder there
    sys.path.insert(0, root)

from dashboard import formats, login_role, queries, replay_banner, texts
from dashboard.cards import style
from dashboard.theme import palette
from dashboard.views import (
    build,
    compare,
    data_health,
    gpu,
    mailbox,
    market,
    now,
    probe,
    record,
    rent_or_buy,
    settings,
    timeline,
)
from monitor.errors import MonitorError

PAST_THE_GUARD = "These pages are shown through their guard only: start them with `gpu-limbo up`."
SIGNED_IN = """<p style="margin-top:3rem;text-align:end;font-size:.875rem">Signed in as {name} ({role}) ·
<a href="/logout" target="_self">Sign out</a></p>"""

PAGES = [
    (now.show, "Now", ":material/traffic:", "now"),
    (market.show, "Market", ":material/show_chart:", "market"),
    (gpu.show, "GPU", ":material/memory:", "gpu"),
    (compare.show, "Compare", ":material/balance:", "compare"),
    (rent_or_buy.show, "Rent or buy", ":material/key:", "rent-or-buy"),
    (build.show, "Build", ":material/build:", "build"),
    (timeline.show, "Timeline", ":material/timeline:", "timeline"),
    (record.show, "Track record", ":material/history:", "record"),
    (probe.show, "Probe", ":material/speed:", "probe"),
    (data_health.show, "Data health", ":material/monitor_heart:", "data-health"),
    (settings.show, "Settings", ":material/settings:", "settings"),
    (mailbox.show, "Mailbox", ":material/mail:", "mailbox"),  # where one is set
]


def main() -> None:
    """Draw the chosen page, or say what is wrong with the database."""
    st.set_page_config(page_title=f"{texts.APP}: {texts.TAGLINE}", page_icon="◆", layout="wide")
    if login_role.role() is None:
        st.error(PAST_THE_GUARD)
        st.stop()
    pages = [
        st.Page(lambda path=path: page(path), title=title, icon=icon, url_path=path, default=number == 0)
        for number, (_, title, icon, path) in enumerate(PAGES)
        if path != "mailbox" or queries.has_mailbox()
    ]
    st.navigation(pages, position="top").run()
    if name := login_role.visitor():
        st.html(SIGNED_IN.format(name=escape(name), role=escape(str(login_role.role()))))


def page(path: str) -> None:
    """One page by its path, or what is wrong with the database."""
    st.html(style(palette(st.context.theme.type)))
    show = next(show for show, *_, own in PAGES if own == path)
    with ExitStack() as stack:
        try:
            stack.enter_context(queries.one_version())
        except MonitorError as error:
            st.error(texts.BROKEN_STORE.format(why=error))
            return
        formats.choose_locale(queries.preferences().numbers_as_in)
        replay_banner.show(path)
        show()


if __name__ == "__main__":
    main()
