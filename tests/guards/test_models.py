"""Every table says what export and erasure do with it, and loads nothing behind our back."""

import re
from importlib import import_module
from pathlib import Path

import pytest
from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from backend.activity.schemas import KINDS
from backend.core.db import Base, Privacy, Words
from backend.notices.rules import TOLD_AS
from tests.guards.source import BACKEND, ROOT, modules

MODELS = sorted((one.class_ for one in Base.registry.mappers), key=lambda model: model.__name__)

# Columns that hold text as it is, and why nobody's words can stand in them.
PLAIN = {
    "person.time_zone": "a name from a list",
    "person.language": "a code from a list",
    "cohort.time_zone": "a name from a list",
    "reminder_turn.time_zone": "a name from a list",
    "sign_in_session.device": "words of ours, chosen by the browser's name",
    "fact.kind": "a fact's name",
    "outbox.topic": "a hash",
    "outbox.origin": "a push service's address",
    "outbox.kind": "a name from a list",
    "outbox.lease_by": "random",
    "carrier.origin": "a push service's address",
    "carrier.devices": "digits of people's ids",
    "device.origin": "a push service's address",
    "device.key": "a public key of ours",
    "mark.topic": "a name from a list",
    "told_in_an_hour.what": "a fact's name, or one of ours",
    "notice.cause": "names of ours, ids and dates",
    "export.lease_by": "random",
}
# Facts that stand in the cohort's activity, and are nobody's notice: no phone rings for them.
IN_ACTIVITY_ONLY = {
    "cohort_made": "whoever makes it is alone in it",
    "cohort_changed": "a line that all can look up",
    "invited": "who comes is told when they come",
    "invitation_revoked": "a line that all can look up",
    "became_facilitator": "a line that all can look up",
    "left": "leaving draws no attention",
    "stepped_down": "so does stepping down; that nobody facilitates is told",
    "handed_on": "a line that all can look up",
    "taking_up_ended": "a line that all can look up",
    "renamed": "a line that all can look up",
    "reminder_set": "a line that all can look up",
    "reminder_changed": "a line that all can look up",
    "reminder_removed": "a line that all can look up",
    "proposal_withdrawn": "what was proposed just leaves",
    "review_reopened": "a line that all can look up",
    "talked_about": "a line that all can look up",
    "to_talk_again": "a line that all can look up",
}
# Facts that nobody but who did it hears of, and why.
SILENT = {
    "taken_back": "taking back draws no attention",
    "feedback_taken_back": "so does taking an answer back",
    "feedback_withdrawn": "what was asked or offered just leaves",
}
# Counted for their limit and never written down, and why.
COUNTED_ONLY = {
    "name": "each of somebody's cohorts is told by a line of its own, `renamed`",
    "question": "it comes when its day does",
}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_a_model_says_what_export_and_erasure_do(model: type[Base]) -> None:
    privacy = model.__dict__.get("privacy")
    assert isinstance(privacy, Privacy)
    assert privacy.why.endswith(".")
    assert privacy.subject is None or privacy.subject in model.__table__.columns
    assert (privacy.export == "theirs") <= (privacy.subject is not None)
    assert privacy.withheld <= set(model.__table__.columns.keys())


def test_the_page_on_privacy_names_every_table() -> None:
    page = (ROOT / "docs" / "privacy.md").read_text()
    for model in MODELS:
        assert f"\n| {model.__table__.name} | " in page


@pytest.mark.parametrize("page", ["privacy.md", "running.md"])
def test_it_is_said_what_a_copy_of_the_database_tells_without_the_keys(page: str) -> None:
    """Names and addresses it does not: `test_canaries.py` looks for them."""
    paragraphs = (ROOT / "docs" / page).read_text().split("\n\n")
    lines = [" ".join(one.split()) for one in paragraphs]
    (told,) = [line for line in lines if "stands in the clear" in line]
    sealed, clear = told.split("stands in the clear")
    assert "name" in sealed
    assert "address" in sealed
    assert "names" not in clear
    for said in ("who is in which cohort", "turned to whom", "when", "states and choices"):
        assert said in clear


def test_a_model_that_says_nothing_would_be_seen() -> None:
    assert "privacy" not in Base.__dict__  # so there is nothing to inherit


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_relationships_are_loaded_only_by_the_query_that_names_them(model: type[Base]) -> None:
    for relation in model.__mapper__.relationships:
        assert relation.lazy == "raise", f"{model.__name__}.{relation.key}"


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_text_at_rest_is_sealed_unless_it_is_listed(model: type[Base]) -> None:
    assert plain_texts(model) <= PLAIN.keys()


def plain_texts(model: type[Base]) -> set[str]:
    return {
        f"{model.__table__.name}.{column.name}"
        for column in model.__table__.columns
        if type(column.type) is String or column.type.__class__.__name__ == "Text"
    }


def test_a_plain_column_would_be_seen() -> None:
    class Diary(Base):
        __tablename__ = "diary_of_a_test"
        privacy = Privacy(None, "nothing", "keep", "A test.")
        id: Mapped[int] = mapped_column(primary_key=True)
        text: Mapped[str] = mapped_column(String(50))

    try:
        assert plain_texts(Diary) == {"diary_of_a_test.text"}
    finally:
        Base.metadata.remove(Diary.__table__)
        Base.registry._dispose_cls(Diary)


def test_sealed_words_know_their_own_place() -> None:
    """A place that two columns shared would let sealed bytes move between them."""
    for model in MODELS:
        for column in model.__table__.columns:
            if isinstance(column.type, Words):
                assert column.type.place == f"{model.__table__.name}.{column.name}"


def test_every_fact_is_heard_or_listed_as_silent() -> None:
    said = {fact.value for fact in all_facts()}
    heard = set(KINDS) | TOLD_AS.keys()
    assert said == heard | SILENT.keys() | COUNTED_ONLY.keys()
    assert not heard & (SILENT.keys() | COUNTED_ONLY.keys())
    assert not SILENT.keys() & COUNTED_ONLY.keys()


def test_every_fact_that_is_heard_is_told_or_listed_as_not() -> None:
    assert set(KINDS) <= TOLD_AS.keys() | IN_ACTIVITY_ONLY.keys()
    assert set(KINDS) >= IN_ACTIVITY_ONLY.keys()
    assert not TOLD_AS.keys() & IN_ACTIVITY_ONLY.keys()
    assert not TOLD_AS.keys() & SILENT.keys()


def all_facts() -> list[object]:
    rooms = [module.name for module in modules() if Path(module.path).name == "facts.py"]
    assert len(rooms) == len(list(BACKEND.glob("*/facts.py")))
    found = []
    for room in rooms:
        names = vars(import_module(room))
        found += [fact for name, kind in names.items() if name.endswith("Fact") for fact in kind]
    return found


def test_every_fact_is_recorded_somewhere() -> None:
    sources = "".join((BACKEND / module.path).read_text() for module in modules())
    for fact in all_facts():
        assert re.search(rf"{type(fact).__name__}\.{fact.name}[,)\s]", sources), fact
