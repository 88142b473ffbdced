/** The way to the feedback that a reflection was begun from, when its words hold our own link to one. */
export function feedbackIn(text: string): string | null {
  const at = text.indexOf(`${location.origin}/feedback/`);
  return at < 0
    ? null
    : (/^\/feedback\/[0-9a-f-]{36}/.exec(text.slice(at + location.origin.length))?.[0] ?? null);
}
