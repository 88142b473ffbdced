"""Power and identity: who may, who is heard, and who one is in which room."""

from backend.prompts.library.shape import bold, gentle, stretching, theme

POWER_AND_IDENTITY = theme(
    "power-and-identity",
    gentle(
        "self",
        "Where could you simply decide something today, without asking anybody?",
    ),
    gentle(
        "team",
        "Who sets the agenda where you meet? How would somebody else get something onto it?",
    ),
    gentle(
        "system",
        "Who gets things done in your area without any title that says so?",
    ),
    stretching(
        "self",
        "Which part of who you are do you leave at the door of which room?",
    ),
    stretching(
        "team",
        "Whose ideas are taken up the first time, and whose need saying twice? How is it with "
        "yours?",
    ),
    stretching(
        "system",
        "Who is spoken about in your meetings and is not in them? How do their words get into "
        "the room?",
    ),
    bold(
        "self system",
        "What has come easily to you because of how you look, speak or were brought up? What "
        "has come hard?",
    ),
    bold(
        "team self",
        "Is anybody a little afraid of you? How do you know, or how could you find out?",
    ),
    bold(
        "system",
        "Who would lose something if what you are working for came true? What would they say "
        "about it?",
    ),
)
