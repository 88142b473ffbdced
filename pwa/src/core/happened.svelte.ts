/** What somebody has just done, in a sentence: said on the screen where they are then, until they leave it. */
class Happened {
  words = $state('');
  /** Where a notice leads that this was done about, though the thing itself was not opened. */
  at = $state<string | null>(null);

  say(words: string, at: string | null = null): void {
    this.words = words;
    this.at = at;
  }
}

export const happened = new Happened();
