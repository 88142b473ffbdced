"""Jackie, care home: blunt, tender, keeping a box."""

from backend.demo.shapes import Kept

# fmt: off
KEPT = (
    Kept("jackie-slipper", 70, "22:02", areas="self", noticing="connected", stretch="stretching",
         words="""
        Put her other slipper on the floor in front of a room of strangers and didn't greet. (Four
        years she's been gone. The family know I've got it.) The lass next to me had a mug and hands
        that looked as if they'd never been off shift. Hello, I thought. You as well.
        """),
    Kept("jackie-door", 58, "22:30", areas="system", noticing="stuck", stretch="comfortable",
         words="""
        Opened the door the other night to one of ours in paper slippers, and the taxi man held her
        by the elbow better than anybody had all day, you could tell. Warmed her feet in my lap. I
        wasn't angry. I'm past angry, I've got a box.
        """),
    Kept("jackie-next", 57, "09:30", areas="team system", noticing="held_back",
         stretch="stretching", seen_by="amina", words="""
        What happens next, since you asked, Amina. We put the big light off. Somebody sits on the
        bed and not the chair. We don't ask how the hospital was. We say whose room it is and who's
        through the wall, and we say it again. About three in the morning they'll ask if they've to
        go back. By the second day, if they're going to eat, they eat. We don't think you're bad
        folk. We think you've never seen it.
        """),
    Kept("jackie-inspection", 53, "16:00", areas="system", noticing="in_the_way",
         stretch="comfortable", seen_by="cohort", words="""
        Inspection. They asked for evidence that residents are involved in decisions. Mr
        nobody-you-know was at that moment telling the cook her custard was a disgrace, and she was
        putting more sugar in it. I pointed. The inspector asked was it written down anywhere.
        """),
    Kept("jackie-nowords-1", 49, "06:15", areas="self team", noticing="working"),
    Kept("jackie-young-ones", 44, "15:20", areas="self system", noticing="stuck",
         stretch="too_far", words="""
        Three of mine have left for the supermarket. A pound twenty an hour more and nobody dies. I
        said I understood, and I did, and then I went and shouted in the walk-in fridge. Best door
        in the building.
        """),
    Kept("jackie-amina-came", 38, "20:20", areas="team system", noticing="connected",
         stretch="too_far", seen_by="amina", words="""
        Amina saw the box. I wasn't going to show her. I've never shown anybody, it's a spiteful
        sort of a thing to keep, a box like that. She lifted one out and turned it over to look for
        the size. There isn't a size. She said "one size," and we just stood there.
        """),
    Kept("jackie-there", 27, "21:10", areas="team system", noticing="shifted",
         stretch="stretching", seen_by="cohort", words="""
        My turn on her ward. I went in loaded. I'd a list. By two o'clock I'd seen a lassie eat a
        banana walking, and one cry while she was checking a drip and not stop checking it, and I
        put the list in the bin with the banana skin. They're not careless. They're running a bath
        with the plug out.
        """),
    Kept("jackie-rhona", 21, "20:50", areas="self team", noticing="in_the_way",
         stretch="stretching", words="""
        I thanked her as well. Twice. I thought that's what you did.
        """),
    Kept("jackie-the-box", 9, "18:45", areas="self system", noticing="shifted",
         stretch="stretching", seen_by="amina rhona", words="""
        No paper slippers for three weeks. I went to move the box to get at the printer ink and
        didn't know what to do with it. I've been that woman with that box for a long time.
        """),
    Kept("jackie-song", 3, "14:05", areas="team", noticing="surprised", stretch="comfortable",
         seen_by="cohort", words="""
        New lady, doesn't speak, nobody knew her song. Her grandson said she never had one, she was
        always working. So we've been going through the machines. It's the spin dryer. She closes
        her eyes and conducts.
        """),
)
