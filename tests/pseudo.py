"""A language that nobody speaks, made of English: what is still plain stands in no catalogue.

Longer by two fifths, in brackets, with accents. The phone has one that is made alike when it is
built for tests (`pwa/build/pseudo.ts`).
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from backend.core.languages import ENGLISH, LANGUAGES, Language, Message, written

CODE = "zxx"  # that of no language
ACCENTED = str.maketrans("aeiouyAEIOUYcnsz", "àéîöûýÀÉÎÖÛÝçñšž")


def pseudo(message: Message) -> Message:
    if not isinstance(message, str):
        return {form: _disguised(sentence) for form, sentence in message.items()}
    return _disguised(message)


def _disguised(sentence: str) -> str:
    parts = re.split(r"(\{\w+\})", sentence)
    accented = "".join(part if "{" in part else part.translate(ACCENTED) for part in parts)
    return f"[{accented}{'~' * round(len(sentence) * 0.4)}]"


LANGUAGE = Language("en-XA", {key: pseudo(said) for key, said in written(ENGLISH).items()})


# As the phone has it from right to left, and says the same.
MIRRORED = "ar-XB"


@contextmanager
def spoken() -> Iterator[None]:
    """As long as it lasts, the server speaks this language too."""
    LANGUAGES[CODE] = LANGUAGE
    try:
        yield
    finally:
        del LANGUAGES[CODE]
