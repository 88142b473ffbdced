/**
 * Which kinds of items there are, and how all looks that the phone keeps: each feature says its own, and here they are
 * put together, once, for the page, the worker and the tests. A kind that is missing does not compile.
 */
import * as activity from './features/activity/kinds';
import * as cohorts from './features/cohorts/kinds';
import * as contract from './features/contract/kinds';
import * as devices from './features/devices/kinds';
import * as facilitating from './features/facilitating/kinds';
import * as feedback from './features/feedback/kinds';
import * as me from './features/me/kinds';
import * as notices from './features/notices/kinds';
import * as prompts from './features/prompts/kinds';
import * as proposals from './features/proposals/kinds';
import * as pulse from './features/pulse/kinds';
import * as reflections from './features/reflections/kinds';
import * as reminders from './features/reminders/kinds';
import * as responses from './features/responses/kinds';
import * as rhythm from './features/rhythm/kinds';
import type { Answers } from './store/copies';
import type { Known } from './store/kinds';

export const KNOWN = {
  kinds: {
    reflections: reflections.reflections,
    responses: responses.responses,
    profile: me.profile,
    rhythm: rhythm.rhythm,
    days: prompts.days,
    prompts: prompts.prompts,
    reminders: reminders.reminders,
    reads: notices.reads,
    feedback_requests: feedback.requests,
    feedback_answers: feedback.given,
    feedback_offers: feedback.offers,
    feedback_acts: feedback.acts,
    proposals: proposals.proposals,
    positions: proposals.positions,
    remarks: proposals.remarks,
    reviews: contract.reviews,
    check_in_answers: pulse.checkInAnswers,
  },
  answers: {
    ...activity.answers,
    ...cohorts.answers,
    ...contract.answers,
    ...devices.answers,
    ...facilitating.answers,
    ...feedback.answers,
    ...notices.answers,
    ...prompts.answers,
    ...proposals.answers,
    ...pulse.answers,
    ...reflections.answers,
    ...reminders.answers,
    ...responses.answers,
  } satisfies Answers,
  about: {
    cohorts: 'cohort',
    reflections: 'reflection',
    proposals: 'proposal',
    'check-ins': 'check_in',
  },
} satisfies Known;
