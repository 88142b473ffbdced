"""Another push service, by somebody else (npm: web-push-testing), takes and opens what we send."""

import json
import subprocess
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from backend.core.app import App
from backend.settings import Settings
from tests.deliveries.conftest import Post
from tests.journeys.server import free_port, wait_until
from tests.make import Make
from tools.setting_up import SECOND_OPINION, node

START = """
const Server = require("web-push-testing/src/server.js");
const { PushApiModel } = require("web-push-testing/src/PushApiModel.js");
new Server(new PushApiModel(), Number(process.argv[1])).startServer();
"""


@pytest.fixture
def other() -> Iterator[str]:
    assert (SECOND_OPINION / "node_modules").is_dir(), "make test installs it; run that first"
    port = free_port()
    command = [node(), "-e", START, str(port)]
    with subprocess.Popen(command, cwd=SECOND_OPINION, stdout=subprocess.PIPE) as process:
        assert process.stdout
        wait_until(process.stdout.readline, "the other push service")
        yield f"http://localhost:{port}"
        process.terminate()


def tell(url: str, body: dict[str, str]) -> Any:
    request = urllib.request.Request(
        url, json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.loads(answer.read())["data"]


@pytest.fixture
def settings(settings: Settings, other: str) -> Settings:
    return Settings(**vars(settings) | {"push_origins": (other,)})


def test_it_takes_and_opens_what_we_send(app: App, make: Make, post: Post, other: str) -> None:
    key = app.signer.newest
    made = tell(f"{other}/subscribe", {"userVisibleOnly": "true", "applicationServerKey": key})
    amina = make.somebody()
    subscription = {"endpoint": made["endpoint"], "keys": made["keys"]}
    notice = make.delivery(amina, make.device(amina, subscription))
    post.also.append(other)
    assert post.send() == {"accepted": 1}
    opened = tell(f"{other}/get-notifications", {"clientHash": made["clientHash"]})
    assert [told.rstrip(" ") for told in opened["messages"]] == [str(notice)]


def test_one_that_has_expired_there_is_removed_here(
    app: App, make: Make, post: Post, other: str
) -> None:
    made = tell(f"{other}/subscribe", {"applicationServerKey": app.signer.newest})
    amina = make.somebody()
    device = make.device(amina, {"endpoint": made["endpoint"], "keys": made["keys"]})
    address = f"{other}/expire-subscription/{made['clientHash']}"
    urllib.request.urlopen(urllib.request.Request(address, b"", method="POST"), timeout=10).close()
    make.delivery(amina, device)
    post.also.append(other)
    assert post.send() == {"gone": 1}
    assert post.devices() == 0
