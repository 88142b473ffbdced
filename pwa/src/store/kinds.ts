/**
 * What a kind of item is: one record of each, which its feature gives (`features/<name>/kinds.ts`). The engine looks
 * kinds up here and knows none by itself; which there are is said in one place, `src/kinds.ts`.
 */
import type { ApiPath } from '../api/shapes';
import type { NamedIn } from '../i18n/en';
import type { Shape, Thing } from './copies';
import type { ItemKind } from './database';
import { source } from './kinds-source';

/** As what those that are unsent are named to whoever signs out: the catalogue counts them under this name (`me.signOut`). */
export type Lost = NamedIn<'me.signOut'>;

/**
 * All that is to be said of a kind of item: where and as what it travels, what makes two of them the same words, how it is
 * named, what of others' it holds. A kind that leaves one out does not compile.
 */
export interface Kind<Value, In extends object, Out> {
  method: 'PUT' | 'PATCH' | 'POST';
  /** Null: what was read or skipped is no loss. */
  unsentAs: Lost | null;
  /** What of others' one of them may hold, as the server sends it back; null: nothing. */
  holds: Shape | null;
  /** What comes last holds: it is sent without a precondition, and no version goes with it. */
  isUnconditional?: true;
  /**
   * Of what is shown over a list of the server's: the fields that tell to which list it belongs. Once it is gone, only
   * these are remembered, until that list knows. Null: it is in no list, or cannot be taken away.
   */
  listedBy: readonly (keyof Value & string)[] | null;
  /** The one of mine that it names, so that the server has to have that first. */
  names?(value: Value): { kind: ItemKind; id: string } | null;
  /** Once it is sent there is nothing to keep: the server answers without a body. */
  leavesNothing?: true;
  path(id: string): ApiPath;
  /**
   * All that travels, field by field; or, of what sends something else each time, how it is taken from an item. What is
   * sent (`bodyOf`) and what is compared (`essenceOf`) come from it.
   */
  content: Content<Value, In> | ((value: Value) => In);
  /** Compared by the names of its fields and not by their order: as it was when it was first sent (`essenceOf`). */
  isComparedByName?: true;
  /** What the phone keeps once the server has answered. */
  kept(out: Out): Value;
  /** Whether this answer is about this item of this person. */
  isAnswerFor(out: Out, id: string, personId: string): boolean;
  /** Whether what the server has holds no words yet: then a newer version there is no other text. */
  isEmpty?(value: Value): boolean;
}

/** A field for each that the server takes: the compiler asks for one that is new there. */
export type Content<Value, In> = {
  [Name in keyof In]-?:
    | Special<Value, In[Name]>
    | (Name extends keyof Value
        ? Value[Name] extends In[Name]
          ? Same<Value[Name]>
          : never
        : never);
};

/** Of a field that travels as it stands: what of it makes two the same (`words`, `set`, `plain`). */
type Same<Said> = (said: Said) => unknown;

/** A field that does not travel as it stands, or that makes no difference. */
export interface Special<Value, Sent> {
  sent(value: Value): Sent;
  /** What makes two of them the same in it; null: two that differ only in it are the same words. */
  same: ((sent: Sent, value: Value) => unknown) | null;
}

/** Written by somebody: spaces around it are no other words. */
export const words = (said: string): string => said.trim();
/** Chosen in whatever order. */
export const set = (said: readonly (string | number)[]): unknown => said.toSorted();
/** As it is. */
export const plain = (said: unknown): unknown => said;

// eslint-disable-next-line -- each is only ever given items of its own kind
export type AnyKind = Kind<any, any, any>;

interface Said {
  name: string;
  sent: unknown;
  /** What is compared; none where it makes no difference. */
  same: [unknown] | [];
}

function said({ content }: AnyKind, value: Record<string, unknown>): Said[] {
  const fields = content as Record<string, Same<unknown> | Special<unknown, unknown>>;
  return Object.entries(fields).map(([name, how]) => {
    if (typeof how === 'function') {
      const as = value[name];
      // Undefined: kept by a version of the app that had no such field.
      return { name, sent: as, same: as === undefined ? [] : [how(as)] };
    }
    const sent = how.sent(value);
    return { name, sent, same: how.same ? [how.same(sent, value)] : [] };
  });
}

/** What is sent of an item. */
export function bodyOf(kind: AnyKind, value: unknown): object {
  if (typeof kind.content === 'function') return kind.content(value);
  const all = said(kind, value as Record<string, unknown>);
  return Object.fromEntries(all.map(({ name, sent }) => [name, sent]));
}

/**
 * What makes two items the same words, for what was sent and for what is stored alike. Marks of it outlive an update of the
 * app (`OutboxRow.attempted`): it never changes for what there is; a field that is new comes last.
 */
export function essenceOf(kind: AnyKind, value: unknown): unknown {
  if (typeof kind.content === 'function') return kind.content(value);
  return shaped(kind, compared(kind, value));
}

/** As `essenceOf`, and as versions of the app had it that lacked the last fields, in which there is nothing. */
export function essencesOf(kind: AnyKind, value: unknown): unknown[] {
  if (typeof kind.content === 'function') return [kind.content(value)];
  const all = compared(kind, value);
  const least = all.findLastIndex(([, same]) => !isEmpty(same)) + 1;
  return all
    .slice(least)
    .reduceRight<unknown[]>(
      (found, _field, place) => [...found, shaped(kind, all.slice(0, least + place))],
      [shaped(kind, all)],
    );
}

type Compared = [name: string, same: unknown][];

const compared = (kind: AnyKind, value: unknown): Compared =>
  said(kind, value as Record<string, unknown>).flatMap(({ name, same }) =>
    same.map((one): Compared[number] => [name, one]),
  );

const shaped = ({ isComparedByName }: AnyKind, fields: Compared): unknown =>
  isComparedByName ? Object.fromEntries(fields) : fields.map(([, same]) => same);

const isEmpty = (same: unknown): boolean => (Array.isArray(same) ? !same.length : !same);

/** What the phone keeps, and how all of it looks: said once, by whoever puts the app together. */
export interface Known {
  kinds: Record<ItemKind, AnyKind>;
  /** Answers of the server by their address without its query; an `_` stands for one id. */
  answers: Readonly<Record<string, Shape>>;
  /** What an address that begins so is about. */
  about: Readonly<Record<string, Thing>>;
}

/** @throws Error where nobody has said which kinds there are, or when that cannot be fetched now */
export async function allKinds(): Promise<Known> {
  if (!source.load) throw new Error('no kinds of items are known here: src/kinds.ts was not named');
  return (await source.load()).KNOWN;
}

/** @throws Error as `allKinds`, and for a kind that there is none of */
export async function kindOf(name: ItemKind): Promise<AnyKind> {
  const { [name]: kind } = (await allKinds()).kinds;
  if (!kind) throw new Error(`there is no kind of items that is called ${name}`);
  return kind;
}
