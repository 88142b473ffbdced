"""Letters over a real SMTP conversation on this machine."""

import email.policy
import socket
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from backend.core.transports import CannotSend, ConsoleMail, Letter, SmtpMail
from tests.certificates import self_signed

LETTER = Letter("amina@cohort.example", "Your code: 1234 5678", "1234 5678\n\nHëllo.")
FROM = "alongside@cohort.example"


class Post:
    """Takes letters, or answers as it is told to."""

    def __init__(self) -> None:
        self.taken: list[tuple[list[str], EmailMessage]] = []
        self.was_tls: list[bool] = []
        self.says: dict[str, str] = {}

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's
        self, _s: Any, _session: Any, envelope: Any, to: str, _o: Any
    ) -> str:
        if answer := self.says.get("RCPT"):
            return answer
        envelope.rcpt_tos.append(to)
        return "250 OK"

    async def handle_DATA(self, _s: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.was_tls.append(session.ssl is not None)
        message: Any = message_from_bytes(envelope.content, policy=email.policy.default)
        self.taken.append((envelope.rcpt_tos, message))
        return self.says.get("DATA", "250 OK")


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def port(post: Post, request: pytest.FixtureRequest) -> Iterator[int]:
    """A mail server on this machine; its parameters are given by the test."""
    options = getattr(request, "param", {})
    if "tls" in options:
        folder = request.getfixturevalue("tmp_path")
        options = {"tls_context": self_signed(folder), "require_starttls": False}
    with socket.create_server(("127.0.0.1", 0)) as door:
        free = door.getsockname()[1]
    server = Controller(post, hostname="127.0.0.1", port=free, ready_timeout=30, **options)
    server.start()
    yield free
    server.stop()


# This machine by an address that is not known to be it: as a mail server elsewhere is met.
ELSEWHERE = "0.0.0.0"
elsewhere = pytest.mark.allow_hosts(["127.0.0.1", ELSEWHERE])


@elsewhere
def test_no_letter_leaves_in_the_clear(post: Post, port: int) -> None:
    """The server offers no TLS, or somebody between hid the offer."""
    with pytest.raises(CannotSend, match="no TLS is offered") as caught:
        SmtpMail(f"smtp://{ELSEWHERE}:{port}", FROM).send(LETTER)
    assert not caught.value.is_final  # it is tried again, once that is mended
    assert "tls=never" in caught.value.why
    assert post.taken == []


@elsewhere
def test_unless_the_operator_says_so(post: Post, port: int) -> None:
    SmtpMail(f"smtp://{ELSEWHERE}:{port}?tls=never", FROM).send(LETTER)
    assert len(post.taken) == 1


@elsewhere
@pytest.mark.parametrize(
    "port",
    [{"auth_require_tls": False, "authenticator": lambda *_: AuthResult(success=True)}],
    indirect=True,
)
def test_and_even_then_no_password_does(post: Post, port: int) -> None:
    with pytest.raises(CannotSend, match="password was not sent"):
        SmtpMail(f"smtp://me:secret@{ELSEWHERE}:{port}?tls=never", FROM).send(LETTER)
    assert post.taken == []


@pytest.mark.parametrize("port", [{"tls": True}], indirect=True)
def test_under_tls_where_it_is_offered(
    post: Post, port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
    SmtpMail(f"smtp://127.0.0.1:{port}", FROM).send(LETTER)
    assert len(post.taken) == 1
    assert post.was_tls == [True]


def mail(port: int, name: str = "") -> SmtpMail:
    return SmtpMail(f"smtp://{name}127.0.0.1:{port}", FROM)


def refusal(port: int, name: str = "") -> CannotSend:
    with pytest.raises(CannotSend) as caught:
        mail(port, name).send(LETTER)
    return caught.value


@pytest.mark.parametrize("port", [{"tls": True}], indirect=True)
def test_a_certificate_that_nobody_vouches_for_is_refused(post: Post, port: int) -> None:
    assert refusal(port).why == "SSLCertVerificationError"
    assert post.taken == []


@pytest.mark.parametrize(
    "port",
    [{"auth_require_tls": False, "authenticator": lambda *_: AuthResult(success=True)}],
    indirect=True,
)
def test_our_password_is_not_told_without_tls(post: Post, port: int) -> None:
    assert "password was not sent" in refusal(port, "me:secret@").why
    assert post.taken == []


@pytest.mark.parametrize(
    ("answer", "is_final"),
    [("550 no such mailbox", True), ("553 not allowed", True), ("450 busy", False)],
)
def test_a_refused_recipient(post: Post, port: int, answer: str, is_final: bool) -> None:
    post.says["RCPT"] = answer
    assert refusal(port).is_final is is_final


@pytest.mark.parametrize("answer", ["451 try later", "554 no", "421 closing"])
def test_a_refused_letter_is_tried_again(post: Post, port: int, answer: str) -> None:
    post.says["DATA"] = answer
    assert refusal(port).is_final is False


def test_nobody_at_home_is_tried_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    assert refusal(port).is_final is False


def test_a_letter_arrives_as_it_was_written(post: Post, port: int) -> None:
    mail(port).send(LETTER)
    ((recipients, message),) = post.taken
    assert recipients == [LETTER.to]
    assert (message["To"], message["Subject"]) == (LETTER.to, LETTER.subject)
    assert message["From"] == f"Alongside <{FROM}>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"].endswith("@cohort.example>")
    assert message.get_content().splitlines() == LETTER.body.splitlines()
    assert set(message.keys()) == {
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Content-Type",
        "Content-Transfer-Encoding", "MIME-Version",
    }  # fmt: skip


@pytest.mark.parametrize(
    "to",
    [
        "amina@cohort.example, thief@evil.example",
        "amina@cohort.example,thief@evil.example",
        "amina@cohort.example\r\nBcc: thief@evil.example",
        "amina@cohort.example;thief@evil.example",
        "Amina <amina@cohort.example>",
        "group:a@b.example;",
        "",
    ],
)
def test_a_letter_never_goes_to_two(post: Post, port: int, to: str) -> None:
    with pytest.raises(Exception):  # noqa: B017, PT011 - the library's own; the outbox stands it
        mail(port).send(Letter(to, "Your code", "1234 5678"))
    assert post.taken == []


def test_without_a_mail_server_the_console_shows_it(capsys: pytest.CaptureFixture[str]) -> None:
    ConsoleMail().send(LETTER)
    assert "To amina@cohort.example: Your code: 1234 5678" in capsys.readouterr().out
