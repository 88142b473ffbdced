"""What can happen between a check-in and its pulse. None of it says who answered."""

from enum import StrEnum

from backend.core.telling import at_most


class PulseFact(StrEnum):
    """All of it is heard by every member."""

    CHECK_IN_OPENED = "check_in_opened"
    PULSE_SHOWN = "pulse_shown"
    TALKED_ABOUT = "talked_about"


at_most(20, PulseFact.CHECK_IN_OPENED)
