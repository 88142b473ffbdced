"""Taking the right-most feature away leaves a working application."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

from backend.features import FEATURES
from tests.guards.source import BACKEND, ROOT, imports, modules

LAST = "demo"
TRY = """
from backend import create_app
from backend.core import migrating
from backend.settings import from_environment
app = create_app(from_environment())
migrating.upgrade(app.database.engine)
phone = app.test_client()
assert phone.get("/readyz").status_code == 200, phone.get("/readyz").json
assert phone.get("/api/me").status_code == 401
assert phone.post("/api/sign-in/codes", json={"email": "a@b.example"}).status_code == 202
assert phone.get("/api/sign-in/demo").status_code == 404
assert phone.get("/api/docs").status_code == 200
print("works")
"""


class Without(ast.NodeTransformer):
    """Takes out the import of a feature, and the command that needs it."""

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.AST | None:
        named = f"backend.{LAST}"
        node.names = [a for a in node.names if f"{node.module}.{a.name}" != named]
        gone = str(node.module).startswith(named) or not node.names
        return None if gone else node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST | None:
        return None if node.name == LAST else self.generic_visit(node)

    def visit_Tuple(self, node: ast.Tuple) -> ast.AST:
        node.elts = [one for one in node.elts if ast.unparse(one).split(".")[0] != LAST]
        return node


def test_it_is_named_in_two_places_only() -> None:
    named = {
        module.path
        for module in modules()
        if module.room != LAST and any(f"backend.{LAST}" in name for name, _ in imports(module))
    }
    assert named <= {"features.py", "cli.py"}
    assert FEATURES[-1].name == LAST


def test_the_rest_works_without_it(tmp_path: Path) -> None:
    shutil.copytree(
        BACKEND, tmp_path / "backend", ignore=shutil.ignore_patterns(LAST, "__pycache__")
    )
    shutil.copytree(ROOT / "migrations", tmp_path / "migrations")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for name in ("features.py", "cli.py"):
        path = tmp_path / "backend" / name
        path.write_text(ast.unparse(Without().visit(ast.parse(path.read_text()))))
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", TRY],
        cwd=tmp_path,
        env={"ALONGSIDE_DATA": str(tmp_path / "var"), "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.endswith("works\n"), done.stdout + done.stderr
