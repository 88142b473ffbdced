"""What passes between two people of the sample: asked, answered, declined, offered."""

from backend.demo.shapes import Asked, Offered

# fmt: off
ASKED = (
    Asked("amina", "callum", 24, "What did you notice when I ran the huddle on my own?", """
        The one where the bed manager came in halfway.
        """, answered=20, noticed="""
        You stopped talking when he did, and you looked at Jackie before you looked at him. It was
        half a second. Then you said "we're not done", quite gently, and he sat down.
        """, wonder="""
        I wonder what you'd have said if Jackie had been off that day.
        """, is_open=True, thanks="""
        I never knew I looked at Jackie. I'll ask her whether she did.
        """),
    Asked("amina", "priya", 9, "What might I not be seeing about how I hand over?", """
        Evenings mostly, when I'm tired and quick.
        """, answered=2, noticed="""
        You give people the list and keep the worry. I've seen you still standing at the desk ten
        minutes after you could have gone.
        """, landed="""
        It made me think you didn't quite trust me with it. I don't believe that's what you meant.
        """, wonder="""
        What would happen if you handed over the worry first and the list second?
        """),
    Asked("amina", "gareth", 5, "What would you try if you were me with the Tuesday meeting?"),
    Asked("callum", "amina", 6, "What did you notice when I disagreed with you about the van?", """
        I went home thinking I'd been sharp.
        """),
    Asked("callum", "denise", 15, "What do you think I avoid?", declined="rather_talk"),
    Asked("morag", "amina", 3, "Where did I host more than I needed to at our last gathering?"),
    Asked("kwame", "callum", 30, "What one thing could I stop doing?"),
)
OFFERED = (
    Offered("rhona", "amina", 1, "How you were with my mother's neighbour at the clinic."),
    Offered("callum", "len", 12, "How you told the story of the night porters.", is_welcome=True),
)
# fmt: on
