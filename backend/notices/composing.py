"""What a notice says, at the moment of sending: if it may still be told, is wanted, and is in time.

Everything is asked anew, for what was planned hours ago may have been taken back meanwhile.
"""

import html
import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from backend.cohorts.naming import told_apart_to
from backend.core import clock
from backend.core.db import keyring_of
from backend.core.id_arrays import in_ids
from backend.core.languages import language
from backend.core.outbox.claim import Claimed
from backend.core.outbox.composing import Compose, Composed, Gathered, Later, Message
from backend.core.outbox.models import Queue
from backend.core.transports import Letter
from backend.core.webpush import LONGEST_PAYLOAD
from backend.devices.models import Device
from backend.notices import rules, wording
from backend.notices.queries import NoticeRow, refused_mail, told_to_their_people, unread
from backend.notices.wording import Names
from backend.people.models import Person
from backend.rhythm.queries import rhythms
from backend.rhythm.rules import Channel, Kind, LockScreen, Rhythm

T = TypeVar("T")


def composer(base_url: str) -> Compose:
    """What writes messages for an installation at this address."""

    def compose(session: Session, rows: Sequence[Claimed]) -> Composed:
        return dict(_messages(session, rows, base_url))

    return compose


@dataclass(frozen=True)
class _Known:
    """What is known of the people of some rows, read at once."""

    notices: Mapping[UUID | None, NoticeRow]
    rhythms: Mapping[UUID, Rhythm]
    badges: Mapping[UUID, int]
    lately: Mapping[tuple[UUID, Kind], int]
    mailboxes: Mapping[UUID, str]
    device_since: Mapping[UUID, datetime]
    told_apart: Mapping[UUID, Mapping[UUID, datetime]]
    refused_mail: Collection[tuple[UUID, Kind]]


def _messages(
    session: Session, rows: Sequence[Claimed], base_url: str
) -> Iterator[tuple[UUID, Message | Later | Gathered]]:
    known, now = _read(session, rows), clock.now()
    letters: dict[tuple[UUID, Kind], list[Claimed]] = defaultdict(list)
    for row in rows:
        notice = known.notices.get(row.notice_id)
        if notice is None or notice.read_at or not _is_wanted(row, notice, known):
            continue
        person, kind, rhythm = notice.person_id, notice.kind, known.rhythms[notice.person_id]
        span = rules.when(rhythm, kind, now, row.expires_at)
        if span is None:
            continue
        due, _ = span
        if due > now:
            yield row.id, Later(due)
        elif row.queue is Queue.PUSH:
            badge = known.badges[person]
            waiting = known.lately.get((person, kind), 1)
            names = _names(notice, rhythm, known)
            told = payload(notice, names, rhythm, badge, base_url, waiting=waiting)
            yield row.id, Message(payload=told)
        else:
            letters[person, kind].append(row)
    keyring = keyring_of(session.get_bind().dialect)
    for (person, kind), gathered in letters.items():
        *others, by = sorted(gathered, key=lambda row: row.expires_at)  # of use for longest
        notices = [known.notices[row.notice_id] for row in gathered]
        token = rules.preference_token(keyring, person, kind)
        code = known.rhythms[person].language
        mail = letter(known.mailboxes[person], code, notices, token, base_url)
        yield by.id, Message(letter=mail)
        yield from ((row.id, Gathered(by.id)) for row in others)


def _is_wanted(row: Claimed, notice: NoticeRow, known: _Known) -> bool:
    """Whether its way is still one that its person wants for its kind.

    A mail that was planned in the place of a push is still sent where a device was added later.
    """
    person, kind = notice.person_id, notice.kind
    rhythm, since = known.rhythms.get(person), known.device_since.get(person)
    had_device = since is not None and since <= notice.raised_at
    return rhythm is not None and Channel(row.queue.value) in rules.ways(
        rhythm.channels[kind],
        has_device=had_device or row.queue is Queue.PUSH,
        no_mail=(person, kind) in known.refused_mail,
    )


