"""E-mail through a real SMTP server: what arrives is what we assert."""

import dataclasses

import pytest

from monitor.clock import utc_now
from monitor.errors import DeliveryError, SettingsError
from monitor.notify import ChannelOptions, Message, open_channels

ALLOWED = ChannelOptions(clock=utc_now, allow_private_hosts="127.0.0.1")
MESSAGE = Message(
    id="flip-1",
    kind="signal.flipped",
    subject="Wait 3 to 9 months: RTX 4090",
    text="Wait.",
    html='<p>Wait. <img src="cid:chart" alt="price"></p>',
    png=b"\x89PNG\r\n\x1a\n",
    created_at=utc_now(),
    mute_url="https://limbo.example/mute/token",
)


def test_a_mail_has_text_html_one_inline_picture_and_a_way_out(mailbox):
    open_channels(mailbox.url, ALLOWED)[0].send(MESSAGE)
    [mail] = mailbox.mails
    assert mailbox.envelopes == [("gpu@limbo.example", ["me@home.example"])]
    assert mail["Subject"] == "Wait 3 to 9 months: RTX 4090"
    assert mail["Message-ID"] == "<flip-1@gpu-limbo>"
    assert mail["List-Unsubscribe"] == "<https://limbo.example/mute/token>"
    assert [part.get_content_type() for part in mail.walk()] == [
        "multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png",
    ]  # fmt: skip
    picture = list(mail.walk())[-1]
    assert (picture["Content-ID"], picture.get_content_disposition()) == ("<chart>", "inline")
    assert picture.get_content() == MESSAGE.png


def test_the_way_out_stands_in_one_line_as_mail_programs_look_for_it(mailbox):
    """Long as a signed address is: written as an encoded word, no mail program would show its button."""
    address = f"https://limbo.example.org/mute?token={'x' * 60}.{'y' * 43}"
    subject = "Wäit 3 to 9 months, which is a subject long enough to be folded somewhere: RTX 4090 or RTX 5090"
    open_channels(mailbox.url, ALLOWED)[0].send(dataclasses.replace(MESSAGE, subject=subject, mute_url=address))
    lines = mailbox.raw[0].split(b"\r\n")
    assert f"List-Unsubscribe: <{address}>".encode() in lines
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click" in lines
    assert mailbox.mails[0]["Subject"] == subject
    assert max(map(len, lines)) < 998


def test_a_title_from_the_web_adds_no_header(mailbox):
    hostile = dataclasses.replace(MESSAGE, subject="RTX 4090\r\nBcc: all@victim.example\r\n\r\nBuy\u202e!")
    open_channels(mailbox.url, ALLOWED)[0].send(hostile)
    assert mailbox.mails[0]["Bcc"] is None
    assert mailbox.mails[0]["Subject"] == "RTX 4090 Bcc: all@victim.example Buy !"


@pytest.mark.parametrize(
    ("answer", "permanent"), [("550 no such user", True), ("554 spam", True), ("451 later", False)]
)
def test_the_reply_code_says_whether_to_try_again(mailbox, answer: str, permanent: bool):
    mailbox.answer = answer
    with pytest.raises(DeliveryError, match=answer[:3]) as caught:
        open_channels(mailbox.url, ALLOWED)[0].send(MESSAGE)
    assert caught.value.permanent is permanent


def test_a_server_that_is_gone_is_tried_again_later():
    [channel] = open_channels("mailto://127.0.0.1:1?smtp=127.0.0.1&from=a@b.example&to=c@d.example", ALLOWED)
    with pytest.raises(DeliveryError, match="did not answer") as caught:
        channel.send(MESSAGE)
    assert not caught.value.permanent


def test_a_login_that_the_server_does_not_offer_fails_without_telling_the_password(mailbox):
    [channel] = open_channels(mailbox.url.replace("mailto://", "mailto://user:hunter2@"), ALLOWED)
    with pytest.raises(DeliveryError) as caught:
        channel.send(MESSAGE)
    assert caught.value.permanent
    assert "hunter2" not in str(caught.value) + channel.name


@pytest.mark.parametrize("url", ["mailto://", "mailtos://nobody", "mailto://a b"])
def test_an_address_that_says_too_little_is_refused(url: str):
    with pytest.raises(SettingsError):
        open_channels(url, ALLOWED)
