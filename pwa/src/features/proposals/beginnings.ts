/** Words of ours that a first suggestion may begin with; they are in `i18n/en/contract.json`. */
export const BEGINNINGS = ['listen', 'room', 'differ'] as const;
