let id: string | null = null;

/** The corner popup that Esc would close. */
export const topPopup = (): string | null => id;
export const setTopPopup = (to: string | null): void => {
  id = to;
};
