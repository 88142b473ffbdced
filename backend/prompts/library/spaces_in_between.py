"""Spaces in between: corridors, gaps, and what holds things together."""

from backend.prompts.library.shape import bold, gentle, stretching, theme

SPACES_IN_BETWEEN = theme(
    "spaces-in-between",
    gentle(
        "self",
        "What happened on the way between two things today: in a corridor, a car, a queue?",
    ),
    gentle(
        "team",
        "With whom do you have the shortest conversations? What are they about?",
    ),
    gentle(
        "system",
        "Which door, in your building or your town, do you go past and never through? Who is "
        "behind it?",
    ),
    stretching(
        "self",
        "Where in your week is nothing planned? What tends to happen there?",
    ),
    stretching(
        "team",
        "What gets said after the meeting that was not said in it? Where does it go from there?",
    ),
    stretching(
        "system",
        "Who holds things together between two services without its being anybody’s job?",
    ),
    bold(
        "self",
        "Which relationship at work is thinner than it looks? What has it not had to carry yet?",
    ),
    bold(
        "team self",
        "Between which two people in your team does something lie unsaid? Where are you when "
        "both of them are in the room?",
    ),
    bold(
        "system",
        "Draw the boxes of your system in your mind. Who lives in the gaps between them, and "
        "who goes there?",
    ),
)
