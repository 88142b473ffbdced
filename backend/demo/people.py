"""The sample cohort and its fourteen people. All of them are invented."""

from uuid import UUID

from backend.demo.shapes import (
    SampleCohort,
    SampleInvitation,
    SamplePerson,
    SampleQuestion,
    SampleReminder,
)

# The same wherever it is laid out, and nowhere else: by it a database is known to be the sample's.
ROWAN_ID = UUID("019ab000-0000-7000-8000-526f77616e00")
ROWAN = SampleCohort(
    name="Rowan",
    purpose=(
        "Fourteen of us, from wards and kitchens, cars and islands, offices and living rooms, "
        "learning for a year how to lead through our relationships rather than around them. We "
        "practise in our real work, we tell each other the truth kindly, and we try to leave "
        "things fairer than we found them."
    ),
    time_zone="Europe/London",
    made_ago=84,
    starts_ago=70,
    ends_in=300,
)

# People join by the newest link that was not taken back. The last one was a slip of the finger.
INVITATIONS = (
    SampleInvitation(ago=84, at="10:20", uses=12, days=14),
    SampleInvitation(ago=67, at="09:30", uses=2, days=14),
    SampleInvitation(ago=53, at="17:05", uses=1, days=7),
    SampleInvitation(ago=16, at="18:57", uses=40, days=30, revoked_at="19:04"),
)

QUESTIONS = (
    SampleQuestion(
        by="morag",
        ago=62,
        at="19:20",
        touches="team",
        depth="gentle",
        text="Who made it easier for you to speak this week? What did they do?",
    ),
    SampleQuestion(
        by="denise",
        ago=37,
        at="21:05",
        touches="team system",
        depth="stretching",
        text="Whose kitchen, waiting room or cab would the rest of us learn something in?",
    ),
)
REMINDER = SampleReminder(
    by="callum",
    ago=30,
    at="12:50",
    about="reflection",
    weekdays=(3,),
    comes_at="12:30",
    every_weeks=2,
)

# The three whose accounts the sample offers at sign-in, facilitator last.
WAYS_IN = ("amina", "callum", "morag")

