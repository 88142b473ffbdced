/** What is held here of others' words, as the question asks about it; and what becomes of it by the answer. */
import type { Phone } from './database';
import { askWhatMayStay, heldWhole, letGoOf, letGoOfOld, noteAnswered } from './letting-go';
import type { Held } from './question';
import type { Notifications } from './shown';
import type { Synced } from './synced';

/** So long it may take to find out, in ms; what takes longer is asked about by itself. */
const HELD = 2_000;

export class HeldHere {
  /** Asking about it in questions of its own; null: not yet. */
  asking: Promise<unknown> | null = null;
  readonly #phone: Phone;
  #opened: Promise<unknown> | null = null;
  #notifications: Notifications | null = null;

  constructor(phone: Phone) {
    this.#phone = phone;
  }

  /** @param notifications what stands on the lock screen, in the worker; a page finds it */
  prepare(notifications: Notifications | undefined): void {
    this.#opened ??= letGoOfOld(this.#phone).catch(() => undefined);
    this.#notifications ??= notifications ?? null;
  }

  /** `apart`: it takes more than one question, or too long, and is asked about by itself. */
  async find(): Promise<Held | 'apart'> {
    const late = new Promise<null>((done) => setTimeout(done, HELD, null));
    return (await Promise.race([this.#find().catch(() => null), late])) ?? 'apart';
  }

  /** In as many questions of its own as it takes. */
  askApart(): void {
    this.asking = askWhatMayStay(this.#phone, this.#notifications).catch(() => undefined);
  }

  /** The server has answered about all of it. @param askedAt in ms */
  async answered(gone: Synced['gone'], askedAt: number): Promise<void> {
    await letGoOf(this.#phone, this.#notifications, gone);
    await noteAnswered(this.#phone, askedAt).catch(() => undefined);
  }

  async #find(): ReturnType<typeof heldWhole> {
    await this.#opened;
    const workers = globalThis.navigator?.serviceWorker;
    const registration = await workers?.getRegistration().catch(() => null);
    this.#notifications ??= registration ?? null;
    return heldWhole(this.#phone, this.#notifications);
  }
}
