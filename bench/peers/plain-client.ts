import type { SampleTicket } from './data.ts';

// How an engine without a protocol of its own talks to `servers/plain.ts`.

export interface Page {
  readonly rows: readonly SampleTicket[];
  readonly checkpoint: number;
  readonly more: boolean;
}

export interface Mutation {
  /** The same one counts once. */
  readonly mid: string;
  readonly ticket: unknown;
}

export const pull = async (url: string, since: number, limit: number): Promise<Page> =>
  (await fetch(`${url}/pull?since=${since}&limit=${limit}`)).json() as Promise<Page>;

export async function push(url: string, mutations: readonly Mutation[]): Promise<readonly { readonly number: string }[]> {
  const response = await fetch(`${url}/push`, { method: 'POST', body: JSON.stringify({ mutations }) });
  return ((await response.json()) as { acks: { number: string }[] }).acks;
}

/** All pages behind a place, each applied while the next one is on its way. */
export async function pullAll(url: string, since: number, limit: number, apply: (page: Page) => unknown): Promise<void> {
  let next = pull(url, since, limit);
  for (;;) {
    const page = await next;
    if (page.more) next = pull(url, page.checkpoint, limit);
    await apply(page);
    if (!page.more) return;
  }
}
