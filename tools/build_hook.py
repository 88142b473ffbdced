"""Building the wheel: the app for the phone goes in, built first when it is not there."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class BuiltApp(BuildHookInterface[Any]):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        pwa = Path(self.root) / "pwa"
        if not (pwa / "dist" / "index.html").exists():
            npm = shutil.which("npm")
            if npm is None:
                raise RuntimeError("pwa/dist is not built: run  make setup  first.")
            for command in (["ci", "--no-audit", "--no-fund"], ["run", "build"]):
                subprocess.run([npm, *command], cwd=pwa, check=True)
        build_data["force_include"][str(pwa / "dist")] = "pwa/dist"
