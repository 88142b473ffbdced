"""Mail as an equal way: over a real SMTP conversation, and with its own way to have less of it."""

import re
from collections.abc import Iterator
from email.message import EmailMessage
from urllib.parse import urlsplit
from uuid import UUID

import pytest

from backend.core.transports import SmtpMail
from backend.deliveries.letters import send_letters
from backend.notices.composing import composer
from tests.mail_server import FROM, Post, running
from tests.make import KINDS, Letterbox, Make, Somebody
from tests.notices.test_sending import AT, SECRET, share, wants


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def mail(post: Post) -> Iterator[SmtpMail]:
    """Our way to a mail server on this machine."""
    with running(post) as port:
        yield SmtpMail(f"smtp://127.0.0.1:{port}", FROM)


def send(make: Make, mail: SmtpMail | Letterbox) -> int:
    return sum(send_letters(make.app.database, mail, composer(AT)).values())


def mails_of(make: Make, person: Somebody, letterbox: Letterbox) -> int:
    """How many mails a person got since they were last counted."""
    send(make, letterbox)
    count = sum(letter.to == person.email for letter in letterbox.letters)
    letterbox.letters.clear()
    return count


def link_of(make: Make, person: Somebody, letterbox: Letterbox) -> str:
    """The path behind "no more mails" in the newest mail to a person."""
    send(make, letterbox)
    letter = [one for one in letterbox.letters if one.to == person.email][-1]
    letterbox.letters.clear()
    return urlsplit(dict(letter.headers)["List-Unsubscribe"][1:-1]).path


def test_who_has_no_device_gets_everything_by_mail(
    make: Make, post: Post, mail: SmtpMail, amina: Somebody, callum: Somebody, cohort: UUID
) -> None:
    reflection = share(make, amina, cohort)
    make.response(callum, reflection, SECRET)
    make.announce()
    send(make, mail)
    got = sorted((to, message["Subject"]) for [to], message in post.taken)
    assert got == [
        (amina.email, "Somebody responded to what you shared"),
        (callum.email, "Something was shared with you"),
        ("morag@cohort.example", "Something was shared with you"),
    ]
    send(make, mail)
    assert len(post.taken) == 3  # once each


def test_a_mail_arrives_whole_and_says_nothing_of_anybody(
    make: Make, post: Post, mail: SmtpMail, amina: Somebody, callum: Somebody, cohort: UUID
) -> None:
    wants(callum, "mail", lock_screen="names")
    share(make, amina, cohort)
    send(make, mail)
    [message] = [message for [to], message in post.taken if to == callum.email]
    assert message.get_content_type() == "multipart/alternative"
    plain, rich = message.iter_parts()
    assert (plain.get_content_type(), rich.get_content_type()) == ("text/plain", "text/html")
    for part in (plain, rich):
        assert f"{AT}/reflections/" in part.get_content()
        assert "Amina" not in part.get_content()
        assert SECRET not in part.get_content()
    assert set(message.keys()) == {
        "From",
        "To",
        "Subject",
        "Date",
        "Message-ID",
        "Auto-Submitted",
        "MIME-Version",
        "Content-Type",
        "List-Unsubscribe",
        "List-Unsubscribe-Post",
    }
    assert re.fullmatch(rf"<{AT}/api/mail-preferences/[A-Za-z0-9_-]+>", message["List-Unsubscribe"])
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert nothing_from_elsewhere(rich)


def nothing_from_elsewhere(part: EmailMessage) -> bool:
    """No picture, script or style that a reader would fetch, and so be noticed by."""
    return not re.search(r"<(img|script|link|iframe|video)|url\(", part.get_content())


