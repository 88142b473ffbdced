/** What is being written on Today: survives leaving the screen, closing the app and a crash. */
import { afterFrame } from '../../core/idle';
import { meant } from '../../core/meant';
import { takeSharedText } from '../../core/shared-in';
import { question } from '../prompts/today.svelte';
import { Draft } from '../../store/drafts';
import { PhoneIsFull } from '../../store/problems';
import { session } from '../../store/session.svelte';
import { blankDraft, isSaid, keep, type ReflectionDraft } from './keeping';

/** Milliseconds until a keep that is not answered yet says that it is on its way. */
const LONG = 300;
const KEY = 'reflection/new';

export class Composer {
  draft = $state(blankDraft());
  /** Areas and stretch are shown. Only a tap shows them: words that one types move nothing. */
  wantsMore = $state(false);
  /** away: what was wanted has not been fetched yet, and cannot be now */
  problem = $state<'nothing' | 'full' | 'failed' | 'away' | null>(null);
  /** The reflection kept last, to say how safe it is. */
  keptId = $state<string | null>(null);
  /** It takes long: a button that changes for a blink is in the way of the answer. */
  isSlow = $state(false);

  #isKeeping = false;
  #saved: Draft<ReflectionDraft> | null = null;
  #isRestored = $state(false);

  constructor() {
    session.onArrive(() => void this.#restore());
    session.onLeave(() => this.#forget());
  }

  get isBlank(): boolean {
    return !String(meant('', this.draft.text)).trim() && !this.draft.noticing;
  }

  /** Nothing at all is begun: the box is as it was before the first letter. */
  get isUntouched(): boolean {
    return isUntouched(this.draft);
  }

  get isMore(): boolean {
    return this.wantsMore || isSaid({ ...this.draft, text: '', noticing: null });
  }

  /** Follows every change from inside an effect, once what was typed last time is back. */
  remember(): void {
    const draft = $state.snapshot(this.draft);
    if (!this.#isRestored) return;
    if (!isUntouched(draft)) this.#saved?.save(draft);
    // Until the next frame somebody may have begun again.
    else afterFrame(() => this.isUntouched && void this.#saved?.clear());
  }

  /** Text that another app shared lands below what is already there. */
  takeShared(): void {
    const text = takeSharedText();
    if (text) this.draft.text = joined(this.draft.text, text);
  }

  /** @param promptId the question that the words answer */
  async keep(promptId: string | null = null): Promise<void> {
    if (this.#isKeeping) return;
    this.problem = this.isBlank ? 'nothing' : null;
    if (this.problem) return;
    this.#isKeeping = true;
    const slow = setTimeout(() => (this.isSlow = true), LONG);
    try {
      const kept = await keep({
        ...$state.snapshot(this.draft),
        prompt_id: promptId,
      });
      this.keptId = kept.id;
      if (promptId) void question.rest(promptId).catch(() => undefined);
      this.draft = blankDraft();
      this.wantsMore = false;
      // The draft goes with the box that is empty again (`remember`), the offer comes when there is an answer.
      afterFrame(() => void offerToInstall().catch(() => undefined));
    } catch (error) {
      this.problem = error instanceof PhoneIsFull ? 'full' : 'failed';
    } finally {
      clearTimeout(slow);
      this.#isKeeping = this.isSlow = false;
    }
  }

  /** Does what needs a file that may not be here yet. */
  async fetching(run: () => Promise<unknown>): Promise<void> {
    this.problem = await run().then(
      () => null,
      () => 'away',
    );
  }

  async #restore(): Promise<void> {
    const draft = new Draft<ReflectionDraft>(KEY, () => (this.problem = 'full'));
    this.#saved = draft;
    const before = await draft.restore().catch(() => null);
    if (this.#saved !== draft) return;
    // Somebody may have been quicker than the disk.
    if (before) this.draft = { ...before, text: joined(before.text, this.draft.text) };
    this.#isRestored = true;
  }

  #forget(): void {
    this.#saved = null;
    this.#isRestored = false;
    this.draft = blankDraft();
    this.keptId = null;
    this.problem = null;
    this.wantsMore = false;
  }
}

const offerToInstall = async () => (await import('../../core/installing')).offerAfterFirstKeep();

const isUntouched = (draft: ReflectionDraft): boolean => draft.audience === 'me' && !isSaid(draft);

function joined(before: string, after: string): string {
  return [before, after].filter(Boolean).join('\n');
}

export const composer = new Composer();
