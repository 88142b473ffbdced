"""Our own questions, by theme: nine each, three of every depth, and every area alike."""

from uuid import UUID

from backend.prompts.library.assumptions import ASSUMPTIONS
from backend.prompts.library.difference import DIFFERENCE
from backend.prompts.library.listening import LISTENING
from backend.prompts.library.live_work import LIVE_WORK
from backend.prompts.library.noticing import NOTICING
from backend.prompts.library.power_and_identity import POWER_AND_IDENTITY
from backend.prompts.library.purpose import PURPOSE
from backend.prompts.library.shape import Question
from backend.prompts.library.spaces_in_between import SPACES_IN_BETWEEN
from backend.prompts.rules import Depth

THEMES = (
    NOTICING,
    ASSUMPTIONS,
    POWER_AND_IDENTITY,
    LISTENING,
    DIFFERENCE,
    LIVE_WORK,
    PURPOSE,
    SPACES_IN_BETWEEN,
)
QUESTIONS = tuple(question for theme in THEMES for question in theme)

# Asked once, where three prompts in a row met nobody; it comes up at no other time.
WHAT_WOULD_HELP = Question(
    "rhythm-what-would-help",
    "self",
    Depth.GENTLE,
    "Perhaps these questions come at a bad time just now. What would help: fewer of them, "
    "another time of day, or none for a while?",
)
BY_ID: dict[UUID, Question] = {one.id: one for one in (*QUESTIONS, WHAT_WOULD_HELP)}
