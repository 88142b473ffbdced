/** Where a browser hides the switch for a site that was refused: each keeps it elsewhere. */
export function wayBack(userAgent: string): 'ios' | 'android' | 'safari' | 'other' {
  if (/iPhone|iPad/.test(userAgent)) return 'ios';
  if (/Android/.test(userAgent)) return 'android';
  if (/Macintosh/.test(userAgent) && !/Chrome|Firefox|Edg/.test(userAgent)) return 'safari';
  return 'other';
}
