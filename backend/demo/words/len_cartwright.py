"""Len, hospital porters: thirty-eight years, most of it walking."""

from backend.demo.shapes import Kept

# fmt: off
KEPT = (
    Kept("len-leadership", 65, "15:10", areas="self team", noticing="surprised",
         stretch="comfortable", seen_by="cohort", words="""
        Told the lads I'm on a leadership course. Somebody's put a crown on my locker, made out of a
        bedpan liner. It's a good one, so I've left it.
        """),
    Kept("len-what-i-do", 61, "22:20", areas="self", noticing="connected", stretch="comfortable",
         words="""
        Took a lad down to theatre tonight. White as a sheet. I always tell 'em about lift four, how
        it sulks. He says "are you allowed to talk to me?" I says it's the only bit I'm any good at.
        """),
    Kept("len-names", 57, "14:35", areas="system", noticing="in_the_way", stretch="stretching",
         seen_by="cohort", words="""
        Stood in a lift with three managers discussing whether porters could be "flexed". I were
        holding the door.
        """),
    Kept("len-nowords-1", 54, "22:50", areas="team", noticing="stuck", stretch="stretching"),
    Kept("len-rowan", 42, "21:15", areas="self", noticing="surprised", stretch="comfortable",
         words="""
        Couldn't get the camera to go so they only had my voice. Priya said it's like having God on.
        First time I've said anything in one of these and not felt daft after.
        """),
    Kept("len-mortuary", 39, "06:10", areas="self team", noticing="connected",
         stretch="stretching", seen_by="jackie rhona", words="""
        Nobody asks about the other journey. You take them slow. You go round by the back corridor,
        and you don't chat, but I say goodnight at the door. Thirty-eight year and I've never told
        anybody I do that. New lad were with me this morning. He said it as well. I don't know if he
        heard me or if he thought of it.
        """),
    Kept("len-knee", 34, "15:05", words="""
        Knee's gone again. Nowt to report. Wrote it down anyhow.
        """),
    Kept("len-rhona", 31, "20:05", areas="team", noticing="connected", stretch="comfortable",
         words="""
        Paisley, with Rhona. She walked me round and folk kept stopping her, not to ask for owt,
        just to stop. I thought, that's rank, that is. That's proper rank.
        """),
    Kept("len-rhona-here", 25, "16:45", areas="team system", noticing="shifted",
         stretch="stretching", seen_by="rhona amina", words="""
        Rhona did a shift with us. She got called "love", "excuse me" and "you with the chair". At
        the finish she says, how many times today has somebody said your name? I'd to think. It were
        her, twice.
        """),
    Kept("len-asked-the-boss", 18, "15:30", areas="self system", noticing="shifted",
         stretch="too_far", words="""
        Asked the chief exec if he wanted to push a bed with me. Whole length, A&E to top floor. He
        laughed. I'd wrote my mobile number on a bit of card, so I just held it out while he'd
        finished laughing.
        """),
    Kept("len-nowords-2", 13, "23:05", areas="self", noticing="held_back", stretch="comfortable"),
    Kept("len-he-came", 4, "19:50", areas="team system", noticing="working", stretch="stretching",
         seen_by="cohort", words="""
        He came. Two hours. Lift four sulked. A nurse shouted at him to mind the drip, and he minded
        it. Nobody knew who he were, see, he'd one of our polo shirts on. By the top floor he'd gone
        quiet. He says, "They look straight through you." I says, aye. "How d'you stand it?" I says,
        well, Stuart, you learn people's names.
        """),
)
