"""The shape of a question of our library: plain data."""

from dataclasses import dataclass
from functools import cached_property
from uuid import UUID, uuid5

from backend.prompts.rules import Depth
from backend.reflections.models import Area

# Ids hang on the keys and not on the words: a question may be put better and stays the same one.
NAMESPACE = UUID("019aa8f4-5c00-7d11-9a3e-6f1c2b7d4e80")


@dataclass(frozen=True)
class Question:
    """One question. `touches`: its areas with spaces between, the one it is mostly about first."""

    key: str
    touches: str
    depth: Depth
    text: str

    @cached_property
    def id(self) -> UUID:
        return uuid5(NAMESPACE, self.key)

    @cached_property
    def areas(self) -> list[Area]:
        """In the order in which areas always stand."""
        return [area for area in Area if area.value in self.touches.split()]


Draft = tuple[str, Depth, str]


def gentle(touches: str, text: str) -> Draft:
    return touches, Depth.GENTLE, text


def stretching(touches: str, text: str) -> Draft:
    return touches, Depth.STRETCHING, text


def bold(touches: str, text: str) -> Draft:
    return touches, Depth.BOLD, text


def theme(name: str, *drafts: Draft) -> tuple[Question, ...]:
    """The questions of one theme, numbered: a new one is put at the end, none is taken out."""
    return tuple(Question(f"{name}-{number}", *draft) for number, draft in enumerate(drafts, 1))
