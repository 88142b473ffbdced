"""Live work: the real thing on the desk, and what could be tried in it."""

from backend.prompts.library.shape import bold, gentle, stretching, theme

LIVE_WORK = theme(
    "live-work",
    gentle(
        "self",
        "What is the next real thing you have to do? What would you like to try out in it?",
    ),
    gentle(
        "team",
        "What went well today that nobody had planned? Who had a hand in it?",
    ),
    gentle(
        "system",
        "Which small thing could be different by the end of the month? Whose yes does it need?",
    ),
    stretching(
        "self team",
        "Which piece of work are you carrying alone at present? What would you say if somebody "
        "offered to take a corner of it?",
    ),
    stretching(
        "team",
        "Which of your meetings would you stop, if it were yours alone to say? What would be "
        "missed?",
    ),
    stretching(
        "system",
        "Where did something get stuck between two organisations lately? What was each of them "
        "protecting?",
    ),
    bold(
        "self",
        "What are you trying to mend that may not be yours to mend? What would happen if you "
        "left it for a week?",
    ),
    bold(
        "team",
        "What do you doubt in the project you are in? With whom could you say so this week?",
    ),
    bold(
        "system",
        "What would you try in your service if you could be wrong about it in public and still "
        "be trusted?",
    ),
)
