"""Amina: from the first phone call to yesterday."""

from backend.demo.shapes import Kept

# fmt: off
KEPT = (
    Kept("amina-call-1", 36, "17:05", areas="team system", noticing="surprised",
         stretch="comfortable", seen_by="cohort", words="""
        Rang the care home before the trolley moved. Not after, not "as a courtesy". Four minutes. I
        learned that the lady takes her tablets off a teaspoon and only from somebody sitting down.
        She has been on our corridor nine days and we have written "refuses medication" on seven of
        them.
        """),
    Kept("amina-bed-meeting", 34, "09:40", areas="system", noticing="surprised",
         stretch="stretching", seen_by="kwame len", words="""
        In the bed meeting every patient is an arrow or a colour. I said one person's name, by
        mistake really, and the room went odd, as if I had sworn.
        """),
    Kept("amina-mother-2", 32, "22:15", areas="self", noticing="connected", words="""
        Mum put salt in the tea. We drank it. My brother said it was lovely and she said don't be
        ridiculous, it's got salt in. So who was looking after whom.
        """),
    Kept("amina-huddle-2", 30, "08:20", areas="team", noticing="shifted", stretch="stretching",
         seen_by="cohort", words="""
        Tried it. I asked the healthcare assistants to open the huddle, and I put my hand flat on
        the desk as a signal to myself to stay shut. A silence you could have hung washing on. Then
        one of them said, "The man by the window's not right. I couldn't tell you why." Nobody's
        numbers said so. The doctor went to look, and she was right, and he was in theatre before
        lunch.

        She said afterwards that she'd thought it yesterday too.
        """),
    Kept("amina-yesterday-too", 30, "23:50", areas="self team", noticing="stuck",
         stretch="too_far", words="""
        "She'd thought it yesterday too." I can't put that sentence down.
        """),
    Kept("amina-jackie-here", 27, "18:40", areas="self team", noticing="connected",
         stretch="stretching", seen_by="jackie morag", words="""
        Jackie came to us. I had warned everybody, so of course it was the worst afternoon of the
        month. She didn't say a word about it. She sat by a man who had been calling out since
        breakfast and started humming, and he hummed too, and the whole corridor dropped its
        shoulders. Then she said to me, quite low: "Who hums to you?"
        """),
    Kept("amina-nowords-3", 25, "07:10", areas="self team", noticing="stuck"),
    Kept("amina-manager", 23, "17:55", areas="self system", noticing="held_back",
         stretch="stretching", words="""
        My manager says the phone calls are lovely and where is the time coming from. I said I'd
        show her. I didn't say that I don't know. I ought to have said that I don't know.
        """),
    Kept("amina-gathering-rhona", 21, "22:30", areas="self team system", noticing="in_the_way",
         stretch="too_far", seen_by="cohort", shared_ago=20, words="""
        I'll try to put down only what happened. Rhona said that since we met we had thanked her for
        her story eleven times and asked for her opinion not once. She'd kept count. Nobody spoke.
        Morag started to say something warm and Rhona said, "Don't tidy it."

        I am one of the people who thanked her. I meant it, every word. I think that I was thanking
        her the way I used to thank the relatives: so that they'd feel heard, and go home.
        """),
    Kept("amina-own-anger", 20, "06:45", areas="self", noticing="held_back", stretch="too_far",
         words="""
        Also this, only here. Part of me was angry with her. Nobody in that room has asked me what
        it is like to be the only one in a headscarf at every table for twelve years. I've never
        offered it either. I have been so easy to have around.
        """),
    Kept("amina-asked-rhona", 18, "19:20", areas="team system", noticing="surprised",
         stretch="stretching", seen_by="rhona jackie siobhan", words="""
        Asked Rhona what she thinks about our discharge calls. Only that. She thought for a while
        and said the person who's going home should be on the call. I opened my mouth to explain why
        it can't be done, and there wasn't anything in it.
        """),
    Kept("amina-three-way", 15, "16:15", areas="team system", noticing="working",
         stretch="comfortable", seen_by="cohort", words="""
        First call with the person on it. She is ninety-one. She took the phone out of my hand,
        said, "Is my chair still by the window? Then I'll come," and handed it back.

        Forty seconds. We've had meetings about that which ran to an hour.
        """),
    Kept("amina-newest", 13, "13:45", areas="team", noticing="working", stretch="comfortable",
         words="""
        Our newest nurse asked a question at the huddle in front of everybody. Then the registrar
        said, "Actually I don't know that either." I had to go and look closely at the linen for a
        minute.
        """),
    Kept("amina-siobhan-list", 11, "20:05", areas="team system", noticing="connected",
         stretch="comfortable", seen_by="siobhan", words="""
        Siobhan sent me a photograph of the passenger seat of her car: what she carries because we
        forget to send it. Dressings, a spare catheter pack, two kinds of tape, biscuits. I've put
        it up over the printer where the discharge letters come out. No comment under it. By teatime
        somebody had underlined the tape.
        """),
    Kept("amina-nowords-4", 9, "21:55", areas="self", noticing="in_the_way", stretch="stretching"),
    Kept("amina-mother-3", 7, "23:20", areas="self", noticing="stuck", stretch="too_far", words="""
        The memory clinic letter came to her and she'd hidden it in the flour. I found it because I
        was making her bread. I put it back. I don't know whose letter it is to find.

        At work I would know what to do. At work I'd have rung somebody by now.
        """),
    Kept("amina-denise", 5, "21:30", areas="self system", noticing="shifted", stretch="too_far",
         seen_by="denise", words="""
        I told Denise about the flour. She didn't tell me about services. She said, "You're a carer,
        love. You've been one a good while. Come in and be on the other side of the table." I said
        I'd think about it. I've handed out her leaflet, or ones exactly like it, perhaps two
        hundred times.
        """),
    Kept("amina-half-shift", 3, "15:10", areas="self team", noticing="surprised",
         stretch="stretching", words="""
        Off for an hour in the middle of a shift, for the first time I can remember, with nothing
        wrong. Nothing fell over. They had put a plate across the top of my tea.
        """),
    Kept("amina-mug-2", 1, "19:40", areas="team", noticing="working", stretch="comfortable",
         seen_by="cohort", words="""
        The blue mug's gone from the shelf. I went right round the ward being casual about it. It
        was on the desk in front of our newest nurse, who was using it, both hands round it because
        there's no handle, and explaining the pump to somebody newer than she is.
        """),
)