def _read(session: Session, rows: Sequence[Claimed]) -> _Known:
    """Read what is to be known for these rows, in a handful of statements however many they are."""
    whose = [(row.person_id, row.queue) for row in rows if row.person_id]
    people = {person for person, _ in whose}
    mailed = {person for person, queue in whose if queue is Queue.MAIL}
    pushed = {person for person, queue in whose if queue is Queue.PUSH}
    wanted = {row.notice_id for row in rows if row.notice_id}
    notices: dict[UUID | None, NoticeRow] = {
        row.id: row for row in told_to_their_people(session, wanted)
    }
    wishes = rhythms(session, people)
    named = {id for id, wish in wishes.items() if wish.lock_screen is not LockScreen.GENERIC}
    by = {row.by_id for row in notices.values() if row.by_id and row.person_id in named & pushed}
    since = clock.now() - rules.COUNTED_FOR
    counts = unread(session, pushed, since) if pushed else []
    badges: dict[UUID, int] = dict.fromkeys(pushed, 0)
    for person, _, of_kind, _ in counts:
        badges[person] += of_kind
    return _Known(
        notices=notices,
        rhythms=wishes,
        badges=badges,
        lately={(person, kind): lately for person, kind, _, lately in counts},
        mailboxes=_pairs(session, MAILBOXES, mailed),
        device_since=_pairs(session, DEVICE_SINCE, mailed),
        refused_mail=refused_mail(session, mailed) if mailed else frozenset(),
        told_apart=told_apart_to(session, named & pushed, by) if by else {},
    )


def _names(notice: NoticeRow, rhythm: Rhythm, known: _Known) -> Names:
    """Who did it and where, told apart from whoever looks like them."""
    apart = known.told_apart.get(notice.person_id, {})
    since = apart.get(notice.by_id) if notice.by_id else None
    local = since.astimezone(ZoneInfo(rhythm.zone)) if since else None
    return Names(notice.by_name, notice.cohort_name, local)


MAILBOXES = select(Person.id, Person.email).where(in_ids(Person.id, "people"))
DEVICE_SINCE = (
    select(Device.person_id, func.min(Device.added_at))
    .where(in_ids(Device.person_id, "people"))
    .group_by(Device.person_id)
)


def _pairs(session: Session, chosen: Select[UUID, T], people: Collection[UUID]) -> dict[UUID, T]:
    """The second column of `chosen` by the first, an id; asked for these people only."""
    if not people:
        return {}
    return {row[0]: row[1] for row in session.execute(chosen, {"people": people})}


def payload(
    notice: NoticeRow,
    names: Names,
    rhythm: Rhythm,
    badge: int,
    base_url: str,
    *,
    waiting: int = 1,
) -> bytes:
    """A push: JSON as Declarative Web Push has it (W3C Push API, "declarative push messages"), so
    that a phone can show it even where our worker is not there to.

    `waiting`: how many of its kind came lately and are unread. It replaces them on the device,
    so it tells of all. Names that do not fit into one message are left out.
    """
    kind, where, code = notice.kind, _path(notice), rhythm.language
    if kind in rules.COUNTED and waiting > 1:
        body = wording.many(code, kind, waiting)
        where = rules.path_of_many(kind, [notice.cohort_id])
    else:
        body = wording.line(code, kind, notice.what, names, rhythm.lock_screen)
    locale = language(code).locale
    written = _written(notice, body, locale, base_url + where, badge)
    if len(written) > LONGEST_PAYLOAD:
        body = wording.generic(code, kind, notice.what)
        written = _written(notice, body, locale, base_url + where, badge)
    return written


def _written(notice: NoticeRow, body: str, locale: str, url: str, badge: int) -> bytes:
    told = {
        "web_push": 8030,
        "notification": {
            "title": wording.APP,
            "body": body,
            "navigate": url,
            "tag": rules.thread(notice.kind, notice.about_id),
            "lang": locale,
            "app_badge": badge,
            "data": {"kind": notice.kind.value, "notice": str(notice.id)},
        },
        "app_badge": badge,
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def letter(
    address: str, code: str, notices: Sequence[NoticeRow], token: str, base_url: str
) -> Letter:
    """A mail of one or several notices of a kind. It never holds a name: a mail is shown on lock
    screens too.
    """
    fewer = f"{base_url}/api/mail-preferences/{token}"
    notice, kind = notices[0], notices[0].kind
    line, where = wording.generic(code, kind, notice.what), _path(notice)
    if len(notices) > 1:
        line = wording.many(code, kind, len(notices), len({one.by_id for one in notices}))
        where = rules.path_of_many(kind, [one.cohort_id for one in notices])
    told = {
        **wording.letter_words(code, kind),
        "line": line,
        "see_it": wording.see_it(code, kind, len(notices)),
        "link": base_url + where,
        "rhythm": f"{base_url}/me/rhythm",
        "fewer": fewer,
    }
    return Letter(
        to=address,
        subject=line.rstrip("."),
        body=wording.PLAIN.substitute(told),
        html=wording.HTML.substitute({name: html.escape(text) for name, text in told.items()}),
        headers=(
            ("List-Unsubscribe", f"<{fewer}>"),  # RFC 8058: one click, no sign-in
            ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ),
    )


def _path(notice: NoticeRow) -> str:
    return rules.path(notice.kind, notice.about_id, notice.cohort_id, notice.id)
