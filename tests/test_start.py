"""What stops the start: one sentence that names the setting."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from backend import create_app
from backend.core import migrating
from backend.core.app import App
from backend.core.outbox.models import Outgoing, Queue
from backend.settings import SettingError, Settings
from tests.databases import KEY
from tests.make import Letterbox, Make

ANOTHER = bytes(32)
OTHER = bytes([3] * 32)  # nought signs nothing
Start = Callable[..., App]


@pytest.fixture
def start(settings: Settings, letterbox: Letterbox) -> Iterator[Start]:
    """Starts the application once more, with some settings changed."""
    with ExitStack() as ends:

        def another(**changed: Any) -> App:
            made = create_app(replace(settings, **changed), mail=letterbox)
            ends.callback(made.database.engine.dispose)
            ends.callback(made.jobs.huey.storage.close)
            return made

        yield another


def test_keys_that_do_not_open_this_database_stop_the_start(start: Start, make: Make) -> None:
    make.somebody()
    with pytest.raises(SettingError, match="ALONGSIDE_SECRET_KEYS"):
        start(secret_keys=(ANOTHER,))
    start(secret_keys=(ANOTHER, KEY))  # a newer one beside it is fine


def test_keys_that_no_device_was_subscribed_with_stop_the_start(start: Start, make: Make) -> None:
    for name in ("Amina", "Callum"):
        make.device(make.somebody(name))
    with pytest.raises(SettingError, match=r"_VAPID_KEYS holds no key .* 2 devices"):
        start(vapid_keys=(OTHER,))
    start(vapid_keys=(OTHER, KEY))  # a newer one beside it is fine


def test_a_device_that_slept_through_a_change_of_keys_stops_nothing(
    start: Start, make: Make
) -> None:
    make.device(make.somebody())
    newer = start(vapid_keys=(OTHER, KEY))
    later = Make(newer, Letterbox())
    later.device(later.somebody("Callum"))
    start(vapid_keys=(OTHER,))


def test_without_devices_any_key_that_signs_will_do(start: Start, make: Make) -> None:
    make.somebody()
    start(vapid_keys=(OTHER,))


def test_before_there_are_tables_any_key_that_signs_will_do(start: Start, app: App) -> None:
    """Whoever is to make them has to start."""
    migrating.downgrade(app.database.engine, "base")
    start(vapid_keys=(OTHER,), vapid_keys_lost=True)


def test_where_keys_are_lost_for_good_their_devices_are_given_up_and_letters_go_instead(
    start: Start, make: Make
) -> None:
    amina = make.somebody()
    notice = make.delivery(amina, make.device(amina))
    start(vapid_keys=(OTHER,), vapid_keys_lost=True)
    assert amina.get("/api/devices").json == {"items": [], "next": None}
    with make.session() as session:
        [row] = session.scalars(select(Outgoing))
        assert (row.notice_id, row.queue) == (notice, Queue.MAIL)
    start(vapid_keys=(OTHER,))


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("postgresql://a:s3cret@127.0.0.1:1/jobs", "jobs at 127.0.0.1:1 cannot be reached"),
        ("sqlite:///{}/text", "text is not a whole file of SQLite's (SQLITE_NOTADB)."),
    ],
)
def test_a_queue_that_cannot_be_opened_stops_the_start(
    start: Start, settings: Settings, url: str, told: str
) -> None:
    (settings.data / "text").write_text("Dear diary, " * 100)
    with pytest.raises(SettingError) as refused:
        start(jobs_url=url.format(settings.data))
    said = str(refused.value)
    assert said.startswith("ALONGSIDE_JOBS_URL: the job queue ")
    assert told in said
    assert "s3cret" not in said


def test_keys_that_an_empty_database_was_not_begun_with_stop_the_start(start: Start) -> None:
    """Nobody is in it whose name they would not open."""
    with pytest.raises(SettingError, match="ALONGSIDE_SECRET_KEYS"):
        start(secret_keys=(ANOTHER,))
    start(secret_keys=(ANOTHER, KEY))


def test_two_machines_that_each_made_keys_of_their_own_do_not_both_start(
    start: Start, app: App
) -> None:
    """On an empty database, at once: whichever made the tables goes on."""
    migrating.downgrade(app.database.engine, "base")
    first, second = start(secret_keys=(ANOTHER,)), start(secret_keys=(OTHER,))
    migrating.upgrade(first.database.engine)
    migrating.upgrade(second.database.engine)  # it waited, and found nothing to do
    start(secret_keys=(ANOTHER,))
    with pytest.raises(SettingError, match=r"ALONGSIDE_SECRET_KEYS .* to every machine"):
        start(secret_keys=(OTHER,))


def test_a_database_from_before_is_marked_with_the_keys_that_it_is_brought_up_to_date_with(
    start: Start, app: App, make: Make
) -> None:
    make.somebody()
    migrating.downgrade(app.database.engine, "0020")
    with pytest.raises(SettingError, match="ALONGSIDE_SECRET_KEYS"):
        start(secret_keys=(ANOTHER,))
    migrating.upgrade(start(secret_keys=(ANOTHER, KEY)).database.engine)
    with pytest.raises(SettingError, match="ALONGSIDE_SECRET_KEYS"):
        start(secret_keys=(KEY,))
    start(secret_keys=(OTHER, ANOTHER, KEY))
