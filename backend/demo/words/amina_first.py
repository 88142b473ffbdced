"""Amina: from a year ago to the visit to Jackie's kitchen."""

from backend.demo.shapes import Kept

# fmt: off
KEPT = (
    Kept("amina-lights", 365, "08:55", areas="self", noticing="stuck", stretch="too_far", words="""
        Fourth night of four. I sat in the car with the engine off and could not remember whether I
        had locked the drug trolley. I had. I went all the way back up to look, and the day staff
        laughed, kindly, and I laughed, and then I cried at the traffic lights by the bridge.

        I used to think tired was something you slept off. Somebody has left a leaflet in the staff
        room about a leadership course with the word "relational" on it. I put it in my locker under
        the spare socks. I did not put it in the bin, though. I notice that.
        """),
    Kept("amina-mug", 70, "21:34", areas="self", noticing="surprised", stretch="stretching",
         seen_by="jackie", shared_ago=63, words="""
        We were asked to bring something from work that isn't a tool of the work. I took the blue
        mug with no handle that nobody on the ward will throw out, and I had a clever thing ready to
        say about it. Then the woman before me put one knitted slipper on the floor and told us
        whose it had been. So I only said, this is our mug.

        It was enough. I can't think when I was last in a room where I was not in charge of the air.
        """),
    Kept("amina-pace", 69, "16:48", areas="self team", noticing="shifted", stretch="comfortable",
         seen_by="cohort", words="""
        What I am taking back with me: the ward does not need me to be faster. I asked my walking
        partner what she does when she doesn't know, and she said "I say so, out loud, so the others
        can stop pretending as well."
        """),
    Kept("amina-sharp", 67, "20:20", areas="self team", noticing="in_the_way",
         stretch="stretching", words="""
        I was sharp with our newest nurse at the medicines. She asked me the same thing twice and I
        said "we've done this one" in front of the pharmacist. It took four seconds. She went pink
        to the ears and said sorry, to me, for asking.

        Two days ago I was holding a mug and talking about safety.
        """),
    Kept("amina-mother-1", 64, "22:40", areas="self", noticing="held_back", words="""
        Mum rang to ask what time I'd be in from school. Then she laughed and said she was teasing.
        I don't think she was teasing.
        """),
    Kept("amina-huddle-1", 63, "13:15", areas="team", noticing="surprised", stretch="stretching",
         seen_by="cohort", words="""
        Counted, for once, instead of assuming. Morning huddle, ten people, nine minutes. I spoke
        for seven of them. The healthcare assistant who had been with our most frightened patient
        since five o'clock said nothing, because nobody asked her, and nobody asked her because I
        was so busy being clear.
        """),
    Kept("amina-nowords-1", 61, "19:58", areas="team", noticing="stuck", stretch="too_far"),
    Kept("amina-slippers", 59, "23:05", areas="self system", noticing="in_the_way",
         stretch="too_far", seen_by="jackie", shared_ago=58, words="""
        Ten to nine at night, four in the corridor, and the phone call that says what have you got.
        What I had was a lady who could go back to her care home. Medically ready. I have typed
        those two words so often they've gone smooth.

        She went in a taxi chair with her things in a patient property bag and our paper slippers on
        her feet. I signed it. When I got home I thought about the wool one on the floor of that
        room in a ring of strangers, and I thought: somebody opened a door to her at ten o'clock
        tonight and saw those feet, and thought about whoever did that. That was me. I did that.
        """),
    Kept("amina-answer", 57, "12:10", areas="self team", noticing="connected",
         stretch="stretching", words="""
        Jackie answered what I sent her. I was ready to be forgiven or told off. She did neither.
        She told me what happens next, after the door. I had honestly never thought there was a
        next.
        """),
    Kept("amina-quiet-room", 55, "15:30", areas="self", noticing="connected",
         stretch="comfortable", words="""
        The quiet room is also where the hoist lives. I pray beside the hoist. Today the domestic
        was in there on her break and we both said sorry at once, and then we stayed, both of us,
        ten minutes, two kinds of quiet.
        """),
    Kept("amina-consultant", 53, "18:25", areas="self team", noticing="surprised",
         stretch="stretching", seen_by="cohort", words="""
        On the round I stood where I always stand, half a step behind and to the left. Nobody put me
        there. I tried standing level. The consultant looked round for me, found me beside him, and
        carried on, to me, about the next patient, as though it had always been so. Twelve years I
        have been blaming him for that half step.
        """),
    Kept("amina-asking", 50, "07:50", areas="team", noticing="stuck", stretch="stretching",
         words="""
        Nobody has asked me a question for a week. I took it for a good sign until about three this
        morning.
        """),
    Kept("amina-near", 48, "21:45", areas="self team", noticing="in_the_way", stretch="too_far",
         seen_by="morag", shared_ago=47, words="""
        It was a near miss. Nobody was hurt; the second check caught it, as it is there to do. An
        infusion drawn up at ten times what was written. I did all the right things in the right
        order, and the form has a box for contributory factors, and I ticked "workload".

        It was our newest nurse. She knew something looked odd. When I asked why she hadn't come to
        find me she said "You were busy," and looked at the floor, and I was back at the medicines
        three weeks ago, saying we've done this one. There is no box for that. I am the contributory
        factor.
        """),
    Kept("amina-sorry", 46, "14:40", areas="self team", noticing="shifted", stretch="too_far",
         seen_by="cohort", shared_ago=41, words="""
        I said it to her. Not the speech I rehearsed on the bus, where I came out of it rather well.
        I said: three weeks ago I made it expensive for you to ask me something, and I think you've
        been paying since. I'm sorry.

        She cried, and then so did I, next to the linen. Then she asked me how the pump's lock-out
        works, because she has never properly understood it. Neither have I, it turned out. We read
        the manual standing up.
        """),
    Kept("amina-nowords-2", 45, "06:35", areas="self", noticing="working", stretch="comfortable"),
    Kept("amina-online", 42, "20:50", areas="self", noticing="held_back", stretch="stretching",
         seen_by="gareth morag", words="""
        Online this evening, fourteen small windows. I kept my finger on the button to speak for
        most of an hour and in the end didn't press it. Afterwards I could not decide whether I had
        been listening or hiding. From the outside they look the same. Perhaps from the inside too.
        """),
    Kept("amina-visit-1", 38, "19:25", areas="team system", noticing="shifted",
         stretch="comfortable", seen_by="cohort", words="""
        A morning in Jackie's care home. I wore my own clothes and had no idea what to do with my
        hands.

        A gentleman asked me three times whether I was the one from the council. The third time a
        carer, a girl of maybe twenty, sat down and said, "She might be. What would you want to tell
        them?" And he told her. About a drain, in 1962, and his wife, and the smell, and how nobody
        came. It took thirteen minutes. I'd have said "No, my love, I'm a nurse," and been correct,
        and been gone.
        """),
    Kept("amina-visit-2", 38, "23:10", areas="self system", noticing="connected",
         stretch="too_far", seen_by="jackie", words="""
        The bit I didn't put in the one for everybody. In the office there is a shelf, and on the
        shelf is a box, and in the box are our paper slippers. Dozens. Jackie keeps every pair that
        comes back on someone's feet. I asked her what for and she said, "I thought one day somebody
        would come and see them."
        """),
)
