"""Gareth, ambulance: few words, and some notes without any."""

from backend.demo.shapes import Kept

# fmt: off
KEPT = (
    Kept("gareth-walk", 69, "17:40", areas="team", noticing="connected", stretch="comfortable",
         words="""
        Walked with Callum. He talks like a man keeping a balloon up. Liked him.
        """),
    Kept("gareth-nowords-1", 67, "06:50", areas="self", noticing="stuck"),
    Kept("gareth-six-hours", 60, "19:25", areas="system", noticing="connected",
         stretch="comfortable", seen_by="callum siobhan", words="""
        Six hours outside. He told me about his pigeons. All of them, by name.
        """),
    Kept("gareth-crewmate", 53, "07:15", areas="self team", noticing="held_back",
         stretch="stretching", words="""
        New crewmate asked how I switch off. Told her I sing in the shower. Didn't tell her it's the
        only place.
        """),
    Kept("gareth-nowords-2", 47, "19:05", areas="system", noticing="in_the_way", stretch="too_far"),
    Kept("gareth-cat", 40, "20:10", areas="self", noticing="surprised", stretch="comfortable",
         seen_by="callum", words="""
        Callum came out with us. He asked why I'd fed the cat. Never thought of it as a thing I did.
        """),
    Kept("gareth-bad-one", 37, "05:55", areas="self team", noticing="shifted", stretch="too_far",
         seen_by="cohort", shared_ago=25, words="""
        Bad one. Everything done right. Signed off, cleaned down, back available in nineteen
        minutes. The control room said "thanks for that".

        Crewmate drove. She turned the radio on and then she turned it off. I thought I should say
        something, and I looked for it all the way along the lake and there was nothing there. So I
        sang. Only the bass line, no tune to it. After a bit she was crying, and it wasn't the bad
        sort.
        """),
    Kept("gareth-chairs", 30, "20:30", areas="system", noticing="in_the_way",
         stretch="comfortable", words="""
        Sat three hours in Callum's reception. Nobody there could see a face but through glass. I
        know about glass.
        """),
    Kept("gareth-quiet", 21, "21:45", areas="self team", noticing="held_back", stretch="too_far",
         seen_by="rhona callum", shared_ago=18, words="""
        I was quiet when Rhona spoke. I'm always quiet. First time I've wondered whose side it's on.
        """),
    Kept("gareth-nowords-3", 11, "18:55", areas="team", noticing="working", stretch="comfortable"),
    Kept("gareth-handover", 6, "17:35", areas="team system", noticing="working",
         stretch="stretching", words="""
        At the doors the nurse reached for the sheet. I held on to it and told her instead. About
        the pigeons. She got him a bed by a window.
        """),
)
