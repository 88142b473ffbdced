"""Invitations: kept as digests, counted, ending; and the page that their link opens."""

from datetime import timedelta
from functools import partial
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text

from backend.cohorts.access import is_open
from backend.cohorts.models import Invitation, Membership, Role
from backend.cohorts.rules import why_over
from backend.core import clock, ids
from backend.core.cipher import digest_of_token
from backend.people.models import Person
from tests.conftest import A_MORNING
from tests.make import Make, Somebody
from tests.together import together

DAY = timedelta(days=1)


@pytest.fixture
def fay(make: Make) -> Somebody:
    return make.somebody("Fay")


@pytest.fixture
def rowan(make: Make, fay: Somebody) -> UUID:
    return make.cohort(fay)


def invite(person: Somebody, cohort: UUID, **more: Any) -> Any:
    body = {"expires_at": (clock.now() + DAY).isoformat(), "uses": 2, **more}
    return person.phone.post(f"/api/cohorts/{cohort}/invitations", json=body)


def listed(person: Somebody, cohort: UUID) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = person.get(f"/api/cohorts/{cohort}/invitations").json["items"]
    return items


def test_only_facilitators_invite_and_revoke_and_all_members_see_it(
    make: Make, fay: Somebody, rowan: UUID
) -> None:
    amina, stranger = make.somebody("Amina"), make.somebody("Zoe")
    make.join(amina, rowan, fay)
    id, token = make.invitation(fay, rowan)
    path = f"/api/cohorts/{rowan}/invitations"

    for person, status, listing in ((amina, 403, 200), (stranger, 404, 404)):
        assert invite(person, rowan).status_code == status
        assert person.get(path).status_code == listing
        assert person.delete(f"{path}/{id}").status_code == status
    assert make.stranger().get(path).status_code == 401
    assert [item["revoked_at"] for item in listed(fay, rowan)] == [None, None]
    assert amina.get(path).data == fay.get(path).data
    assert set(listed(amina, rowan)[0]) == {
        "id",
        "name",
        "role",
        "by_mail",
        "can_be_shown",
        "expires_at",
        "uses",
        "used",
        "revoked_at",
        "created_at",
        "created_by",
    }
    assert token.encode() not in amina.get(path).data
    assert listed(amina, rowan)[0]["created_by"] == {"id": str(fay.id), "name": "Fay"}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"uses": 0}, 422),
        ({"uses": 101}, 422),
        ({"uses": "2"}, 422),
        ({"uses": 1.5}, 422),
        ({"role": "host"}, 422),
        ({"expires_at": None}, 422),
        ({"expires_at": "2027-01-01"}, 422),
        ({"expires_at": "2020-01-01T00:00:00Z"}, 422),
        ({"token": "mine"}, 422),
        ({"expires_at": "9999-12-31T23:59:59-14:00"}, 422),
        ({"used": -1}, 422),
        ({"expires_at": (A_MORNING + 60 * DAY + timedelta(seconds=1)).isoformat()}, 422),
        ({"role": "facilitator", "uses": 2}, 422),
        ({"role": "facilitator", "uses": 100}, 422),
    ],
)
def test_an_invitation_that_cannot_be_meant_is_refused(
    fay: Somebody, rowan: UUID, body: dict[str, Any], status: int
) -> None:
    with clock.standing_at(A_MORNING):
        answer = invite(fay, rowan, **body)

    assert answer.status_code == status
    assert answer.json["message"]
    assert listed(fay, rowan) == []


def test_an_invitation_may_last_sixty_days(fay: Somebody, rowan: UUID) -> None:
    with clock.standing_at(A_MORNING):
        answer = invite(fay, rowan, expires_at=(A_MORNING + 60 * DAY).isoformat())

    assert answer.status_code == 201


def show_again(person: Somebody, cohort: UUID, id: UUID | str) -> Any:
    return person.phone.post(f"/api/cohorts/{cohort}/invitations/{id}/link")


def stored(make: Make) -> Any:
    """The one invitation's row, as it lies in the database."""
    with make.session() as session:
        return session.execute(text("SELECT * FROM invitation")).mappings().one()


def test_its_link_is_looked_up_by_a_digest_and_sealed_besides(
    make: Make, fay: Somebody, rowan: UUID
) -> None:
    made = invite(fay, rowan, name="For the Tuesday group").json
    token = made["token"]

    assert made["url"] == f"http://localhost/join#{token}"
    assert len(token) >= 22  # 128 bits in base64
    assert token not in str(listed(fay, rowan))
    assert listed(fay, rowan)[0]["name"] == made["name"] == "For the Tuesday group"
    row = stored(make)
    assert bytes(row["token_digest"]) == digest_of_token(token)
    for secret in (token, "Tuesday"):
        assert not any(secret.encode() in bytes(row[name]) for name in ("name", "token"))
        assert secret not in str(row)


