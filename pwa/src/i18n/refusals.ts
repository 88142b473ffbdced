import { t, type Key, type Values } from '.';

/** What the server would not do, as it says so. */
interface Refused {
  reason: string;
  /** In English. */
  message: string;
  values?: Values | undefined;
  /** Sentences that follow. */
  also?: Refused[] | undefined;
}

/**
 * A refusal in the language of whoever reads it, where its sentence is here; else as the server said it.
 * `about` among its values tells sentences of one reason apart.
 */
export function refusalWords(refused: Refused): string {
  const said = [refused, ...(refused.also ?? [])].map(sentence);
  return said.includes(null) ? refused.message : said.join(' ');
}

/** What is wrong with each field: said as refusals are, or as the server said it where it has no word for that. */
export function fieldWords(fields: Record<string, (string | Refused)[]> = {}) {
  const said = (one: string | Refused) => (typeof one === 'string' ? one : refusalWords(one));
  const inWords = Object.entries(fields).map(([name, all]) => [name, all.map(said).join(' ')]);
  return Object.fromEntries(inWords) as Record<string, string>;
}

/** Null where it is not known here, or lacks what stands in it: a problem that an older version kept has no values. */
function sentence({ reason, values = {} }: Refused): string | null {
  const key = `refusal.${[reason, values.about].filter(Boolean).join('.')}`;
  let isWhole = true;
  const looked = new Proxy(values, {
    get(all, name: string) {
      isWhole &&= name in all;
      return all[name] ?? '';
    },
  });
  // What is in no catalogue is answered with its key.
  const said = t(key as Key, looked);
  return said === key || !isWhole ? null : said;
}
