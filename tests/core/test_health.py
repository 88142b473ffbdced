"""What whoever watches over a process is told."""

from typing import Any

import pytest
from sqlalchemy import event

from backend.core.app import App


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_database_that_takes_no_writes_is_not_ready(app: App) -> None:
    """Before anybody has lost patience with it: a standby, or one that is set so."""
    assert app.test_client().get("/readyz").status_code == 200

    @event.listens_for(app.database.engine, "checkout")
    def only_reads(connection: Any, *_: object) -> None:
        connection.execute("SET default_transaction_read_only TO on")
        connection.commit()

    answer = app.test_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json["writing"] == "25006 ReadOnlySqlTransaction"  # type: ignore[index]
