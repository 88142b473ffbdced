"""Callum: from a year ago to the visit that Gareth paid back."""

from backend.demo.shapes import Kept

# fmt: off
KEPT = (
    Kept("callum-anniversary", 365, "23:41", areas="self system", noticing="held_back",
         stretch="too_far", words="""
        Eighteen years to the day since the bus station. Nobody at work knows the date. I bought a
        sausage roll and ate it where the bench used to be. It's a vape shop.

        Had a meeting after about "hard to reach groups". I was sat right there. You could've
        reached me with a ruler.
        """),
    Kept("callum-key", 70, "22:15", areas="self", noticing="held_back", stretch="too_far",
         words="""
        Bring something from your work that isn't a tool, they said. I brought a key that doesn't
        open anything. Told them it was off a flat we'd demolished. It's off a flat I didn't get.
        """),
    Kept("callum-biscuits", 69, "12:55", areas="self", noticing="surprised", stretch="comfortable",
         seen_by="cohort", shared_ago=69, words="""
        Two days and not one person has asked me what I do. I keep waiting to be asked so I can be
        modest about it.
        """),
    Kept("callum-walk", 69, "17:30", areas="team", noticing="connected", stretch="comfortable",
         seen_by="gareth", words="""
        Walked with Gareth for forty minutes. He said maybe thirty words. I've had worse meetings
        with a chair, a minute-taker and a buffet.
        """),
    Kept("callum-panel-1", 66, "16:10", areas="self system", noticing="in_the_way",
         stretch="stretching", words="""
        Arrears panel. Nine households before lunch. I noticed we go quicker when the file's thick.
        """),
    Kept("callum-nowords-1", 65, "18:02", areas="system", noticing="stuck", stretch="stretching"),
    Kept("callum-engage", 62, "20:30", areas="team system", noticing="shifted",
         stretch="stretching", seen_by="cohort", words="""
        "Fails to engage." That was the phrase in the file, four times. So I went and chapped the
        door. The buzzer's been broken since we put it in. He'd been sitting up there failing to
        engage with a thing that doesn't ring.

        I stood on the landing like an eejit with my lanyard on. He made me a coffee. He'd one mug
        so he drank his from a jar.
        """),
    Kept("callum-jar", 62, "23:50", areas="self", noticing="connected", stretch="too_far",
         words="""
        Left out of what I wrote for the others: I knew how to hold the jar so you don't burn
        yourself. He saw that I knew. Neither of us said.
        """),
    Kept("callum-shona", 60, "09:15", areas="team", noticing="in_the_way", words="""
        Shona off again. The team says "she's not coping" in the same voice we use for tenants.
        """),
    Kept("callum-daughter-1", 58, "21:05", areas="self", noticing="held_back", stretch="too_far",
         words="""
        The wee one asked what I did when I was seventeen. I said I travelled a bit.
        """),
    Kept("callum-multi", 56, "15:45", areas="team system", noticing="shifted",
         stretch="stretching", seen_by="cohort", words="""
        The big table. Health, police, social work, us. Everybody came with the reason it was
        somebody else's. I'd mine ready too, laminated nearly.

        Tried a thing. Asked what we'd each do if we were the only ones. Got nothing for a bit. Then
        the woman from the health side said "I'd buy him a phone", and it turned out three of us had
        been sending letters to the same door asking him to ring.
        """),
    Kept("callum-phone", 54, "17:20", areas="system", noticing="working", stretch="comfortable",
         seen_by="cohort", words="""
        Phone bought. Twenty-six quid. Took four signatures. I gave the receipt to finance in a
        plastic wallet as if it was evidence.
        """),
    Kept("callum-rhona-1", 51, "22:35", areas="self", noticing="held_back", stretch="too_far",
         words="""
        Rhona said on the phone, "You're very good with my lot." My lot. I'd the words right there
        in my mouth and I said, "Aw, cheers."
        """),
    Kept("callum-shona-2", 49, "13:10", areas="self team", noticing="in_the_way",
         stretch="stretching", seen_by="morag gareth", shared_ago=43, words="""
        Went round to Shona's. Took soup, which is a daft thing to take to a grown woman. Didn't ask
        when she's back. She asked me how the buzzers were getting on. Forty-one broken out of
        sixty. She'd reported every one of them. I signed off the report that said "minor".
        """),
    Kept("callum-nowords-2", 47, "07:30", areas="self", noticing="working", stretch="comfortable"),
    Kept("callum-void", 46, "16:50", areas="self system", noticing="stuck", stretch="too_far",
         seen_by="morag",
         taken_back_ago=45, words="""
        We've got days-to-relet down to nineteen. I got a well done off the director for it. Walked
        home trying to feel it. What I kept thinking was, nineteen days is how long I lasted at my
        auntie's.
        """),
    Kept("callum-online", 42, "21:30", areas="self", noticing="surprised", stretch="comfortable",
         seen_by="siobhan", words="""
        The online one. I'd my camera angled so you couldn't see the ironing. Siobhan had hers
        angled so you could see hers. I felt like the one that was on show.
        """),
    Kept("callum-gareth-1", 40, "23:55", areas="team system", noticing="shifted",
         stretch="stretching", seen_by="cohort", shared_ago=39, words="""
        A shift with Gareth. We waited four hours and ten minutes outside a hospital with a woman in
        the back who only wanted to know had anybody fed the cat. He'd fed it. He'd fed it before we
        left the house, I never saw him do it, and he told her so about once every half hour, same
        words, same voice, like it was the first time.

        I said, how do you stand it, the waiting. He said, "I'm not waiting. I'm with her."
        """),
    Kept("callum-with-her", 39, "06:20", areas="self system", noticing="shifted",
         stretch="stretching", words="""
        I'm not waiting, I'm with her. I've been in housing fourteen years and I've called it a
        waiting list the whole time.
        """),
    Kept("callum-list", 37, "11:40", areas="team system", noticing="working", stretch="stretching",
         seen_by="cohort", words="""
        Asked the team what we'd do different if it was a with list and not a waiting list.
        Eye-rolls. Fair enough. Then young Ross says, "Well, we'd ring folk when there isn't news."
        Then nobody rolled anything.
        """),
)
