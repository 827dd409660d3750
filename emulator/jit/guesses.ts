/**
 * Guest instructions translated together, at least and at most. What nobody asked for yet is a guess; the number
 * doubles while such guesses are good and halves while they are not.
 */
const MIN_BATCH = 150;
const MAX_BATCH = 4000;
/** Of the regions guessed, one in this many must be asked for in time. */
const GOOD_GUESSES = 3;
/** One guess in so many is a sample, by which guesses are judged; the others are linked before anybody asks for them. */
const SAMPLE = 4;

/** Whether the region with this number in its batch is a sample. The first, which was asked for, is none. */
export function isSample(index: number): boolean {
  return index % SAMPLE === 1;
}

/** Learns how much is worth translating together. */
export class Guesses {
  #batch = MIN_BATCH;
  /** Samples of regions that nobody had asked for when they were made, and how many of them somebody did later. */
  #made = 0;
  #cameTrue = 0;

  /** A sample was translated. */
  made(): void {
    this.#made++;
  }

  /** Somebody asked for a sample. */
  cameTrue(): void {
    this.#cameTrue++;
  }

  /** Guest instructions to translate together now. */
  batchSize(): number {
    if (this.#made > 0) {
      const good = this.#cameTrue * GOOD_GUESSES >= this.#made;
      this.#batch = good
        ? Math.min(this.#batch * 2, MAX_BATCH)
        : Math.max(this.#batch / 2, MIN_BATCH);
      // Half of the past counts.
      this.#made /= 2;
      this.#cameTrue /= 2;
    }
    return this.#batch;
  }
}
