"""How Rowan made its contract: what was suggested, said, decided, and how it is lived."""

from backend.demo.shapes import Felt, Proposed, Remarked, SampleCheckIn, Stood

# fmt: off
PROPOSED = (
    Proposed("listen", "rhona", 60, "We listen to the end before we answer.", """
        Most of us have been answered before we had finished for years. It would be a change.
        """, stood=(
            Stood("amina"), Stood("callum"), Stood("jackie"), Stood("siobhan"), Stood("priya"),
            Stood("kwame"), Stood("morag"),
            Stood("gareth", "concern", "Some of us never get to the end. I speak as one of them."),
        )),
    Proposed("stays", "denise", 58,
        "What is said here stays here. What is learned here may leave.", """
        I can't talk about my mother if she might be an anecdote by Friday. And I'd like to use what
        I learn from all of you.
        """, stood=(
            Stood("rhona"), Stood("amina"), Stood("callum"), Stood("kwame"), Stood("jackie"),
            Stood("ruaridh"), Stood("morag"), Stood("len"),
        )),
    Proposed("phones", "priya", 50, "Phones stay in our bags while we are together.", """
        I look at mine when I'm tired, and then I am somewhere else.
        """, stood=(
            Stood("morag"), Stood("kwame"), Stood("siobhan"), Stood("gareth"), Stood("rhona"),
            Stood("denise", "object", """
                Mine is how Dad's carer reaches me. In the bag I'd hear nothing but the bag.
                """, "whoever needs theirs on the table says so, and nobody minds"),
        )),
    Proposed("names", "len", 40,
        "We use each other's names, and the names of those who clean up after us.", """
        You'd be surprised how far it gets you.
        """, stood=(
            Stood("amina"), Stood("callum"), Stood("hamid"), Stood("jackie"), Stood("ewa"),
            Stood("rhona"), Stood("morag"),
        )),
    Proposed("pause", "callum", 26, "We pause before we answer, and then we answer honestly.", """
        Listening to the end is right. But then we all went quiet and polite, me first.
        """, kind="reword", of="listen", stood=(
            Stood("rhona"), Stood("amina"), Stood("priya"), Stood("siobhan"), Stood("hamid"),
            Stood("ewa"), Stood("kwame"), Stood("gareth", "aside", "I like both. You choose."),
        ), remarks=(
            Remarked("rhona", "question", "Does the listening get lost? I'd miss it."),
            Remarked("amina", "wording",
                "We listen to the end, we pause, and then we answer honestly."),
        )),
    Proposed("pass", "ewa", 3, "Anybody can pass, any time, and says nothing more about it.", """
        Some weeks I come with an empty hand. I would like to be allowed.
        """, stood=(
            Stood("hamid"), Stood("denise"), Stood("siobhan"),
            Stood("callum", "concern", """
                Only that we notice if it's always the same one who passes. Kindly.
                """),
        ), remarks=(
            Remarked("priya", "question", "Also when we've asked somebody for feedback?"),
        )),
)

CHECK_INS = (
    SampleCheckIn("morag", "stays", 24, (
        Felt("amina", "living"), Felt("callum", "living"), Felt("jackie", "living"),
        Felt("rhona", "living", "I have told you things I have told nobody. Nothing came back.",
            is_signed=True),
        Felt("hamid", "living"), Felt("ewa", "not_sure"), Felt("kwame", "patchy"),
        Felt("siobhan", "living"),
    )),
    SampleCheckIn("rhona", "listen", 12, (
        Felt("amina", "patchy", "At work I cut people off all day. Here, less."),
        Felt("callum", "patchy"), Felt("len", "living"), Felt("denise", "patchy"),
        Felt("gareth", "drifted", "I talked for twenty minutes last time and nobody paused me.",
            wants_to_talk=True),
        Felt("hamid", "not_sure"), Felt("priya", "drifted", wants_to_talk=True),
        Felt("ruaridh", "drifted"), Felt("siobhan", "living"), Felt("kwame", "living"),
    )),
    SampleCheckIn("amina", "names", 2, (
        Felt("len", "living"), Felt("hamid", "patchy"),
    )),
)
# fmt: on
