/** A place between two neighbours; a missing one is the end. */
export function between(before: number | undefined, after: number | undefined): number {
  if (before === undefined) return after === undefined ? 0 : after - 1;
  return after === undefined ? before + 1 : (before + after) / 2;
}

/**
 * Where an item of an ascending list has to go to stand one step up or down.
 * @returns null when it cannot go further
 */
export function moved(positions: readonly number[], index: number, step: 1 | -1): number | null {
  const over = positions[index + step];
  if (over === undefined) return null;
  const beyond = positions[index + 2 * step];
  const place = step === -1 ? between(beyond, over) : between(over, beyond);
  return place === over || place === beyond ? over + step : place;
}

/** The same list with one item somewhere else. */
export function withMoved<T>(list: readonly T[], from: number, to: number): T[] {
  const rest = list.toSpliced(from, 1);
  return rest.toSpliced(Math.max(0, Math.min(rest.length, to)), 0, list[from]!);
}
