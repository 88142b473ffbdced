import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  CANARY,
  ONE,
  allWords,
  begin,
  everything,
  here,
  id,
  kept,
  lettingGo,
  paths,
  proposalOfMine,
  reflection,
} from '../testing/copies-of-others';
import { signedInTab } from '../testing/pretend-tab';
import { LONGEST } from './age';

beforeEach(begin);
afterEach(() => vi.useRealTimers());

describe('what was not confirmed for thirty days', () => {
  const NOW = Date.now();
  const after = async (ms: number) => {
    vi.useFakeTimers({ now: NOW + ms, toFake: ['Date'] });
    here.phone = await signedInTab();
    here.server.faults = [() => 'lost request'];
  };

  test('is not shown any more, also without signal, and is gone after the next start', async () => {
    await everything();
    await after(LONGEST + 60_000);
    const [one] = await kept(ONE);
    expect(one!.value).toBeNull();
    await (await lettingGo()).letGoOfOld(here.phone.session.phone);
    expect(await paths()).toEqual([]);
  });

  test('is there until then', async () => {
    await everything();
    await after(LONGEST - 60_000);
    const [one] = await kept(ONE);
    expect(one!.value).toEqual(reflection);
    await (await lettingGo()).letGoOfOld(here.phone.session.phone);
    expect(await paths()).toHaveLength(4);
  });

  test('has its days anew from when the server was asked about all', async () => {
    await everything();
    vi.useFakeTimers({ now: NOW + LONGEST - 60_000, toFake: ['Date'] });
    await (await lettingGo()).askWhatMayStay(here.phone.session.phone);
    await after(2 * LONGEST - 120_000);
    await (await lettingGo()).letGoOfOld(here.phone.session.phone);
    expect(await paths()).toHaveLength(4);
    await after(2 * LONGEST);
    await (await lettingGo()).letGoOfOld(here.phone.session.phone);
    expect(await paths()).toEqual([]);
  });

  test('does not stay for years because a clock ran ahead', async () => {
    vi.useFakeTimers({ now: NOW + 20 * LONGEST, toFake: ['Date'] });
    await everything();
    await after(0);
    await (await lettingGo()).letGoOfOld(here.phone.session.phone);
    expect(await paths()).toHaveLength(4);
    await after(LONGEST + 60_000);
    await (await lettingGo()).letGoOfOld(here.phone.session.phone);
    expect(await paths()).toEqual([]);
  });

  test('takes others’ words out of what is mine, and leaves mine', async () => {
    const { session, items } = here.phone;
    const { askWhatMayStay } = await lettingGo();
    const own = proposalOfMine(id(30));
    vi.spyOn(here.phone.connection, 'hasNew').mockImplementation(() => {});
    await items.writeItem(session.phone, 'proposals', own.id, own);
    await askWhatMayStay(session.phone);
    await after(LONGEST + 60_000);
    await (await lettingGo()).letGoOfOld(here.phone.session.phone);
    expect(await allWords()).toContain('We rest.');
    expect(await allWords()).not.toContain(CANARY);
  });
});

describe('what was never confirmed', () => {
  test('goes from what is mine too, thirty days after it was first looked after', async () => {
    const NOW = Date.now();
    vi.spyOn(here.phone.connection, 'hasNew').mockImplementation(() => {});
    await everything();
    const { letGoOfOld } = await lettingGo();
    await here.phone.items.writeItem(
      here.phone.session.phone,
      'proposals',
      id(30),
      proposalOfMine(id(30)),
    );
    await letGoOfOld(here.phone.session.phone, NOW);
    await letGoOfOld(here.phone.session.phone, NOW + LONGEST);
    expect(await allWords()).toContain(`${CANARY} text`);
    await letGoOfOld(here.phone.session.phone, NOW + LONGEST + 1);
    expect(await allWords()).not.toContain(CANARY);
    expect(await allWords()).toContain('We rest.');
  });
});
