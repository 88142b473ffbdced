/** Where a line of the activity leads, and by that to what it belongs. */
import type { ActivityGroup, ActivityKind, ActivityOut } from '../../api/shapes';

type Place = (item: ActivityOut) => string;

const CONTRACT = '/cohort/contract';
const to = (path: string) => () => path;
const shared: Place = ({ reflection }) => `/reflections/${reflection?.id}`;
const proposal: Place = ({ about }) => (about ? `${CONTRACT}/proposals/${about}` : CONTRACT);
const checkIn: Place = ({ about }) => `${CONTRACT}/check-ins/${about}`;
const person: Place = ({ by }) => `/cohort/people${by ? `?person=${by.id}` : ''}`;

const PLACES: Record<ActivityKind, Place> = {
  shared,
  responded: shared,

  proposed: proposal,
  rule_proposed: proposal,
  proposal_adopted: proposal,
  rule_adopted: proposal,
  purpose_proposed: proposal,
  purpose_adopted: proposal,
  dates_proposed: proposal,
  dates_adopted: proposal,
  proposal_returned: proposal,
  proposal_unanswered: proposal,
  proposal_overtaken: proposal,
  proposal_later: proposal,
  proposal_withdrawn: to(CONTRACT),
  review_opened: to(CONTRACT),
  review_due: to(CONTRACT),
  end_comes: to(CONTRACT),
  end_came: to(CONTRACT),
  review_ended: to(CONTRACT),
  review_reopened: to(CONTRACT),
  contract_set: to(CONTRACT),
  check_in_opened: checkIn,
  check_in_asked_anew: checkIn,
  pulse_shown: to(`${CONTRACT}/pulse`),
  talked_about: to(`${CONTRACT}/pulse`),
  to_talk_again: to(`${CONTRACT}/pulse`),

  joined: person,
  became_facilitator: person,
  renamed: person,
  left: to('/cohort/people'),
  joining_undone: to('/cohort/people'),
  stepped_down: person,
  handed_on: person,
  left_to_cohort: to('/cohort/people'),
  facilitating_taken_up: to('/cohort/people'),
  taking_up_ended: to('/cohort/people'),
  taking_up_objected: to('/cohort/people'),
  cohort_made: to('/cohort/about'),
  cohort_changed: to('/cohort/about'),
  invited: to('/cohort/convene'),
  invitation_revoked: to('/cohort/convene'),
  reminder_set: to('/cohort/convene'),
  reminder_changed: to('/cohort/convene'),
  reminder_removed: to('/cohort/convene'),
};

export const placeOf = (item: ActivityOut): string => PLACES[item.kind](item);

/** In which group it is asked for: as the server has it, too, without being asked. */
export function groupOf(item: ActivityOut): ActivityGroup {
  const place = placeOf(item);
  if (place.startsWith('/reflections/')) return 'shared';
  return place.startsWith(CONTRACT) ? 'contract' : 'people';
}
