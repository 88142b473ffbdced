"""What a long measurement says while it runs."""

import sys


def progress(words: str) -> None:
    print(f"   {words}", file=sys.stderr, flush=True)
