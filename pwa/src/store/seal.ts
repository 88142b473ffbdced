/**
 * Words at rest on the phone are sealed: AES-GCM under a key made of two halves (keys.ts). What a
 * browser leaves of a database on the disk after signing out, the half in the database with it,
 * says nothing, because the other half was a file of its own and is gone.
 *
 * What this does not do: while somebody is signed in, or has words unsent, both halves are on the
 * phone, and whoever can read its files can read the words; so can whoever uses the phone
 * unlocked. That is the phone's own lock to prevent. And a disk may keep what was erased for a
 * while, out of everybody's reach but a laboratory's.
 */
export interface Sealed {
  iv: Uint8Array<ArrayBuffer> | null;
  data: ArrayBuffer;
}

/** Absent where the browser has no Web Crypto (a plain-http address that is not loopback). */
export type Key = CryptoKey | null;

const INFO = new TextEncoder().encode('alongside');

/** The key that both halves make. */
export function combined(base: CryptoKey, half: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  return crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: half, info: INFO },
    base,
    { name: 'AES-GCM', length: 256 },
    false,
    ['encrypt', 'decrypt'],
  );
}

/** @param replacer as JSON.stringify's: what becomes of the value's parts */
export async function seal(
  key: Key,
  value: unknown,
  replacer?: (name: string, value: unknown) => unknown,
): Promise<Sealed> {
  return sealBytes(key, new TextEncoder().encode(JSON.stringify(value, replacer)));
}

export async function unseal<T>(key: Key, sealed: Sealed): Promise<T> {
  return JSON.parse(new TextDecoder().decode(await bytesIn(key, sealed))) as T;
}

export async function sealBytes(
  key: Key,
  bytes: BufferSource & { buffer?: ArrayBuffer },
): Promise<Sealed> {
  if (!key) return { iv: null, data: new Uint8Array(bytes as Uint8Array<ArrayBuffer>).buffer };
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { iv, data: await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, bytes) };
}

export async function bytesIn(key: Key, { iv, data }: Sealed): Promise<ArrayBuffer> {
  return iv && key ? crypto.subtle.decrypt({ name: 'AES-GCM', iv }, key, data) : data;
}
