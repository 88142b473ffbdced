"""What is wrong with a field travels with a word by which the phone says it in its own language."""

from collections.abc import Mapping

import pytest
from marshmallow import Schema, ValidationError, fields, validate

from backend.core.errors import Sentence, at_field, fields_told
from backend.core.fields import Day, WholeNumber
from tests.make import Make


class Form(Schema):
    """A field of each kind that a form of ours has."""

    line = fields.String(required=True, validate=validate.Length(1, 80))
    text = fields.String(validate=validate.Length(max=500))
    day = Day()
    places = WholeNumber(1, 60)
    uses = fields.Integer(strict=True)


@pytest.mark.parametrize(
    ("sent", "about", "values"),
    [
        ({}, "needed", {}),
        ({"line": None}, "needed", {}),
        ({"line": "x" * 81}, "length", {"max": 80}),
        ({"line": "x", "text": "x" * 501}, "too_long", {"max": 500}),
        ({"line": "x", "day": ""}, "day", {}),
        ({"line": "x", "day": "1815-06-18"}, "year", {"first": "1900", "last": "2199"}),
        ({"line": "x", "places": 61}, "range", {"min": 1, "max": 60}),
        ({"line": "x", "places": "a lot"}, "whole_number", {}),
        ({"line": "x", "uses": "a lot"}, "whole_number", {}),
    ],
)
def test_what_a_form_can_get_wrong_has_a_word(
    sent: Mapping[str, object], about: str, values: Mapping[str, object]
) -> None:
    with pytest.raises(ValidationError) as refused:
        Form().load(sent)
    [[told]] = fields_told({"json": refused.value.messages}).values()
    assert told["values"] == {"about": about, **values}
    assert "{" not in str(told["message"])


def test_it_is_answered_beside_the_sentences_for_older_phones(make: Make) -> None:
    refused = make.somebody().phone.patch("/api/me", json={"matters": "x" * 501, "name": "Amina"})
    assert refused.json["errors"]["json"] == {"matters": ["This is too long: 500 letters at most."]}
    assert refused.json["fields"] == {
        "matters": [
            {
                "reason": "invalid",
                "message": "This is too long: 500 letters at most.",
                "values": {"about": "too_long", "max": 500},
            }
        ]
    }


def test_a_field_of_which_one_thing_has_no_word_is_said_in_english_only() -> None:
    word = at_field("needed", "This is needed.")
    wrong = {"both": [word, "Unknown field."], "one": [word], "deep": {"0": [word]}}
    assert list(fields_told({"json": wrong})) == ["one"]


def test_what_is_filled_in_may_hold_a_brace() -> None:
    said = Sentence("invalid", "letter", "Not {letter}.").format(letter="{", input="more")
    assert (said, said.values) == ("Not {.", {"letter": "{"})
