"""Callum: from ringing with no news to yesterday."""

from backend.demo.shapes import Kept

# fmt: off
KEPT = (
    Kept("callum-no-news", 35, "17:45", areas="team system", noticing="surprised",
         stretch="stretching", seen_by="gareth rhona", words="""
        Rang a dozen people to tell them there was no news. Ten said thanks. One said "is this a
        trick". One just stayed on the line, and I could hear her telly, and I stayed on and all.
        """),
    Kept("callum-daughter-2", 32, "20:15", areas="self", noticing="stuck", words="""
        She's doing a family tree for school. Wants to know why my bit's so wee.
        """),
    Kept("callum-gareth-here", 30, "18:55", areas="team system", noticing="surprised",
         stretch="comfortable", seen_by="cohort", words="""
        Gareth's day with us. He sat in reception from nine till twelve, on the public side, never
        said who he was. Then he says, "Your chairs all face the glass. Nobody can see who they're
        next to."

        Fourteen years. I ordered those chairs.
        """),
    Kept("callum-chairs", 28, "08:05", areas="system", noticing="working", stretch="comfortable",
         seen_by="cohort", words="""
        Came in early and turned them round. Security turned them back. I've turned them round
        again. That's where we're at with systems change.
        """),
    Kept("callum-nowords-3", 26, "22:10", areas="self", noticing="held_back", stretch="too_far"),
    Kept("callum-speech", 24, "21:25", areas="self system", noticing="held_back",
         stretch="too_far", words="""
        Asked to speak at the board's away day. "Bring a case study." I could be the case study. I
        wrote it down and looked at it. Typed it in the notes on my phone, under Shopping, so it'd
        be safe.
        """),
    Kept("callum-gathering-1", 21, "23:30", areas="self team", noticing="held_back",
         stretch="too_far", seen_by="rhona", shared_ago=19, words="""
        Rhona stood up there by herself. I knew exactly what she was saying because I've been not
        saying it since I was seventeen. If one other person had spoken it would've been two. I'd
        the key in my pocket. I held it that hard it's left a mark.

        I looked at my shoes. Good shoes. I'm right proud of those shoes.
        """),
    Kept("callum-told-rhona", 19, "22:40", areas="self", noticing="connected", stretch="too_far",
         words="""
        Sent it to Rhona. The gathering one. And under that I wrote the bus station, and how long,
        and that it's been nobody's business. Sat in the bath till it went cold.

        She answered in an hour. "I know. I've known since you said thanks for the compliment. You
        don't have to do anything with it. It isn't a bus pass." I laughed that loud the wee one
        came to the door.
        """),
    Kept("callum-morag", 17, "13:20", areas="self", noticing="shifted", stretch="stretching",
         seen_by="morag", words="""
        Told Morag I didn't know if I'd been hiding or just private. She asked me which one had got
        heavier. I said I'd get back to her. I have now, this is me getting back to her.
        """),
    Kept("callum-panel-2", 14, "15:15", areas="team system", noticing="working",
         stretch="stretching", seen_by="cohort", words="""
        Arrears panel. I asked could we take the thick file first, while we're fresh. And could the
        person be there. "There's no procedure for it." There's no procedure against it either, I
        checked. I've been the fella that writes the procedures, so I know where the holes are.
        """),
    Kept("callum-nowords-4", 12, "19:00", areas="team", noticing="connected",
         stretch="comfortable"),
    Kept("callum-shona-3", 10, "16:30", areas="self team", noticing="working",
         stretch="stretching", seen_by="cohort", words="""
        Shona's back, mornings. I told her in front of everybody that the buzzers were never minor
        and I was the one that wrote it. Could've heard a pin. She said "Right. So who's got a
        screwdriver?"
        """),
    Kept("callum-not-the-speech", 8, "20:50", areas="self system", noticing="shifted",
         stretch="stretching", seen_by="rhona morag", words="""
        Did the board's away day. Didn't tell them. Had it in my jacket, printed, and I looked at
        them all with their lanyards and their wee mints and I thought, no, you've not earned it,
        and that was me deciding. First time it's ever been a decision. I talked about buzzers. I
        was very good on buzzers.
        """),
    Kept("callum-told-cohort", 6, "21:10", areas="self team system", noticing="shifted",
         stretch="too_far", seen_by="cohort", words="""
        This one's for all of you, and I'd be glad if nobody was nice about it.

        When I was seventeen I slept for most of a winter in and about a bus station. Then a woman
        behind a desk did one thing. She asked me to sit down. That's all she did, she'd no house to
        give me, but I've been trying to be that desk ever since, and I've been that scared of
        anybody finding out why that I turned into the glass instead.

        The key I brought to the first day is off a flat that fell through. I said it was something
        else. When Rhona stood up I had it in my hand. I should have stood up as well. I'm standing
        up now. It's two weeks late and it's on a phone, but there you go.
        """),
    Kept("callum-daughter-3", 2, "20:05", areas="self", noticing="connected", stretch="too_far",
         words="""
        Told the wee one. The short version, at the kitchen table. She thought about it and said,
        "Were you cold?" Eighteen years, two degrees, God knows how many meetings, and she's the
        first person that's asked me that.

        She's drawn it on the tree. A wee bench, with a leaf coming off it.
        """),
)
