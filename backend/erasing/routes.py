"""Being erased."""

from flask import Response, make_response

from backend.core.app import this_app
from backend.core.limits import SIGN_IN, limiter
from backend.core.request import Blueprint, me, session
from backend.erasing import actions, queries
from backend.erasing.rules import OfMine
from backend.erasing.schemas import ErasureAsked, ErasureIn, ErasureOut, ErasureShown
from backend.people.queries import person
from backend.sign_in.actions import prove
from backend.sign_in.guard import asker, drop_session_token

blp = Blueprint("erasure", __name__, url_prefix="/api/me/erasure", description="Being erased.")


@blp.get("")
@blp.response(200, ErasureOut)
def my_erasure() -> ErasureShown:
    """Read what being erased would do with what is mine, and when it will be done."""
    return _shown()


@blp.post("")
@limiter.limit(SIGN_IN)
@blp.arguments(ErasureIn)
@blp.response(202, ErasureOut)
def ask_to_be_erased(asked: ErasureAsked) -> Response:
    """Have me erased in two weeks. I am signed out everywhere; signing in again undoes it."""
    prove(session(), person(session(), me()).email, asked["code"], asker())
    base_url = this_app().settings.base_url
    actions.ask(session(), me(), keeps_name=asked["keep_name"], base_url=base_url)
    answer = make_response(ErasureOut().dump(_shown()), 202)
    drop_session_token(answer)
    return answer


@blp.delete("")
@blp.response(204)
def change_my_mind() -> None:
    """Stay, where I was to be erased. Signing in has done it already."""
    actions.change_my_mind(session(), me())


def _shown() -> ErasureShown:
    counts = queries.counts(session(), me())
    row = queries.erasure_of(session(), me())
    return {
        "kinds": [
            {"kind": kind, "becomes": kind.becomes, "count": counts[kind]} for kind in OfMine
        ],
        "erases_at": row.erases_at if row else None,
    }
