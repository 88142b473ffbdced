"""What an item says, declared once: by it an item is created, compared, changed and blanked."""

from collections.abc import Iterator, Mapping


class Content(Mapping[str, object]):
    """The content columns of a table, each with its blank value.

    Given for a model as `content`, or for a part of one that goes by itself (`wording`, `answer`).
    """

    def __init__(self, blank: Mapping[str, object] | None = None, **more: object) -> None:
        self._blank = {**(blank or {}), **more}

    def __getitem__(self, name: str) -> object:
        return self._blank[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._blank)

    def __len__(self) -> int:
        return len(self._blank)

    def of(self, said: Mapping[str, object]) -> dict[str, object]:
        """The values in `said` for these columns; raises KeyError where one is missing."""
        return {name: said[name] for name in self}

    def matches(self, row: object, said: Mapping[str, object]) -> bool:
        """Whether these columns of a row have the values in `said`."""
        return all(getattr(row, name) == said[name] for name in self)

    def write_to(self, row: object, said: Mapping[str, object]) -> None:
        """Set these columns of a row to the values in `said`."""
        for name, value in self.of(said).items():
            setattr(row, name, value)

    def blank(self, row: object) -> None:
        """Set these columns of a row to their blank values."""
        self.write_to(row, self)
