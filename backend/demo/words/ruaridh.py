"""Ruaridh, island health board: ferries, walls, being known."""

from backend.demo.shapes import Kept

# fmt: off
KEPT = (
    Kept("ruaridh-away", 69, "20:40", areas="self", noticing="surprised", stretch="comfortable",
         words="""
        On the mainland for two days and nobody has asked after my mother's hip. I'd forgotten what
        it is to be only the man you are in the room. Pleasant. I wouldn't want it for longer than
        the two days.
        """),
    Kept("ruaridh-coop", 64, "18:20", areas="self system", noticing="in_the_way",
         stretch="stretching", seen_by="cohort", words="""
        We decided at four o'clock to close the clinic two days of the five. At half past five I was
        in the queue at the Co-op behind a woman it'll cost a forty-mile drive. She let me go ahead
        because I'd only the milk.

        On an island you don't take your decisions home with you. They're in front of you with a
        basket.
        """),
    Kept("ruaridh-milk", 64, "21:55", areas="self", noticing="in_the_way", stretch="stretching",
         words="""
        I took the place in the queue. That's what I keep going back to. It was only the milk, I
        could have waited.
        """),
    Kept("ruaridh-remote", 58, "10:30", areas="system", noticing="surprised",
         stretch="comfortable", seen_by="kwame siobhan", words="""
        Two hours on a screen about "solutions for remote communities", run from a city, and the
        connection that kept dropping out was theirs.
        """),
    Kept("ruaridh-nowords", 50, "07:05", areas="self system", noticing="stuck",
         stretch="stretching"),
    Kept("ruaridh-hall", 45, "22:30", areas="team system", noticing="shifted",
         stretch="stretching", seen_by="cohort", shared_ago=44, words="""
        Public meeting in the hall. I'd slides. The projector had a bulb gone, and thank God for it.
        An old neighbour said, in Gaelic, "Tell us as if we were going to have to do it ourselves."
        And the thing is that they are. They always have been. I have been presenting people's own
        lives to them as a proposal.
        """),
    Kept("ruaridh-siobhan-here", 33, "23:15", areas="team", noticing="surprised",
         stretch="stretching", words="""
        Siobhan got over on the second boat. She asked my crew how they do it, and they told her
        things in an hour that they've not told me in nine years. I stood at the back holding her
        coat.
        """),
    Kept("ruaridh-car", 24, "19:00", areas="team system", noticing="connected",
         stretch="comfortable", seen_by="siobhan", words="""
        A day in Siobhan's passenger seat with the dressings on my knee. Fourteen houses. At each
        door she stops, breathes out, and goes in like it's the first. I asked did she know she did
        it. She'd no idea. I've been in health boards half my life and I had to come two hundred
        miles to see somebody breathe out.
        """),
    Kept("ruaridh-two-languages", 17, "22:10", areas="self", noticing="surprised",
         stretch="stretching", words="""
        I noticed that I say no in English. I say yes in both.
        """),
    Kept("ruaridh-clinic", 6, "17:45", areas="team system", noticing="working",
         stretch="comfortable", words="""
        We're back to four days. It wasn't anything I did. The hall met again without us, worked out
        who was driving where and when, and brought us a timetable on the back of a raffle poster.
        It's better than ours. I had the sense to say so before I'd read it all the way through.
        """),
)
