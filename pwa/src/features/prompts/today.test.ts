import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { dayIn, today } from '../../core/days';
import { json, PretendServer } from '../../testing/pretend-server';
import { newPhone, settled, signedInTab } from '../../testing/pretend-tab';
import { show } from '../../testing/screen';

const PROMPT = { id: 'p', text: 'Who was not in the room?' };
const TOMORROWS = { id: 'q', text: 'What did you leave unsaid?' };
const GIVEN = {
  date: today(),
  choice: 'given',
  prompt: PROMPT,
  coming: [{ date: dayIn(1), prompt: TOMORROWS }],
};

let server: PretendServer;
let answers: () => void;

beforeEach(() => {
  newPhone();
  server = new PretendServer();
  server.plugIn();
  const isAnswered = new Promise<void>((done) => (answers = done));
  server.faults = [
    async ({ path }) => {
      if (path !== '/api/prompts/today') return null;
      await isAnswered;
      return json(200, GIVEN);
    },
  ];
});

afterEach(() => vi.useRealTimers());

test('on a phone that has heard none, the place is kept until the question is here', async () => {
  await signedInTab();
  const { question } = await import('./today.svelte');
  await vi.waitFor(() => expect(server.seen.at(-1)?.path).toBe('/api/prompts/today'));
  expect(question.isKnown).toBe(false);
  answers();
  await vi.waitFor(() => expect(question.isKnown).toBe(true));
  expect(question.prompt?.text).toBe(PROMPT.text);
});

test('a question that does not come is not waited for', async () => {
  await signedInTab();
  const { question } = await import('./today.svelte');
  await vi.waitFor(() => expect(question.isKnown).toBe(true), 4_000);
  expect(question.prompt).toBeNull();
});

test('one that this phone has heard stands there before anybody is asked', async () => {
  await signedInTab();
  const { question, TodaysQuestion } = await import('./today.svelte');
  answers();
  await vi.waitFor(() => expect(question.prompt).not.toBeNull());
  await settled(); // it is shown before it is put away
  server.faults = [() => new Promise(() => undefined)];
  const again = new TodaysQuestion();
  await vi.waitFor(() => expect(again.isKnown).toBe(true));
  expect(again.prompt?.text).toBe(PROMPT.text);
});

test.each([
  ['is come back to', () => document.dispatchEvent(new Event('visibilitychange'))],
  ['is still looked at', () => dispatchEvent(new Event('alongside:again'))],
])('an app that stayed open overnight shows the new day when it %s', async (_how, happens) => {
  answers();
  await signedInTab();
  const { question } = await import('./today.svelte');
  await show((await import('../today/Today.svelte')).default);
  await vi.waitFor(() => expect(document.querySelector('h1')!.textContent).toContain(PROMPT.text));
  vi.useFakeTimers({ toFake: ['Date'], now: new Date(`${dayIn(1)}T12:00`) });
  happens();
  await vi.waitFor(() => expect(question.prompt?.text).toBe(TOMORROWS.text));
  const now = new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long' });
  expect(document.querySelector('.top p')!.textContent).toBe(now.format(new Date()));
});

test('another one that cannot be had is a failure that whoever asked can say', async () => {
  await signedInTab();
  answers();
  const { prompts } = await import('./prompts.svelte');
  server.faults = [() => 'lost request'];
  await expect(prompts.another()).rejects.toThrow('no questions');
});

test('whether it was answered today is known before anything of Today is drawn', async () => {
  await signedInTab();
  const { question, TodaysQuestion } = await import('./today.svelte');
  const { default: Today } = await import('../today/Today.svelte');
  answers();
  await vi.waitFor(() => expect(question.prompt).not.toBeNull());
  await question.rest(PROMPT.id);
  await settled();
  server.faults = [() => new Promise(() => undefined)];
  const again = new TodaysQuestion();
  expect(again.isRead).toBe(false);
  await vi.waitFor(() => expect(again.isRead).toBe(true));
  expect(again.isAnswered).toBe(true);
  question.isRead = false;
  await show(Today);
  expect(document.querySelector('h1')).toBeNull();
  question.isRead = true;
  await vi.waitFor(() => expect(document.querySelector('h1')!.textContent).toBe('Anything else?'));
});
