"""Rhona, recovery community: her story when she chooses, her thinking always."""

from backend.demo.shapes import Kept

# fmt: off
KEPT = (
    Kept("rhona-first", 70, "23:15", areas="self system", noticing="in_the_way",
         stretch="comfortable", words="""
        Nine minutes in before somebody called me brave. New record's still four, set by a dean.
        """),
    Kept("rhona-timetable", 69, "18:40", areas="self", noticing="held_back", stretch="comfortable",
         words="""
        I brought a bus timetable because for two years getting the 17:10 was my whole recovery.
        Folk nodded. I could see it going in as a metaphor. It was a bus.
        """),
    Kept("rhona-meeting", 60, "17:35", areas="system", noticing="in_the_way", stretch="stretching",
         seen_by="cohort", words="""
        Item nine, "lived experience perspective", ten minutes, after the budget's been agreed. I
        asked could I be item one. They said it would change the flow. I said, aye.
        """),
    Kept("rhona-callum-1", 51, "23:05", areas="team", noticing="held_back", stretch="comfortable",
         words="""
        Said "my lot" to Callum to see what he'd do with it. Saw something go by, very fast, behind
        his face. Left it alone. You don't open other folk's doors.
        """),
    Kept("rhona-count", 43, "22:20", areas="self team", noticing="stuck", stretch="stretching",
         words="""
        I've started keeping count. It isn't petty, it's data; ask Kwame. Thanked for my story: six.
        Asked what I think: nil. I like these people. That's what makes it worth counting.
        """),
    Kept("rhona-len", 31, "19:30", areas="team", noticing="connected", stretch="comfortable",
         seen_by="len", words="""
        Len came up on the train to walk round with me. He asked me what I reckon to agency staff.
        No run-up. I talked for twenty minutes. He said "Right, so it's the rota, not the people,"
        which was it exactly. He's no idea that he's the first.
        """),
    Kept("rhona-night-before", 22, "23:40", areas="self team", noticing="stuck", stretch="too_far",
         words="""
        If I say it, I'm difficult. If I don't, I'm a mascot. Slept on neither.
        """),
    Kept("rhona-said-it", 21, "19:50", areas="self team system", noticing="shifted",
         stretch="too_far", seen_by="cohort", shared_ago=20, words="""
        I said it. Thanked eleven times, asked none. I'd thought my voice would go and it didn't, it
        came out flat as a council letter. Then the quiet. I want to set down what the quiet was
        like from where I was standing, because you'll each remember it as your own: it was long,
        and nobody moved, and I could see every one of you working out how to be good.

        I don't want good. Next time you're stuck with something, ring me and ask me what I'd do.
        """),
    Kept("rhona-aftermath", 20, "23:10", areas="team", noticing="surprised", stretch="comfortable",
         seen_by="priya morag", words="""
        Four messages. Three sorry. One, from Priya, "what would you do about our did-not-attends".
        Guess which one I answered.
        """),
    Kept("rhona-bus-pass", 19, "23:55", areas="self", noticing="connected", stretch="stretching",
         words="""
        Callum told me. I've been told things in stairwells, in A&E, over a bin, and I've never been
        handed one so carefully. I made him laugh because I'd have cried. Not a word of it's mine.
        Writing it here only so I remember how it's done.
        """),
    Kept("rhona-item-one", 5, "16:20", areas="self system", noticing="surprised",
         stretch="stretching", seen_by="cohort", words="""
        I'm item one. They moved it. And then I'd ten minutes at the start of an empty agenda, and
        no anger to lean on, and I was terrible. Waffled. It turns out being listened to is a skill
        and I've not had the practice.
        """),
    Kept("rhona-nowords", 2, "08:20", areas="team", noticing="working", stretch="comfortable"),
)
