import { whenItCan } from '../../core/idle';
import { learn } from '../../i18n';

/** The look through words for a patient's identity, with its own words: it comes with the first letter, not before. */
export async function patientNotice() {
  const [notice] = await whenItCan(() =>
    Promise.all([import('./PatientNotice.svelte'), learn(['mine'])]),
  );
  return notice.default;
}