PEOPLE = (
    SamplePerson(
        key="morag",
        name="Morag Sutherland",
        email="morag@rowan.example",
        role="facilitator",
        matters="That people leave a room with more of themselves than they brought in.",
        brings=(
            "Thirty years of sitting in circles, a bad knee, a good kettle. I was a home help "
            "before I was anything."
        ),
        curious_about="What a group can say when the person at the front stops being at the front.",
        joined_ago=84,
        joined_at="10:05",
    ),
    SamplePerson(
        key="amina",
        name="Amina Yusuf",
        email="amina@rowan.example",
        matters=(
            "That nobody on my corridor, in a bed or in a uniform, is afraid to ask a question."
        ),
        brings=(
            "Twelve years of nights and days in an acute hospital in Glasgow. Two languages, four "
            "brothers, a steady hand."
        ),
        curious_about="How much of what I call being helpful is really being in charge.",
        joined_ago=80,
        joined_at="07:50",
    ),
    SamplePerson(
        key="callum",
        name="Callum Geddes",
        email="callum@rowan.example",
        matters="A door that locks, for everybody. It's not a lot to ask.",
        brings=(
            "Housing in Dundee for fourteen years, and a fair idea of what it is to need some. I "
            "can read a room and a lease."
        ),
        curious_about="Who gets to be believed the first time they say something.",
        joined_ago=79,
        joined_at="21:12",
    ),
    SamplePerson(
        key="jackie",
        name="Jackie Lamont",
        email="jackie@rowan.example",
        matters="Folk's last years being years, and not just a long appointment.",
        brings="A care home in Kirkcaldy, since I was nineteen. I know everybody's song.",
        curious_about="Why the last people to be told are always the ones who'll be doing it.",
        joined_ago=82,
        joined_at="13:30",
    ),
    SamplePerson(
        key="ruaridh",
        name="Ruaridh MacLennan",
        email="ruaridh@rowan.example",
        matters="Being able to look people in the eye in the Co-op.",
        brings=(
            "An island health board, a croft that loses money, patience with ferries. Gàidhlig on "
            "both sides."
        ),
        curious_about="What we lose each time we call something remote. Remote from whom?",
        joined_ago=78,
        joined_at="19:44",
    ),
    SamplePerson(
        key="priya",
        name="Priya Raman",
        email="priya@rowan.example",
        matters="The person behind the ten minutes. Also: being home before bedtime twice a week.",
        brings=(
            "A GP practice in Leeds, lists, speed, a laugh you can hear through a wall. I am "
            "learning slowness as a foreign language."
        ),
        curious_about="What our front desk knows that the rest of us have never thought to ask.",
        joined_ago=82,
        joined_at="22:58",
    ),
    SamplePerson(
        key="denise",
        name="Denise Hartley",
        email="denise@rowan.example",
        matters="Carers. The ones nobody appointed.",
        brings=(
            "A carers' centre in Barnsley, and a brother I've looked after since Mum died. I bring "
            "cake and I don't bring it to be nice."
        ),
        curious_about="How to be angry in a way that gets something done.",
        joined_ago=81,
        joined_at="11:20",
    ),
    SamplePerson(
        key="kwame",
        name="Kwame Boateng",
        email="kwame@rowan.example",
        matters=(
            "Eleven years: the difference in life expectancy between two ends of one bus route."
        ),
        brings=(
            "Public health in Edinburgh, maps and numbers, a choir's worth of aunties. I listen "
            "well once I have stopped preparing my answer."
        ),
        curious_about="What the numbers would say back, if they could.",
        joined_ago=81,
        joined_at="09:02",
    ),
    SamplePerson(
        key="siobhan",
        name="Siobhan Kerr",
        email="siobhan@rowan.example",
        matters=(
            "A good death at home for anybody who wants one, and a decent cup of tea for whoever's "
            "left."
        ),
        brings=(
            "Community nursing in Inverclyde. A wee car full of dressings. I can get any dog to "
            "like me."
        ),
        curious_about="How we're meant to look after each other when we only meet in car parks.",
        joined_ago=77,
        joined_at="18:15",
    ),
    SamplePerson(
        key="gareth",
        name="Gareth Pryce",
        email="gareth@rowan.example",
        matters="Getting there.",
        brings="Twenty-two years on ambulances in Cumbria. A Welsh chapel bass. Quiet.",
        curious_about="Whether quiet is the same thing as listening.",
        joined_ago=76,
        joined_at="05:40",
    ),
    SamplePerson(
        key="rhona",
        name="Rhona Baird",
        email="rhona@rowan.example",
        matters="Nothing about us without us, and I mean the budget meeting.",
        brings=(
            "Nine years in recovery, six of them walking beside others in Paisley. My story, when I"
            " choose. My thinking, always."
        ),
        curious_about=(
            "What would happen if you asked me what I think before you asked me what happened to "
            "me."
        ),
        joined_ago=75,
        joined_at="16:33",
    ),
    SamplePerson(
        key="len",
        name="Len Cartwright",
        email="len@rowan.example",
        matters="That lads and lasses who push and mop get called by their names.",
        brings=(
            "Thirty-eight years in one hospital in Sheffield, most of it walking. I know every lift"
            " and what's wrong with it."
        ),
        curious_about="What I'm doing here. They said that's allowed.",
        joined_ago=66,
        joined_at="14:20",
    ),
    SamplePerson(
        key="ewa",
        name="Ewa Nowicka",
        email="ewa@rowan.example",
        matters=(
            "That fifteen minutes in somebody's kitchen is enough time to be two people and not one"
            " person and one job."
        ),
        brings=(
            "Home care in Aberdeen, and just now my father's kitchen in Gdynia. I count everything;"
            " I am trying to count less."
        ),
        curious_about="Why we plan care by the road and not by the person.",
        joined_ago=61,
        joined_at="08:10",
        time_zone="Europe/Warsaw",
    ),
    SamplePerson(
        key="hamid",
        name="Hamid Rahimi",
        email="hamid@rowan.example",
        matters="To be useful in the city that gave me a door. To be asked, and not only helped.",
        brings=(
            "A small charity in Newcastle for people new to this country. Dari, Pashto, fair "
            "English, good tea. Another life before."
        ),
        curious_about="How long a person is allowed to be new.",
        joined_ago=52,
        joined_at="12:00",
    ),
)
