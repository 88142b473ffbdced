"""The way into the sample cohort, on the machine that runs it and nowhere else."""

from flask import Response, make_response, request

from backend.core.app import this_app
from backend.core.errors import not_found
from backend.core.loopback import is_local_request
from backend.core.request import Blueprint, public, session
from backend.demo.people import PEOPLE, WAYS_IN
from backend.demo.queries import is_sample
from backend.demo.schemas import SentWayIn, WayInIn, WaysInOut, WaysInShown
from backend.people.queries import person_with_email
from backend.sign_in.guard import keep_session_token
from backend.sign_in.routes import begin
from backend.sign_in.schemas import SessionOut

blp = Blueprint(
    "demo",
    __name__,
    url_prefix="/api/sign-in/demo",
    description="Looking around the sample cohort.",
)


@blp.get("")
@public
@blp.response(200, WaysInOut)
def ways_in() -> WaysInShown:
    """List as whom one may look around."""
    _must_be_open()
    sample = {person.key: person for person in PEOPLE}
    return {
        "people": [
            {"key": key, "name": sample[key].name, "part": sample[key].role} for key in WAYS_IN
        ]
    }


@blp.post("")
@public
@blp.arguments(WayInIn)
@blp.response(201, SessionOut)
def look_around(values: SentWayIn) -> Response:
    """Sign in as somebody of the sample cohort."""
    _must_be_open()
    email = next(person.email for person in PEOPLE if person.key == values["key"])
    person = person_with_email(session(), email)
    if person is None:
        raise not_found()
    begun, token = begin(person)
    answer = make_response(SessionOut().dump(begun), 201)
    keep_session_token(answer, token)
    return answer


def _must_be_open() -> None:
    """Only for the sample's server and database, asked from its own machine."""
    is_here = is_local_request(
        remote=request.remote_addr, host=request.host, headers=list(request.headers.keys())
    )
    if not (this_app().settings.demo and is_here and is_sample(session())):
        raise not_found()