def test_it_is_shown_again_to_every_facilitator_and_to_nobody_else(
    make: Make, fay: Somebody, rowan: UUID
) -> None:
    amina, gus = make.somebody("Amina"), make.somebody("Gus")
    make.join(amina, rowan, fay)
    make.join(gus, rowan, fay, Role.FACILITATOR)
    made = invite(fay, rowan).json

    for person in (fay, gus):
        answer = show_again(person, rowan, made["id"])
        assert (answer.status_code, answer.json) == (200, made)
    assert show_again(amina, rowan, made["id"]).status_code == 403
    alder = make.cohort(make.somebody("Zoe"), gus)
    assert show_again(gus, alder, made["id"]).status_code in (403, 404)
    assert listed(amina, rowan)[0]["can_be_shown"] is True


def end_by_revoking(make: Make, fay: Somebody, rowan: UUID, made: dict[str, Any]) -> None:
    fay.delete(f"/api/cohorts/{rowan}/invitations/{made['id']}")


def end_by_using(make: Make, fay: Somebody, rowan: UUID, made: dict[str, Any]) -> None:
    for name in ("Una", "Vic"):
        make.somebody(name).phone.post(f"/api/invitations/{made['token']}/acceptance", json={})


def let_it_run_out(make: Make, fay: Somebody, rowan: UUID, made: dict[str, Any]) -> None:
    with make.session() as session:
        row = session.get_one(Invitation, UUID(made["id"]))
        row.expires_at = clock.now() - DAY


@pytest.mark.parametrize("end", [end_by_revoking, end_by_using, let_it_run_out])
def test_one_that_is_over_is_not_shown_again_and_its_link_is_forgotten(
    make: Make, fay: Somebody, rowan: UUID, end: Any
) -> None:
    made = invite(fay, rowan).json
    end(make, fay, rowan, made)

    answer = show_again(fay, rowan, made["id"])
    assert (answer.status_code, answer.json["reason"]) == (410, "invitation_over")
    assert listed(fay, rowan)[0]["can_be_shown"] is False
    make.tidy()
    assert stored(make)["token"] is None
    assert show_again(fay, rowan, made["id"]).status_code == 410


def test_the_sealed_links_of_one_who_leaves_go_with_them(
    make: Make, fay: Somebody, rowan: UUID
) -> None:
    make.join(make.somebody("Gus"), rowan, fay, Role.FACILITATOR)
    invite(fay, rowan)

    fay.delete(f"/api/cohorts/{rowan}/people/me")

    with make.session() as session:
        assert set(session.scalars(select(Invitation.token))) == {None}


def test_one_from_before_links_were_kept_is_told_so(make: Make, fay: Somebody, rowan: UUID) -> None:
    made = invite(fay, rowan).json
    with make.session() as session:
        session.get_one(Invitation, UUID(made["id"])).token = None

    answer = show_again(fay, rowan, made["id"])

    assert (answer.status_code, answer.json["reason"]) == (409, "link_not_kept")
    assert "make a new one" in answer.json["message"]
    assert listed(fay, rowan)[0]["can_be_shown"] is False


def test_its_picture_is_the_links_own(fay: Somebody, rowan: UUID) -> None:
    first, second = (invite(fay, rowan).json["qr"] for _ in range(2))

    assert first["size"] == second["size"] > 21 + 8
    assert first["path"] != second["path"]
    assert set(first["path"]) <= set("Mhvz0123456789- ")


def test_the_welcome_page_says_who_invites_into_what_and_what_a_facilitator_can_see(
    make: Make, fay: Somebody, rowan: UUID
) -> None:
    token = invite(fay, rowan).json["token"]

    page = make.stranger().get(f"/api/invitations/{token}").json

    assert set(page) == {
        "cohort",
        "invited_by",
        "called_since",
        "role",
        "expires_at",
        "people",
        "facilitator_can",
        "facilitator_cannot",
    }
    assert page["cohort"] == {
        "name": "Rowan",
        "purpose": "To learn.",
        "starts_on": None,
        "ends_on": None,
    }
    assert (page["invited_by"], page["role"], page["people"]) == ("Fay", "participant", 1)
    assert any("keep to yourself" in sentence for sentence in page["facilitator_cannot"])
    assert any("same as any member" in sentence for sentence in page["facilitator_can"])
    assert "@" not in str(page)


