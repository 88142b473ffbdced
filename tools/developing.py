"""`make dev`: Vite with hot reload, and behind it the server, started anew by its changes."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from tools import serving, setting_up
from tools.setting_up import PWA
from tools.steps import ROOT, Stop, say

HERE = "127.0.0.1"
PORT = 5173
DATA = ROOT / "var" / "dev"
A_LOOK = 0.5  # seconds
PATIENCE = 10.0  # seconds; how long the server may take to stop
SOURCES = ("backend/**/*.py", "backend/**/*.html", "backend/**/*.css", "migrations/**/*.py")

Seen = Mapping[Path, int]


def both() -> None:
    """Until Ctrl-C; both end together. The sample cohort lives in `var/dev/`."""
    setting_up.python_packages(dev=True)
    setting_up.node_modules()
    node = setting_up.node()
    serving.take_the_sample(DATA)
    port = serving.free_port("dev", PORT)
    os.environ["ALONGSIDE_BASE_URL"] = f"http://{HERE}:{port}"  # where links lead: to Vite
    serving.bring_up_to_date()
    serving.lay_out()
    signal.signal(signal.SIGTERM, _as_ctrl_c)
    behind = _any_port()
    server = Server(behind)
    vite = _vite(node, port, behind)
    try:
        server.start()
        _until_it_ends(vite, server)
    finally:
        end(vite)
        server.stop()


class Server:
    """The API and its jobs in a process of their own."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._process = _run(serving.SERVER, cwd=ROOT, PORT=str(self._port))

    def stop(self) -> None:
        if self._process:
            end(self._process)
        self._process = None

    def follow(self, changed: Sequence[Path]) -> None:
        """Start anew with what has changed; a migration that does not run is said, no more."""
        say(f"  {changed[0].relative_to(ROOT)} has changed: the server starts anew")
        self.stop()
        try:
            if any(path.is_relative_to(ROOT / "migrations") for path in changed):
                serving.bring_up_to_date()
            self.start()
        except Stop as stop:
            say(f"  {stop}")

    def look(self) -> None:
        """Say once when it ended by itself: it starts again with the next change."""
        if self._process and self._process.poll() is not None:
            self._process = None
            say(
                "  The server ended: see above. It starts again when something in backend/ changes."
            )


def _until_it_ends(vite: subprocess.Popen[bytes], server: Server) -> None:
    before = seen()
    while vite.poll() is None:
        time.sleep(A_LOOK)
        now = seen()
        if changed := changes(before, now):
            server.follow(changed)
        before = now
        server.look()
    raise Stop("Vite ended: see above.")


def seen() -> Seen:
    """When each file of the server's was last changed."""
    found = {}
    for path in (path for pattern in SOURCES for path in ROOT.glob(pattern)):
        try:
            found[path] = path.stat().st_mtime_ns
        except FileNotFoundError:  # an editor puts another in its place
            continue
    return found


def changes(before: Seen, now: Seen) -> list[Path]:
    """Files that are new, gone or other than before."""
    return sorted(path for path in before.keys() | now.keys() if before.get(path) != now.get(path))


def _vite(node: Path, port: int, behind: int) -> subprocess.Popen[bytes]:
    vite = PWA / "node_modules" / "vite" / "bin" / "vite.js"
    address = ["--host", HERE, "--port", str(port), "--strictPort", "--clearScreen", "false"]
    return _run([node, vite, *address], cwd=PWA, ALONGSIDE_API_URL=f"http://{HERE}:{behind}")


def _run(command: Sequence[str | Path], *, cwd: Path, **env: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [str(part) for part in command],
        cwd=cwd,
        env={**os.environ, **env},
        stdin=subprocess.DEVNULL,
    )


def end(process: subprocess.Popen[bytes]) -> None:
    """Ask it to stop, and see that it has."""
    process.terminate()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _any_port() -> int:
    with socket.create_server((HERE, 0)) as door:
        port: int = door.getsockname()[1]
        return port


def _as_ctrl_c(*_: object) -> None:
    raise KeyboardInterrupt
