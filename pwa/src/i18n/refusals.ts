import { t, type Key, type Values } from '.';

/** What the server would not do, as it says so. */
interface Refused {
  reason: string;
  /** In English. */
  message: string;
  values?: Values | undefined;
}

/**
 * A refusal in the language of whoever reads it, where its sentence is here; else as the server said it.
 * `about` among its values tells sentences of one reason apart.
 */
export function refusalWords({ reason, message, values = {} }: Refused): string {
  const key = `refusal.${[reason, values.about].filter(Boolean).join('.')}`;
  // What is in no catalogue is answered with its key.
  const said = t(key as Key, values);
  return said === key ? message : said;
}
