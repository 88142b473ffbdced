"""Difference: seeing it otherwise, and staying in the room."""

from backend.prompts.library.shape import bold, gentle, stretching, theme

DIFFERENCE = theme(
    "difference",
    gentle(
        "self team",
        "With whom do you disagree and enjoy it? What makes that possible?",
    ),
    gentle(
        "team",
        "Who in your team would have done today’s work quite differently? How?",
    ),
    gentle(
        "system",
        "Which other organisation calls the same thing by another name? What does their word "
        "let you see?",
    ),
    stretching(
        "self team",
        "Whose way of working gets under your skin? What do they take care of that you do not?",
    ),
    stretching(
        "team",
        "What did you all agree on lately? Who might have gone along without agreeing?",
    ),
    stretching(
        "system",
        "Think of somebody who is served by you and by another organisation as well. How would "
        "the other one tell the story?",
    ),
    bold(
        "self",
        "When did you last see it differently and stay quiet? What did your quiet keep safe?",
    ),
    bold(
        "team",
        "Which disagreement in your team has become a story about somebody’s character? What "
        "was it about at first?",
    ),
    bold(
        "system",
        "Which people are called “hard to reach” where you are? From where they stand, what is "
        "hard to reach about you?",
    ),
)
