import { fork } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';

// A process of the bench answers questions of the one that started it.

/** What a process can be asked. */
export type Answers<T> = { readonly [K in keyof T]: (input: never) => Promise<unknown> };

interface Question {
  readonly id: number;
  readonly name: string;
  readonly input: unknown;
}
type Reply = { readonly id: number } & ({ readonly value: unknown } | { readonly error: string });

export interface Child<T extends Answers<T>> {
  /** @throws Error with what went wrong there, or when the process has gone */
  ask<K extends keyof T & string>(name: K, ...input: Parameters<T[K]>): ReturnType<T[K]>;
  /** Ends it. */
  stop(): Promise<void>;
}

/** @param log a file that takes what the process says */
export function startChild<T extends Answers<T>>(file: string, log: string): Child<T> {
  const out = openSync(log, 'a');
  const child = fork(file, [], { serialization: 'advanced', execArgv: ['--expose-gc'], stdio: ['ignore', out, out, 'ipc'] });
  closeSync(out);
  const open = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let asked = 0;
  let gone = false;
  const exit = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.on('message', (message) => {
    const reply = message as Reply;
    const waiting = open.get(reply.id);
    open.delete(reply.id);
    if ('error' in reply) waiting?.reject(new Error(reply.error));
    else waiting?.resolve(reply.value);
  });
  void exit.then(() => {
    gone = true;
    const said = readFileSync(log, 'utf8').slice(-2000);
    for (const { reject } of open.values()) reject(new Error(`a process of the bench ended:\n${said}`));
    open.clear();
  });
  return {
    ask(name, ...[input]) {
      const answer = new Promise<unknown>((resolve, reject) => {
        if (gone) return reject(new Error('a process of the bench has ended'));
        asked += 1;
        open.set(asked, { resolve, reject });
        child.send({ id: asked, name, input } satisfies Question);
      });
      return answer as never;
    },
    async stop() {
      // It ends when it is alone.
      if (child.connected) child.disconnect();
      await exit;
    },
  };
}

/** In the process that is asked. @param end what to do before it goes */
export function answerParent<T extends Answers<T>>(answers: T, end: () => Promise<void>): void {
  process.on('message', (message) => {
    const { id, name, input } = message as Question;
    const reply = (rest: { value: unknown } | { error: string }): void => {
      if (process.connected) process.send!({ id, ...rest });
    };
    answers[name as keyof T](input as never).then(
      (value) => reply({ value }),
      (error: unknown) => reply({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    );
  });
  process.once('disconnect', () => void end().finally(() => process.exit()));
}
