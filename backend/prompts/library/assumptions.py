"""Assumptions: what is held to be so: once useful, still useful, or in the way."""

from backend.prompts.library.shape import bold, gentle, stretching, theme

ASSUMPTIONS = theme(
    "assumptions",
    gentle(
        "self",
        "What did you expect of somebody this week, and what did they do?",
    ),
    gentle(
        "team system",
        "Which sentence in your team begins with “We have always”? Who remembers the reason?",
    ),
    gentle(
        "system",
        "What does your service take for granted about an ordinary day of the people who use it?",
    ),
    stretching(
        "self",
        "Which belief about leading have you held the longest? Who taught it to you?",
    ),
    stretching(
        "team",
        "Whom did you make up your mind about quickly? What have you learned of them since?",
    ),
    stretching(
        "system",
        "“They would never agree to that.” Who are they, when you say it, and when were they "
        "last asked?",
    ),
    bold(
        "self",
        "If the thing you keep trying is not going to work, what will you have been wrong about?",
    ),
    bold(
        "team self",
        "What does your team believe about you that you have never put right?",
    ),
    bold(
        "system self",
        "Which rule do you keep although you no longer believe in it? What do you think would "
        "happen if you said so?",
    ),
)
