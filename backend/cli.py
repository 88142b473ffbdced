"""Commands for whoever runs an installation: python -m backend COMMAND."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import ParamSpec
from uuid import UUID

import click
from flask.cli import with_appcontext
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from backend.core import migrating, vapid
from backend.core.app import App, this_app
from backend.core.faults import Busy, CannotWrite, explanation_of
from backend.core.logs import log_committed
from backend.core.marks import Topic, begin_epoch, changed
from backend.deliveries.unreachable import drop_devices
from backend.demo.actions import NotForTheSample, make_sample
from backend.demo.queries import is_sample
from backend.devices.queries import how_many_by_key, with_other_keys
from backend.erasing.actions import announce_anew, ask
from backend.erasing.carrying_out import do_due, erase_now
from backend.own_data.actions import note_paper, take_note_back
from backend.own_data.contents import write_zip
from backend.own_data.models import Wanted
from backend.people.actions import welcome
from backend.people.models import Person
from backend.people.queries import person as person_with_id
from backend.people.queries import person_with_email, who_may_convene
from backend.people.rules import canonical_email, tidy_line, why_no_address
from backend.sign_in.actions import end_all_sessions
from backend.urls import location_of
from backend.worker import run_alone

P = ParamSpec("P")


@contextmanager
def explaining_database_errors() -> Iterator[None]:
    """End with one sentence instead of a traceback where the database cannot be used."""
    try:
        yield
    except (DBAPIError, CannotWrite, Busy) as error:
        if (why := explanation_of(error)) is None:
            raise
        raise click.ClickException(
            f"The database {place()} {why}. It is named by "
            f"{this_app().settings.names_the_database}."
        ) from None


def needs_current_database(command: Callable[P, None]) -> Callable[P, None]:
    """Decorator: run a command only where the database has this version's tables; else say so."""

    @with_appcontext
    @wraps(command)
    def run(*args: P.args, **kw: P.kwargs) -> None:
        with explaining_database_errors():
            with this_app().database.reading() as session:
                is_current = migrating.is_current(session)
            if is_current:
                return command(*args, **kw)
        raise click.ClickException(
            f"The database {place()} is not of this version, so nothing was done: `make serve` "
            "brings it up to date, and so does: python -m backend migrate"
        )

    return run


def place() -> str:
    """Where this database is, without its password."""
    return location_of(this_app().settings.database_url)


@click.command()
@with_appcontext
def migrate() -> None:
    """Bring the database to this version; begin an installation where there is none."""
    with explaining_database_errors():
        migrating.upgrade(this_app().database.engine)
    click.echo(f"The database {place()} is up to date.")


@click.command("make-facilitator")
@click.argument("email")
@click.option("--name", required=True, help="How they would like to be called.")
@needs_current_database
def make_facilitator(email: str, name: str) -> None:
    """Let the person with this address create cohorts. They sign in by code like anyone."""
    address = canonical_email(email)
    if address is None:
        why = why_no_address(email)
        raise click.ClickException(f"{email} is not one plain e-mail address. {why}")
    if not tidy_line(name):
        raise click.ClickException("--name needs at least one letter.")
    app = this_app()
    with app.database.writing() as session:
        if is_sample(session):
            raise click.ClickException(
                f"The database {place()} holds the sample cohort, which is entered without a code: "
                "nobody real is made a facilitator there."
            )
        person = welcome(session, address, tidy_line(name))
        person.may_convene = True
        changed(session, Topic.PEOPLE, person.id)
        called = person.name
        session.commit()
    click.echo(f"{called} may create cohorts now, in the database {place()}.")
    click.echo("They sign in by code, as everybody does.")


@click.group()
def facilitators() -> None:
    """Who may create cohorts: list, give or take that right. It gives no sight of anything."""


@facilitators.command("list")
@needs_current_database
def list_facilitators() -> None:
    """Show who may create cohorts."""
    with this_app().database.reading() as session:
        for person in who_may_convene(session):
            click.echo(f"{person.email}  {person.name}")


@facilitators.command("give")
@click.argument("email")
@needs_current_database
def give_facilitating(email: str) -> None:
    """Let somebody who is here create cohorts (make-facilitator: somebody who is not)."""
    _let_convene(email, may=True)


@facilitators.command("take")
@click.argument("email")
@needs_current_database
def take_facilitating(email: str) -> None:
    """Let somebody create no cohort any more. What they facilitate stays as it is."""
    _let_convene(email, may=False)


def _let_convene(email: str, *, may: bool) -> None:
    with this_app().database.writing() as session:
        person = _person_with(session, email)
        person.may_convene = may
        changed(session, Topic.PEOPLE, person.id)
        called = person.name
        session.commit()
    can = "may create cohorts now" if may else "creates no cohorts any more"
    click.echo(f"{called} {can}, in the database {place()}.")


def _person_with(session: Session, email: str) -> Person:
    address = canonical_email(email)
    found = person_with_email(session, address) if address else None
    if found is None:
        raise click.ClickException(f"Nobody in the database {place()} has the address {email}.")
    return found


