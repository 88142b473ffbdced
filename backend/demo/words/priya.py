"""Priya, GP practice: quick, and learning slowness."""

from backend.demo.shapes import Kept

# fmt: off
KEPT = (
    Kept("priya-train", 69, "19:55", areas="self team", noticing="surprised", stretch="stretching",
         seen_by="cohort", words="""
        Things learned in two days: 1) I interrupt. 2) I interrupt to agree, which I had thought
        didn't count. 3) It counts.
        """),
    Kept("priya-ten-minutes", 65, "19:10", areas="self", noticing="in_the_way", stretch="too_far",
         words="""
        Today's record: a man who came about his ear. At minute nine, hand on the door, "while I'm
        here". It's always while I'm here. I looked at the clock and he saw me look. He said it'd
        keep.

        It might. I've put his number in my shoe, so that I can't go home on it.
        """),
    Kept("priya-rang", 64, "13:25", areas="self", noticing="shifted", stretch="too_far", words="""
        Rang him. It wouldn't have kept.
        """),
    Kept("priya-desk", 56, "08:40", areas="team", noticing="shifted", stretch="stretching",
         seen_by="cohort", shared_ago=55, words="""
        Sat on the front desk for the first hour, headset on. 140 calls. By call ten I'd been called
        something I had to look up. The receptionist next to me said, "You say sorry in a way that
        makes them cross. Try saying what's going to happen." She's been here sixteen years. I have
        a certificate in communication skills on my wall.
        """),
    Kept("priya-bedtime", 53, "21:50", areas="self", noticing="stuck", stretch="too_far", words="""
        Missed it. Third this week. He'd left a drawing on my pillow: me, long arms, very small
        phone.
        """),
    Kept("priya-partners", 45, "20:15", areas="team system", noticing="in_the_way",
         stretch="stretching", seen_by="hamid denise", shared_ago=40, words="""
        Partners' meeting. Asked if the receptionists could come. "What, all of them?" I said yes
        and then immediately said "or one". Why did I say or one. I was winning.
        """),
    Kept("priya-hamid-visit", 34, "16:30", areas="team system", noticing="shifted",
         stretch="comfortable", seen_by="cohort", words="""
        Half a day at Hamid's place. Nobody was in a hurry and everything got done, I watched for
        the trick. He gives every person a glass of tea before the form. It takes four minutes. By
        the end of the glass they've usually told him what the form would've taken twenty to get
        wrong.
        """),
    Kept("priya-dna", 19, "18:05", areas="team system", noticing="working", stretch="stretching",
         seen_by="rhona", words="""
        Asked Rhona what she'd do about people who don't turn up. She said, "Ring them the day
        before and ask what would make it hard to come. Then don't fix it. Just know." We did
        twenty. Eighteen came. The two that didn't rang to say so. I have been sending letters in
        capitals for six years.
        """),
    Kept("priya-nowords", 15, "19:45", areas="self", noticing="held_back", stretch="stretching"),
    Kept("priya-all-of-them", 7, "20:55", areas="team system", noticing="working",
         stretch="stretching", words="""
        All of them came. Seven receptionists at a partners' meeting, there weren't enough chairs,
        and two partners had to stand. I'd like that minuted.
        """),
    Kept("priya-bath", 1, "19:20", areas="self", noticing="connected", stretch="comfortable",
         words="""
        Home. He's in the bath narrating a shark. I am writing this sitting on the laundry basket,
        and now I'm going to stop writing it.
        """),
)
