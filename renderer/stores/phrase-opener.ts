let current: (() => void) | null = null;

/** Opens the phrases of the composer on screen. */
export const phraseOpener = {
  open: (): void => current?.(),
  /** @returns gives the place back. */
  offer(open: () => void): () => void {
    current = open;
    return () => {
      if (current === open) current = null;
    };
  },
};
