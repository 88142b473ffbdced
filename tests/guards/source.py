"""The backend's own source, read as syntax."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BACKEND = ROOT / "backend"


@dataclass(frozen=True)
class Module:
    """One file: its dotted name, its path below the backend, its syntax."""

    name: str
    path: str
    tree: ast.Module

    @property
    def room(self) -> str:
        """The feature it belongs to ("core", "people"), or its own name at the top."""
        parts = self.name.split(".")
        return parts[1] if len(parts) > 1 else "backend"


def read(text: str, path: str = "people/example.py") -> Module:
    """A module made of `text`, as if it stood at `path`: for showing that a guard bites."""
    dotted = path.removesuffix(".py").removesuffix("__init__").strip("/").replace("/", ".")
    return Module(f"backend.{dotted}".rstrip("."), path, ast.parse(text))


@cache
def modules() -> tuple[Module, ...]:
    return tuple(
        read(path.read_text(), path.relative_to(BACKEND).as_posix())
        for path in sorted(BACKEND.rglob("*.py"))
    )


def imports(module: Module) -> Iterator[tuple[str, bool]]:
    """Names of our modules that it imports, and whether at the top of the file."""
    known = {one.name for one in modules()}
    top = set(module.tree.body)
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            names = [name if name in known else str(node.module) for name in names]
        else:
            continue
        yield from ((name, node in top) for name in names)


def calls(module: Module) -> Iterator[str]:
    """What is called or looked up, dotted: `session.commit`, `os.environ`."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute | ast.Name):
            yield ast.unparse(node)
