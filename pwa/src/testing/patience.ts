import { vi } from 'vitest';

/** How long a test waits for what is to happen, in ms: a busy machine is no fault. */
const PATIENCE = 20_000;

const { waitFor } = vi;
vi.waitFor = (happens, options = PATIENCE) => waitFor(happens, options);
