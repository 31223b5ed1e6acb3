export interface PageRecovery {
  /** What to do about a page whose process has just died. */
  onCrash(): 'reload' | 'close';
}

const tries = 3;
const withinMs = 60_000;

/** Reloads a crashed page; one that keeps crashing is closed, and opens anew from the tray. */
export function createPageRecovery(now: () => number): PageRecovery {
  let crashes: number[] = [];
  return {
    onCrash() {
      const at = now();
      crashes = [...crashes.filter((each) => at - each < withinMs), at];
      if (crashes.length <= tries) return 'reload';
      crashes = [];
      return 'close';
    },
  };
}
