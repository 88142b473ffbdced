"""Bodies that no route may take, and bodies that none may fall over."""

from collections.abc import Iterator
from typing import Any

from tests.hostile_texts import HOSTILE_TEXTS

TEXTS = {"name", "purpose", "matters", "brings", "curious_about", "text", "question", "noticed"}

# Not JSON as we take it, whatever the route: 400. (RFC 8259; and what parsers trip over.)
UNREADABLE = [
    b"{", b"}", b"[", b"nul", b"{'a': 1}", b'{"a": 1,}', b'{"a" 1}', b'{"a": }', b"{a: 1}", b'"',
    b'{"a": 01}', b'{"a": 1} x', b'{"a": 1}{}', b'{"a": +1}', b'{"a": .5}', b'{"a": "\t"}',
    b'{"a": "\x00"}', b'{"a": "\\u0000"}', b'{"\\u0000": 1}', b'{"a": "\\ud800"}',
    b'{"a": "\\udc00\\ud800"}', b'{"\\udfff": 1}', b'{"a": "\\x41"}', b'{"a": "\\u12"}',
    b'{"a": NaN}', b'{"a": Infinity}', b'{"a": -Infinity}', b'{"a": 1e999}', b'{"a": -1e999}',
    b'{"a": ' + b"9" * 17 + b"}", b'{"a": -' + b"9" * 400 + b"}", b'{"a": ' + b"9" * 5000 + b"}",
    b'{"a": 0.' + b"1" * 400 + b"}", b'{"a": 9007199254740992}', b'{"a": 1e16}',
    b'{"a": 1, "a": 2}', b'{"b": {"a": 1, "a": 1}}', b'{"text": "x", "text": "y"}',
    b'{"a": "\xff"}', b'{"a": "\xc0\x80"}', b'{"a": "\xed\xa0\x80"}', b'{"a": "\xf4\x90\x80\x80"}',
    b'{"a": "\xe2\x82"}', b"\xff\xfe{\x00}\x00", b"\xef\xbb\xbf{}", b"\x00", b"\x80\x81",
    b"[" * 17 + b"]" * 17, b"[" * 1000 + b"]" * 1000, b"[" * 100_000, b'{"a":' * 40_000,
    b'{"a":' * 20 + b"1" + b"}" * 20, b'{"a": [[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]}',
    b"undefined", b"True", b"None", b"0x10", b'{"a": 1_000}', b"/* */ {}", b"{} // no",
]  # fmt: skip

# JSON, but no object with fields we know: 422.
SHAPELESS = [
    b"[]", b"[{}]", b"null", b"true", b"1", b'"text"', b"[[]]", b"0.5", b'[{"text": "x"}]',
    b'{"": 1}', b'{"id": "x"}', b'{"version": 7}', b'{"author_id": "x"}', b'{"may_convene": true}',
    b'{"created_at": "2026-01-01T00:00:00Z"}', b'{"__proto__": {}}', b'{"person_id": 1}',
    b'{"used": 0}', b'{"revoked_at": null}', b'{"deleted_at": null}', b'{"mine": true}',
    b'{"change_seq": 1}', b'{"joined_at": null}', b'{"TEXT": "x"}', b'{"text ": "x"}',
]  # fmt: skip

# Where a truth value fits, or passes for a number.
TAKES_TRUTH = {
    *("uses", "wants_to_talk", "agrees", "signed", "stretch_me", "still_here", "accepts"),
    *("sign_out_elsewhere", "keep_name"),
}

# Of a type that no field has, or a size that none takes.
WRONG: list[Any] = [
    -1, 1.5, True, False, {}, {"a": 1}, [[]], [1], [None], [{}], [True], [[["x"]]], -0.5,
    9007199254740991, -9007199254740991, {"$ne": None}, "x" * 20_001, ["x"] * 300, ["self"] * 4,
    {"text": "x"}, ["\u202e"], "x" * 100_000,
]  # fmt: skip

A_FEW = 7

# Fit to be text, and unfit to be a moment, an id, a zone or a choice: taken or refused, no more.
ODD: list[Any] = [
    None, "", " ", [], 0, 1, 100, 101, "null", "localtime", "../../etc/passwd", "Europe/london",
    "0001-01-01", "9999-12-31", "2026-02-30", "10000-01-01", "-0001-01-01", "2026-W01-1",
    "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "9999-12-31T23:59:59.999999Z",
    "0001-01-01T00:00:00Z", "2026-01-01T00:00:00", "2026-01-01T24:00:00Z", "2026-06-30T23:59:60Z",
    "2026-01-01T00:00:00+23:59", "2026-01-01T00:00:00+99:99",
    "00000000-0000-0000-0000-000000000000",
    "ffffffff-ffff-ffff-ffff-ffffffffffff", "{019ab000-0000-7000-8000-000000000000}",
    "urn:uuid:019ab000-0000-7000-8000-000000000000", "\u0661\u0662\u0663\u0664\u0665",
    "12345678", " 1234 5678 ", "a@b.example", "a@b.example,c@d.example",
    "a@b.example\r\nBcc: x@y.zz",
    "\u200d", "\u3164", "\ufeff", "\U0010ffff", "\x7f", "cohort", "people", "me", "facilitator",
]  # fmt: skip


def refused() -> list[bytes]:
    return [*UNREADABLE, *SHAPELESS]


def wrong_fields(
    fits: dict[str, Any] | None, known: set[str], every: set[str]
) -> Iterator[dict[str, Any]]:
    """What fits, with one field of a wrong type; for a field that is unknown one of a few of those,
    since it is refused for its name.

    `every`: what any body may hold.
    """
    for number, field in enumerate(sorted(every)):
        for value in WRONG if field in known else [WRONG[number % A_FEW]]:
            if field not in known or not may_fit(field, value):
                yield {**(fits or {}), field: value}


def may_fit(field: str, value: Any) -> bool:
    return (field in TAKES_TRUTH and isinstance(value, bool)) or (field, value) == ("weekdays", [1])


def odd_fields(fits: dict[str, Any] | None, known: set[str]) -> Iterator[dict[str, Any]]:
    for field in sorted(known):
        for value in ODD:
            yield {**(fits or {}), field: value}
    for text in HOSTILE_TEXTS:
        yield {**(fits or {}), **dict.fromkeys(known & TEXTS, text)}
