"""Keeping, sharing, taking back, deleting."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from operator import itemgetter
from uuid import UUID

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from backend.cohorts.queries import member_ids
from backend.core import clock, ids, puts
from backend.core.cipher import Keyring
from backend.core.db import keyring_of
from backend.core.errors import invalid
from backend.core.ledger import record
from backend.core.marks import Topic, changed
from backend.core.puts import Precondition, PutResult
from backend.core.upserts import insert_all_if_absent, upsert_counter
from backend.reflections import queries, rules
from backend.reflections.access import reaches
from backend.reflections.facts import ReflectionFact
from backend.reflections.models import (
    Audience,
    ChangeCount,
    Reflection,
    Share,
)
from backend.reflections.schemas import SentReflection

People = frozenset[UUID]
NOBODY: People = frozenset()


def keep(
    session: Session, me: UUID, id: UUID, sent: SentReflection, wanted: Precondition
) -> tuple[Reflection, PutResult]:
    """Keep a reflection as its author's phone has it, sharing included."""

    def create() -> dict[str, object]:
        now = clock.now()
        _check_cohort(session, me, sent)
        return {
            "written_at": rules.when_written(sent.written_at, now),
            "changed_at": now,
            "change_seq": _next_change(session, me),
        }

    def change(row: Reflection) -> Callable[[], None]:
        shares = _shares(session, row)
        after = _wanted(session, me, sent, row, shares)
        moves = row.cohort_id != sent.cohort_id
        if moves:
            _check_cohort(session, me, sent)
        _mark_changed(session, row)
        return lambda: _settle(session, row, shares, after, moves)

    row, kept = puts.put(
        session,
        Reflection,
        id,
        owner_id=me,
        said=vars(sent),
        precondition=wanted,
        create=create,
        change=change,
        is_same_besides=lambda row: _reaches_the_same(session, me, sent, row),
    )
    if kept is PutResult.CREATED:
        _settle(session, row, {}, _wanted(session, me, sent, None, {}))
    return row, kept


def delete_reflection(session: Session, me: UUID, id: UUID, version: int | None) -> None:
    """Delete a reflection: its words go, its id stays reserved. A second time changes nothing."""
    row = puts.find_to_delete(session, Reflection, id, owner_id=me, version=version)
    if row is None:
        return
    _settle(session, row, _shares(session, row), NOBODY)
    puts.soft_delete(row)
    _mark_changed(session, row)


def bring_back(
    session: Session, me: UUID, taken: Mapping[UUID, SentReflection]
) -> rules.BroughtBack:
    """Keep what its author took along as theirs alone, by the ids that it had. Where one is
    somebody else's, it gets another, the same each time. What is here, or was deleted here, stays.
    """
    keyring = keyring_of(session.get_bind().dialect)
    now = clock.now()
    there = deleted = came = 0
    waiting = taken
    while waiting:
        ids_for = {id: [id, *_ids_instead(keyring, me, id)] for id in waiting}
        known = queries.owners_of(session, {id for some in ids_for.values() for id in some})
        rows: list[dict[str, object]] = []
        wanted: dict[UUID, UUID] = {}
        for id, places in ids_for.items():
            mine = [known[one] for one in places if one in known and known[one].author_id == me]
            if mine:
                deleted += mine[0].deleted_at is not None
                there += mine[0].deleted_at is None
                continue
            free = next(one for one in places if one not in known)
            wanted[free] = id
            alone = replace(waiting[id], cohort_id=None, audience=Audience.ME)
            rows.append(
                {
                    "id": free,
                    "author_id": me,
                    "version": 1,
                    "written_at": rules.when_written(alone.written_at, now),
                    "changed_at": now,
                    **Reflection.content.of(vars(alone)),
                }
            )
        # in one order, so that two who bring back the same do not wait for each other in a circle
        rows.sort(key=itemgetter("id"))
        last = _next_change(session, me, len(rows)) if rows else 0
        for number, row in enumerate(reversed(rows)):
            row["change_seq"] = last - number
        made = set(insert_all_if_absent(session, Reflection, rows, Reflection.id))
        came += len(made)
        # taken by somebody between the two statements
        waiting = {id: waiting[id] for free, id in wanted.items() if free not in made}
    if came:
        changed(session, Topic.REFLECTIONS, me)
    return rules.BroughtBack(came, there, deleted)


def _ids_instead(keyring: Keyring, me: UUID, id: UUID) -> list[UUID]:
    """What stands for an id that is somebody else's. Nobody else can tell it, and take it first."""
    digests = keyring.digests(f"{me} {id}", "reflection brought back")
    return [ids.drawn_id(digest) for digest in digests]


