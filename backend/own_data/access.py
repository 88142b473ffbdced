"""Which rows are somebody's, by what each model declares, and which of their columns they get."""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import ColumnElement, LargeBinary

from backend.core.db import Base, table_of
from backend.feedback.models import Feedback, FeedbackRequest
from backend.notices.access import visible_to as notice_visible_to
from backend.notices.models import Notice
from backend.reflections.models import Reflection

# Rows that one gets for as long as one may see them: a notice of what was taken back tells of it.
SIGHT: dict[type[Base], Callable[[UUID], ColumnElement[bool]]] = {Notice: notice_visible_to}
# Tables that are shown as their features show them to whoever asks: of a reflection whom it
# reaches belongs to it, and of what passes between two people each is told their own side.
AS_SHOWN: frozenset[type[Base]] = frozenset({Reflection, Feedback, FeedbackRequest})


def theirs() -> list[type[Base]]:
    """Every model whose rows are in somebody's export, by the names of their tables."""
    models = [one.class_ for one in Base.registry.mappers]
    found = [model for model in models if model.privacy.export == "theirs"]
    return sorted(found, key=lambda model: table_of(model).name)


def as_rows() -> list[type[Base]]:
    """Those of them that are exported row by row, as they are kept."""
    return [model for model in theirs() if model not in AS_SHOWN]


def mine(me: UUID, model: type[Base]) -> tuple[ColumnElement[bool], ...]:
    """What a row of `model` has to be, to be in my export."""
    is_mine = table_of(model).c[str(model.privacy.subject)] == me
    sight = SIGHT.get(model)
    return (is_mine, sight(me)) if sight else (is_mine,)


def columns_of(model: type[Base]) -> list[str]:
    """The columns of a row that are exported. What people wrote is no LargeBinary but `Words`:
    that is a digest, of use to nobody.
    """
    return [
        column.name
        for column in table_of(model).columns
        if not isinstance(column.type, LargeBinary) and column.name not in model.privacy.withheld
    ]
