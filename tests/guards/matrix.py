"""Who gets what from every route: the one place where it is written down.

Columns: nobody signed in · somebody of another cohort (who facilitates there) · a member whom the
reflection reached, and who responded · its author · the facilitator, whom it reached too.
The author owns the session, the member the response; each write carries a body that would do.
"""

WHO = ("stranger", "outsider", "member", "author", "facilitator")

COHORT = "/api/cohorts/<uuid:cohort_id>"
INVITED = "/api/invitations/<string(maxlength=64):token>"
MAILS = "/api/mail-preferences/<string(maxlength=120):mail_token>"
FORMER = "/api/former-addresses/<string(maxlength=64):former_token>"
REFLECTION = "/api/reflections/<uuid:reflection_id>"
DEVICE = "/api/devices/<uuid:device_id>"
RESPONSE = "/api/responses/<uuid:response_id>"
ASKED = "/api/feedback-requests/<uuid:request_id>"
OFFERED = "/api/feedback-offers/<uuid:offer_id>"
PROPOSAL = "/api/proposals/<uuid:proposal_id>"
REMARK = "/api/remarks/<uuid:remark_id>"
REVIEW = "/api/contract-reviews/<uuid:review_id>"
CHECK_IN = "/api/check-ins/<uuid:check_in_id>"

