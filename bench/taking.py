"""Taking everything after ten years, and bringing it back: how long it takes, how much memory."""

import io
import random
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from backend.core.app import App
from backend.own_data.actions import ask
from backend.own_data.bringing import bring_back
from backend.own_data.contents import write_zip
from backend.own_data.making import make_due
from backend.own_data.models import Export, ExportState
from backend.people.models import Person
from backend.reflections.models import ChangeCount, Reflection
from bench.figures import Figure, at_most
from bench.long_history import FEW, MANY, a_reflection
from bench.show import progress
from bench.statements import sample_app

TITLE = "Taking everything after ten years, and bringing it back"
NOTES = """In one process, on SQLite, as the worker makes it: once for somebody with {few:,}
reflections of their own and once with {many:,}, written over ten years, beside what the sample
holds of them. Memory is the most that Python held at once (tracemalloc), in another run than the
time, as watching it slows it down. Sealed, part by part, each part a commit of its own. Brought
back by somebody else of the sample, who has none of it: read whole, then kept two hundred at a
time; the second time all of it is there. That memory is beside the file's own."""


@dataclass
class Made:
    """What one export came to: seconds, bytes."""

    took: float
    size: int
    memory: float


def measure() -> tuple[list[Figure], str]:
    """The figures for a few and for many."""
    with sample_app() as app:
        few = _made(app, _somebody(app, "Amina", FEW))
        many = _made(app, _somebody(app, "Callum", MANY))
        small, large = _file(app, "Amina"), _file(app, "Callum")
        progress("brought back")
        came = _seconds(lambda: _bring_back(app, "Morag", large))
        again = _seconds(lambda: _bring_back(app, "Morag", large))
        few_memory = _memory(lambda: _bring_back(app, "Jackie", small))
        many_memory = _memory(lambda: _bring_back(app, "Priya", large))
    beside = f"{few.took:.1f} s for {FEW:,}; the file has {many.size / 1e6:.1f} MB"
    figures = [
        at_most(f"made, {MANY:,}", many.took, 60, "s", beside),
        at_most(
            f"memory, {MANY:,} ÷ {FEW:,}",
            many.memory / few.memory,
            1.5,
            "",
            f"{many.memory / 1e6:.1f} MB beside {few.memory / 1e6:.1f} MB",
        ),
        at_most(f"brought back, {MANY:,}", came, 20, "s", f"the second time: {again:.1f} s"),
        at_most(
            f"memory to bring back, {MANY:,} ÷ {FEW:,}",
            many_memory / few_memory,
            1.5,
            "",
            f"{many_memory / 1e6:.1f} MB beside {few_memory / 1e6:.1f} MB",
        ),
    ]
    return figures, NOTES.format(few=FEW, many=MANY)


def _somebody(app: App, name: str, count: int) -> UUID:
    progress(f"{count:,} reflections, put there beforehand")
    drawn = random.Random(18)
    with app.database.writing() as session:
        author = _named(session, name)
        made = session.get_one(ChangeCount, author)
        rows = [
            a_reflection(author, made.value + 1 + number, count - number, count, drawn)
            for number in range(count)
        ]
        session.execute(insert(Reflection), rows)
        made.value += count
        session.commit()
    return author


def _named(session: Session, name: str) -> UUID:
    people = session.scalars(select(Person)).all()
    return next(one.id for one in people if one.name.startswith(name))


def _made(app: App, who: UUID) -> Made:
    progress("made twice")
    sizes: list[int] = []
    took = _seconds(lambda: sizes.append(_make(app, who)))
    return Made(took, sizes[0], _memory(lambda: _make(app, who)))


def _seconds(do: Callable[[], object]) -> float:
    begun = time.perf_counter()
    do()
    return time.perf_counter() - begun


def _memory(do: Callable[[], object]) -> float:
    """The most that Python held at once, in bytes."""
    tracemalloc.start()
    do()
    _, memory = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return memory


def _file(app: App, name: str) -> bytes:
    """Somebody's export, as they fetched it."""
    with app.database.reading() as session:
        who = _named(session, name)
    out = io.BytesIO()
    write_zip(out, app.database, who)
    return out.getvalue()


def _bring_back(app: App, name: str, zipped: bytes) -> None:
    with app.database.reading() as session:
        who = _named(session, name)
    bring_back(app.database, who, zipped)


def _make(app: App, who: UUID) -> int:
    with app.database.writing() as session:
        id = ask(session, who).id
        session.commit()
    make_due(app.database, app.jobs)
    with app.database.reading() as session:
        export = session.get_one(Export, id)
        assert export.state is ExportState.READY
        return export.size
