/**
 * Words at rest on the phone are sealed: AES-GCM under a key that the browser keeps and will not
 * hand out. Signing out drops the key, so what a browser leaves behind on the disk after a
 * database is deleted says nothing. (It is no defence against somebody using the unlocked phone.)
 */
export interface Sealed {
  iv: Uint8Array<ArrayBuffer> | null;
  data: ArrayBuffer;
}

/** Absent where the browser has no Web Crypto (a plain-http address that is not loopback). */
export type Key = CryptoKey | null;

export async function newKey(): Promise<Key> {
  if (!globalThis.crypto?.subtle) return null;
  return crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
}

export async function seal(key: Key, value: unknown): Promise<Sealed> {
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  if (!key) return { iv: null, data: bytes.buffer };
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { iv, data: await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, bytes) };
}

export async function unseal<T>(key: Key, sealed: Sealed): Promise<T> {
  const { iv, data } = sealed;
  const bytes = iv && key ? await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, key, data) : data;
  return JSON.parse(new TextDecoder().decode(bytes)) as T;
}
