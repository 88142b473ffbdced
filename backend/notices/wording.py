"""What a notification and a mail say: that something came, never a word of anybody's.

A lock screen lies on tables and in hands of others: it tells names only to who asked for them.
A mail's subject and headers never hold any.
"""

from dataclasses import dataclass
from datetime import datetime
from string import Template

from backend.contract.facts import ContractFact
from backend.feedback.facts import FeedbackFact
from backend.pulse.facts import PulseFact
from backend.rhythm.rules import Kind, LockScreen

APP = "Alongside"
SOMEBODY = "Somebody"
THEIR_COHORT = "your cohort"

GENERIC: dict[str, str] = {
    Kind.SHARED: "Something was shared with you.",
    Kind.RESPONSE: "Somebody responded to what you shared.",
    Kind.JOINED: "Somebody joined your cohort.",
    Kind.FEEDBACK: "Something about feedback is there for you.",
    Kind.CONTRACT: "There is news of your cohort's contract.",
    Kind.CHECK_IN: "How are we living what we agreed?",
    Kind.PROMPT: "A question for you, if now is a good moment.",
    Kind.REMINDER: "A reminder that your cohort set.",
    FeedbackFact.FEEDBACK_ASKED: "Somebody would value your view.",
    FeedbackFact.FEEDBACK_REMINDED: "A gentle reminder: somebody would value your view.",
    FeedbackFact.FEEDBACK_OFFERED: "Somebody asks whether feedback would be welcome.",
    FeedbackFact.FEEDBACK_WELCOMED: "What you offered is welcome.",
    FeedbackFact.FEEDBACK_ANSWERED: "An answer is there: open it when you are ready.",
    FeedbackFact.FEEDBACK_DECLINED: "What you asked or offered was kindly declined.",
    FeedbackFact.FEEDBACK_THANKED: "Somebody thanked you for your feedback.",
    ContractFact.PROPOSED: "Somebody suggests a change to your contract.",
    ContractFact.RULE_PROPOSED: "Somebody suggests changing how your cohort decides.",
    ContractFact.PROPOSAL_CHANGED: "A suggestion was reworded: everyone's answer is open again.",
    ContractFact.PROPOSAL_LATER: "There is more time to answer a suggestion.",
    ContractFact.REMARKED: "Somebody asks or suggests something about your proposal.",
    ContractFact.OBJECTED: "Somebody has an objection for you to hear.",
    ContractFact.PROPOSAL_ADOPTED: "Your contract has a new version.",
    ContractFact.RULE_ADOPTED: "How your cohort decides has changed.",
    ContractFact.PROPOSAL_RETURNED: "A suggestion went back, with thanks: an objection stands.",
    ContractFact.PROPOSAL_UNANSWERED: "Too few have answered what you suggested.",
    ContractFact.PROPOSAL_OVERTAKEN: "The contract changed where you suggested something.",
    ContractFact.CONTRACT_SET: "When your cohort looks back on its contract has changed.",
    ContractFact.REVIEW_OPENED: "Somebody asks your cohort to look at its contract again.",
    ContractFact.REVIEW_DUE: "A good time to look at your contract again.",
    ContractFact.REVIEW_ENDED: "What you asked to look at was marked as looked at.",
    PulseFact.CHECK_IN_ASKED_ANEW: "A check-in was lost on our side. Please answer it once more.",
    PulseFact.CHECK_IN_OPENED: "How are we living what we agreed? Two taps.",
    PulseFact.PULSE_SHOWN: "There is a new pulse of your contract.",
}
NAMED: dict[str, str] = {
    Kind.SHARED: "$by shared something with you.",
    Kind.RESPONSE: "$by responded to what you shared.",
    Kind.JOINED: "$by joined $cohort.",
    Kind.FEEDBACK: GENERIC[Kind.FEEDBACK],
    Kind.CONTRACT: "There is news of $cohort's contract.",
    Kind.CHECK_IN: GENERIC[Kind.CHECK_IN],
    Kind.PROMPT: GENERIC[Kind.PROMPT],
    Kind.REMINDER: "A reminder that $cohort set.",
    FeedbackFact.FEEDBACK_ASKED: "$by would value your view.",
    FeedbackFact.FEEDBACK_REMINDED: "A gentle reminder: $by would value your view.",
    FeedbackFact.FEEDBACK_OFFERED: "$by asks whether feedback would be welcome.",
    FeedbackFact.FEEDBACK_WELCOMED: "What you offered $by is welcome.",
    FeedbackFact.FEEDBACK_ANSWERED: "$by has answered: open it when you are ready.",
    FeedbackFact.FEEDBACK_DECLINED: "$by kindly declined.",
    FeedbackFact.FEEDBACK_THANKED: "$by thanked you for your feedback.",
    ContractFact.PROPOSED: "$by suggests a change to $cohort's contract.",
    ContractFact.RULE_PROPOSED: "$by suggests changing how $cohort decides.",
    ContractFact.PROPOSAL_CHANGED: "$by reworded a suggestion: everyone's answer is open again.",
    ContractFact.PROPOSAL_LATER: "$by gave a suggestion more time.",
    ContractFact.REMARKED: "$by asks or suggests something about your proposal.",
    ContractFact.OBJECTED: "$by has an objection for you to hear.",
    ContractFact.PROPOSAL_ADOPTED: "$cohort's contract has a new version.",
    ContractFact.RULE_ADOPTED: "How $cohort decides has changed.",
    ContractFact.CONTRACT_SET: "$by changed when $cohort looks back on its contract.",
    ContractFact.REVIEW_OPENED: "$by asks $cohort to look at its contract again.",
    ContractFact.REVIEW_DUE: "A good time to look at $cohort's contract again.",
    ContractFact.REVIEW_ENDED: "$by says that $cohort has looked at what you asked.",
    PulseFact.PULSE_SHOWN: "There is a new pulse of $cohort's contract.",
}
# Several of a kind at once: how many, and neither names nor words.
MANY: dict[Kind, str] = {
    Kind.SHARED: "$many things were shared with you.",
    Kind.RESPONSE: "$many responses came to what you shared.",
    Kind.JOINED: "$many people joined your cohort.",
    Kind.FEEDBACK: "$many things about feedback are there for you.",
    Kind.CONTRACT: "$many pieces of news of your cohort's contract.",
    Kind.CHECK_IN: "$many pieces of news of how we live what we agreed.",
    Kind.PROMPT: "$many questions for you, if now is a good moment.",
    Kind.REMINDER: "$many reminders that your cohort set.",
}
SHARED_BY_MANY = "$many people shared something with you."
NUMBERS = (
    *("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten"),
    *("Eleven", "Twelve"),
)
# "Mails …", on the page that stops them
MAILS = {
    Kind.SHARED: "when something is shared with you",
    Kind.RESPONSE: "when somebody responds to what you shared",
    Kind.JOINED: "when somebody joins your cohort",
    Kind.FEEDBACK: "about feedback between you and one other",
    Kind.CONTRACT: "about your cohort's contract",
    Kind.CHECK_IN: "that ask how you live your contract",
    Kind.PROMPT: "with a question for you",
    Kind.REMINDER: "with your cohort's reminders",
}
SEE_IT = {
    Kind.SHARED: "See it when it suits you",
    Kind.RESPONSE: "See it when it suits you",
    Kind.JOINED: "See who is there",
    Kind.FEEDBACK: "See it when it suits you",
    Kind.CONTRACT: "See it when it suits you",
    Kind.CHECK_IN: "See it when it suits you",
    Kind.PROMPT: "See the question",
    Kind.REMINDER: "Open Alongside",
}
SEE_THEM = "See them when it suits you"
LONGEST_NAME = 60  # letters on a lock screen


