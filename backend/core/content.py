"""What an item says, declared once: by it an item is created, compared, changed and blanked."""

from collections.abc import Iterator, Mapping
from typing import Any


class Content(Mapping[str, Any]):
    """The columns in which something is said, each with what it holds where nothing is.

    Given for a model as `content`, or for a part of one that goes by itself (`wording`, `answer`).
    """

    def __init__(self, blank: Mapping[str, Any] | None = None, **more: Any) -> None:
        self._blank = {**(blank or {}), **more}

    def __getitem__(self, name: str) -> Any:
        return self._blank[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._blank)

    def __len__(self) -> int:
        return len(self._blank)

    def of(self, said: Mapping[str, Any]) -> dict[str, Any]:
        """These columns of all that was sent; what was sent must have every one."""
        return {name: said[name] for name in self}

    def is_said_in(self, row: Any, said: Mapping[str, Any]) -> bool:
        """Whether a row says what was sent."""
        return all(getattr(row, name) == said[name] for name in self)

    def say_in(self, row: Any, said: Mapping[str, Any]) -> None:
        """Let a row say what was sent."""
        for name, value in self.of(said).items():
            setattr(row, name, value)

    def blank_in(self, row: Any) -> None:
        """Let all of it go."""
        self.say_in(row, self)
