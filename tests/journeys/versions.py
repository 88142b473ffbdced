"""Another version of the app, made from the built one: what a deployment would put in its place."""

import hashlib
import re
import shutil
from pathlib import Path

from tools.setting_up import DIST


class Deployed:
    """A folder of the built app that a test may change, as a deployment does."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copytree(DIST, folder)

    @property
    def settings(self) -> dict[str, str]:
        return {"ALONGSIDE_TEST_APP_FOLDER": str(self.folder)}

    def put_new_version(self) -> None:
        """A start page that differs, and a worker that knows it: enough to be a new version."""
        page, worker = self.folder / "index.html", self.folder / "sw.js"
        before = _fingerprint(page)
        page.write_text(page.read_text().replace("</head>", "<!-- a newer version --></head>"))
        for packed in self.folder.glob("index.html.*"):
            packed.unlink()
        text = worker.read_text()
        assert before in text, "sw.js holds no hash of index.html"
        text = text.replace(before, _fingerprint(page))
        text, found = re.subn(r"(version:[`'\"])[0-9a-f]+", r"\g<1>0123456789ab", text)
        assert found == 1, "sw.js holds no version"
        worker.write_text(text)

    def put_kill_switch(self) -> None:
        shutil.copy(self.folder / "sw-off.js", self.folder / "sw.js")


def _fingerprint(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]
