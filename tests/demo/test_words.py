"""The sample's own words: possible, varied, and in the words that we use."""

import re
from collections import Counter

import pytest

from backend.demo.people import PEOPLE, ROWAN, WAYS_IN
from backend.demo.shapes import Kept, Responded, reflow
from backend.demo.words import RESPONDED, TIMELINES
from tests.hostile_texts import HOSTILE_TEXTS

BY_KEY = {person.key: person for person in PEOPLE}
EVERYTHING = [(by, kept) for by, timeline in TIMELINES.items() for kept in timeline]
KEPT = {kept.key: (by, kept) for by, kept in EVERYTHING}


def shared_on(kept: Kept) -> int:
    return kept.ago if kept.shared_ago is None else kept.shared_ago


def may_see(key: str, kept: Kept) -> bool:
    if kept.audience == "cohort":
        return BY_KEY[key].joined_ago > shared_on(kept)
    return key in kept.people


def test_fourteen_people_one_of_them_hosting() -> None:
    assert len(BY_KEY) == 14
    assert [person.key for person in PEOPLE if person.role == "facilitator"] == ["morag"]
    assert set(WAYS_IN) <= set(BY_KEY)
    assert set(TIMELINES) == set(BY_KEY)


def test_three_joined_after_it_began_one_of_them_in_the_third_week() -> None:
    later = [p.joined_ago for p in PEOPLE if p.joined_ago < ROWAN.starts_ago]
    assert len(later) == 3
    assert any(14 <= ROWAN.starts_ago - ago < 21 for ago in later)


def test_some_is_private_some_for_a_few_and_some_for_all() -> None:
    share = Counter(kept.audience for _, kept in EVERYTHING)
    assert 150 <= len(EVERYTHING) <= 210
    assert share["me"] > len(EVERYTHING) / 2
    assert share["people"] > len(EVERYTHING) / 5
    assert share["cohort"] > len(EVERYTHING) / 5
    assert any(not kept.text for _, kept in EVERYTHING)


@pytest.mark.parametrize("key", ["amina", "callum"])
def test_the_two_ways_in_have_a_long_timeline_and_a_year_ago(key: str) -> None:
    assert len(TIMELINES[key]) >= 30
    assert [kept.audience for kept in TIMELINES[key] if kept.ago == 365] == ["me"]


def test_each_reflection_has_a_key_of_its_own_and_words_or_a_noticing() -> None:
    assert len(KEPT) == len(EVERYTHING)
    assert all(kept.text or kept.noticing for _, kept in EVERYTHING)


def test_things_are_shared_after_they_were_written_with_people_who_were_there() -> None:
    for by, kept in EVERYTHING:
        assert 0 < shared_on(kept) <= kept.ago, kept.key
        assert kept.taken_back_ago is None or kept.taken_back_ago < shared_on(kept)
        for key in kept.people:
            assert key != by
            assert BY_KEY[key].joined_ago > shared_on(kept), kept.key


def test_nobody_joins_on_a_day_on_which_something_was_shared_with_all() -> None:
    shared = {shared_on(kept) for _, kept in EVERYTHING if kept.audience == "cohort"}
    assert not shared & {person.joined_ago for person in PEOPLE}


def test_everybody_answers_what_they_may_see_once_and_never_themselves() -> None:
    answers = [(answer.to, answer.by) for answer in RESPONDED]
    assert len(set(answers)) == len(answers) >= 55
    for answer in RESPONDED:
        by, kept = KEPT[answer.to]
        assert answer.by != by
        assert may_see(answer.by, kept), answer
        assert answer.after < 24 * shared_on(kept), f"{answer.to} is answered tomorrow"


def test_the_words_are_ours_and_hold_on_any_day_of_any_year() -> None:
    ours = re.compile(r"\b(users?|posts?|surveys?|scores?|tickets?|tasks?|admin)\b", re.I)
    dated = re.compile(
        r"\b(mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(20\d\d|this \w+mas)\b", re.I
    )
    numbers = re.compile(r"\d{5,}")
    for words in [kept.text for _, kept in EVERYTHING] + [answer.text for answer in RESPONDED]:
        assert not ours.search(words), words
        assert not dated.search(words), words
        assert not numbers.search(words), words


def test_wrapped_lines_are_joined_and_paragraphs_kept() -> None:
    assert reflow("\n    one\n    two\n\n    three\n    ") == "one two\n\nthree"
    assert Responded("a", "b", "curious", 1, "\n  x\n  y").text == "x y"


def test_the_hostile_texts_are_fifty_different_ones_that_can_be_kept() -> None:
    assert len(HOSTILE_TEXTS) == len(set(HOSTILE_TEXTS)) == 50
    for text in HOSTILE_TEXTS:
        assert "\0" not in text
        assert text.encode("utf-8")
