"""Our application, which notes the threads that answer requests: what else the process uses of the
processor is the work of notices and letters. Each notes itself in the file BENCH_THREADS.
"""

import os
import threading
from collections.abc import Callable, Iterable
from typing import Any

from backend import create_app

app = create_app()
_answer = app.wsgi_app
_here = threading.local()


def _noted(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    if not hasattr(_here, "is_noted"):
        _here.is_noted = True
        with open(os.environ["BENCH_THREADS"], "a") as file:
            file.write(f"{threading.get_native_id()}\n")
    return _answer(environ, start_response)


app.wsgi_app = _noted  # type: ignore[method-assign]
