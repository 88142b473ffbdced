"""The features, in order: each may import those before it, never those behind.

The order is also that of the OpenAPI document. Taking away the last one leaves a working app.
"""

from flask_smorest import Blueprint

from backend.activity import routes as activity
from backend.cohorts import facilitating_routes as facilitating
from backend.cohorts import routes as cohorts
from backend.contract import routes as contract
from backend.demo import routes as demo
from backend.devices import routes as devices
from backend.erasing import routes as erasing
from backend.feedback import routes as feedback
from backend.help import routes as helping
from backend.notices import routes as notices
from backend.own_data import routes as own_data
from backend.people import routes as people
from backend.prompts import routes as prompts
from backend.pulse import routes as pulse
from backend.reflections import routes as reflections
from backend.reminders import routes as reminders
from backend.responses import routes as responses
from backend.rhythm import routes as rhythm
from backend.sign_in import routes as sign_in
from backend.sync import routes as sync

FEATURES: tuple[Blueprint, ...] = (
    people.blp,
    sign_in.blp,
    sign_in.mine,
    sign_in.my_address,
    sign_in.put_back,
    cohorts.oneself,
    cohorts.blp,
    facilitating.blp,
    cohorts.invited,
    reflections.blp,
    responses.blp,
    responses.to_one,
    feedback.asking,
    feedback.offering,
    contract.blp,
    contract.invited,
    contract.proposing,
    contract.remarking,
    contract.reviewing,
    pulse.of_cohort,
    pulse.blp,
    activity.blp,
    rhythm.blp,
    devices.push,
    devices.blp,
    notices.blp,
    notices.mails,
    prompts.blp,
    reminders.of_cohort,
    reminders.blp,
    sync.blp,
    erasing.blp,
    helping.blp,
    own_data.blp,
    own_data.imports,
    demo.blp,
)