@dataclass(frozen=True)
class Names:
    """Who did it, and in which cohort, as far as there is one.

    `by_since`, where they look like somebody else: since when they are called so, where the reader
    lives.
    """

    by: str | None = None
    cohort: str | None = None
    by_since: datetime | None = None


def generic(kind: Kind, what: str | None) -> str:
    """The sentence that names nobody. `what`: the fact that it tells of."""
    return GENERIC.get(what or kind, GENERIC[kind])


def many(kind: Kind, count: int, people: int = 1) -> str:
    """The sentence for several notices of a kind, which come from so many people."""
    is_shared = kind is Kind.SHARED and people > 1
    number = people if is_shared else count
    told = NUMBERS[number] if number < len(NUMBERS) else str(number)
    return Template(SHARED_BY_MANY if is_shared else MANY[kind]).substitute(many=told)


def line(kind: Kind, what: str | None, names: Names, screen: LockScreen) -> str:
    """The one sentence of a notification."""
    if screen is LockScreen.GENERIC:
        return generic(kind, what)
    known = {
        "by": _by(names),
        "cohort": _short(names.cohort) or THEIR_COHORT,
    }
    if what in GENERIC and what not in NAMED:
        return GENERIC[what]  # names nobody in any case
    return Template(NAMED.get(what or kind, NAMED[kind])).substitute(known)


def _by(names: Names) -> str:
    name, since = _short(names.by) or SOMEBODY, names.by_since
    return name if since is None else f"{name} (called so since {since:%-d %B, %H:%M})"


def _short(name: str | None) -> str:
    name = name or ""
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1].rstrip()}…"


PLAIN = Template("""\
$line

$see_it:
$link

What was written stays in the app; this mail holds none of it.

--
How you hear of things, and when, is yours to choose:
$rhythm

No more mails $mails:
$fewer
""")

HTML = Template("""\
<!doctype html>
<html lang="en-GB">
<head><meta charset="utf-8"><meta name="color-scheme" content="light dark"></head>
<body style="font: 17px/1.5 system-ui, sans-serif; max-width: 34em; margin: 24px auto; \
padding: 0 16px">
<p>$line</p>
<p><a href="$link">$see_it</a></p>
<p>What was written stays in the app; this mail holds none of it.</p>
<hr>
<p><small>How you hear of things, and when, is yours to choose: \
<a href="$rhythm">my rhythm</a>. <a href="$fewer">No more mails $mails</a>.</small></p>
</body>
</html>
""")
