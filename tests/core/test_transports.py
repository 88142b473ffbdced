"""Letters over a real SMTP conversation on this machine."""

import socket
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from aiosmtpd.smtp import AuthResult

from backend.core import transports
from backend.core.transports import CannotSend, ConsoleMail, Letter, SmtpMail
from tests.certificates import self_signed
from tests.mail_server import FROM, Post, running, that_says

LETTER = Letter("amina@cohort.example", "Your code: 1234 5678", "1234 5678\n\nHëllo.")


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
    with running(post, **options) as at:
        yield at


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


ANSWERS = {
    "RCPT": [
        ("550 no such mailbox", True),
        ("553 not allowed", True),
        ("501 odd address", True),
        ("450 busy", False),
        ("452 4.2.2 mailbox full", False),
        ("421 closing", False),
    ],
    "DATA": [
        ("554 no", True),
        ("552 too large", True),
        ("550 5.7.1 no", True),
        ("451 try later", False),
        ("452 full", False),
        ("421 closing", False),
    ],
    "MAIL": [("552 too large", True), ("451 try later", False), ("452 full", False)],
}


@pytest.mark.parametrize(
    ("stage", "answer", "is_final"),
    [(stage, *one) for stage, answers in ANSWERS.items() for one in answers],
)
def test_an_answer_about_one_letter_says_nothing_of_the_mail_server(
    post: Post, port: int, stage: str, answer: str, is_final: bool
) -> None:
    post.says[stage] = answer
    refused = refusal(port)
    assert (refused.is_final, refused.is_well) == (is_final, True)


@pytest.mark.parametrize(
    ("stage", "answer"),
    [
        ("MAIL", "530 5.7.0 log in first"),
        ("MAIL", "550 we do not know you"),
        ("RCPT", "530 5.7.0 log in first"),
    ],
)
def test_an_answer_about_us_is_about_every_letter(
    post: Post, port: int, stage: str, answer: str
) -> None:
    post.says[stage] = answer
    refused = refusal(port)
    assert (refused.is_final, refused.is_well) == (False, False)


@pytest.mark.parametrize(
    "lines",
    [
        (),  # closes the door without a word
        ("554 no service here",),
        ("421 too busy",),
        ("220 mail.example", "421 too busy"),
        ("220 mail.example", "502 what?", "502 what?"),
    ],
)
def test_a_mail_server_that_does_not_greet_us_is_in_trouble(lines: tuple[str, ...]) -> None:
    with that_says(*lines) as port:
        refused = refusal(port)
    assert (refused.is_final, refused.is_well) == (False, False)


@pytest.mark.parametrize("answer", ["535 5.7.8 wrong password", "454 4.7.0 later"])
def test_so_is_one_that_does_not_let_us_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    """Over TLS, as a password is told under it only."""
    code, _, text = answer.partition(" ")
    tls = {"tls_context": self_signed(tmp_path), "auth_required": True}
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
    says = AuthResult(success=False, handled=False, message=f"{code} {text}")
    with running(Post(), authenticator=lambda *_: says, **tls) as port:
        refused = refusal(port, "me:wrong@")
    assert refused.why == f"the mail server answered {code}"
    assert (refused.is_final, refused.is_well) == (False, False)


def test_nobody_at_home_is_a_mail_server_in_trouble() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    refused = refusal(port)
    assert (refused.is_final, refused.is_well) == (False, False)


def test_one_that_breaks_off_over_a_letter_says_nothing_of_the_others() -> None:
    lines = ("220 mail.example", "250 mail.example", "250 yes", "250 yes", "354 go on")
    with that_says(*lines) as port:
        refused = refusal(port)
    assert (refused.is_final, refused.is_well) == (False, True)


ON_AND_ON = {"lines": ["250-wait\r\n"] * 400 + ["250 ok\r\n"], "signs": f"250 {'.' * 400}\r\n"}


@pytest.mark.parametrize("answer", ON_AND_ON.values(), ids=ON_AND_ON)
@pytest.mark.parametrize("stage", ["greeting", "HELO", "MAIL", "RCPT", "DATA"])
def test_an_answer_that_goes_on_and_on_is_not_heard_to_its_end(
    monkeypatch: pytest.MonkeyPatch, stage: str, answer: Iterable[str]
) -> None:
    """Each line would begin the wait anew: one mailbox could keep us as long as it likes."""
    monkeypatch.setattr(transports, "IN_ALL", 1.5)
    stages = ["220 mail.example", "250 mail.example", "250 yes", "250 yes"]
    lines = stages[: ["greeting", "HELO", "MAIL", "RCPT", "DATA"].index(stage)]
    drips = iter(answer)
    with that_says(*lines, drips=drips) as port:
        refused = refusal(port)
    assert next(drips, ""), "heard to its end"
    assert (refused.is_final, refused.is_well) == (False, stage in ("MAIL", "RCPT", "DATA"))


def test_once_a_letter_is_taken_no_farewell_makes_it_untaken(post: Post, port: int) -> None:
    post.says["QUIT"] = "421 gone already"
    mail(port).send(LETTER)
    assert len(post.taken) == 1


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
        "From",
        "To",
        "Subject",
        "Date",
        "Message-ID",
        "Auto-Submitted",
        "Content-Type",
        "Content-Transfer-Encoding",
        "MIME-Version",
    }


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


@pytest.mark.parametrize("port", [{"tls": True}], indirect=True)
def test_whom_this_machine_trusts_is_read_once_and_not_for_each_letter(
    post: Post, port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
    ours = mail(port)
    ours.send(LETTER)
    (tmp_path / "certificate.pem").unlink()
    ours.send(LETTER)
    assert post.was_tls == [True, True]
