"""Noticing: what there is to see, before what it means."""

from backend.prompts.library.shape import bold, gentle, stretching, theme

NOTICING = theme(
    "noticing",
    gentle(
        "self",
        "What have you caught yourself doing this week without having decided to?",
    ),
    gentle(
        "team",
        "In your last meeting, who spoke first, and who had not spoken by the end?",
    ),
    gentle(
        "system",
        "What do people read first when they come to where you work: on the door, the wall, the "
        "form? What does it tell them?",
    ),
    stretching(
        "self",
        "When did you last change what you were about to say, halfway through? What had you seen?",
    ),
    stretching(
        "team",
        "Which subject does your team come close to and then leave? What happens just before it "
        "does?",
    ),
    stretching(
        "system",
        "Who waits longest in your part of the system, and who can see them waiting?",
    ),
    bold(
        "self",
        "What do you already know about your own work that you would rather not look at this "
        "month?",
    ),
    bold(
        "team",
        "What would a newcomer to your team notice in the first week that would be hard to say "
        "aloud?",
    ),
    bold(
        "system",
        "Which number do you report that tells you nothing any more? What would tell you "
        "something?",
    ),
)
