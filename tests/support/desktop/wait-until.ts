/** Long enough for a busy machine; nothing is measured with it. */
export const PATIENCE_MS = 25_000;

/** Resolves with the first value that is not undefined; rejects with what it waited for. */
export async function waitUntil<T>(what: string, look: () => T | undefined | Promise<T | undefined>, timeoutMs: number): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() >= deadline) throw new Error(`Waited ${timeoutMs} ms in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
