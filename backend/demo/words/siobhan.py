"""Siobhan, community nursing: written in a small car."""

from backend.demo.shapes import Kept

# fmt: off
KEPT = (
    Kept("siobhan-carpark-1", 68, "17:50", areas="team", noticing="stuck", stretch="comfortable",
         seen_by="cohort", words="""
        Team meeting in the retail park again, four cars, windows down. We do handover between the
        carpet place and the drive-through. I know their registration plates better than I know
        their weans' names.
        """),
    Kept("siobhan-dog", 63, "12:30", areas="self", noticing="connected", stretch="comfortable",
         words="""
        Dog let me in before the owner did. Sat on the dressing pack. Only supervision I've had this
        month.
        """),
    Kept("siobhan-tape", 55, "13:05", areas="system", noticing="in_the_way", stretch="stretching",
         words="""
        Home from hospital with a wound and no tape. Again. I've got my own tape. I've always got my
        own tape, that's how come nobody's ever had to notice there isn't any.
        """),
    Kept("siobhan-last-house", 47, "20:10", areas="self", noticing="stuck", stretch="too_far",
         seen_by="jackie gareth", shared_ago=46, words="""
        Sat with a wife and two sons from four o'clock. He went just before seven, at home, the way
        he'd asked, with the football on low. One of the boys said "is that it?" and I said aye,
        son, that's it, and he said "it was quite nice". It was. It was quite nice.

        Then I'd two insulins to do. I did them with my coat on. I'm still in the car, I can't seem
        to start it.
        """),
    Kept("siobhan-ironing", 42, "21:05", areas="self", noticing="surprised", stretch="comfortable",
         words="""
        Forgot I had the camera on. They've all seen my ironing and my feet. Relieved, actually.
        """),
    Kept("siobhan-shattered", 39, "19:50", areas="self", stretch="comfortable", words="""
        Shattered. Good day though. No words left, so that's me.
        """),
    Kept("siobhan-ferry", 34, "11:15", areas="system", noticing="shifted", stretch="comfortable",
         seen_by="ruaridh kwame", words="""
        Ferry's off. I'm in the terminal with a sausage roll and a man who's going home from
        chemotherapy. I've sent that many folk's appointment letters "to the island" and I never
        knew the letter could take you two days. He wasn't even annoyed. That's what got me.
        """),
    Kept("siobhan-island", 33, "20:45", areas="team system", noticing="surprised",
         stretch="stretching", seen_by="cohort", words="""
        Did Ruaridh's rounds with his crew. The nurse is the patient's niece. The patient's
        neighbour does the bins and also the oxygen. I asked about boundaries and they were ever so
        polite about it. It's not that they don't have them. They're like the walls up here, low
        enough to talk over.
        """),
    Kept("siobhan-nowords-1", 29, "18:25", areas="self", noticing="stuck", stretch="too_far"),
    Kept("siobhan-gathering", 21, "23:00", areas="self team", noticing="held_back",
         stretch="stretching", seen_by="morag", words="""
        When it went quiet after Rhona, I wanted to make the tea. My whole body wanted to make the
        tea. I sat on my hands.
        """),
    Kept("siobhan-seat", 11, "19:15", areas="team system", noticing="working",
         stretch="stretching", words="""
        Took a picture of my passenger seat and sent it to Amina. Didn't moan. First time I've
        complained about anything without being funny at the same time and my thumb was shaking.
        """),
    Kept("siobhan-carpark-2", 8, "17:30", areas="team", noticing="shifted", stretch="stretching",
         seen_by="cohort", words="""
        I brought folding chairs to the retail park. Five of us round the boot of my car with a
        flask, twenty minutes, one question: who are you still thinking about? We got moved on by
        security in the middle of the third answer, and we went to the garden centre and finished it
        there in among the sheds. I knew nothing about these women. Six years.
        """),
    Kept("siobhan-tape-2", 2, "14:45", areas="system", noticing="working", stretch="comfortable",
         seen_by="amina jackie", words="""
        Discharge bag. Tape in it. Two kinds. I said "would you look at that" to the dog.
        """),
)
