"""One web process, some threads, and the jobs' consumer beside them in the same process.

One process, because SQLite has one writer and the consumer is elected once; threads,
because a request mostly waits for the disk. Gunicorn keeps the process alive; what it reads
requests with is waitress (`backend/server.py`). `GUNICORN_CMD_ARGS` goes before what is here.
"""

import os
from pathlib import Path

bind = f"127.0.0.1:{os.environ.get('PORT') or 8000}"
worker_class = "backend.server.BufferingWorker"
workers = 1
threads = 8
timeout = 60
graceful_timeout = 8  # all is quiet within ten seconds of being asked to stop

control_socket_disable = True
accesslog = None  # the app writes its own, without a token or a word of anyone's
loglevel = "warning"
if Path("/dev/shm").is_dir():  # noqa: S108 - a heartbeat file that no disk can hold up
    worker_tmp_dir = "/dev/shm"  # noqa: S108


def when_ready(server):  # noqa: ARG001
    port = os.environ.get("PORT") or 8000
    print(
        f"\n  Alongside is at {os.environ.get('ALONGSIDE_BASE_URL') or f'http://127.0.0.1:{port}'}"
    )
    if os.environ.get("ALONGSIDE_DEMO") == "1":
        print("  with the sample cohort. The sign-in page lets you in as Amina or Callum, who take")
        print("  part, or as Morag, who facilitates.")
    if not os.environ.get("ALONGSIDE_SMTP_URL"):
        print("  No mail server is set (ALONGSIDE_SMTP_URL): sign-in codes are printed here.")
    print("  Ctrl-C stops it; everything is kept.\n", flush=True)


def post_worker_init(worker):
    from backend.core.garbage_collector import freeze_garbage_collector
    from backend.worker import start_in_process

    worker.stop_jobs = start_in_process(worker.wsgi)
    freeze_garbage_collector()


def worker_exit(server, worker):  # noqa: ARG001
    if stop := getattr(worker, "stop_jobs", None):
        stop()
