"""Taking everything after ten years: how long it takes the worker, and how much memory."""

import random
import time
import tracemalloc
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import insert, select

from backend.core.app import App
from backend.own_data.actions import ask
from backend.own_data.making import make_due
from backend.own_data.models import Export, ExportState
from backend.people.models import Person
from backend.reflections.models import ChangeCount, Reflection
from bench.figures import Figure, at_most
from bench.long_history import FEW, MANY, a_reflection
from bench.show import progress
from bench.statements import sample_app

TITLE = "Taking everything after ten years"
NOTES = """In one process, on SQLite, as the worker makes it: once for somebody with {few:,}
reflections of their own and once with {many:,}, written over ten years, beside what the sample
holds of them. Memory is the most that Python held at once (tracemalloc), in another run than the
time, as watching it slows it down. Sealed, part by part, each part a commit of its own."""


@dataclass
class Made:
    """What one export came to: seconds, bytes."""

    took: float
    size: int
    memory: int


def measure() -> tuple[list[Figure], str]:
    """The figures for a few and for many."""
    with sample_app() as app:
        few = _made(app, _somebody(app, "Amina", FEW))
        many = _made(app, _somebody(app, "Callum", MANY))
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
    ]
    return figures, NOTES.format(few=FEW, many=MANY)


def _somebody(app: App, name: str, count: int) -> UUID:
    progress(f"{count:,} reflections, put there beforehand")
    drawn = random.Random(18)
    with app.database.writing() as session:
        people = session.scalars(select(Person)).all()
        author = next(one.id for one in people if one.name.startswith(name))
        made = session.get_one(ChangeCount, author)
        rows = [
            a_reflection(author, made.value + 1 + number, count - number, count, drawn)
            for number in range(count)
        ]
        session.execute(insert(Reflection), rows)
        made.value += count
        session.commit()
    return author


def _made(app: App, who: UUID) -> Made:
    progress("made twice")
    begun = time.perf_counter()
    size = _make(app, who)
    took = time.perf_counter() - begun
    tracemalloc.start()
    _make(app, who)
    _, memory = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return Made(took, size, memory)


def _make(app: App, who: UUID) -> int:
    with app.database.writing() as session:
        id = ask(session, who).id
        session.commit()
    make_due(app.database, app.jobs)
    with app.database.reading() as session:
        export = session.get_one(Export, id)
        assert export.state is ExportState.READY
        return export.size
