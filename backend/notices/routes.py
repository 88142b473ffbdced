"""My notices; and a mail's own way to have fewer of them."""

from uuid import UUID

from flask import render_template
from flask.typing import ResponseReturnValue

from backend.core.cursors import read_time_cursor, split_page, write_time_cursor
from backend.core.errors import not_found
from backend.core.limits import MAIL, limiter
from backend.core.marks import Topic
from backend.core.paging import PageAsked, PageQuery, listing
from backend.core.request import Blueprint, me, public, session, synced
from backend.core.views import Listing, WithEtag, with_etag
from backend.notices import actions, queries
from backend.notices.schemas import (
    NoticesOut,
    ReadIn,
    SentRead,
    WaitingOut,
    WaitingShown,
    WhichAsked,
    WhichQuery,
)
from backend.notices.wording import MAILS
from backend.rhythm.rules import Kind

blp = Blueprint(
    "notices", __name__, url_prefix="/api/notices", description="What I heard of: one inbox."
)
mails = Blueprint(
    "mail-preferences",
    __name__,
    url_prefix="/api/mail-preferences/<string(maxlength=120):mail_token>",
    description="Fewer mails, by the link that each of them holds.",
    template_folder="pages",
)


@blp.get("")
@synced(
    Topic.NOTICES,
    Topic.REFLECTIONS,
    Topic.FEEDBACK,
    Topic.CONTRACT,
    Topic.MEMBERS,
    Topic.PEOPLE,
    Topic.NAMES,
)
@blp.arguments(PageQuery, location="query")
@blp.response(200, NoticesOut)
def notices(query: PageAsked) -> Listing:
    """List what I heard of and may still see, newest first."""
    limit, after = query["limit"], query["after"]
    place = read_time_cursor(after)
    rows = queries.page(session(), me(), after=place, limit=limit)
    page, cursor = split_page(rows, limit, lambda row: write_time_cursor(row.happened_at, row.id))
    return listing([queries.shown(row) for row in page], cursor)


@blp.post("/read")
@blp.arguments(ReadIn)
@blp.response(204)
def read(sent: SentRead) -> None:
    """Say that I have seen some of my notices; a second time changes nothing."""
    actions.read(session(), me(), sent["ids"])


@blp.get("/waiting")
@synced(Topic.NOTICES, Topic.REFLECTIONS, Topic.FEEDBACK, Topic.CONTRACT, Topic.MEMBERS)
@blp.response(200, WaitingOut)
def waiting() -> WithEtag[WaitingShown]:
    """Count what I have not seen, which is what a badge shows, and name the newest."""
    return with_etag(queries.waiting(session(), me()))


@mails.get("")
@public
@limiter.limit(MAIL)
def preferences(mail_token: str) -> ResponseReturnValue:
    """Show which mails a link can stop; looking at it changes nothing."""
    _, kind = _told(mail_token)
    return render_template("fewer_mails.html", mails=MAILS[kind], is_done=False)


@mails.post("")
@public
@limiter.limit(MAIL)
@mails.arguments(WhichQuery, location="query")
def fewer_mails(query: WhichAsked, mail_token: str) -> ResponseReturnValue:
    """Stop the mails of a link's kind, or all: one click, no sign-in (RFC 8058)."""
    person, kind = _told(mail_token)
    is_all = query["which"] == "all"
    actions.want_no_mail(session(), person, list(Kind) if is_all else [kind])
    return render_template("fewer_mails.html", mails=MAILS[kind], is_done=True, is_all=is_all)


def _told(token: str) -> tuple[UUID, Kind]:
    told = queries.whose_mails(session(), token)
    if told is None:
        raise not_found()
    return told
