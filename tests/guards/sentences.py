"""What people read: the sentences of the phone, and of what we send."""

import json
import re
from pathlib import Path

from tests.guards.source import ROOT

CATALOGUES = ROOT / "pwa" / "src" / "i18n" / "en"
WHAT_WE_SEND = ROOT / "backend" / "words" / "en.json"
# What stands in a sentence for its {names}; a person's name otherwise.
IN_PLACE = {"count": "14", "mails": "when somebody responds to what you shared"}


def messages(file: Path) -> list[str]:
    """Every message of a catalogue, in each form that it has."""
    told = json.loads(file.read_text()).values()
    forms = (one.values() if isinstance(one, dict) else [one] for one in told)
    return [filled(text) for of_one in forms for text in of_one]


def sent() -> list[str]:
    return messages(WHAT_WE_SEND)


def on_the_phone(*names: str) -> list[str]:
    """The messages of these catalogues; of all of them where none is named."""
    files = [CATALOGUES / f"{name}.json" for name in names] or sorted(CATALOGUES.glob("*.json"))
    return [text for file in files for text in messages(file)]


def filled(text: str) -> str:
    return re.sub(r"\{(\w+)\}", lambda found: IN_PLACE.get(found[1], "Hazel"), text)
