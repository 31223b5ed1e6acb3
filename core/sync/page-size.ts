/** Something is soon to be seen on a new device. */
const FIRST = 100;
const LEAST = 25;
/** What the server gives at most is a thousand. */
export const MOST_ROWS = 500;
/** So long may a page take to be written: with what is told after it, and a page that is read before it, well under 50 ms. */
const AIM_MS = 15;

/** How many rows to ask for: as many as this machine writes in the time that nobody notices. */
export class PageSize {
  #rows = FIRST;

  get rows(): number {
    return this.#rows;
  }

  /** @param ms that writing a full page took. A clock that was set meanwhile says nonsense; the next page says better. */
  took(ms: number): void {
    const factor = Math.min(2, AIM_MS / Math.max(1, ms));
    this.#rows = Math.max(LEAST, Math.min(MOST_ROWS, Math.round(this.#rows * factor)));
  }
}