def test_the_welcome_page_tells_the_inviter_apart_from_whoever_looks_like_them(
    make: Make, fay: Somebody, rowan: UUID
) -> None:
    token = invite(fay, rowan).json["token"]
    path = f"/api/invitations/{token}"
    assert make.stranger().get(path).json["called_since"] is None
    make.join(make.somebody("f\u0430y"), rowan, fay)  # Cyrillic

    page = make.stranger().get(path).json

    (since,) = (
        one["called_since"]
        for one in fay.get(f"/api/cohorts/{rowan}/people").json["items"]
        if one["id"] == str(fay.id)
    )
    assert (page["invited_by"], page["called_since"]) == ("Fay", since)
    assert since is not None


def test_looking_spends_nothing_and_signs_nobody_in(make: Make, fay: Somebody, rowan: UUID) -> None:
    token = invite(fay, rowan).json["token"]
    phone = make.stranger()

    for _ in range(5):
        answer = phone.get(f"/api/invitations/{token}")
        assert (answer.status_code, "Set-Cookie" in answer.headers) == (200, False)

    assert listed(fay, rowan)[0]["used"] == 0
    assert phone.get("/api/me").status_code == 401


@pytest.mark.parametrize("token", ["x", "x" * 32, "x" * 64, "%00", "%F0%9F", "..", "' or 1=1"])
def test_a_token_of_nothing_finds_nothing(make: Make, token: str) -> None:
    phone = make.stranger()

    assert phone.get(f"/api/invitations/{token}").status_code == 404
    assert phone.post(f"/api/invitations/{token}/acceptance", json={}).status_code == 404


def ended(make: Make, fay: Somebody, rowan: UUID, how: str) -> str:
    made = invite(fay, rowan, uses=1).json
    if how == "revoked":
        fay.delete(f"/api/cohorts/{rowan}/invitations/{made['id']}")
    if how == "full":
        make.somebody("Ewa").phone.post(f"/api/invitations/{made['token']}/acceptance", json={})
    return str(made["token"])


@pytest.mark.parametrize(
    ("how", "words", "later"),
    [("revoked", "withdrawn", 0), ("full", "is taken", 0), ("expired", "is over", 2)],
)
def test_one_that_ended_says_why_and_lets_nobody_in(
    make: Make, fay: Somebody, rowan: UUID, how: str, words: str, later: int
) -> None:
    token, amina = ended(make, fay, rowan, how), make.somebody("Amina")

    with clock.standing_at(clock.now() + later * DAY):
        answers = [
            make.stranger().get(f"/api/invitations/{token}"),
            amina.phone.post(f"/api/invitations/{token}/acceptance", json={}),
        ]

    for answer in answers:
        assert (answer.status_code, answer.json["reason"]) == (410, "invitation_over")
        assert words in answer.json["message"]
        assert "Ask whoever sent it" in answer.json["message"]
    assert amina.get("/api/cohorts").json["items"] == []


def test_the_database_and_we_have_one_word_for_open(make: Make, fay: Somebody, rowan: UUID) -> None:
    """Whatever its row says: withdrawn or not, before its end, at it and after it, each place."""
    id, _ = make.invitation(fay, rowan, uses=2)
    now = clock.now()
    told = {}
    with make.session() as session:
        row = session.get_one(Invitation, id)
        for revoked_at, ahead, used in product((None, now), (-1, 0, 1), (0, 1, 2)):
            row.revoked_at, row.expires_at, row.used = revoked_at, now + ahead * DAY, used
            session.flush()
            over = why_over(row.expires_at, row.revoked_at, row.used, row.uses, now)
            told[revoked_at, ahead, used] = (over is None, session.scalar(select(is_open(now))))

    assert {state for state, (here, _) in told.items() if here} == {(None, 1, 0), (None, 1, 1)}
    assert all(here == there for here, there in told.values()), told


def test_revoking_is_idempotent_and_leaves_one_line(make: Make, fay: Somebody, rowan: UUID) -> None:
    path = f"/api/cohorts/{rowan}/invitations/{invite(fay, rowan).json['id']}"

    assert [fay.delete(path).status_code for _ in range(3)] == [204] * 3

    lines = fay.get(f"/api/cohorts/{rowan}/activity?kind=invitation_revoked").json["items"]
    assert len(lines) == 1


def test_another_cohorts_invitation_is_not_found(make: Make, fay: Somebody, rowan: UUID) -> None:
    zoe = make.somebody("Zoe")
    hazel = make.cohort(zoe)
    theirs, _ = make.invitation(zoe, hazel)

    there = fay.delete(f"/api/cohorts/{rowan}/invitations/{theirs}")
    absent = fay.delete(f"/api/cohorts/{rowan}/invitations/{ids.new_id()}")

    assert (there.status_code, there.data) == (404, absent.data)
    assert listed(zoe, hazel)[0]["revoked_at"] is None


