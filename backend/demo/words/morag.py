"""Morag, who hosts: what it is to hold a room and to let go of it."""

from backend.demo.shapes import Kept

# fmt: off
KEPT = (
    Kept("morag-before", 71, "21:20", areas="self team", noticing="working", stretch="comfortable",
         words="""
        Set out fourteen chairs and sat in each one. From the one by the radiator you can't see the
        door. I'll take that one myself, then.
        """),
    Kept("morag-opening", 70, "22:50", areas="team", noticing="held_back", stretch="stretching",
         seen_by="cohort", words="""
        A slipper, a mug, a key, a roll of tape, a bus timetable, a pebble from the slip at
        Leverburgh. I had a fine closing thought ready about what we carry. I looked round the ring
        at those things on the floor, and for once in my life I kept it.
        """),
    Kept("morag-late-comers", 66, "18:30", areas="self", noticing="surprised",
         stretch="comfortable", words="""
        Len rang from a plant room to say was he too late. I heard myself being welcoming, at
        length, and he waited for me to be done and said, "So that's a no, then? I'm not too late?"
        I use a great many words when I'm anxious to be kind.
        """),
    Kept("morag-near-miss", 46, "20:40", areas="self team", noticing="held_back",
         stretch="stretching", words="""
        Someone shared something very hard with me, and with me only. I wrote four paragraphs in
        reply and deleted them all but the first line. What they'd sent wasn't a question.
        """),
    Kept("morag-online", 42, "21:40", areas="self team", noticing="in_the_way",
         stretch="stretching", seen_by="cohort", words="""
        On the screen I can't hear who is about to speak, that wee breath in. I felt deaf tonight. I
        filled three silences that did not belong to me, and I counted them afterwards, because
        nobody else will do it for me. If you were one of the three, I'm sorry. Have the floor back
        whenever you want it.
        """),
    Kept("morag-ewa-rounds", 28, "14:55", areas="team system", noticing="connected",
         stretch="comfortable", seen_by="ewa len", words="""
        On the road with one of Ewa's carers, eight houses before noon. I was a home help in 1989
        and I went in thinking I knew. In the fifth house the carer put the kettle on before she'd
        taken her coat off, and the old man let go of the arms of his chair at the sound. It isn't
        in the plan, the kettle. There are no minutes for it. She does it in the minutes it takes to
        take off a coat.
        """),
    Kept("morag-tidy", 21, "22:05", areas="self team", noticing="in_the_way", stretch="too_far",
         words="""
        "Don't tidy it." Three words, and my whole trade in a heap on the floor.

        She was right. I had a sentence out and halfway across the room to her like a blanket,
        before I'd even asked myself who was cold. I was. It was me that was cold.
        """),
    Kept("morag-tidy-shared", 20, "10:15", areas="self team system", noticing="shifted",
         stretch="too_far", seen_by="cohort", words="""
        To all of you, after yesterday. Rhona told us something true and I started folding it up
        before we had looked at it. I wasn't looking after her. I was looking after the room being
        pleasant, and she had just finished telling us what that costs and who pays. Thank you for
        stopping me, Rhona. I won't ask what you would like us to do now. I'd like to hear what you
        think, and I'll be asking that of everybody, about most things, for a good while.
        """),
    Kept("morag-power", 16, "19:10", areas="system", noticing="surprised", stretch="comfortable",
         seen_by="cohort", words="""
        I sent out an invitation by mistake with forty places on it, took it back inside ten
        minutes, and there it is on everybody's page that I did. Mortifying for an afternoon. Then I
        thought, good. That's what it's for. I should like my bank to have one.
        """),
    Kept("morag-nowords", 12, "17:25", areas="self team", noticing="working",
         stretch="comfortable"),
    Kept("morag-host", 4, "20:30", areas="self team", noticing="held_back", stretch="stretching",
         seen_by="denise rhona", words="""
        Denise is hosting the next one. She asked for my notes and I gave her the list of where the
        plugs are. I have a drawer full of better notes than that. It's costing me something to
        leave it shut, and I'm trying to find out what.
        """),
    Kept("morag-radiator", 1, "21:15", areas="self", noticing="surprised", stretch="stretching",
         words="""
        Nobody needed me today. I've been working towards that for thirty years and I had to go and
        wash a floor.
        """),
)
