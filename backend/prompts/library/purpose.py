"""Purpose: what it is all for: fairer health, and one’s own reasons."""

from backend.prompts.library.shape import bold, gentle, stretching, theme

PURPOSE = theme(
    "purpose",
    gentle(
        "self",
        "When in the last few days was the work the work you came for?",
    ),
    gentle(
        "team",
        "If a visitor asked over lunch what your team is for, what would be said, and by whom?",
    ),
    gentle(
        "system",
        "Think of someone, no name needed, for whom something went better this week because of "
        "your organisation. What made it so?",
    ),
    stretching(
        "self system",
        "What are you doing this week that you would still do if nobody were counting?",
    ),
    stretching(
        "team",
        "What has your team stopped doing, perhaps for good reasons, that you miss?",
    ),
    stretching(
        "system",
        "Who has a shorter or a harder life in your area than they need to? Where does your "
        "work touch theirs?",
    ),
    bold(
        "self",
        "Which compromise have you got used to? What was it made in exchange for?",
    ),
    bold(
        "team system",
        "If your team were closed tomorrow, who would notice first, and who would not notice at "
        "all?",
    ),
    bold(
        "system",
        "When did what is measured and what matters last pull apart? Which way did you go?",
    ),
)
