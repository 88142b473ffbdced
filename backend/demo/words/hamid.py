"""Hamid, refugee health: tea before the form, and another life before."""

from backend.demo.shapes import Kept

# fmt: off
KEPT = (
    Kept("hamid-no-titles", 51, "20:30", areas="self", noticing="surprised", stretch="stretching",
         words="""
        The profile here doesn't ask for a profession. I sat in front of those three lines a good
        while. In my country I was a pharmacist with my name above the door. Here I have been for
        nine years "a refugee who used to be a pharmacist". And now, at last, a page on which I'm
        neither. I found that I was a little lost.
        """),
    Kept("hamid-welcome", 49, "18:10", areas="team", noticing="connected", stretch="comfortable",
         words="""
        Len telephoned, because he too had come late. He said, "They're all right. Bring biscuits."
        """),
    Kept("hamid-interpreter", 46, "17:00", areas="team system", noticing="in_the_way",
         stretch="stretching", seen_by="cohort", words="""
        I interpreted by telephone for a woman and a clinic. The clinic said "any questions?" and I
        interpreted it, and I also interpreted the tone of it, which I should not do. She said that
        she had none. After the clinic hung up, she stayed on the line and asked me seven.
        """),
    Kept("hamid-seven-questions", 46, "22:45", areas="self system", noticing="held_back",
         stretch="too_far", words="""
        I answered two of the seven. I knew the answer to all of them. I'm not permitted to know it.
        """),
    Kept("hamid-priya", 34, "21:00", areas="team", noticing="connected", stretch="comfortable",
         seen_by="priya", words="""
        Priya visited. She drank her tea like somebody disarming a bomb. By the second glass she had
        forgotten it, and then she was a very good guest.
        """),
    Kept("hamid-leeds", 26, "19:35", areas="self", noticing="stuck", stretch="too_far",
         seen_by="priya morag", words="""
        In Priya's practice I was placed in a chair beside the dispensary hatch. For an hour I could
        smell it: cardboard, and the sweet dust. The young pharmacist counted in fives with a
        spatula, exactly as my father taught me to. I excused myself and stood in a corridor, beside
        the poster about sepsis, until I was well again.
        """),
    Kept("hamid-nowords", 20, "06:20", areas="self team", noticing="held_back",
         stretch="stretching"),
    Kept("hamid-helped", 15, "18:55", areas="self system", noticing="in_the_way",
         stretch="stretching", seen_by="rhona kwame", words="""
        At a meeting I was thanked for "bringing the voice of the community". I've brought also a
        voice of my own, but it was not on the agenda. I thought of Rhona's counting and laughed
        aloud at the wrong moment.
        """),
    Kept("hamid-new", 8, "20:20", areas="team", noticing="shifted", stretch="comfortable",
         seen_by="cohort", words="""
        A boy at the centre, three months here, said to a man who arrived yesterday: "Sit there,
        that radiator works." So it is three months. After that a person is no longer new; he knows
        a radiator, and he gives it away.
        """),
    Kept("hamid-form", 1, "17:30", areas="self", noticing="working", stretch="too_far", words="""
        Priya's pharmacist has sent me the form for returning to practice. Forty-one pages. I've
        made tea. I have not yet begun the form; but I've made tea, and I have put it beside the
        form.
        """),
)
