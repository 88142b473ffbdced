"""What the others answered Amina and Callum."""

from backend.demo.shapes import Responded

# fmt: off
RESPONDED = (
    Responded("amina-pace", "siobhan", "appreciate", 3),
    Responded("amina-pace", "gareth", "curious", 15, """
        Who was the walking partner? I'd like to walk with them.
        """),
    Responded("amina-mug", "jackie", "appreciate", 6, """
        I saw you not say the clever thing. I'd one ready as well.
        """),
    Responded("amina-huddle-1", "kwame", "curious", 5, """
        You counted yourself. What made you choose minutes?
        """),
    Responded("amina-huddle-1", "len", "differently", 9, """
        There's somebody else in that huddle you didn't count. The domestic's stood there every
        morning with the trolley, waiting while you've done.
        """),
    Responded("amina-slippers", "jackie", "differently", 10, """
        It was you, aye. It was also the taxi firm, the site manager and a wee computer. Don't take
        all of it, hen, or there'll be none left for them.
        """),
    Responded("amina-consultant", "denise", "curious", 2, """
        What would've happened if he'd looked annoyed?
        """),
    Responded("amina-consultant", "priya", "appreciate", 4),
    Responded("amina-near", "morag", "curious", 11, """
        What would you want her to hear from you, if it were only one sentence?
        """),
    Responded("amina-sorry", "rhona", "appreciate", 2, """
        "I made it expensive for you to ask." Keeping that.
        """),
    Responded("amina-sorry", "callum", "appreciate", 5),
    Responded("amina-sorry", "hamid", "curious", 20, """
        When she cried, how did you know that it was yours to stay?
        """),
    Responded("amina-sorry", "ewa", "appreciate", 26, """
        You read the manual standing up. I like this very much.
        """),
    Responded("amina-online", "gareth", "differently", 3, """
        Listening. I could tell. You breathe out when people finish.
        """),
    Responded("amina-visit-1", "jackie", "appreciate", 2, """
        That lassie is twenty-two and she'd be mortified. I've read it to her anyway.
        """),
    Responded("amina-visit-1", "kwame", "curious", 14, """
        Thirteen minutes. What happened in the rest of her morning, to make room for it?
        """),
    Responded("amina-visit-1", "priya", "differently", 16, """
        I loved it, and I also thought: I have thirteen minutes for no one. I don't want to be told
        that it's only about how we sit. Some of it is about how many of us there are.
        """),
    Responded("amina-call-1", "siobhan", "appreciate", 3, """
        Nine days! Off a teaspoon!
        """),
    Responded("amina-call-1", "denise", "curious", 12, """
        Had anybody asked her daughter? She'll have been doing that teaspoon for years.
        """),
    Responded("amina-bed-meeting", "len", "appreciate", 4, """
        I've pushed every one of them arrows.
        """),
    Responded("amina-bed-meeting", "kwame", "appreciate", 9),
    Responded("amina-huddle-2", "callum", "appreciate", 2, """
        The hand on the desk. I'm having that.
        """),
    Responded("amina-huddle-2", "gareth", "appreciate", 8),
    Responded("amina-jackie-here", "jackie", "curious", 1, """
        You didn't answer me.
        """),
    Responded("amina-gathering-rhona", "rhona", "curious", 3, """
        So that we'd go home. Aye. What would you've done if I'd stayed?
        """),
    Responded("amina-gathering-rhona", "hamid", "appreciate", 6),
    Responded("amina-asked-rhona", "rhona", "appreciate", 2, """
        Note the date. Somebody asked.
        """),
    Responded("amina-three-way", "jackie", "appreciate", 1, """
        She's in it now. By the window. Says to tell you the tea's better.
        """),
    Responded("amina-three-way", "ruaridh", "appreciate", 17),
    Responded("amina-mug-2", "morag", "appreciate", 1),
    Responded("callum-biscuits", "priya", "curious", 1, """
        What do you do? (Sorry.)
        """),
    Responded("callum-engage", "amina", "appreciate", 2, """
        "A thing that doesn't ring." How many of ours don't ring, I wonder.
        """),
    Responded("callum-engage", "rhona", "curious", 4, """
        Good that you went. What took you four letters?
        """),
    Responded("callum-multi", "kwame", "appreciate", 3),
    Responded("callum-multi", "ruaridh", "appreciate", 10, """
        Three of you writing to one door. On Lewis we'd have bumped into him. We'd still not have
        bought the phone.
        """),
    Responded("callum-phone", "denise", "curious", 2, """
        Four signatures! Whose was the slowest?
        """),
    Responded("callum-shona-2", "gareth", "curious", 7, """
        Does she know you know?
        """),
    Responded("callum-gareth-1", "siobhan", "appreciate", 2, """
        I've read this in the car three times. With her. Right.
        """),
    Responded("callum-gareth-1", "amina", "differently", 9, """
        I'm on the other side of those doors. I've not once thought of you as being with someone out
        there; I thought of you as a queue. I am ashamed of that, and I don't know yet what I'd do
        with the next four hours.
        """),
    Responded("callum-list", "ewa", "appreciate", 5, """
        We shall ring also when there's no news. I start with ten.
        """),
    Responded("callum-no-news", "rhona", "curious", 3, """
        The one on the line with the telly. Did you ring her back?
        """),
    Responded("callum-gareth-here", "denise", "appreciate", 4),
    Responded("callum-chairs", "amina", "appreciate", 3, """
        Please keep us informed about the chairs.
        """),
    Responded("callum-chairs", "len", "differently", 6, """
        Have a word with security, lad. Ask 'em what they've got to be able to see. They'll have a
        reason.
        """),
    Responded("callum-panel-2", "priya", "appreciate", 2),
    Responded("callum-shona-3", "gareth", "appreciate", 3),
    Responded("callum-shona-3", "morag", "curious", 15, """
        What did it cost, to say it where everyone could hear?
        """),
    Responded("callum-told-cohort", "rhona", "appreciate", 1, """
        Sit down, Callum.
        """),
    Responded("callum-told-cohort", "gareth", "appreciate", 2),
    Responded("callum-told-cohort", "amina", "curious", 4, """
        The woman behind the desk. Does she know?
        """),
    Responded("callum-told-cohort", "len", "appreciate", 13, """
        You were always stood up as far as I could see.
        """),
    Responded("callum-told-cohort", "kwame", "appreciate", 15),
)
