import { beforeEach, expect, test, vi } from 'vitest';
import { json, PretendServer } from '../../testing/pretend-server';
import { newPhone, settled, tab } from '../../testing/pretend-tab';
import { show, takeDown } from '../../testing/screen';

const SAID = {
  run_by: 'NHS Example',
  support: [
    { name: 'Samaritans', line: '116 123' },
    { name: 'Staff', line: 'https://example.org/staff' },
    { name: 'Chaplain', line: 'bleep 4411, day and night' },
    { name: 'Not a page', line: 'javascript:alert(1)' },
  ],
};
let asked: number;
let isAway: boolean;

beforeEach(async () => {
  document.body.replaceChildren();
  asked = 0;
  isAway = false;
  newPhone();
  const server = new PretendServer();
  server.plugIn();
  server.faults = [
    ({ path }) => {
      if (path !== '/api/help') return null;
      asked += 1;
      return isAway ? 'lost request' : json(200, SAID);
    },
  ];
  await tab();
});

async function open(): Promise<void> {
  const { default: Help } = await import('./Help.svelte');
  await show(Help);
}

const shows = (words: string) =>
  vi.waitFor(() => expect(document.body.textContent).toContain(words));

test('what the operator set is asked for once, and shown without signal later', async () => {
  await open();
  await shows('Here it is run by: NHS Example.');
  await settled();
  expect(asked).toBe(1);
  await takeDown();
  await tab();
  isAway = true;
  await open();
  await shows('Here it is run by: NHS Example.');
  await shows('116 123');
});

test('a line that is a number or a page is a link, anything else is words', async () => {
  await open();
  await shows('bleep 4411');
  const links = [...document.querySelectorAll('#talk a')].map((one) => one.getAttribute('href'));
  expect(links).toEqual(['tel:116123', 'https://example.org/staff']);
});

test('where nothing was heard yet that is said, and nobody is named', async () => {
  isAway = true;
  await open();
  await shows('Support lines show here once there is signal.');
  await shows('Your facilitator can tell you who runs it here.');
});