def reach_also(session: Session, me: UUID, id: UUID, cohort: UUID, people: People) -> None:
    """Share a reflection of mine with these people of a cohort besides whom it reaches now."""
    row = puts.find_mine(session, Reflection, id, owner_id=me)
    if row is None or row.cohort_id not in (None, cohort):
        raise invalid(
            "reflection_id", "This one is deleted, or shared in another cohort.", about="reflection"
        )
    shares = _shares(session, row)
    if people <= _active(shares):
        return
    row.cohort_id = cohort
    if row.audience is Audience.ME:
        row.audience = Audience.PEOPLE
    row.version += 1
    _mark_changed(session, row)
    _settle(session, row, shares, _active(shares) | people)


def _shares(session: Session, row: Reflection) -> dict[UUID, bool]:
    """Everybody named, and whether the share still counts."""
    if row.audience is Audience.ME:
        return {}
    counts = reaches(Share, row.author_id).label("counts")
    found = session.execute(select(Share.person_id, counts).where(Share.reflection_id == row.id))
    return {person: bool(is_active) for person, is_active in found}


def _active(shares: dict[UUID, bool]) -> People:
    return frozenset(person for person, is_active in shares.items() if is_active)


def _reaches_the_same(session: Session, me: UUID, sent: SentReflection, row: Reflection) -> bool:
    """Whether a row with the content that was sent also reaches the people that it is to reach.

    Refuses nothing: a replay of what was accepted once is answered as it was then.
    """
    shares, belonging = _shares(session, row), _belonging(session, sent)
    if rules.strangers(sent.audience_for(me), already=shares, belonging=belonging):
        return False
    return _active(shares) == _reached(me, sent, row, shares, belonging)


def _wanted(
    session: Session,
    me: UUID,
    sent: SentReflection,
    row: Reflection | None,
    shares: dict[UUID, bool],
) -> People:
    """Whom the sent reflection is to reach; refuses an audience that cannot be meant."""
    if sent.audience is Audience.ME:
        return NOBODY
    belonging = _check_cohort(session, me, sent)
    stays = row is not None and row.cohort_id == sent.cohort_id
    if rules.strangers(sent.audience_for(me), already=shares if stays else (), belonging=belonging):
        raise invalid(
            "shared_with",
            "Somebody you chose is not in this cohort (any more).",
            about="shared_with",
        )
    return _reached(me, sent, row, shares, belonging)


def _reached(
    me: UUID,
    sent: SentReflection,
    row: Reflection | None,
    shares: dict[UUID, bool],
    belonging: People,
) -> People:
    """Whom it reaches among those who belong; nobody, once its author does not."""
    if me not in belonging:
        return NOBODY
    stays = row is not None and row.cohort_id == sent.cohort_id
    return rules.people_reached(
        sent.audience_for(me),
        already=_active(shares) if stays else NOBODY,
        belonging=belonging - {me},
        was_cohort=stays and row is not None and row.audience is Audience.COHORT,
    )


def _belonging(session: Session, sent: SentReflection) -> People:
    return member_ids(session, sent.cohort_id) if sent.cohort_id else NOBODY


def _check_cohort(session: Session, me: UUID, sent: SentReflection) -> People:
    """Who belongs to the cohort that was sent; refuses one that I am not in."""
    belonging = _belonging(session, sent)
    if sent.cohort_id is not None and me not in belonging:
        raise invalid(
            "cohort_id",
            "You are not in this cohort (any more). Keep it to yourself?",
            about="left_cohort",
        )
    return belonging


def _settle(
    session: Session, row: Reflection, shares: dict[UUID, bool], after: People, moves: bool = False
) -> None:
    """Change whom a reflection reaches to `after`, and record it.

    `shares`: all that there are, and whether each still counts. `moves`: to another cohort, where
    everybody hears of it anew.
    """
    before = _active(shares)
    changed(session, Topic.REFLECTIONS, row.author_id, *before, *after)
    stays = NOBODY if moves else before & after
    gone = [person for person in shares if person not in stays]
    if gone:
        theirs = (Share.reflection_id == row.id, Share.person_id.in_(gone))
        session.execute(delete(Share).where(*theirs))
    if before - after:
        record(session, ReflectionFact.TAKEN_BACK, by=row.author_id, about=row.id)
    new = after - stays
    if not new:
        return
    fact = record(
        session,
        ReflectionFact.SHARED,
        by=row.author_id,
        about=row.id,
        cohort=row.cohort_id,
        heard_by_all=False,
    )
    common = {
        "reflection_id": row.id,
        "cohort_id": row.cohort_id,
        "fact_id": fact.id,
        "written_at": row.written_at,
        "shared_at": fact.happened_at,
    }
    session.execute(insert(Share), [common | {"person_id": person} for person in new])


def _mark_changed(session: Session, row: Reflection) -> None:
    row.changed_at = clock.now()
    row.change_seq = _next_change(session, row.author_id)


def _next_change(session: Session, author: UUID, by: int = 1) -> int:
    """The author's next number, or the last of the next few."""
    return upsert_counter(session, ChangeCount.value, {"author_id": author}, by)
