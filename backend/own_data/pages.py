"""An export as pages to read: plain HTML without script, opened from a folder, without a network.

All that people wrote is escaped (`Markup.format`). Each page is given line by line.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup

from backend.core.languages import language, say
from backend.feedback.models import FeedbackState
from backend.feedback.rules import Side

# The pages that there is one of each, and where.
FILES_OF_ONE = {
    name: f"pages/{name}.html" for name in ("received", "given", "proposals", "profile")
}
ANSWER = ("noticed", "landed", "wonder")
Item = Mapping[str, Any]
# Nothing is asked for but the style beside it, and nothing can be sent.
POLICY = "default-src 'none'; style-src 'self' file:; base-uri 'none'; form-action 'none'"


def style() -> str:
    """The pages' one style."""
    return (files("backend") / "own_data" / "style.css").read_text(encoding="utf-8")


class Pages:
    """Pages in somebody's language, with the times of where they live."""

    def __init__(self, code: str, zone: ZoneInfo, name: str, made_at: datetime) -> None:
        self._code, self._zone, self._name, self._made_at = code, zone, name, made_at

    def index(self, months: Iterable[tuple[date, str]]) -> Iterator[str]:
        """The first page: what there is, and where."""
        said = self._say("made", name=self._name, day=self._day(self._made_at))
        yield from self._begin(self._say("title"), is_index=True)
        yield Markup("<p>{}</p>").format(said)
        yield Markup("<p>{}</p>").format(self._say("careful"))
        yield Markup("<h2>{}</h2>\n<ul>").format(self._say("reflections"))
        is_any = False
        for month, path in months:
            is_any = True
            yield _link(path, self._month(month))
        yield Markup("</ul>")
        if not is_any:
            yield self._none()
        yield Markup("<h2>{}</h2>\n<ul>").format(self._say("more"))
        for name, path in FILES_OF_ONE.items():
            yield _link(path, self._say(f"page.{name}"))
        yield Markup("</ul>")
        yield Markup("<h2>{}</h2>\n<p>{}</p>\n<ul>").format(
            self._say("data"), self._say("data.text")
        )
        yield _link("data.json", "data.json")
        yield _link("schema.json", "schema.json")
        yield Markup("</ul>\n<p>{}</p>").format(self._say("others"))
        yield from self._end()

    def month(self, month: date, reflections: Iterable[Item]) -> Iterator[str]:
        """What I wrote in a month."""
        yield from self._begin(self._month(month))
        for one in reflections:
            yield from self._reflection(one)
        yield from self._end()

    def received(self, asked: Iterable[Item], offers: Iterable[Item]) -> Iterator[str]:
        """What others gave me, as far as I have opened it."""
        yield from self._page("received", self._feedback(asked, offers, Side.RECEIVER))

    def given(self, asked: Iterable[Item], offers: Iterable[Item]) -> Iterator[str]:
        """What I gave others."""
        yield from self._page("given", self._feedback(asked, offers, Side.GIVER))

    def proposals(self, proposals: Iterable[Item], positions: Iterable[Item]) -> Iterator[str]:
        """What I suggested for contracts, and what I said to suggestions."""
        yield from self._begin(self._say("page.proposals"))
        yield from self._part("suggested", map(self._proposal, proposals))
        yield from self._part("said", map(self._position, positions))
        yield from self._end()

    def profile(self, told: Item) -> Iterator[str]:
        """What I say of myself, where I belong, and what was done because I asked on paper."""
        person = told["person"]
        yield from self._begin(self._say("page.profile"))
        yield Markup("<dl>")
        for name in ("name", "email", "matters", "brings", "curious_about", "time_zone"):
            if person.get(name):
                label = self._say(f"profile.{name}")
                yield Markup("<dt>{}</dt><dd>{}</dd>").format(label, _words(person[name]))
        yield Markup("</dl>")
        yield from self._part("cohorts", map(self._cohort, told["cohorts"]))
        yield from self._part("paper", map(self._paper, told["paper"]))
        yield from self._end()

    def _page(self, name: str, items: Iterable[str]) -> Iterator[str]:
        yield from self._begin(self._say(f"page.{name}"))
        yield from self._or_none(items)
        yield from self._end()

    def _part(self, name: str, items: Iterable[str]) -> Iterator[str]:
        yield Markup("<h2>{}</h2>").format(self._say(name))
        yield from self._or_none(items)

    def _or_none(self, items: Iterable[str]) -> Iterator[str]:
        is_any = False
        for item in items:
            is_any = True
            yield item
        if not is_any:
            yield self._none()

    def _reflection(self, one: Item) -> Iterator[str]:
        chosen = [self._say(f"area.{area}") for area in one["areas"]]
        chosen += [self._say(f"noticing.{one['noticing']}")] if one["noticing"] else []
        chosen += [self._say(f"stretch.{one['stretch']}")] if one["stretch"] else []
        yield Markup("<article>\n<h2>{}</h2>").format(self._day(one["written_at"]))
        if one["text"]:
            yield Markup('<div class="words">{}</div>').format(_words(one["text"]))
        if chosen:
            yield Markup('<p class="meta">{}</p>').format(" · ".join(chosen))
        yield Markup('<p class="meta">{}</p>').format(self._audience(one))
        for answer in one["responses"]:
            kind = self._say(f"response.{answer['kind']}", name=answer["by"]["name"])
            yield _quoted(kind, answer["text"])
        yield Markup("</article>")

    def _audience(self, one: Item) -> str:
        if not one["reached"]:
            return self._say("only-me")
        names = ", ".join(person["name"] for person in one["shared_with"])
        return self._say("shared-with", names=names)

    def _feedback(self, asked: Iterable[Item], offers: Iterable[Item], side: Side) -> Iterator[str]:
        for request in asked:
            for piece in request["feedback"]:
                if _is_answered(piece):
                    yield self._piece(piece, side, request["question"], request["context"])
        for piece in offers:
            if piece["i_am"] == side and _is_answered(piece):
                yield self._piece(piece, side, piece["about"], "")

    def _piece(self, piece: Item, side: Side, question: str, context: str) -> Markup:
        is_mine = side is Side.GIVER
        other = piece["receiver" if is_mine else "giver"]["name"]
        who = self._say("to" if is_mine else "from", name=other)
        when = datetime.fromisoformat(piece["answered_at"] or piece["begun_at"])
        said = [
            _quoted(self._say(f"answer.{name}"), piece[name])
            for name in (*ANSWER, "thanks", "heard")
            if piece[name]
        ]
        return Markup("\n").join(
            [
                Markup("<article>\n<h2>{}</h2>").format(who),
                *(_words(asked, "meta") for asked in (question, context) if asked),
                *said,
                Markup('<p class="meta">{}</p>\n</article>').format(self._day(when)),
            ]
        )

    def _proposal(self, one: Item) -> Markup:
        words = one["text"] or self._say(f"kind.{one['kind']}")
        told = self._say(f"state.{one['state']}")
        return Markup(
            '<article>\n<h3>{}</h3>\n{}<div class="words">{}</div>\n<p>{}</p>\n'
            '<p class="meta">{}</p>\n</article>'
        ).format(self._day(one["created_at"]), _of(one), _words(words), _words(one["why"]), told)

    def _position(self, one: Item) -> Markup:
        about = Markup('<p class="meta">{}</p>\n').format(one["about"]) if one["about"] else ""
        safe = self._say("safe-if", words=one["safe_if"]) if one["safe_if"] else ""
        return Markup(
            '<article>\n<h3>{}</h3>\n{}{}<p>{}</p>\n<div class="words">{}</div>\n'
            "<p>{}</p>\n</article>"
        ).format(
            self._day(one["answered_at"]),
            _of(one),
            about,
            self._say(f"stance.{one['choice']}"),
            _words(one["text"]),
            safe,
        )

    def _cohort(self, one: Item) -> Markup:
        return Markup(
            '<article>\n<h3>{}</h3>\n<p>{}</p>\n<p class="meta">{}</p>\n</article>'
        ).format(
            one["name"],
            _words(one["purpose"]),
            self._say("since", day=self._day(datetime.fromisoformat(one["joined_at"]))),
        )

    def _paper(self, one: Item) -> Markup:
        said = self._say(f"paper.{one['wanted']}", day=self._day(one["done_at"]))
        return Markup("<p>{}</p>").format(said)

    def _none(self) -> Markup:
        return Markup('<p class="meta">{}</p>').format(self._say("none"))

    def _begin(self, title: str, *, is_index: bool = False) -> Iterator[str]:
        spoken = language(self._code)
        direction = "rtl" if spoken.is_right_to_left else "ltr"
        up = "" if is_index else "../"
        back = Markup('<p><a href="../index.html">{}</a></p>').format(self._say("back"))
        yield Markup(
            '<!doctype html>\n<html lang="{}" dir="{}">\n<head>\n<meta charset="utf-8">\n'
            '<meta http-equiv="Content-Security-Policy" content="{}">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            '<meta name="color-scheme" content="light dark">\n<title>{}</title>\n'
            '<link rel="stylesheet" href="{}style.css">\n</head>\n<body>\n<main>\n{}<h1>{}</h1>'
        ).format(spoken.locale, direction, POLICY, title, up, "" if is_index else back, title)

    def _end(self) -> Iterator[str]:
        yield "</main>\n</body>\n</html>"

    def _say(self, key: str, **values: str | int) -> str:
        return say(self._code, f"own_data.{key}", count=None, **values)

    def _month(self, month: date) -> str:
        return f"{say(self._code, f'dates.month.{month.month}')} {month.year}"

    def _day(self, moment: datetime) -> str:
        local = moment.astimezone(self._zone)
        month = say(self._code, f"dates.month.{local.month}")
        return self._say("day", day=local.day, month=month, year=local.year, time=f"{local:%H:%M}")


def _is_answered(piece: Item) -> bool:
    """Whether there are words to show: a receiver has none of what they have not opened."""
    return any(piece[name] for name in ANSWER) or piece["state"] == FeedbackState.THANKED


def _link(path: str, words: str) -> Markup:
    return Markup('<li><a href="{}">{}</a></li>').format(path, words)


def _of(one: Item) -> Markup:
    """The cohort in which it was said."""
    return _words(one["cohort"], "meta") + Markup("\n") if one["cohort"] else Markup()


def _quoted(label: str, text: str) -> Markup:
    return Markup(
        '<section>\n<p class="meta">{}</p>\n<div class="words">{}</div>\n</section>'
    ).format(label, _words(text))


def _words(text: str, of: str = "") -> Markup:
    """What somebody wrote, line by line, in its own direction. `of`: the paragraph's class."""
    lines = Markup("<br>\n").join(text.split("\n"))
    return Markup('<p class="{}" dir="auto">{}</p>').format(of, lines)
