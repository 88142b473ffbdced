"""Committing, the time, the environment, sockets: each happens in its home and nowhere else."""

import ast
import re
from collections.abc import Callable

import pytest

from tests.guards.source import Module, calls, imports, modules, read

OUT = {
    "socket",
    "ssl",
    "smtplib",
    "ftplib",
    "telnetlib",
    "http.client",
    "urllib.request",
    "requests",
    "urllib3",
    "httpx",
    "aiohttp",
    "pycurl",
    "asyncio",
    "subprocess",
    "multiprocessing",
}
UNSAFE = {"pickle", "marshal", "shelve", "dill"}


def commits(module: Module) -> bool:
    return any(name.endswith(".commit") for name in calls(module))


def asks_the_time(module: Module) -> bool:
    asking = re.compile(r"(\w*date(time)?)\.(now|utcnow|today)|time\.(time|time_ns|localtime)")
    return any(asking.fullmatch(name) for name in calls(module))


def reads_the_environment(module: Module) -> bool:
    return any(re.fullmatch(r"os\.(environ|environb|getenv)", name) for name in calls(module))


def opens_connections(module: Module) -> bool:
    return any(name in OUT or name.split(".")[0] in OUT for name, _ in imports(module))


def prints(module: Module) -> bool:
    return any(name in ("print", "sys.stdout", "sys.stderr") for name in calls(module))


def says_so_too_early(module: Module) -> bool:
    """Whether something is logged as done that may yet be undone (`logs.py: kept`)."""
    return any(name.endswith("security.info") for name in calls(module))


def unpickles(module: Module) -> bool:
    return any(name.split(".")[0] in UNSAFE for name, _ in imports(module))


def glues_sql(module: Module) -> bool:
    """Whether text that is put together reaches the database as SQL."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and node.args:
            called = ast.unparse(node.func).rpartition(".")[2]
            is_sql = called in ("text", "execute", "exec_driver_sql", "literal_column")
            if is_sql and isinstance(node.args[0], ast.JoinedStr | ast.BinOp):
                return True
    return False


def fetches(module: Module) -> bool:
    """Whether a route goes to the database past access, queries and actions."""
    names = {"execute", "scalars", "scalar", "get_one", "query", "add", "flush"}
    return module.path.endswith("routes.py") and any(
        name.startswith("session()") and name.rpartition(".")[2] in names for name in calls(module)
    )


# the edge; jobs; commands; what hands things over, whose leases are transactions of their own;
# what makes a long file, whose lease goes on while it does, and what reads one; what erases
# somebody, some rows at a time; what wipes files, which comes after a transaction; and what tries
# whether anything can be written
COMMITS = {
    "core/app.py",
    "core/db.py",
    "worker.py",
    "cli.py",
    "core/outbox/settle.py",
    "core/outbox/mail.py",
    "deliveries/prefetch.py",
    "deliveries/unreachable.py",
    "own_data/making.py",
    "own_data/bringing.py",
    "erasing/carrying_out.py",
    "pulse/erasing.py",
}

HOMES: list[tuple[Callable[[Module], bool], set[str], str]] = [
    (commits, COMMITS, "session.commit()"),
    (asks_the_time, {"core/clock.py"}, "datetime.now()"),
    (reads_the_environment, {"settings.py"}, "os.environ['A']"),
    (opens_connections, {"core/transports.py", "core/wire.py"}, "import urllib.request"),
    (prints, {"core/transports.py", "core/logs.py"}, "print(1)"),
    (says_so_too_early, set(), "security.info('joined')"),
    (unpickles, set(), "import pickle"),
    (glues_sql, {"core/sqlite.py"}, "session.execute(f'SELECT {a}')"),  # its PRAGMAs: our constants
    (fetches, set(), "session().get_one(Person, id)"),
]


@pytest.mark.parametrize(
    ("does", "homes", "wrong"), HOMES, ids=lambda it: getattr(it, "__name__", "")
)
def test_it_happens_at_home_only(
    does: Callable[[Module], bool], homes: set[str], wrong: str
) -> None:
    assert {module.path for module in modules() if does(module)} == homes
    assert does(read(wrong, "people/routes.py")), "the guard does not bite"
