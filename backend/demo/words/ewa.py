"""Ewa, home care: minutes, roads, her father's kitchen."""

from backend.demo.shapes import Kept

# fmt: off
KEPT = (
    Kept("ewa-arriving", 60, "09:20", areas="self team", noticing="connected",
         stretch="comfortable", words="""
        I read what was shared on my first day and it was nothing, because I came after. Good, I
        thought. They have said things to each other, and I may meet the people first.
        """),
    Kept("ewa-fifteen", 56, "16:25", areas="system", noticing="in_the_way", stretch="stretching",
         seen_by="cohort", words="""
        Fifteen minutes. Key from the box, 1. Coat, hello, wash hands, 2. Tablets, 2. Toast, 4,
        because of the toaster. Writing the book, 3. Coat, key, 1. That leaves 2 for the person. I
        made this plan. I'm rather famous for it.
        """),
    Kept("ewa-father-1", 54, "21:30", areas="self system", noticing="surprised",
         stretch="stretching", words="""
        In my father's kitchen a woman comes, from the parish, not trained. She stays until the soup
        is finished. I watched the clock the whole of her visit. Fifty minutes. He hasn't eaten so
        well since my mother.

        I was jealous of a soup.
        """),
    Kept("ewa-nowords", 48, "20:15", areas="self", noticing="stuck", stretch="too_far"),
    Kept("ewa-meeting-english", 44, "18:35", areas="self team", noticing="held_back",
         stretch="stretching", seen_by="hamid len", shared_ago=35, words="""
        In meetings, by the time that my sentence is correct the subject has changed. So I am known
        as somebody who agrees.
        """),
    Kept("ewa-kettle", 28, "17:50", areas="team system", noticing="shifted", stretch="comfortable",
         seen_by="morag", words="""
        Morag told me about the kettle: our carer starts it before she has taken off her coat. I
        looked in the plan. It's in the two minutes that were left for the person. So she found them
        without me. I've been thinking that I gave her two minutes, and she has been making twelve
        out of them.
        """),
    Kept("ewa-agreeing", 21, "23:20", areas="self team", noticing="shifted", stretch="stretching",
         seen_by="cohort", words="""
        In the gathering I spoke slowly, and on purpose with mistakes. I said: "I am not agree."
        Everybody waited. It is a wonderful thing to be waited for.
        """),
    Kept("ewa-road-person", 16, "15:05", areas="team system", noticing="working",
         stretch="too_far", words="""
        I asked eight carers to draw their round again, not by the roads but by the people: who
        after whom. Seven drew almost the same round. It's seven minutes longer by car. I have
        approved it. I didn't ask anybody, because I was afraid they'd agree with me for the wrong
        reason.
        """),
    Kept("ewa-father-2", 9, "07:40", areas="self system", noticing="stuck", stretch="stretching",
         words="""
        He asked me on the telephone, "Do they have somebody like me, your people?" Four hundred and
        twelve, I said. He said, "No. Like me."
        """),
    Kept("ewa-soup", 2, "19:15", areas="self", noticing="connected", stretch="comfortable",
         seen_by="jackie siobhan", words="""
        I have learned from the woman of the parish how to make it. The secret is that there isn't
        one; you must only not go away.
        """),
)
