"""Denise, carers' centre: cake, anger, her brother."""

from backend.demo.shapes import Kept

# fmt: off
KEPT = (
    Kept("denise-cake", 70, "21:10", areas="team", noticing="working", stretch="comfortable",
         words="""
        Took a parkin. It went round before anybody had said what they were frightened of. I know
        what I'm doing with a parkin.
        """),
    Kept("denise-brother-1", 66, "23:20", areas="self system", noticing="stuck", stretch="too_far",
         words="""
        Our kid asked who'd do his buttons while I was away. I said a lady. He said which lady. I
        said I didn't know yet. He undid them all and went to bed in his coat so's he'd be ready.
        """),
    Kept("denise-appointed", 59, "12:45", areas="system", noticing="in_the_way",
         stretch="stretching", seen_by="cohort", words="""
        "Carers are partners in care." It's on a poster in a corridor. I watched a woman read it
        while she was waiting outside a meeting about her own husband. She were out there forty
        minutes. I went and stood with her. Then I knocked.
        """),
    Kept("denise-knocked", 59, "21:35", areas="self team", noticing="stuck", stretch="too_far",
         words="""
        Haven't written down what I said when they opened that door. It weren't relational. She got
        in, though, and now three people who I need won't answer my emails. So was I right, or was I
        just loud?
        """),
    Kept("denise-nowords", 51, "16:10", areas="self", noticing="in_the_way", stretch="stretching"),
    Kept("denise-kwame-came", 36, "17:15", areas="team system", noticing="connected",
         stretch="comfortable", seen_by="kwame amina", words="""
        Kwame came to the centre with a laptop and never opened it. There's a lass comes in whose
        hands shake from lifting. He asked her what she'd want counted. She thought on and said "the
        nights I've not been up". Nobody's ever counted what didn't happen. He wrote it on his
        wrist.
        """),
    Kept("denise-to-edinburgh", 29, "18:30", areas="system", noticing="held_back",
         stretch="stretching", words="""
        Went up to Kwame's office. There's a map on the wall where the dark bits are where we live,
        more or less, us lot, if you carried it on down over the border. I said who gets to see
        this? He said it's published. I said that's not what I asked, love.
        """),
    Kept("denise-brother-2", 18, "22:05", areas="self", noticing="surprised", stretch="too_far",
         seen_by="jackie", shared_ago=16, words="""
        He's been to a residential for two nights, first time since Mum. I ironed everything in the
        house. Went to fetch him and he'd a new friend and a biro tattoo and he didn't want to come
        home. Sat in the van and roared.
        """),
    Kept("denise-sorry-not-sorry", 13, "15:40", areas="team system", noticing="working",
         stretch="stretching", seen_by="cohort", words="""
        Went to see them three from behind the door. Said I were sorry for the volume and not for
        the knocking. One of them laughed. One said nobody'd ever told her that they could hear us,
        outside, waiting. So that's the door moved. We've took it off. I mean it, it's in the
        cupboard.
        """),
    Kept("denise-host", 4, "21:00", areas="self team", noticing="connected", stretch="stretching",
         words="""
        I'm hosting the next gathering. Morag's given me a list of plugs. I've baked twice and it's
        not while next month.
        """),
)
