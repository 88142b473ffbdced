/** What somebody has just done, in a sentence: said on the screen where they are then, until they leave it. */
class Happened {
  words = $state('');
}

export const happened = new Happened();
