"""Letters and notifications are in the language of who reads them, not of who wrote."""

from collections.abc import Iterator
from uuid import UUID

import pytest

from backend.notices import wording
from backend.rhythm.rules import Kind
from tests import pseudo
from tests.make import Letterbox, Make, Somebody
from tests.notices.test_mails import link_of
from tests.notices.test_sending import letters, pushes, share, wants

SHARED = "[Söméthîñg wàš šhàréd"


@pytest.fixture(autouse=True)
def _spoken() -> Iterator[None]:
    with pseudo.spoken():
        yield


@pytest.fixture
def reader(callum: Somebody) -> Somebody:
    callum.phone.patch("/api/me", json={"language": pseudo.CODE})
    return callum


def test_each_reads_a_letter_in_their_own_language(
    make: Make, amina: Somebody, reader: Somebody, cohort: UUID
) -> None:
    share(make, amina, cohort)
    by_reader = {letter.to: letter for letter in letters(make)}
    theirs = by_reader.pop(reader.email)
    assert theirs.subject.startswith(SHARED)
    assert '<html lang="en-XA" dir="ltr">' in theirs.html
    for line in theirs.body.splitlines():
        assert not line or line.startswith(("[", "--", "http")) or "]" in line, line
    assert [letter.subject for letter in by_reader.values()] == ["Something was shared with you"]


@pytest.mark.parametrize("screen", ["generic", "names"])
def test_a_push_is_in_the_language_of_who_reads_it(
    make: Make, amina: Somebody, reader: Somebody, cohort: UUID, screen: str
) -> None:
    wants(reader, "push", lock_screen=screen)
    make.device(reader)
    share(make, amina, cohort)
    [push] = pushes(make)
    assert push["notification"]["lang"] == "en-XA"
    assert push["notification"]["body"].startswith("[")


def test_the_page_behind_a_letter_is_in_its_language(
    make: Make, letterbox: Letterbox, amina: Somebody, reader: Somebody, cohort: UUID
) -> None:
    share(make, amina, cohort)
    page = make.stranger().get(link_of(make, reader, letterbox)).text
    assert '<html lang="en-XA" dir="ltr">' in page
    assert "<h1>[Féwér màîlš" in page


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_all_its_sentences(kind: Kind) -> None:
    assert wording.generic("en", kind, None)
    assert wording.many("en", kind, 2)
    assert wording.mails("en", kind)
    assert wording.see_it("en", kind, 1)
