"""The signed webhook against a real HTTP server; the signature is checked by the library that receivers use."""

import json
from dataclasses import replace

import pytest
from pytest_httpserver import HTTPServer
from standardwebhooks.webhooks import Webhook, WebhookVerificationError
from werkzeug import Request, Response

from monitor.clock import utc_now
from monitor.errors import DeliveryError, SettingsError
from monitor.notify import ChannelOptions, Message, open_channels
from monitor.notify.webhook import decode_secret, new_secret, sign

OLD, NEW = new_secret(), new_secret()
MESSAGE = Message(
    id="flip-1",
    kind="signal.flipped",
    subject="Wait",
    text="Wait 3 months.",
    created_at=utc_now(),
    data={"gpu": "RTX 4090"},
)


def channel(server: HTTPServer, secrets: str = NEW, allow: str = "localhost"):
    options = ChannelOptions(clock=utc_now, webhook_secret=secrets, allow_private_hosts=allow)
    return open_channels(f"webhook+{server.url_for('/hook/s3cret')}", options)[0]


def received(server: HTTPServer) -> Request:
    return server.log[-1][0]


def test_the_receiver_verifies_the_signature_and_reads_the_message(httpserver: HTTPServer):
    httpserver.expect_request("/hook/s3cret", method="POST").respond_with_data("ok")
    channel(httpserver).send(MESSAGE)
    request = received(httpserver)
    body = Webhook(NEW).verify(request.data, dict(request.headers))
    assert body["type"] == "signal.flipped"
    assert body["data"] == {"subject": "Wait", "text": "Wait 3 months.", "gpu": "RTX 4090"}
    assert request.headers["webhook-id"] == "flip-1"


def test_the_example_of_the_specification_gives_its_signature():
    """The published example of Standard Webhooks: secret, id, time and body, and what must come of them."""
    key = decode_secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    signature = sign(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize("secret", [OLD, NEW], ids=["old", "new"])
def test_while_secrets_rotate_either_verifies(httpserver: HTTPServer, secret: str):
    httpserver.expect_request("/hook/s3cret").respond_with_data("ok")
    channel(httpserver, secrets=f"{NEW} {OLD}").send(MESSAGE)
    request = received(httpserver)
    assert Webhook(secret).verify(request.data, dict(request.headers))


@pytest.mark.parametrize("change", ["body", "id", "secret"])
def test_a_changed_message_or_a_foreign_secret_is_refused(httpserver: HTTPServer, change: str):
    httpserver.expect_request("/hook/s3cret").respond_with_data("ok")
    channel(httpserver).send(MESSAGE)
    request = received(httpserver)
    headers = dict(request.headers) | ({"Webhook-Id": "other"} if change == "id" else {})
    body = request.data.replace(b"Wait", b"Buy!") if change == "body" else request.data
    with pytest.raises(WebhookVerificationError):
        Webhook(OLD if change == "secret" else NEW).verify(body, headers)


def test_a_second_try_carries_the_same_id(httpserver: HTTPServer):
    httpserver.expect_ordered_request("/hook/s3cret").respond_with_data("", status=503)
    httpserver.expect_ordered_request("/hook/s3cret").respond_with_data("")
    with pytest.raises(DeliveryError):
        channel(httpserver).send(MESSAGE)
    channel(httpserver).send(MESSAGE)
    ids = [request.headers["webhook-id"] for request, _ in httpserver.log]
    assert ids == ["flip-1", "flip-1"]


@pytest.mark.parametrize(
    ("status", "permanent"),
    [
        (500, False),
        (502, False),
        (503, False),
        (429, False),
        (408, False),
        (404, False),
        (410, True),
        (401, True),
        (400, True),
        (302, True),
    ],
)
def test_an_answer_says_whether_to_try_again(httpserver: HTTPServer, status: int, permanent: bool):
    httpserver.expect_request("/hook/s3cret").respond_with_data("", status=status, headers={"location": "/hook/other"})
    httpserver.expect_request("/hook/other").respond_with_data("followed")
    with pytest.raises(DeliveryError) as caught:
        channel(httpserver).send(MESSAGE)
    assert caught.value.permanent is permanent
    assert str(status) in str(caught.value)
    assert "s3cret" not in str(caught.value)
    assert len(httpserver.log) == 1  # a redirect is not followed


def test_a_server_that_is_gone_is_tried_again_later():
    options = ChannelOptions(clock=utc_now, webhook_secret=NEW, allow_private_hosts="127.0.0.1")
    [gone] = open_channels("webhook+http://127.0.0.1:1/s3cret", options)
    with pytest.raises(DeliveryError, match="cannot be reached") as caught:
        gone.send(MESSAGE)
    assert not caught.value.permanent
    assert "s3cret" not in str(caught.value)


def test_an_endless_answer_is_not_read(httpserver: HTTPServer):
    def endless(_request: Request) -> Response:
        return Response((b"x" * 65536 for _ in range(10**6)), status=200)

    httpserver.expect_request("/hook/s3cret").respond_with_handler(endless)
    channel(httpserver).send(MESSAGE)


def test_hostile_text_stays_json(httpserver: HTTPServer):
    httpserver.expect_request("/hook/s3cret").respond_with_data("ok")
    nasty = '</script>"\r\n\u2028\x00 ünïcode 🤖'
    channel(httpserver).send(replace(MESSAGE, text=nasty))
    assert json.loads(received(httpserver).data)["data"]["text"] == nasty


WEAK = ["", "secret", "whsec_", "whsec_short", "whsec_!!!!", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]


@pytest.mark.parametrize("bad", WEAK)
def test_a_weak_or_missing_secret_is_refused_with_a_way_out(bad: str):
    options = ChannelOptions(clock=utc_now, webhook_secret=bad)
    with pytest.raises(SettingsError, match="whsec_"):
        open_channels("webhook+https://hooks.example.org/x", options)


def test_a_new_secret_can_be_used():
    assert len(decode_secret(new_secret())) == 32
