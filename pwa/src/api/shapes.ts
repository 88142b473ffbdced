/** What travels between the phone and the server, by the API's own names. */

export type Area = 'self' | 'team' | 'system';
export type Noticing =
  'shifted' | 'held_back' | 'connected' | 'surprised' | 'stuck' | 'working' | 'in_the_way';
export type Stretch = 'comfortable' | 'stretching' | 'too_far';
export type Audience = 'me' | 'people' | 'cohort';
export type ResponseKind = 'appreciate' | 'curious' | 'differently';
export type Role = 'participant' | 'facilitator';

/** A person as others see them named. */
export interface PersonRef {
  id: string;
  name: string;
}

export interface List<T> {
  items: T[];
  next: string | null;
}

export interface ReflectionOut {
  id: string;
  cohort_id: string | null;
  author: PersonRef;
  text: string;
  areas: Area[];
  noticing: Noticing | null;
  stretch: Stretch | null;
  prompt_id: string | null;
  audience: Audience;
  /** The people other than the author who can see it right now. */
  shared_with: PersonRef[];
  written_at: string;
  changed_at: string;
  version: number;
  mine: boolean;
}

export interface ReflectionIn {
  cohort_id: string | null;
  text: string;
  areas: Area[];
  noticing: Noticing | null;
  stretch: Stretch | null;
  prompt_id: string | null;
  audience: Audience;
  shared_with: string[];
  written_at: string;
}

export interface Tombstone {
  id: string;
  deleted: true;
  version: number;
}

export interface ResponseOut {
  id: string;
  reflection_id: string;
  by: PersonRef;
  kind: ResponseKind;
  text: string;
  created_at: string;
  changed_at: string;
  version: number;
  mine: boolean;
}

export interface ResponseIn {
  reflection_id: string;
  kind: ResponseKind;
  text: string;
}

export interface Me {
  id: string;
  name: string;
  email: string;
  time_zone: string;
  matters: string;
  brings: string;
  curious_about: string;
  may_convene: boolean;
  version: number;
}

export type MeChange = Partial<
  Pick<Me, 'name' | 'time_zone' | 'matters' | 'brings' | 'curious_about'>
>;

export interface SessionOut {
  id: string;
  person: Me;
  started_at: string;
}

export interface SessionListed {
  id: string;
  started_at: string;
  last_used_on: string;
  device: string;
  current: boolean;
}

export interface DemoPerson {
  key: string;
  name: string;
  part: string;
}

export interface CohortOut {
  id: string;
  name: string;
  purpose: string;
  time_zone: string;
  starts_on: string | null;
  ends_on: string | null;
  my_role: Role;
  joined_at: string;
  version: number;
}

export interface CohortIn {
  name: string;
  purpose: string;
  time_zone: string;
  starts_on: string | null;
  ends_on: string | null;
}

export interface CohortPerson extends PersonRef {
  role: Role;
  matters: string;
  brings: string;
  curious_about: string;
}

export interface InvitationIn {
  role: Role;
  expires_at: string;
  uses: number;
}

export interface InvitationOut extends InvitationIn {
  id: string;
  used: number;
  revoked_at: string | null;
  created_at: string;
  created_by: PersonRef | null;
}

/** The answer to making an invitation: the only time its link is shown. */
export interface InvitationMade extends InvitationOut {
  token: string;
  url: string;
  qr: { size: number; path: string };
}

export interface InvitationWelcome {
  cohort: Pick<CohortOut, 'name' | 'purpose' | 'starts_on' | 'ends_on'>;
  invited_by: string | null;
  role: Role;
  expires_at: string;
  people: number;
  facilitator_can: string[];
  facilitator_cannot: string[];
}

export interface AcceptanceIn {
  email: string;
  code: string;
  name: string;
  matters?: string;
  time_zone: string;
}

export interface AcceptanceOut {
  cohort: CohortOut;
  session: SessionOut | null;
}

export type ActivityKind =
  | 'shared'
  | 'responded'
  | 'joined'
  | 'left'
  | 'cohort_made'
  | 'cohort_changed'
  | 'invited'
  | 'invitation_revoked';

export interface ActivityOut {
  id: string;
  happened_at: string;
  kind: ActivityKind;
  by: PersonRef;
  about: string | null;
  reflection: ReflectionOut | null;
  response: ResponseOut | null;
  details: Record<string, unknown> | null;
}

/** What a refusal says: `reason` is a stable word, `message` a plain sentence. */
export interface Refusal {
  code: number;
  status: string;
  reason: string;
  message: string;
  errors?: { json?: Record<string, string[]> } & Record<string, unknown>;
  current?: unknown;
}
