import { expect, it } from 'vitest';
import { catchSharedText, takeSharedText } from './shared-in';

it('takes shared text out of the address and hands it over once', () => {
  history.replaceState(
    null,
    '',
    '/?title=Notes&text=We%20paused&url=https://example.org/a&compose=1',
  );
  catchSharedText();
  expect(location.search).toBe('?compose=1');
  expect(takeSharedText()).toBe('Notes\nWe paused\nhttps://example.org/a');
  expect(takeSharedText()).toBe('');
});

it('says the same thing once when an app sends it twice', () => {
  history.replaceState(null, '', '/?title=We%20paused&text=We%20paused');
  catchSharedText();
  expect(takeSharedText()).toBe('We paused');
});

it('leaves other screens’ addresses alone', () => {
  history.replaceState(null, '', '/mine?text=pause');
  catchSharedText();
  expect(location.search).toBe('?text=pause');
  expect(takeSharedText()).toBe('');
});