def test_one_click_stops_the_mails_of_its_kind(
    make: Make, letterbox: Letterbox, amina: Somebody, callum: Somebody, cohort: UUID
) -> None:
    """As a mail program does it: a form, no cookie, no sign-in (RFC 8058, 3.2)."""
    share(make, amina, cohort)
    path = link_of(make, callum, letterbox)
    answer = make.stranger().post(path, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    reflection = make.reflection(callum, cohort=cohort)
    share(make, amina, cohort)
    assert mails_of(make, callum, letterbox) == 0
    make.response(amina, reflection)
    make.announce()
    assert mails_of(make, callum, letterbox) == 1  # of another kind
    assert len(callum.get("/api/notices").json["items"]) == 3  # type: ignore[index]


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://mail.example"},
        {"Origin": "https://mail.example", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "null"},  # our own page's form, in a browser without fetch metadata
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "null", "Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": ""},
    ],
    ids=str,
)
def test_one_click_counts_wherever_it_comes_from(
    make: Make,
    letterbox: Letterbox,
    amina: Somebody,
    callum: Somebody,
    cohort: UUID,
    headers: dict[str, str],
) -> None:
    """The token is the whole authority: whoever has it could send it without a browser as well."""
    share(make, amina, cohort)
    path = link_of(make, callum, letterbox)
    form = {"List-Unsubscribe": "One-Click"}
    for phone in (make.stranger(), amina.phone):  # whose cookies come along does not matter
        assert phone.post(path, data=form, headers=headers).status_code == 200
    share(make, amina, cohort)
    assert mails_of(make, callum, letterbox) == 0
    assert amina.get("/api/me/rhythm").json["version"] == 0  # type: ignore[index]


@pytest.mark.parametrize("ways", [("mail",), ("mail", "push"), ("push",)])
def test_all_stops_all_but_codes_and_leaves_pushes_alone(
    make: Make,
    letterbox: Letterbox,
    amina: Somebody,
    callum: Somebody,
    cohort: UUID,
    ways: tuple[str, ...],
) -> None:
    wants(callum, *ways)
    share(make, amina, cohort)
    path = link_of(make, callum, letterbox)
    assert make.stranger().post(f"{path}?which=all").status_code == 200
    make.response(amina, make.reflection(callum, cohort=cohort))
    share(make, amina, cohort)
    assert mails_of(make, callum, letterbox) == 0
    left = [way for way in ways if way != "mail"]
    rhythm = callum.get("/api/me/rhythm").json
    assert rhythm
    assert rhythm["kinds"] == dict.fromkeys(KINDS, left)
    assert make.code_for(make.stranger(), callum.email)


def test_choosing_mail_again_brings_it_back(
    make: Make, letterbox: Letterbox, amina: Somebody, callum: Somebody, cohort: UUID
) -> None:
    share(make, amina, cohort)
    make.stranger().post(f"{link_of(make, callum, letterbox)}?which=all")
    wants(callum, "mail")
    share(make, amina, cohort)
    assert mails_of(make, callum, letterbox) == 1


def test_what_waits_when_mails_are_stopped_is_not_sent(
    make: Make, letterbox: Letterbox, amina: Somebody, callum: Somebody, cohort: UUID
) -> None:
    share(make, amina, cohort)
    path = link_of(make, callum, letterbox)
    share(make, amina, cohort)
    make.stranger().post(path)
    assert mails_of(make, callum, letterbox) == 0


def test_twice_is_once_and_nobody_elses_mails_stop(
    make: Make,
    letterbox: Letterbox,
    amina: Somebody,
    callum: Somebody,
    morag: Somebody,
    cohort: UUID,
) -> None:
    share(make, amina, cohort)
    path = link_of(make, callum, letterbox)
    for _ in range(2):
        assert make.stranger().post(path).status_code == 200
    share(make, amina, cohort)
    assert mails_of(make, morag, letterbox) == 1


def test_looking_at_the_page_stops_nothing(
    make: Make, letterbox: Letterbox, amina: Somebody, callum: Somebody, cohort: UUID
) -> None:
    """Programs that look for harm open every link in a mail."""
    share(make, amina, cohort)
    page = make.stranger().get(link_of(make, callum, letterbox))
    assert page.status_code == 200
    assert page.mimetype == "text/html"
    assert page.text.count('<form method="post"') == 2
    assert callum.email not in page.text
    share(make, amina, cohort)
    assert mails_of(make, callum, letterbox) == 1


@pytest.mark.parametrize("token", ["A", "A" * 54, "-_-_", "%00", "%C3%A9"])
def test_a_link_of_nobody_is_not_there(make: Make, token: str) -> None:
    for method in ("GET", "POST"):
        answer = make.stranger().open(f"/api/mail-preferences/{token}", method=method)
        assert answer.status_code == 404
