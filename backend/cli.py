"""Commands for whoever runs an installation: flask --app wsgi COMMAND."""

import click
from flask.cli import with_appcontext

from backend.core import migrating, vapid
from backend.core.app import App, this_app
from backend.demo.actions import make_sample
from backend.devices.queries import how_many_by_key
from backend.people.actions import welcome
from backend.people.rules import canonical_email, tidy_line, why_no_address
from backend.sign_in.actions import end_all_sessions
from backend.worker import run_alone


def add_commands(app: App) -> None:
    for command in (migrate, make_facilitator, vapid_keys, end_sessions, demo, worker):
        app.cli.add_command(command)


@click.command()
@with_appcontext
def migrate() -> None:
    """Bring the database's tables to this version."""
    migrating.upgrade(this_app().database.engine)


@click.command("make-facilitator")
@click.argument("email")
@click.option("--name", required=True, help="How they would like to be called.")
@with_appcontext
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
        person = welcome(session, address, tidy_line(name))
        person.may_convene = True
        called = person.name
        session.commit()
    click.echo(f"{called} may create cohorts now. Sign in at {app.settings.base_url} by code.")


@click.command("vapid-keys")
@click.option("--rotate", is_flag=True, help="Make a new key; the newest of now stays live.")
@click.option("--even-so", is_flag=True, help="Though devices still rely on the oldest key.")
@with_appcontext
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


def _rotate(app: App, used: dict[str, int], *, even_so: bool) -> None:
    """Put a new key into the file. The oldest of two goes, and with it the devices it reaches."""
    path = app.settings.vapid_file
    if not path.exists():
        raise click.ClickException("The keys are set by ALONGSIDE_VAPID_KEYS: change them there.")
    dropped = [key for key in app.signer.live if key != app.signer.newest]
    devices = sum(used.get(key, 0) for key in dropped)
    if devices and not even_so:
        raise click.ClickException(
            f"{devices} devices still rely on the oldest key and would hear nothing until they are "
            "opened again. Wait until they have changed over, or add --even-so."
        )
    made = vapid.rotate(path, app.settings.vapid_keys)
    click.echo(f"{made} is the newest key now. Restart the server and its workers to use it.")


@click.command("end-sessions")
@with_appcontext
def end_sessions() -> None:
    """Sign everybody out, with the devices that pushes go to: after a backup was put back."""
    with this_app().database.writing() as session:
        count = end_all_sessions(session)
        session.commit()
    click.echo(f"{count} sessions are ended. People sign in again by code.")


@click.command()
@with_appcontext
def demo() -> None:
    """Make the sample cohort, unless it is there."""
    with this_app().database.writing() as session:
        make_sample(session)
        session.commit()


@click.command()
@with_appcontext
def worker() -> None:
    """Run the jobs alone, beside web processes elsewhere. Ends on SIGTERM."""
    run_alone(this_app())
