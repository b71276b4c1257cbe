"""Chat services through Apprise: what is let through, what is not, and what a failure says."""

import pytest
from lxml import html as lxml_html
from markdown import Markdown
from pytest_httpserver import HTTPServer

from monitor.clock import utc_now
from monitor.errors import DeliveryError, SettingsError
from monitor.notify import ChannelOptions, Message, open_channels
from monitor.notify.apprise import SCHEMAS

OPTIONS = ChannelOptions(clock=utc_now, allow_private_hosts="localhost")
MESSAGE = Message(id="1", kind="x", subject="Wait: RTX 4090", text="@everyone <!channel> Wait.", created_at=utc_now())

READABLE = {
    "discord://123456789012345678/" + "a" * 68: "discord",
    "slack://xoxb-1234567890-1234567890123-abcdefabcdef/#general": "slack",
    "tgram://123456789:abcdefg_hijklmnop/12315544/": "tgram",
    "ntfy://my-topic": "ntfy",
    "ntfys://ntfy.example.org/my-topic": "ntfys://ntfy.example.org",
    "matrixs://user:pw@matrix.example.org/#room": "matrixs://matrix.example.org",
}


@pytest.mark.parametrize(("url", "name"), READABLE.items())
def test_the_usual_services_are_read_and_named_without_their_secrets(url: str, name: str):
    assert open_channels(url, OPTIONS)[0].name == name


REFUSED = [
    "json://localhost/", "xml://localhost/", "form://localhost", "syslog://", "dbus://", "windows://", "file:///etc/passwd",
    "exec://rm", "gnome://", "macosx://", "http://example.org", "https://example.org", "ftp://x", "nonsense", "discord://",
    "ntfy://topic?attach=http://169.254.169.254/latest", "discord://1/2?avatar_url=http://10.0.0.1/",
]  # fmt: skip


@pytest.mark.parametrize("url", REFUSED)
def test_what_runs_programs_or_posts_anywhere_is_refused(url: str):
    with pytest.raises(SettingsError):
        open_channels(url, OPTIONS)


def test_every_schema_of_the_list_is_one_that_apprise_knows():
    from apprise.manager_plugins import NotificationManager

    manager = NotificationManager()
    manager.load_modules()
    assert set(manager.schemas()) >= SCHEMAS


def test_a_message_arrives_and_calls_nobody(httpserver: HTTPServer):
    httpserver.expect_request("/").respond_with_json({})
    open_channels(f"ntfy://localhost:{httpserver.port}/topic", OPTIONS)[0].send(MESSAGE)
    sent = httpserver.log[0][0].get_json()
    assert sent["topic"] == "topic"
    assert sent["title"] == "Wait: RTX 4090"
    assert "@everyone" not in sent["message"]
    assert "<!" not in sent["message"]


@pytest.mark.parametrize(("status", "permanent"), [(500, False), (429, False), (401, True), (404, True), (302, False)])
def test_a_failure_says_whether_to_try_again(httpserver: HTTPServer, status: int, permanent: bool):
    httpserver.expect_request("/").respond_with_data(
        "", status=status, headers={"location": httpserver.url_for("/other")}
    )
    with pytest.raises(DeliveryError, match=str(status)) as caught:
        open_channels(f"ntfy://localhost:{httpserver.port}/topic", OPTIONS)[0].send(MESSAGE)
    assert caught.value.permanent is permanent
    assert [request.path for request, _ in httpserver.log if request.path != "/"] == []


def test_the_same_channel_twice_is_refused():
    with pytest.raises(SettingsError, match="twice"):
        open_channels("ntfys://ntfy.example.org/a ntfys://ntfy.example.org/b", OPTIONS)


def test_a_title_makes_no_link_in_a_chat_and_an_address_of_ours_stays_whole(httpserver: HTTPServer):
    httpserver.expect_request("/").respond_with_json({})
    address = "https://limbo.example/mute?token=a_b-c.d_e"
    text = f"[win](https://evil.example) ``` || ~~ ** RTX\n{address}"
    message = Message(id="1", kind="x", subject="[win](x)", text=text, created_at=utc_now())
    open_channels(f"ntfy://localhost:{httpserver.port}/topic", OPTIONS)[0].send(message)
    sent = httpserver.log[0][0].get_json()
    assert "](" not in sent["message"] + sent["title"]
    assert not set("`|~*") & set(sent["message"])
    assert sent["message"].splitlines()[-1] == address


def test_a_service_that_reads_markdown_gets_links_and_no_other_markup(httpserver: HTTPServer):
    httpserver.expect_request("/hooks/a/b").respond_with_json({"success": True})
    text = "# [win](x) ![x](y) ``` **RTX** <b> a_b_c\nOffer: https://shop.example/_a_/b?x=1&y=2"
    message = Message(id="1", kind="x", subject="Wait", text=text, created_at=utc_now())
    open_channels(f"rocket://a%2Fb@localhost:{httpserver.port}/#room", OPTIONS)[0].send(message)
    sent = httpserver.log[0][0].get_json()["text"]
    page = lxml_html.fromstring(Markdown().convert(sent))
    assert [str(a.get("href")) for a in page.iter("a")] == ["https://shop.example/_a_/b?x=1&y=2"]
    assert [a.text_content() for a in page.iter("a")] == ["https://shop.example/_a_/b?x=1&y=2"]
    assert [one.text_content() for one in page.iter("img", "code", "strong", "em", "b", "h1")] == [
        "Wait"
    ]  # our subject
