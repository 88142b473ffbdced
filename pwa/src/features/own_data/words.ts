import { perLanguage, t } from '../../i18n';

const KILOBYTE = 1_000;
const MEGABYTE = 1_000_000;
const WHOLE = { style: 'unit', unitDisplay: 'short', maximumFractionDigits: 0 } as const;

const kilobytes = perLanguage(
  (locale) => new Intl.NumberFormat(locale, { ...WHOLE, unit: 'kilobyte' }),
);
const megabytes = perLanguage(
  (locale) => new Intl.NumberFormat(locale, { ...WHOLE, unit: 'megabyte' }),
);

/** How large a file is, as one would say it. */
export function sizeWords(bytes: number): string {
  if (bytes < KILOBYTE) return t('own-data.take.small');
  return bytes < MEGABYTE
    ? kilobytes().format(bytes / KILOBYTE)
    : megabytes().format(bytes / MEGABYTE);
}
