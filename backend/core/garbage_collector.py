"""Python's collector of what refers to itself, for a process that stays."""

import gc


def freeze_garbage_collector() -> None:
    """Once everything is loaded: it stays for good, so the collector need not walk through it again
    and again (Python's documentation of `gc.freeze`), nor come by at every few objects.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)
