import { LANGUAGES, type Catalogue, type Language } from './languages';

/** What is spoken now. Whatever a screen says by it is said anew when it changes; nothing on it is lost. */
class Spoken {
  language: Language = $state.raw(LANGUAGES.en!);
  /** Its own sentences; English stands behind them. */
  words: Catalogue = $state.raw({});
}

export const spoken = new Spoken();
