"""Statements are built once and kept: where a rule is broken on purpose they are built again."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType


def forget(*modules: ModuleType) -> None:
    """Let what these modules keep be built anew when it is next asked."""
    for module in modules:
        for thing in vars(module).values():
            if hasattr(thing, "cache_clear"):
                thing.cache_clear()


@contextmanager
def built_anew(*modules: ModuleType) -> Iterator[None]:
    """In its block, and after it, none is kept from before."""
    forget(*modules)
    try:
        yield
    finally:
        forget(*modules)
