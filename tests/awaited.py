"""The application as in wsgi.py, with a view that tells whether requests were seen to wait."""

import threading
import time

from backend import create_app
from backend.core.request import public

app = create_app()
seen: set[bool] = set()


@app.get("/awaited")
@public
def awaited() -> list[bool]:
    seen.add(app.jobs.is_awaited())
    threading.Thread(target=_look_later, daemon=True).start()
    return sorted(seen)


def _look_later() -> None:
    while app.jobs.is_awaited():
        time.sleep(0.01)
    seen.add(False)
