/**
 * When something of mine, laid over the server's snapshot, is the server's to show from now on. This is the only rule
 * for it (docs/decisions/local-first-collection.md): only against a snapshot that was asked for after the server had
 * acknowledged mine, and that has mine or something newer.
 */
import type { ItemKind, Phone } from './database';
import { both, keyOf, put, type KeptItem } from './items';
import type { Pending } from './pending.svelte';
import { seal, type Sealed } from './seal';
import { session } from './session.svelte';

/**
 * What a snapshot says of an item: its version there (`Infinity` where the server counts none), null where it is not
 * there any more, undefined where the snapshot knows nothing of it, or was not answered.
 */
export type Said = number | null | undefined;

/** Mine, and what the server's side says of it. */
export interface Laid {
  own: Pending<any>;
  says(id: string, value: any): Said;
  /** What stays on this phone all the same, as the snapshot has it: the server may forget whose it was, or say it pages later. */
  keeps?(id: string): { value: unknown; version?: number } | undefined;
}

/**
 * Ask the server, and let go of what of mine it shows from now on.
 * @param ask told whether an answer on its way may be from before something of mine had arrived
 */
export async function hear(
  laid: readonly Laid[],
  ask: (isBehind: boolean) => Promise<unknown>,
): Promise<void> {
  const { phone } = session;
  await Promise.all(laid.map(({ own }) => own.read()));
  const sent = laid.map(({ own }) => own.all.filter(isAcknowledged));
  await ask(sent.some(({ length }) => length > 0));
  const steps = laid.map(({ own, says, keeps }, at) =>
    own.inTurn(async () => {
      if (!session.isStill(phone)) return;
      for (const item of sent[at]!) {
        if (!mayGo(item, says(item.id, item.value))) continue;
        const kept = keeps?.(item.id);
        const rest = kept && { ...kept, sealed: await seal(phone.key, kept.value) };
        await letGo(phone, own.kind, item, rest);
      }
    }),
  );
  await Promise.all(steps);
  await Promise.all(laid.map(({ own }) => own.read()));
}

type Mine = Pick<KeptItem<unknown>, 'version' | 'isGone'> & { row: object | null };

const isAcknowledged = ({ row }: Mine): boolean => !row;

/** @param said by a snapshot that was asked for after `mine` was acknowledged */
export function mayGo({ version }: Pick<Mine, 'version'>, said: Said): boolean {
  return said === null || (said !== undefined && said >= (version ?? 0));
}

/** Not changed, sent or taken away here since. */
const isAsItWas = (then: Mine, now: Mine): boolean =>
  isAcknowledged(now) && now.version === then.version && now.isGone === then.isGone;

/** Forget it here, or keep only what the server says now, if it is still as it was. */
function letGo(
  phone: Phone,
  kind: ItemKind,
  then: KeptItem<unknown>,
  now?: { version?: number; sealed: Sealed },
): Promise<void> {
  const { id } = then;
  return both(phone, kind, async (stores) => {
    const [item, row = null] = await Promise.all([
      stores.objectStore(kind).get(id),
      stores.objectStore('outbox').get(keyOf(kind, id)),
    ]);
    if (!item || !isAsItWas(then, { ...item, row })) return;
    const rest = now && { id, version: now.version ?? item.version, sealed: now.sealed };
    await put(stores, kind, id, { item: rest ?? null, row });
  });
}
