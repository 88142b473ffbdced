"""`python -m backend COMMAND`: an installation's commands, with its server's own settings."""

import sys
from pathlib import Path

import click
from flask.cli import ScriptInfo

from backend import create_app
from backend.cli import COMMANDS, migrate
from backend.core.app import App
from backend.settings import SettingError, environment, from_environment


@click.group()
@click.option(
    "--env-file",
    type=click.Path(path_type=Path),
    help="The file of settings that the server is started with.",
)
@click.pass_context
def main(context: click.Context, env_file: Path | None) -> None:
    """Commands for whoever runs an installation.

    They work on the one that the settings name. Only migrate begins one where there is none.
    """
    begins = context.invoked_subcommand == migrate.name
    context.obj = ScriptInfo(create_app=lambda: _application(env_file, begins=begins))


def _application(env_file: Path | None, *, begins: bool) -> App:
    try:
        return create_app(from_environment(environment(env_file), begins=begins))
    except SettingError as error:
        sys.exit(f"Alongside cannot start. {error}")


for command in COMMANDS:
    main.add_command(command)

if __name__ == "__main__":
    main(prog_name="python -m backend")
