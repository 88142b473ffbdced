"""Bringing the database's tables to this version."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

ROOT = Path(__file__).parent.parent.parent


def config(engine: Engine | None = None) -> Config:
    """Alembic's configuration: pyproject.toml, and the engine to work on."""
    made = Config(toml_file=str(ROOT / "pyproject.toml"))
    made.set_main_option("script_location", str(ROOT / "migrations"))
    made.attributes["engine"] = engine
    return made


def upgrade(engine: Engine, to: str = "head") -> None:
    """Apply every migration up to `to`."""
    command.upgrade(config(engine), to)


def downgrade(engine: Engine, to: str) -> None:
    """Undo migrations down to `to` ("base" for all)."""
    command.downgrade(config(engine), to)
