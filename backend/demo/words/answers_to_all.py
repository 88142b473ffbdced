"""What was answered to everybody else."""

from backend.demo.shapes import Responded

# fmt: off
RESPONDED = (
    Responded("jackie-next", "amina", "appreciate", 3, """
        Somebody sits on the bed. I have been saying it to myself all day.
        """),
    Responded("jackie-inspection", "callum", "appreciate", 2),
    Responded("jackie-there", "amina", "curious", 3, """
        The plug. If you had one thing you could ask for on my ward's behalf, what would it be?
        """),
    Responded("jackie-there", "gareth", "appreciate", 11),
    Responded("jackie-the-box", "amina", "appreciate", 1, """
        Bring it to the next gathering. We'll find it somewhere to sit.
        """),
    Responded("rhona-said-it", "priya", "curious", 2, """
        What would you do about our did-not-attends? Truly asking.
        """),
    Responded("rhona-said-it", "callum", "appreciate", 9),
    Responded("rhona-said-it", "ruaridh", "differently", 12, """
        I wasn't working out how to be good. I was counting as well. You had missed one of mine, so
        it was twelve.
        """),
    Responded("rhona-item-one", "callum", "appreciate", 2, """
        First time I was offered a chair I didn't know how to sit in it either.
        """),
    Responded("rhona-item-one", "kwame", "curious", 5, """
        What will you say next time you've got the first ten minutes?
        """),
    Responded("morag-tidy-shared", "denise", "appreciate", 2, """
        I'd have brought cake. So that's me told as well.
        """),
    Responded("morag-tidy-shared", "rhona", "appreciate", 5),
    Responded("morag-online", "len", "differently", 10, """
        One of them silences were mine and I were glad you filled it.
        """),
    Responded("morag-ewa-rounds", "ewa", "curious", 3, """
        Which house? No, do not tell me. I will go round all of them and listen for it.
        """),
    Responded("siobhan-last-house", "jackie", "appreciate", 1, """
        Start it when you can. There's no rush, we're here.
        """),
    Responded("siobhan-last-house", "gareth", "appreciate", 2),
    Responded("siobhan-carpark-2", "rhona", "curious", 3, """
        Who are you still thinking about? Can I borrow that, for mine?
        """),
    Responded("siobhan-island", "ruaridh", "appreciate", 12, """
        The walls are for the sheep. But aye.
        """),
    Responded("ruaridh-coop", "amina", "appreciate", 3),
    Responded("ruaridh-hall", "hamid", "appreciate", 9, """
        As if we were going to have to do it ourselves. I've translated it for the centre's wall.
        """),
    Responded("denise-appointed", "amina", "curious", 5, """
        I think I have been in the room on the other side of that door. What did the knock sound
        like?
        """),
    Responded("denise-sorry-not-sorry", "callum", "appreciate", 1, """
        In the cupboard!
        """),
    Responded("kwame-bus", "callum", "curious", 2, """
        That's the 22, isn't it? Did you get off, at the end?
        """),
    Responded("kwame-visit", "denise", "appreciate", 2, """
        He wrote it on his wrist. I've told everybody.
        """),
    Responded("ewa-fifteen", "denise", "differently", 5, """
        I've been the person at the end of them two minutes. It weren't the minutes I minded, love.
        It were the coat staying on.
        """),
    Responded("ewa-agreeing", "hamid", "appreciate", 2),
    Responded("gareth-bad-one", "amina", "appreciate", 4, """
        I should like to hear that line one day. Only the bass.
        """),
    Responded("len-he-came", "amina", "appreciate", 1, """
        "Stuart." I had to put the phone down.
        """),
    Responded("hamid-new", "morag", "appreciate", 3),
)
