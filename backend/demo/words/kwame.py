"""Kwame, public health: maps, a bus route, what the numbers leave out."""

from backend.demo.shapes import Kept

# fmt: off
KEPT = (
    Kept("kwame-opening", 70, "22:40", areas="self", noticing="surprised", stretch="stretching",
         words="""
        I had prepared three points. Nobody wanted points. I listened to a man talk about a key for
        two minutes and could not have told you one thing it was evidence of, and I have thought
        about it all evening.
        """),
    Kept("kwame-bus", 62, "18:50", areas="self system", noticing="shifted", stretch="stretching",
         seen_by="cohort", words="""
        For years I have shown the slide: eleven years of life, one bus route. Today I took the bus.
        It takes fifty-four minutes end to end. At the good end people say thank you to the driver.
        At the other end they do as well. I don't know what I expected.

        A woman with a pushchair couldn't get on, there were two aboard already. She didn't look
        surprised. She took out her phone and rang someone to say she'd miss it. I shall never know
        what "it" was. It isn't in any of my data.
        """),
    Kept("kwame-aunties", 57, "21:15", areas="self system", noticing="surprised",
         stretch="comfortable", words="""
        My aunt asked what I do all day. I explained the gradient in health. She said, "So you have
        discovered that poor people die." I said it was a little more complicated. She passed me the
        rice.
        """),
    Kept("kwame-answering", 48, "17:20", areas="self team", noticing="in_the_way",
         stretch="stretching", seen_by="rhona",
         taken_back_ago=44, words="""
        I noticed it physically today. While a colleague was speaking my tongue moved. I was already
        saying my answer, inside my closed mouth, over the top of her.
        """),
    Kept("kwame-visit", 36, "19:40", areas="system", noticing="shifted", stretch="stretching",
         seen_by="cohort", words="""
        What would you want counted? I asked, and she said: the nights I've not been up. We have
        four hundred and six indicators. I went through them on the train. There's nothing in there
        that could be said by a person about a night.
        """),
    Kept("kwame-nowords", 30, "08:15", areas="system", noticing="stuck", stretch="comfortable"),
    Kept("kwame-published", 29, "22:25", areas="system", noticing="in_the_way",
         stretch="stretching", seen_by="denise", words="""
        "That's not what I asked, love." No. It was not. Published: available to everyone who knows
        it exists, can find it, has an hour, and does not mind being the dark part of the map.
        """),
    Kept("kwame-gathering", 21, "22:55", areas="self team", noticing="held_back",
         stretch="stretching", words="""
        Rhona had kept count. She told the whole room a number and nobody in it could look away.
        Mine are never more than half as true, and I take forty slides. I'd have liked to tell her
        so, but I was thinking of how to put it, and the moment went. My tongue was moving again.
        """),
    Kept("kwame-only-one", 14, "23:00", areas="self system", noticing="held_back",
         stretch="too_far", seen_by="amina hamid", shared_ago=12, words="""
        In the directors' meeting I am the only Black person, and I present the inequalities paper.
        Every quarter. I asked today, as lightly as I could manage it, whether somebody else would
        care to introduce it. They all looked at the paper.
        """),
    Kept("kwame-nights", 3, "18:10", areas="team system", noticing="working",
         stretch="comfortable", words="""
        We've begun. Six carers, a kitchen calendar each, a tick for each unbroken night. It's
        hopeless as a sample. I took the first month round in person and read it out to them, which
        in twenty years of reports I have never done. One of them corrected me.
        """),
)
