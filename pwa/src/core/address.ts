/** This very address, without one of the things that it says behind its question mark. */
export function addressWithout(name: string): string {
  const { pathname, searchParams, hash } = new URL(location.href);
  searchParams.delete(name);
  const query = searchParams.size ? `?${searchParams}` : '';
  return pathname + query + hash;
}
