import { type ChildProcess, spawn } from 'node:child_process';
import { Devtools } from './devtools.ts';

// A start as a person's: the runtime with the app, and nothing that holds it back.

/** What a page is waited for. Runs in the page, so it closes over nothing. */
const WATCH = (selector: string): string => `(() => {
  if (window.benchWatches) return;
  window.benchWatches = true;
  const there = () => {
    const found = document.querySelector(${JSON.stringify(selector)});
    return found !== null && (found.localName === 'body' || found.textContent !== '');
  };
  const tell = () => requestAnimationFrame(() => {
    // A message comes after the frame that this callback belongs to.
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => window.benchPainted(String(performance.timeOrigin + performance.now()));
    port2.postMessage(null);
  });
  const watcher = new MutationObserver(() => {
    if (!there()) return;
    watcher.disconnect();
    tell();
  });
  if (there()) tell();
  else watcher.observe(document, { childList: true, subtree: true, characterData: true });
})();`;

/** A start of the test runtime hangs now and then on a busy machine: every process idle, nothing to wait for. */
const START_MS = 30_000;
const TRIES = 3;
const STOP_MS = 15_000;

export interface StartOptions {
  readonly executable: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** What has to stand in the window: the first element of this kind with a text in it; `body` needs none. */
  readonly selector: string;
  /** Before the first page: for a recording. Nothing waits for it. */
  readonly onConnected?: (devtools: Devtools) => void;
}

export interface Started {
  /** From the start of the process to the end of the first frame in which it stands, ms. */
  readonly painted: number;
  /** When the page was asked for, ms from the start of the process. */
  readonly begun: number;
  /** The first frame with anything in it, ms from the start of the process; null: none yet. */
  readonly firstPaint: number | null;
  readonly devtools: Devtools;
  /** Of the page, for `devtools`. */
  readonly session: string;
  /** Runs in the page. @throws Error what it threw */
  evaluate(expression: string): Promise<unknown>;
  stop(): Promise<void>;
}

const now = (): number => performance.timeOrigin + performance.now();

/** @throws Error if nothing was painted in three starts of half a minute each */
export async function startBare(options: StartOptions): Promise<Started> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await startOnce(options);
    } catch (error) {
      if (tries === TRIES) throw error;
      process.stderr.write(`${String(error)} It is started once more.\n`);
    }
  }
}

async function startOnce(options: StartOptions): Promise<Started> {
  const from = now();
  const child = spawn(options.executable, [...options.args], { env: options.env, stdio: ['ignore', 'ignore', 'pipe'] });
  try {
    const devtools = await Devtools.connect(await addressOf(child));
    options.onConnected?.(devtools);
    const page = Promise.withResolvers<string>();
    const painted = Promise.withResolvers<number>();
    devtools.on('Runtime.bindingCalled', ({ payload }) => painted.resolve(Number(payload)));
    devtools.on('Target.attachedToTarget', ({ sessionId, targetInfo, waitingForDebugger }) => {
      const session = sessionId as string;
      const isPage = (targetInfo as { type: string }).type === 'page';
      const source = WATCH(options.selector);
      const sent = [
        ...(isPage
          ? [
              devtools.send('Runtime.addBinding', { name: 'benchPainted' }, session),
              devtools.send('Page.enable', {}, session),
              devtools.send('Page.addScriptToEvaluateOnNewDocument', { source }, session),
              devtools.send('Runtime.enable', {}, session),
            ]
          : []),
        ...(waitingForDebugger === true ? [devtools.send('Runtime.runIfWaitingForDebugger', {}, session)] : []),
        // Where it was not held back, its document may be there already; if not, the script comes with it.
        ...(isPage ? [devtools.send('Runtime.evaluate', { expression: source }, session).catch(() => {})] : []),
      ];
      Promise.all(sent).then(
        () => isPage && page.resolve(session),
        (error: unknown) => page.reject(error),
      );
    });
    await devtools.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: true, flatten: true });
    const session = await soon('a page', page.promise);
    const at = await soon(options.selector, painted.promise);
    const evaluate = async (expression: string): Promise<unknown> => {
      const { exceptionDetails, result } = await devtools.send(
        'Runtime.evaluate',
        { expression, awaitPromise: true, returnByValue: true },
        session,
      );
      if (exceptionDetails !== undefined) throw new Error(`In the page: ${JSON.stringify(exceptionDetails)}`);
      return (result as { value?: unknown }).value;
    };
    const { begun, first } = (await evaluate(`(() => {
      const first = performance.getEntriesByName('first-contentful-paint')[0];
      return { begun: performance.timeOrigin, first: first ? performance.timeOrigin + first.startTime : null };
    })()`)) as { begun: number; first: number | null };
    return {
      painted: at - from,
      begun: begun - from,
      firstPaint: first === null ? null : first - from,
      devtools,
      session,
      evaluate,
      async stop() {
        devtools.close();
        await end(child);
      },
    };
  } catch (error) {
    await end(child);
    throw error;
  }
}

/** What Chromium says on its terminal once it can be asked. */
function addressOf(child: ChildProcess): Promise<string> {
  let text = '';
  return soon(
    'its address',
    new Promise((resolve, reject) => {
      child.stderr!.on('data', (chunk: Buffer) => {
        text = (text + chunk.toString()).slice(-20_000);
        const found = /DevTools listening on (ws:\S+)/.exec(text);
        if (found !== null) resolve(found[1]!);
      });
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`The app ended with ${code} before it had a window: ${text.trim()}`)));
    }),
  );
}

async function soon<T>(what: string, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`A started window did not show ${what} within ${START_MS / 1000} s.`)), START_MS);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** As when the session ends; not for ever. */
async function end(child: ChildProcess): Promise<void> {
  const gone = new Promise<void>((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once('exit', () => resolve());
  });
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await gone;
  clearTimeout(timer);
}