MATRIX: dict[str, tuple[int, int, int, int, int]] = {
    "GET /healthz": (200, 200, 200, 200, 200),
    "GET /readyz": (200, 200, 200, 200, 200),
    "GET /metrics": (200, 200, 200, 200, 200),  # from this machine, whoever is signed in
    "POST /api/csp-reports": (204, 204, 204, 204, 204),
    "GET /api/docs": (200, 200, 200, 200, 200),
    "GET /api/docs/docs.css": (200, 200, 200, 200, 200),
    "GET /api/openapi.json": (200, 200, 200, 200, 200),
    "GET /": (503, 503, 503, 503, 503),  # not built, in these tests
    "GET /<path:path>": (503, 503, 503, 503, 503),
    # signing in
    "POST /api/sign-in/codes": (202, 202, 202, 202, 202),
    "POST /api/sign-in/sessions": (403, 403, 403, 403, 403),  # the code is wrong
    "POST /api/sign-in/sessions/current": (401, 204, 204, 204, 204),
    "DELETE /api/sign-in/sessions/current": (401, 204, 204, 204, 204),
    "GET /api/sign-in/demo": (404, 404, 404, 404, 404),  # no sample here
    "POST /api/sign-in/demo": (404, 404, 404, 404, 404),
    # who runs this installation
    "GET /api/help": (200, 200, 200, 200, 200),
    # oneself
    "GET /api/me": (401, 200, 200, 200, 200),
    "PATCH /api/me": (401, 200, 200, 200, 200),
    "GET /api/me/sessions": (401, 200, 200, 200, 200),
    "DELETE /api/me/sessions": (401, 200, 200, 200, 200),
    "DELETE /api/me/sessions/<uuid:session_id>": (401, 404, 404, 204, 404),
    "POST /api/me/address": (401, 202, 202, 202, 202),
    "POST /api/me/address/confirmation": (401, 403, 403, 403, 403),  # the code is wrong
    f"GET {FORMER}": (200, 200, 200, 200, 200),
    f"POST {FORMER}": (200, 200, 200, 200, 200),
    "GET /api/me/erasure": (401, 200, 200, 200, 200),
    "POST /api/me/erasure": (401, 403, 403, 403, 403),  # the code is wrong
    "DELETE /api/me/erasure": (401, 204, 204, 204, 204),
    # cohorts
    "GET /api/cohorts": (401, 200, 200, 200, 200),
    "POST /api/cohorts": (401, 201, 403, 403, 201),
    f"GET {COHORT}": (401, 404, 200, 200, 200),
    f"PATCH {COHORT}": (401, 404, 403, 403, 200),
    f"GET {COHORT}/people": (401, 404, 200, 200, 200),
    f"DELETE {COHORT}/people/me": (401, 404, 204, 204, 204),
    f"DELETE {COHORT}/people/<uuid:person_id>/joining": (401, 404, 403, 403, 204),  # the member's
    # facilitating: the facilitator asks the member to do it in their place
    f"GET {COHORT}/facilitating": (401, 404, 200, 200, 200),
    f"GET {COHORT}/powers": (401, 404, 200, 200, 200),
    f"PUT {COHORT}/people/me/role": (401, 404, 200, 200, 200),  # each is a participant then
    f"PUT {COHORT}/facilitating/offer": (401, 404, 403, 403, 200),
    f"DELETE {COHORT}/facilitating/offer": (401, 404, 204, 204, 204),
    f"POST {COHORT}/facilitating/offers/<uuid:asker_id>/answer": (401, 404, 200, 404, 404),
    f"POST {COHORT}/facilitating/objection": (401, 404, 409, 409, 409),  # nobody takes it up
    f"GET {COHORT}/invitations": (401, 404, 200, 200, 200),  # all see which links are out
    f"POST {COHORT}/invitations": (401, 404, 403, 403, 201),
    f"POST {COHORT}/invitations/by-mail": (401, 404, 403, 403, 201),
    f"POST {COHORT}/invitations/<uuid:invitation_id>/link": (401, 404, 403, 403, 200),
    f"DELETE {COHORT}/invitations/<uuid:invitation_id>": (401, 404, 403, 403, 204),
    f"GET {INVITED}": (200, 200, 200, 200, 200),
    f"POST {INVITED}/codes": (202, 202, 202, 202, 202),
    f"POST {INVITED}/acceptance": (401, 201, 200, 200, 200),
    f"GET {COHORT}/activity": (401, 404, 200, 200, 200),
    # notices
    "GET /api/notices": (401, 200, 200, 200, 200),
    "POST /api/notices/read": (401, 204, 204, 204, 204),
    "GET /api/notices/waiting": (401, 200, 200, 200, 200),
    f"GET {MAILS}": (200, 200, 200, 200, 200),
    f"POST {MAILS}": (200, 200, 200, 200, 200),
    # reflections and responses
    "GET /api/reflections": (401, 200, 200, 200, 200),
    "GET /api/reflections/changes": (401, 200, 200, 200, 200),
    f"GET {REFLECTION}": (401, 404, 200, 200, 200),
    f"PUT {REFLECTION}": (401, 404, 404, 200, 404),
    f"DELETE {REFLECTION}": (401, 404, 404, 204, 404),
    f"GET {REFLECTION}/responses": (401, 404, 200, 200, 200),
    f"PUT {RESPONSE}": (401, 404, 200, 409, 404),  # nobody responds to their own
    f"DELETE {RESPONSE}": (401, 404, 204, 404, 404),
    # feedback: the author asked the member, who has answered, and who offers some more
    "GET /api/feedback-requests": (401, 200, 200, 200, 200),
    "GET /api/feedback-requests/balance": (401, 200, 200, 200, 200),
    f"GET {ASKED}": (401, 404, 200, 200, 404),
    f"PUT {ASKED}": (401, 404, 404, 200, 404),
    f"DELETE {ASKED}": (401, 404, 404, 204, 404),
    f"PUT {ASKED}/answer": (401, 404, 200, 409, 404),
    f"DELETE {ASKED}/answer": (401, 404, 204, 204, 404),  # who asked takes nothing back
    f"POST {ASKED}/decline": (401, 404, 409, 409, 404),  # it is answered
    f"POST {ASKED}/reminder": (401, 404, 409, 200, 404),  # nothing tells of an answer yet
    f"POST {ASKED}/open": (401, 404, 409, 409, 404),  # it may still be changed
    f"POST {ASKED}/thanks": (401, 404, 409, 409, 404),  # it is closed yet
    f"POST {ASKED}/passing-on": (401, 404, 200, 409, 404),  # its giver may say so beforehand
    "GET /api/feedback-offers": (401, 200, 200, 200, 200),
    f"PUT {OFFERED}": (401, 404, 200, 404, 404),
    f"DELETE {OFFERED}": (401, 404, 204, 409, 404),
    f"POST {OFFERED}/welcome": (401, 404, 409, 200, 404),
    # the contract: every member the same; the author proposes, the member remarks and asks
    f"GET {COHORT}/contract": (401, 404, 200, 200, 200),
    f"PATCH {COHORT}/contract": (401, 404, 200, 200, 200),
    f"GET {COHORT}/contract/reviews": (401, 404, 200, 200, 200),
    f"GET {COHORT}/contract/versions": (401, 404, 200, 200, 200),
    f"GET {COHORT}/contract/versions/<int:number>": (401, 404, 200, 200, 200),
    f"GET {INVITED}/contract": (200, 200, 200, 200, 200),
    f"GET {COHORT}/proposals": (401, 404, 200, 200, 200),
    f"GET {PROPOSAL}": (401, 404, 200, 200, 200),
    f"PUT {PROPOSAL}": (401, 404, 404, 200, 404),
    f"DELETE {PROPOSAL}": (401, 404, 404, 204, 404),
    f"PUT {PROPOSAL}/position": (401, 404, 200, 200, 200),
    f"POST {PROPOSAL}/closing": (401, 404, 428, 428, 428),  # it says no version
    f"GET {PROPOSAL}/remarks": (401, 404, 200, 200, 200),
    f"PUT {REMARK}": (401, 404, 200, 404, 404),
    f"DELETE {REMARK}": (401, 404, 204, 404, 404),
    f"PUT {REVIEW}": (401, 404, 200, 404, 404),
    f"DELETE {REVIEW}": (401, 404, 204, 204, 204),
    f"POST {REVIEW}/reopening": (401, 404, 200, 403, 403),  # its asker's
    # check-ins and the pulse: every member the same, the facilitator too
    f"GET {COHORT}/check-ins": (401, 404, 200, 200, 200),
    f"GET {COHORT}/pulse": (401, 404, 200, 200, 200),
    f"DELETE {COHORT}/to-talk-about/<uuid:commitment_id>": (401, 404, 204, 204, 204),
    # nobody wished it, so there is nothing to put back
    f"PUT {COHORT}/to-talk-about/<uuid:commitment_id>": (401, 404, 404, 404, 404),
    f"GET {CHECK_IN}": (401, 404, 200, 200, 200),
    f"PUT {CHECK_IN}": (401, 404, 200, 200, 200),
    f"PUT {CHECK_IN}/answer": (401, 404, 200, 200, 200),
    # how I want to be reached: everybody's is at the version that the calls here name
    "GET /api/me/rhythm": (401, 200, 200, 200, 200),
    "PUT /api/me/rhythm": (401, 412, 412, 200, 412),  # the author's is at version 1
    # where my notifications go: the author's device
    "GET /api/push/key": (401, 200, 200, 200, 200),
    "GET /api/devices": (401, 200, 200, 200, 200),
    f"PUT {DEVICE}": (401, 404, 404, 200, 404),
    f"DELETE {DEVICE}": (401, 404, 404, 204, 404),
    f"POST {DEVICE}/test": (401, 404, 404, 202, 404),
    f"GET {DEVICE}/test": (401, 404, 404, 200, 404),
    # questions: the author's own may be used by the cohort, and changed by the author alone
    "GET /api/prompts": (401, 200, 200, 200, 200),
    "GET /api/prompts/today": (401, 200, 200, 200, 200),
    "PUT /api/prompts/days/<string(length=10):day>": (401, 200, 200, 200, 200),
    "PUT /api/prompts/<uuid:prompt_id>": (401, 404, 404, 200, 404),
    "DELETE /api/prompts/<uuid:prompt_id>": (401, 404, 404, 204, 404),
    # taking everything: the author's export
    "GET /api/me/exports": (401, 200, 200, 200, 200),
    "POST /api/me/exports": (401, 202, 202, 202, 202),
    "GET /api/me/exports/<uuid:export_id>": (401, 404, 404, 200, 404),
    "GET /api/me/exports/<uuid:export_id>/file": (401, 404, 404, 200, 404),
    # bringing back, for oneself alone
    "POST /api/me/imports": (401, 200, 200, 200, 200),
    # a cohort's reminders: any member may host
    f"GET {COHORT}/reminders": (401, 404, 200, 200, 200),
    "PUT /api/reminders/<uuid:reminder_id>": (401, 404, 200, 200, 200),
    "DELETE /api/reminders/<uuid:reminder_id>": (401, 404, 204, 204, 204),
    # what of the things that a phone holds it may no longer see: each hears of their own sight
    "POST /api/sync": (401, 200, 200, 200, 200),
}
