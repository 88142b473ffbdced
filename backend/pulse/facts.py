"""What can happen between a check-in and its pulse. None of it says who answered."""

from enum import StrEnum

from backend.core.hourly_limits import limit_per_hour


class PulseFact(StrEnum):
    """All of it is heard by every member."""

    CHECK_IN_OPENED = "check_in_opened"
    CHECK_IN_ASKED_ANEW = "check_in_asked_anew"
    PULSE_SHOWN = "pulse_shown"
    TALKED_ABOUT = "talked_about"
    TO_TALK_AGAIN = "to_talk_again"


limit_per_hour(20, PulseFact.CHECK_IN_OPENED)
# Who puts something back is written nowhere, not even to count it; as it can be put back only where
# somebody said that it was talked about, this limits both.
limit_per_hour(10, PulseFact.TALKED_ABOUT)
