"""Listening: hearing what was said, and what was not."""

from backend.prompts.library.shape import bold, gentle, stretching, theme

LISTENING = theme(
    "listening",
    gentle(
        "self",
        "What did somebody say this week that has stayed with you? What did you answer?",
    ),
    gentle(
        "team",
        "When did somebody in your team last change their mind aloud? What had they heard?",
    ),
    gentle(
        "system",
        "What have the people you work for been telling you lately, in words or by staying away?",
    ),
    stretching(
        "self team",
        "In your last difficult conversation, what were you getting ready to say while the "
        "other person spoke?",
    ),
    stretching(
        "team",
        "Which colleague could you ask something today to which you do not know the answer? "
        "What would it be?",
    ),
    stretching(
        "system",
        "Which complaint keeps coming back? If you read it as advice, what does it advise?",
    ),
    bold(
        "self",
        "Has anybody stopped telling you things? When might it have begun?",
    ),
    bold(
        "team",
        "After which question does your team go quiet? What have you done with the quiet so far?",
    ),
    bold(
        "system",
        "Whose anger is being handled in your organisation rather than heard? What is in it?",
    ),
)
