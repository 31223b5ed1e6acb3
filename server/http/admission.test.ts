import { describe, expect, it } from 'vitest';
import { Admission } from './admission.ts';
import { HttpError } from './errors.ts';

const here = (): boolean => false;

/** Work that ends when it is told to. */
function hall(atOnce: number) {
  const clock = { at: 0, now: () => clock.at };
  const admission = new Admission(atOnce, clock, () => 0.5);
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const refused = new Map<string, HttpError>();
  const come = (name: string, gone = here): void => {
    const work = (): Promise<void> => {
      begun.push(name);
      return new Promise((resolve) => ends.set(name, resolve));
    };
    admission.run(gone, work).catch((error: unknown) => refused.set(name, error as HttpError));
  };
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  /** Lets one end that has worked for so long. */
  const end = async (name: string, ms: number): Promise<void> => {
    clock.at += ms;
    ends.get(name)!();
    await settle();
  };
  return { come, end, begun, refused, settle };
}

describe('admission', () => {
  it('lets no more work at a time than it may, and the others in the order in which they came', async () => {
    const { come, end, begun, settle } = hall(2);
    for (const name of ['a', 'b', 'c', 'd']) come(name);
    await settle();
    expect(begun).toEqual(['a', 'b']);
    await end('b', 10);
    expect(begun).toEqual(['a', 'b', 'c']);
    await end('a', 10);
    await end('c', 10);
    expect(begun).toEqual(['a', 'b', 'c', 'd']);
  });

  it('sends away who would wait too long, with the time that those before them take', async () => {
    const { come, end, begun, refused, settle } = hall(1);
    for (const name of ['a', 'b', 'c', 'd']) come(name);
    await settle();
    // From now on one takes 5 s: two who wait are more than anybody has patience for.
    await end('a', 5_000);
    expect(begun).toEqual(['a', 'b']);
    come('e');
    await settle();
    expect(refused.get('e')).toMatchObject({ code: 'unavailable', status: 503, retryAfter: 10 });
    expect([...refused.keys()]).toEqual(['e']);
  });

  it('sends away who has waited too long, and goes on with the next', async () => {
    const { come, end, begun, refused, settle } = hall(1);
    come('a');
    come('b');
    await settle();
    await end('a', 8_001);
    expect(refused.get('b')).toBeInstanceOf(HttpError);
    come('c');
    await settle();
    expect(begun).toEqual(['a', 'c']);
  });

  it('does nothing for who has left, and nothing is lost by work that fails', async () => {
    const { come, end, begun, settle } = hall(1);
    let left = false;
    come('a');
    come('b', () => left);
    come('c');
    await settle();
    left = true;
    await end('a', 10);
    expect(begun).toEqual(['a', 'c']);
    const admission = new Admission(1, { now: () => 0 });
    const failing = (): Promise<void> => Promise.reject(new Error('no disk'));
    await expect(admission.run(here, failing)).rejects.toThrow('no disk');
    await expect(admission.run(here, async () => 'in')).resolves.toBe('in');
  });
});
