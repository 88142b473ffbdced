"""Our own questions: enough of them, evenly spread, and put as a colleague would put them."""

import re
from collections import Counter

import pytest

from backend.prompts.library import BY_ID, QUESTIONS, THEMES, WHAT_WOULD_HELP
from backend.prompts.library.shape import Question
from backend.prompts.rules import Depth

EVERY = [*QUESTIONS, WHAT_WOULD_HELP]

# What nobody who works beside one would say: the couch, the flip chart, the raised finger.
NOT_OURS = re.compile(
    r"\b(feel about|how did that make you|inner child|journey|unpack|sit with|hold space|"
    r"leverage|synerg|stakeholder|going forward|low.hanging|best practice|empower|impactful|"
    r"should|ought|must|why did(n.t| not)|why have(n.t| not)|fail(ed|ure)|blame|excuse|"
    r"don.t you think|isn.t it|patients? name)\b",
    re.IGNORECASE,
)


def test_there_are_enough_of_every_kind() -> None:
    assert len(QUESTIONS) == 72
    assert Counter(one.depth for one in QUESTIONS) == dict.fromkeys(Depth, 24)
    assert Counter(one.touches.split()[0] for one in QUESTIONS) == {
        "self": 24,
        "team": 24,
        "system": 24,
    }
    assert len(set(Counter(area for one in QUESTIONS for area in one.areas).values())) == 1
    for theme in THEMES:
        assert Counter(one.depth for one in theme) == dict.fromkeys(Depth, 3)


def test_each_is_another_one() -> None:
    assert len({one.text for one in EVERY}) == len({one.id for one in EVERY}) == len(BY_ID) == 73


@pytest.mark.parametrize("question", EVERY, ids=lambda one: one.key)
def test_each_is_short_plain_and_asks(question: Question) -> None:
    assert question.text.endswith("?")
    assert len(question.text) <= 140
    assert len(re.findall(r"[.?](?:\s|$)", question.text)) <= 2 + ("“" in question.text)
    assert question.areas
    assert not NOT_OURS.search(question.text)
    assert "  " not in question.text
    assert not set("\"'") & set(question.text), "typographic marks, please"


def test_a_slogan_would_be_seen() -> None:
    assert NOT_OURS.search("How will you leverage this going forward?")
    assert NOT_OURS.search("Why didn’t you speak up?")


def test_the_ids_stay_as_they_are() -> None:
    """Reflections name them: an id that moved would put a question above somebody's answer that
    they were never asked."""
    assert [str(theme[0].id) for theme in THEMES] == FIRST_IDS


FIRST_IDS = [
    "7e9abfa1-f92d-5cd3-99a3-1692410e1485",
    "751410e8-a528-561a-8694-515d6e819fba",
    "cdffd28c-a318-5a83-b0a1-ca5ce4407a3d",
    "27df65aa-cc69-5cc9-a2ab-8f46d1dd97de",
    "cd93dd99-d63a-5850-9447-5354e143b63a",
    "3e35fd27-939f-5e4e-b81e-6bdc9515487f",
    "99597b65-454d-52f8-97a1-2ad9f572f3cb",
    "1a3055fc-de3c-5a0d-98af-341c87988cfe",
]
