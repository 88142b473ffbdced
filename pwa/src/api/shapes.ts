/** What travels between the phone and the server: short names for the types generated from openapi.json. */
import type { components, paths } from './schema';

type Shapes = components['schemas'];

export interface List<T> {
  items: T[];
  next: string | null;
}

/** A person as others see them named. */
export type PersonRef = Shapes['PersonOut'];

export type ReflectionOut = Shapes['ReflectionOut'];
export type Area = ReflectionOut['areas'][number];
export type Noticing = NonNullable<ReflectionOut['noticing']>;
export type Audience = ReflectionOut['audience'];
/** The phone always says everything, so that a lost field can never widen or empty anything. */
export type ReflectionIn = Required<Shapes['ReflectionIn']> & {
  audience: Audience;
  written_at: string;
};
export type ReflectionChange = Shapes['ChangeOut'];
export type ReflectionChanges = Shapes['ChangesOut'];

export type ResponseOut = Shapes['ResponseOut'];
export type ResponseIn = Shapes['ResponseIn'];
export type ResponseKind = ResponseOut['kind'];

export type Me = Shapes['MeOut'];
/** The phone says of a person what it would show: never the `null` of a browser that knows no zone. */
export type MeChange = Partial<Pick<Me, keyof Shapes['MeIn']>>;
export type SessionOut = Shapes['SessionOut'];
export type AddressOut = Shapes['AddressOut'];
export type EndedOut = Shapes['EndedOut'];
export type SessionListed = Shapes['MySessionOut'];
export type ErasureOut = Shapes['ErasureOut'];
export type DemoPerson = Shapes['WayInOut'];

export type CohortOut = Shapes['CohortOut'];
export type CohortIn = Shapes['CohortIn'];
export type CohortPerson = Shapes['MemberOut'];
export type Role = CohortOut['my_role'];
export type FacilitatingOut = Shapes['FacilitatingOut'];
export type ObjectionReason = Shapes['ObjectionIn']['reason'];
export type PowerOut = Shapes['PowerOut'];
export type InvitationIn = Shapes['InvitationIn'];
export type InvitationOut = Shapes['InvitationOut'];
/** An invitation with its link, as it is made and as it is shown again. */
export type ShownInvitation = Shapes['ShownInvitationOut'];
export type MailedInvitationIn = Shapes['MailedInvitationIn'];
export type InvitationWelcome = Shapes['WelcomeOut'];
export type AcceptanceIn = Shapes['AcceptanceIn'];
export type AcceptanceOut = Shapes['AcceptanceOut'];

export type RhythmOut = Shapes['RhythmOut'];
export type RhythmIn = Shapes['RhythmIn'];
export type TimeWindow = RhythmOut['windows'][number];
export type NoticeKind = keyof RhythmOut['kinds'];
export type DeviceOut = Shapes['DeviceOut'];
export type DeviceIn = Shapes['DeviceIn'];
export type TrialOut = Shapes['TrialOut'];

export type NoticeOut = Shapes['NoticeOut'];
export type WaitingOut = Shapes['WaitingOut'];
export type UnseenOut = Shapes['UnseenOut'];
export type HelpOut = Shapes['HelpOut'];
export type ExportOut = Shapes['ExportOut'];
export type BroughtBackOut = Shapes['BroughtBackOut'];
export type ReadIn = Shapes['ReadIn'];
export type PromptOut = Shapes['PromptOut'];
export type PromptIn = Required<Shapes['PromptIn']>;
export type Depth = PromptOut['depth'];
export type TodayOut = Shapes['TodayOut'];
export type DayOut = Shapes['DayOut'];
export type DayIn = Shapes['DayIn'];
export type ReminderOut = Shapes['ReminderOut'];
export type ReminderIn = Required<Shapes['ReminderIn']>;

export type ActivityOut = Shapes['ActivityItemOut'];
export type ActivityKind = ActivityOut['kind'];
/** Kinds of lines that people look for together. */
export type ActivityGroup = NonNullable<
  NonNullable<paths['/api/cohorts/{cohort_id}/activity']['get']['parameters']['query']>['group']
>;

/** `by_when`: no_rush, this_week, after_gathering, or a date. */
export type FeedbackRequestOut = Shapes['FeedbackRequestOut'] & { by_when: string };
export type FeedbackRequestIn = Required<Shapes['FeedbackRequestIn']> & { by_when: string };
/** What passes between two people: asked for by a request, or offered. */
export type FeedbackOut = Shapes['FeedbackOut'];
export type FeedbackAnswerIn = Shapes['AnswerIn'];
export type FeedbackOfferIn = Shapes['OfferIn'];
export type DeclineHow = NonNullable<FeedbackOut['declined_how']>;
export type FeedbackBalance = Shapes['BalanceOut'];

export type ContractOut = Shapes['ContractOut'];
export type Commitment = ContractOut['commitments'][number];
export type ContractChange = Shapes['ContractChangeIn'];
export type InvitedContract = Shapes['InvitedContractOut'];
export type ContractVersion = Shapes['ContractVersionOut'];
export type WholeVersion = Shapes['WholeVersionOut'];
export type ReviewOut = Shapes['ReviewOut'];
export type ReviewIn = Required<Shapes['ReviewIn']>;
export type ProposalOut = Shapes['ProposalOut'];
export type ProposalIn = Required<Shapes['ProposalIn']>;
export type ProposalKind = ProposalOut['kind'];
export type PositionOut = Shapes['PositionOut'];
export type PositionIn = Required<Shapes['PositionIn']>;
export type PositionChoice = PositionOut['position'];
export type RemarkOut = Shapes['RemarkOut'];
export type RemarkIn = Shapes['RemarkIn'];
export type RemarkKind = RemarkOut['kind'];
export type CheckInOut = Shapes['CheckInOut'];
export type CheckInAnswerIn = Required<Shapes['CheckInAnswerIn']>;
export type CheckInWord = CheckInAnswerIn['word'];
export type CohortPulse = Shapes['CohortPulseOut'];
export type CommitmentPulse = Shapes['CommitmentPulseOut'];
export type PulseOut = Shapes['PulseOut'];

/** Something that the server says by a word for it, and in English. */
export interface Told {
  reason: string;
  message: string;
  /** What stands in that sentence. */
  values?: Record<string, string | number>;
}

/** What a refusal says: `reason` is a stable word, `message` a plain sentence. */
export interface Refusal extends Told {
  code: number;
  status: string;
  /** Sentences that follow it. */
  also?: Told[];
  /** What is wrong with fields of the body; in `errors` the same in English. */
  fields?: Record<string, Told[]>;
  errors?: { json?: Record<string, string[]> } & Record<string, unknown>;
  /** With a 412: the item as the server has it. */
  current?: unknown;
  /** With `asked_already`: ids of people for whom an earlier ask of mine waits. */
  waiting?: string[];
}

/** `/api/cohorts/{cohort_id}/people` → `/api/cohorts/${string}/people` */
type Filled<Path> = Path extends `${infer Before}{${string}}${infer After}`
  ? `${Before}${string}${Filled<After>}`
  : Path;

/** An address that the server really has. */
export type ApiPath = Filled<keyof paths> | `${Filled<keyof paths>}?${string}`;