def test_an_invitation_shows_who_made_it_and_what_was_used(
    make: Make, fay: Somebody, rowan: UUID
) -> None:
    token = invite(fay, rowan, role="facilitator", uses=1).json["token"]
    make.somebody("Amina").phone.post(f"/api/invitations/{token}/acceptance", json={})

    (item,) = listed(fay, rowan)

    assert (item["uses"], item["used"], item["role"]) == (1, 1, "facilitator")
    assert item["created_by"]["name"] == "Fay"


def opened(make: Make, token: str) -> list[int]:
    """What the two pages that a link opens answer: the welcome, and the contract."""
    stranger = make.stranger()
    path = f"/api/invitations/{token}"
    return [stranger.get(path).status_code, stranger.get(f"{path}/contract").status_code]


def test_the_links_of_one_who_leaves_end_at_once_and_for_good(make: Make) -> None:
    """Fay makes herself a way back, leaves, and comes back by another: the first stays shut."""
    fay, zoe = make.somebody("Fay"), make.somebody("Zoe")
    rowan = make.cohort(fay)
    make.join(zoe, rowan, fay, Role.FACILITATOR)
    tokens = [invite(fay, rowan, role=role, uses=1).json["token"] for role in Role]
    (theirs,) = [invite(zoe, rowan).json["token"]]
    assert [opened(make, token) for token in (*tokens, theirs)] == [[200, 200]] * 3

    fay.delete(f"/api/cohorts/{rowan}/people/me")

    for token in tokens:
        assert opened(make, token) == [410, 410]
        answer = fay.phone.post(f"/api/invitations/{token}/acceptance", json={})
        assert (answer.status_code, answer.json["reason"]) == (410, "invitation_over")
    assert opened(make, theirs) == [200, 200]
    out = [item for item in listed(zoe, rowan) if item["revoked_at"] is None]
    assert {item["created_by"]["name"] for item in out if item["used"] < item["uses"]} == {"Zoe"}

    make.join(fay, rowan, zoe, Role.FACILITATOR)
    assert [opened(make, token) for token in tokens] == [[410, 410]] * 2


@pytest.mark.parametrize("how", ["left", "came back", "only a participant now", "erased"])
def test_a_link_whose_maker_is_no_facilitator_there_is_over_whatever_its_row_says(
    make: Make, how: str
) -> None:
    """Rows from before, or with a way out that nobody thought of."""
    fay, zoe, amina = (make.somebody(name) for name in ("Fay", "Zoe", "Amina"))
    rowan = make.cohort(fay)
    make.join(zoe, rowan, fay, Role.FACILITATOR)
    _, token = make.invitation(fay, rowan, role=Role.FACILITATOR)
    with make.session() as session:
        place = session.get_one(Membership, (rowan, fay.id))
        if how == "left":
            place.left_at = clock.now()
        if how == "came back":
            place.joined_at = clock.now() + timedelta(seconds=1)
        if how == "only a participant now":
            place.role = Role.PARTICIPANT
        if how == "erased":
            session.delete(session.get_one(Person, fay.id))

    assert opened(make, token) == [410, 410]
    assert amina.phone.post(f"/api/invitations/{token}/acceptance", json={}).status_code == 410
    assert amina.get("/api/cohorts").json["items"] == []


def test_of_leaving_and_accepting_at_once_nobody_comes_in_afterwards(make: Make) -> None:
    for turn in range(6):
        fay, zoe, amina = (make.somebody(f"{name}{turn}") for name in ("Fay", "Zoe", "Amina"))
        rowan = make.cohort(fay)
        make.join(zoe, rowan, fay, Role.FACILITATOR)
        _, token = make.invitation(fay, rowan)

        left, came = together(
            [
                partial(fay.delete, f"/api/cohorts/{rowan}/people/me"),
                partial(amina.phone.post, f"/api/invitations/{token}/acceptance", json={}),
            ]
        )

        assert left.status_code == 204
        assert came.status_code in (201, 410)
        assert opened(make, token) == [410, 410]


def test_who_comes_as_a_facilitator_is_told_as_one(make: Make, fay: Somebody, rowan: UUID) -> None:
    make.join(make.somebody("Zoe"), rowan, fay, Role.FACILITATOR)
    make.join(make.somebody("Amina"), rowan, fay)

    told = fay.get(f"/api/cohorts/{rowan}/activity?kind=joined").json["items"]

    assert [item["details"] for item in told[:2]] == [None, {"role": "facilitator"}]