@click.command()
@click.argument("email")
@click.option(
    "--export",
    "file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write all that is theirs into this file, a zip.",
)
@click.option("--erase", is_flag=True, help="Have them erased, as if they had asked.")
@click.option("--now", is_flag=True, help="With --erase: at once. Nothing undoes that.")
@needs_current_database
def person(email: str, file: Path | None, *, erase: bool, now: bool) -> None:
    """Do what somebody asked for on paper. They can see that it was done."""
    if not (file or erase):
        raise click.ClickException("Say what is to be done: --export FILE, or --erase.")
    with this_app().database.reading() as session:
        who = _person_with(session, email).id
    if file:
        _export_to(file, who)
        click.echo(f"All that is theirs stands in {file}, unlocked. Give it to nobody else.")
        click.echo("They can see in their own export that it was made.")
    if erase:
        _erase(who, now=now)


def _export_to(file: Path, who: UUID) -> None:
    """Write somebody's export where nobody else can read it; note it first, so that it is in it.
    What cannot be written whole leaves neither a file nor a note.
    """
    database = this_app().database
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise click.ClickException(f"{file} cannot be made ({error.strerror}).") from None
    with database.writing() as session:
        note = note_paper(session, who, Wanted.EXPORT)
        session.commit()
    is_whole = False
    try:
        with open(descriptor, "wb") as out:
            write_zip(out, database, who)
        is_whole = True
    except OSError as error:
        raise click.ClickException(f"{file} cannot be written ({error.strerror}).") from None
    finally:
        if not is_whole:
            file.unlink()
            with database.writing() as session:
                take_note_back(session, note)
                session.commit()


def _erase(who: UUID, *, now: bool) -> None:
    app = this_app()
    settings = app.settings
    with app.database.writing() as session:
        called = person_with_id(session, who).name
        row = ask(session, who, keeps_name=False, base_url=settings.base_url)
        note_paper(session, who, Wanted.ERASURE)
        erases_at = row.erases_at
        session.commit()
        log_committed(session)
    if now:
        erase_now(app.database, settings.data, who, settings.base_url)
        click.echo(f"{called} is erased from the database {place()}. A receipt goes by mail.")
        return
    click.echo(
        f"{called} will be erased from the database {place()} on {erases_at:%d %B %Y}. They were "
        "written to, and signed out: signing in before then undoes it."
    )


@click.command("vapid-keys")
@click.option("--rotate", is_flag=True, help="Make a new key; the newest of now stays live.")
@click.option("--even-so", is_flag=True, help="Though devices still rely on the oldest key.")
@needs_current_database
def vapid_keys(*, rotate: bool, even_so: bool) -> None:
    """Show the public keys that devices are subscribed with, newest first."""
    app = this_app()
    with app.database.reading() as session:
        used = how_many_by_key(session)
    if rotate:
        _rotate(app, used, even_so=even_so)
        return
    for key in app.signer.live:
        click.echo(f"{key}  {used.get(key, 0)} devices")
    for key in sorted(used.keys() - set(app.signer.live)):
        click.echo(f"{key}  {used[key]} devices, and not ours: they hear nothing until opened")


def _rotate(app: App, used: dict[str, int], *, even_so: bool) -> None:
    """Write a new key into the file. Of two the older is dropped, with the devices that use it."""
    path = app.settings.vapid_file
    if not path.exists():
        raise click.ClickException("The keys are set by ALONGSIDE_VAPID_KEYS: change them there.")
    dropped = [key for key in app.signer.live if key != app.signer.newest]
    devices = sum(used.get(key, 0) for key in dropped)
    if devices and not even_so:
        raise click.ClickException(
            f"{devices} devices still rely on the oldest key and would hear nothing until they are "
            "opened again. Wait until they have changed over, or add --even-so: until then what "
            "is for them goes by mail."
        )
    if devices:
        with app.database.writing() as session:
            drop_devices(session, with_other_keys(session, [app.signer.newest]))
            session.commit()
    try:
        made = vapid.rotate(path, app.settings.vapid_keys)
    except OSError as error:
        raise click.ClickException(f"{path} cannot be written ({error.strerror}).") from None
    click.echo(f"{made} is the newest key now. Restart the server and its workers to use it.")


@click.command("end-sessions")
@needs_current_database
def end_sessions() -> None:
    """Sign everybody out, with the devices that pushes go to: after a backup was put back."""
    with this_app().database.writing() as session:
        count = end_all_sessions(session)
        announce_anew(session)
        begin_epoch(session)
        session.commit()
        log_committed(session)
    settings = this_app().settings
    again = do_due(this_app().database, settings.data, settings.base_url)
    click.echo(f"{count} sessions in the database {place()} are ended.")
    if again:
        click.echo(f"{again} people who had been erased are erased again.")
    click.echo("People sign in again by code.")


@click.command()
@needs_current_database
def demo() -> None:
    """Make the sample cohort, unless it is there."""
    app = this_app()
    if not app.settings.demo:
        raise click.ClickException("The sample cohort is for `make run`, in a folder of its own.")
    with app.database.writing() as session:
        try:
            make_sample(session)
        except NotForTheSample:
            raise click.ClickException(
                f"The database {place()} holds people, so no sample cohort was laid into it. "
                "`make run` lays one into a folder of its own."
            ) from None
        session.commit()


@click.command()
@needs_current_database
def worker() -> None:
    """Run the jobs alone, beside web processes elsewhere. Ends on SIGTERM."""
    run_alone(this_app())


COMMANDS = (
    migrate,
    make_facilitator,
    facilitators,
    person,
    vapid_keys,
    end_sessions,
    demo,
    worker,
)
