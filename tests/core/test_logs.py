"""One line of JSON an event: when, what, which request; and nothing that breaks a line."""

import io
import json
import logging
from typing import Any

from backend.core import logs
from backend.core.app import App
from backend.core.request import public
from tests.make import Make


def lines_of(app: App, work: Any) -> list[dict[str, Any]]:
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(logs.JsonLines())
    logging.getLogger().addHandler(handler)
    try:
        work()
    finally:
        logging.getLogger().removeHandler(handler)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_a_request_leaves_a_line_with_its_id_and_route(app: App, make: Make) -> None:
    answers: list[Any] = []
    phone = make.stranger()
    (line,) = lines_of(app, lambda: answers.append(phone.get("/api/invitations/s3cret-token")))
    assert line["request_id"] == answers[0].headers["X-Request-Id"]
    assert line["route"] == "/api/invitations/<string(maxlength=64):token>"
    assert (line["event"], line["status"], line["method"]) == ("request", 404, "GET")
    assert line["at"].endswith("+00:00")


def test_a_line_stays_one_line(app: App) -> None:
    log = logging.getLogger("alongside.test")
    (line,) = lines_of(app, lambda: log.warning("odd", extra={"told": 'a\n{"b": 1}\r\u2028'}))
    assert line["told"] == 'a\n{"b": 1}\r\u2028'


def test_an_unexpected_fault_is_told_to_us_and_not_to_the_client(own_app: App) -> None:
    @own_app.get("/api/broken")
    @public
    def broken() -> str:
        raise ValueError("secret words")

    answers: list[Any] = []
    lines = lines_of(own_app, lambda: answers.append(own_app.test_client().get("/api/broken")))
    (answer,) = answers
    assert answer.status_code == 500
    assert answer.json["reason"] == "unexpected"
    assert b"ValueError" not in answer.data
    (fault,) = [line for line in lines if line["event"] == "unexpected"]
    assert fault["error"] == "ValueError"
    assert "broken" in fault["where"][-1]
    assert "secret words" not in json.dumps(lines)
    assert fault["request_id"] == answer.headers["X-Request-Id"]


def test_who_signs_in_and_out_is_noted_by_id_only(app: App, make: Make) -> None:
    amina = make.somebody()
    lines = lines_of(app, lambda: amina.phone.delete("/api/sign-in/sessions/current"))
    (noted,) = [line for line in lines if line["from"] == "alongside.security"]
    assert noted["event"] == "signed_out"
    assert noted["person"] == str(amina.id)
    assert "Amina" not in json.dumps(lines)


def test_setting_up_twice_writes_each_line_once() -> None:
    ours = [h for h in logging.getLogger().handlers if isinstance(h.formatter, logs.JsonLines)]
    logs.set_up()
    logs.set_up()
    now = [h for h in logging.getLogger().handlers if isinstance(h.formatter, logs.JsonLines)]
    assert len(now) == 1
    assert len(ours) <= 1
