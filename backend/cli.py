"""Commands for whoever runs an installation: flask --app wsgi COMMAND."""

import click
from flask.cli import with_appcontext

from backend.core import migrating
from backend.core.app import App, this_app
from backend.demo.actions import make_sample
from backend.people.actions import welcome
from backend.people.rules import canonical_email, tidy_line
from backend.worker import run_alone


def add_commands(app: App) -> None:
    for command in (migrate, make_facilitator, demo, worker):
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
        raise click.ClickException(f"{email} is not one plain e-mail address.")
    if not tidy_line(name):
        raise click.ClickException("--name needs at least one letter.")
    app = this_app()
    with app.database.writing() as session:
        person = welcome(session, address, tidy_line(name))
        person.may_convene = True
        called = person.name
        session.commit()
    click.echo(f"{called} may create cohorts now. Sign in at {app.settings.base_url} by code.")


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
