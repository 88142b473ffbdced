"""Changing one's address: a code to the new one, and a day in which the old one can undo it."""

import logging
import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from backend.core import clock
from backend.core.cipher import digest_of_token
from backend.core.db import keyring_of
from backend.core.errors import Refused, invalid, retry_after
from backend.core.languages import say
from backend.core.logs import log_after_commit
from backend.core.marks import Topic, changed
from backend.core.outbox.enqueue import enqueue_sign_in_letter
from backend.core.upserts import advisory_lock, insert_if_absent
from backend.people.actions import stay
from backend.people.models import FormerAddress, Person
from backend.people.queries import has_left_address, locked_person, person, person_with_email
from backend.sign_in import rules
from backend.sign_in.actions import (
    end_other_sessions,
    end_sessions_of,
    prove,
    remember_device,
    send_code,
)
from backend.sign_in.models import WishedAddress
from backend.sign_in.rules import MAY_BE_PUT_BACK, Asker, CodeFor

security = logging.getLogger("alongside.security")


@dataclass(frozen=True)
class Changed:
    """A change of address: how many other devices were signed out with it."""

    person: Person
    ended: int


def ask_for_code(session: Session, me: UUID, session_id: UUID, email: str, asker: Asker) -> None:
    """Mail a code to the address that I wish to have, and remember that I asked, in this session.

    Whose address it is now is not asked: whoever has it, the answer and the letter are the same.
    """
    mine = person(session, me)
    _must_be_settled(session, me)
    if email == mine.email:
        raise invalid("email", "This is your address already.", about="same_address")
    send_code(session, email, asker, language=mine.language, purpose=CodeFor.ADDRESS)
    wished = {"session_id": session_id, "person_id": me, "email": email, "asked_at": clock.now()}
    session.execute(delete(WishedAddress).where(WishedAddress.session_id == session_id))
    insert_if_absent(session, WishedAddress, wished)


def change(
    session: Session,
    me: UUID,
    session_id: UUID,
    code: str,
    asker: Asker,
    *,
    device: str,
    sign_out_elsewhere: bool,
    stop_url: str,
) -> Changed:
    """Make the address that was asked for in this session mine, by the code that was sent to it.

    The old one is written to, with a link that puts it back (`stop_url`, before its token).
    `device`: is known to the new address from now on.
    """
    wished = session.get(WishedAddress, session_id)
    if wished is None or wished.asked_at <= clock.now() - rules.CODE_LASTS:
        raise rules.wrong_code()
    email = wished.email
    _wait_for(session, email, person(session, me).email)
    prove(session, email, code, asker, purpose=CodeFor.ADDRESS)
    mine = locked_person(session, me)
    _must_be_settled(session, me)
    if person_with_email(session, email) is not None or has_left_address(session, email):
        # who reads this has just shown that they read its mail, so they could sign in there
        raise Refused(
            "address_taken",
            "There is another account with this address. Sign in with it to see, or choose another "
            "address.",
            remember=True,
        )
    token = secrets.token_urlsafe(32)
    former = FormerAddress(
        person_id=me,
        email=mine.email,
        email_digest=mine.email_digest,
        token_digest=digest_of_token(token),
        until=clock.now() + MAY_BE_PUT_BACK,
    )
    session.add(former)
    session.delete(wished)
    _give(session, mine, email)
    remember_device(session, email, device)
    _write(session, former.email, mine.language, "changed", url=f"{stop_url}{token}")
    ended = end_other_sessions(session, me, session_id) if sign_out_elsewhere else 0
    log_after_commit(session, security, "address_changed", {"person": me})
    return Changed(mine, ended)


def put_back(session: Session, token: str) -> Person | None:
    """Give somebody the address back that they had, by the link that went to it, and sign them out
    everywhere; None where the link leads nowhere (any more). Whoever had the other address may have
    asked to erase them: they stay, as with every sign-in.
    """
    former = with_link(session, token)
    if former is None:
        return None
    # whoever signs in with either address does so before, and is signed out here, or after
    _wait_for(session, former.email, person(session, former.person_id).email)
    mine = locked_person(session, former.person_id)
    given_back = delete(FormerAddress).where(FormerAddress.token_digest == digest_of_token(token))
    if session.scalar(given_back.returning(FormerAddress.person_id)) is None:
        return None  # a second click, at the same moment
    other = mine.email
    _give(session, mine, former.email)
    stay(session, mine.id)
    end_sessions_of(session, mine.id)
    _write(session, other, mine.language, "stopped")
    log_after_commit(session, security, "address_put_back", {"person": mine.id})
    return mine


def with_link(session: Session, token: str) -> FormerAddress | None:
    """The former address that a link puts back; None where it leads nowhere (any more)."""
    return session.scalars(
        select(FormerAddress).where(
            FormerAddress.token_digest == digest_of_token(token),
            FormerAddress.until > clock.now(),
        )
    ).one_or_none()


def _must_be_settled(session: Session, me: UUID) -> None:
    """Refuse a second change while the first can be undone: or who holds somebody's phone would
    change it twice, and the old address could undo only what is undone already.
    """
    former = session.get(FormerAddress, me, populate_existing=True)
    if former is None:
        return
    left = former.until - clock.now()
    if left <= timedelta():
        session.delete(former)
        session.flush()
        return
    raise Refused(
        "changed_lately",
        "Your address was changed less than a day ago, and the old one can still put it back. "
        "After that you can change it again.",
        headers=retry_after(left),
    )


def _wait_for(session: Session, *emails: str) -> None:
    """Wait for whoever proves one of these addresses at the same moment; in one order for all."""
    keyring = keyring_of(session.get_bind().dialect)
    for digest in sorted(keyring.digest(email, "email") for email in emails):
        advisory_lock(session, digest)


def _give(session: Session, mine: Person, email: str) -> None:
    mine.email = email
    mine.email_digest = keyring_of(session.get_bind().dialect).digest(email, "email")
    mine.version += 1
    session.flush()
    changed(session, Topic.PEOPLE, mine.id)


def _write(session: Session, to: str, language: str, what: str, *, url: str = "") -> None:
    """A letter about the change. It names no other address: the mailbox may be shared."""
    enqueue_sign_in_letter(
        session,
        to,
        say(language, f"sign_in.address.{what}.subject"),
        say(language, f"sign_in.address.{what}.body", url=url),
        keeps=MAY_BE_PUT_BACK,
    )
