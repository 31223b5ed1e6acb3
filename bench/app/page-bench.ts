// What is put into the page before its own code runs. It only listens: to keys, to the port to the core, to what changes on
// screen. Nothing in the product knows of it.

/** A request over the bridge and when its first answer came. */
export interface Crossing {
  readonly name: string;
  /** As JSON. */
  readonly input: string;
  readonly ms: number;
}

/** From a key, a click or a text of an input method to the end of the frame in which its effect stood. */
export interface Reaction {
  readonly ms: number;
  /** Requests that began meanwhile, in their order. */
  readonly crossings: readonly Crossing[];
}

export interface Frames {
  /** Between two frames, ms. */
  readonly gaps: readonly number[];
  /** Frames in which a row inside the viewport was missing or had no text. */
  readonly blank: number;
  /** How far it went, px. */
  readonly distance: number;
}

export interface PageBench {
  /** Waits for an input of this kind, the last one if there are several, and then for an element that was not there before. */
  arm(on: 'input' | 'click' | 'send', appears: string): void;
  reaction(): Promise<Reaction>;
  /** Asks the core, past the page. */
  ask(name: string, input: unknown): Promise<{ readonly ms: number; readonly value: unknown }>;
  startFrames(scroller: string): void;
  stopFrames(): Frames;
  /** Rows inside the viewport that are missing or empty now. */
  blankNow(scroller: string): number;
}

declare global {
  interface Window {
    bench: PageBench;
  }
}

/** Runs in the page; closes over nothing. */
export function installPageBench(): void {
  interface Sent {
    readonly name: string;
    readonly input: string;
    readonly at: number;
    /** null: none yet. */
    ms: number | null;
    done(value: unknown): void;
  }
  const sent: Sent[] = [];
  const open = new Map<number, Sent>();
  let port: MessagePort | null = null;

  window.addEventListener('message', (event: MessageEvent<{ type?: unknown; name?: unknown } | null>) => {
    const given = event.ports[0];
    if (given === undefined || event.data?.type !== 'zuoxi:port' || event.data.name !== 'core') return;
    port = given;
    const post = given.postMessage.bind(given) as (message: unknown) => void;
    given.postMessage = (message: { t: string; id: number; m: string; i: unknown }) => {
      if (message.t !== 'unwatch') {
        const entry: Sent = { name: message.m, input: JSON.stringify(message.i), at: performance.now(), ms: null, done: () => {} };
        sent.push(entry);
        if (sent.length > 2000) sent.splice(0, 1000);
        open.set(message.id, entry);
      }
      post(message);
    };
    given.addEventListener('message', ({ data }: MessageEvent<{ id: number; v?: unknown }>) => {
      const entry = open.get(data.id);
      if (entry === undefined) return;
      open.delete(data.id);
      entry.ms = performance.now() - entry.at;
      entry.done(data.v);
    });
  });

  /** After the frame that is drawn next. */
  const afterFrame = (run: () => void): void => {
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = run;
      port2.postMessage(null);
    });
  };

  let armed: { on: 'input' | 'click' | 'send'; appears: string; old: Element | null; from: number | null; first: number } | null = null;
  let reacted: Promise<Reaction> | null = null;
  let react: (reaction: Reaction) => void = () => {};
  let key: number | null = null;
  const begin = (on: 'input' | 'click' | 'send', at: number): void => {
    if (armed?.on === on) armed.from = at;
  };
  window.addEventListener(
    'keydown',
    (event) => {
      key = event.timeStamp;
      if (event.code === 'Enter' && event.ctrlKey) begin('send', event.timeStamp);
    },
    { capture: true },
  );
  window.addEventListener(
    'input',
    (event) => {
      // An input method commits its text without a key.
      begin('input', key ?? event.timeStamp);
      key = null;
    },
    { capture: true },
  );
  window.addEventListener('click', (event) => begin('click', event.timeStamp), { capture: true });
  // Only while something is waited for: records of every change would cost frames of a list that scrolls.
  const watcher = new MutationObserver(() => {
    if (armed === null || armed.from === null) return;
    const there = document.querySelector(armed.appears);
    if (there === null || there === armed.old) return;
    const { first, from } = armed;
    armed = null;
    watcher.disconnect();
    afterFrame(() => {
      const crossings = sent.slice(first).map(({ name, input, ms }) => ({ name, input, ms: ms ?? -1 }));
      react({ ms: performance.now() - from, crossings });
    });
  });

  const ROW_ID = 'row-';
  /** Where the rows of a list stand; its head covers what lies before them. */
  const measured = (scroller: HTMLElement) => {
    const spread = scroller.querySelector<HTMLElement>('.spread')!;
    const row = scroller.querySelector<HTMLElement>('.r')!;
    const height = row.offsetHeight;
    return { scroller, height, head: spread.offsetTop, view: scroller.clientHeight, total: Math.round(spread.offsetHeight / height) };
  };
  const blankRows = ({ height, head, scroller, total, view }: ReturnType<typeof measured>): number => {
    const top = scroller.scrollTop;
    const last = Math.min(total - 1, Math.floor((top + view - head - 1) / height));
    let blank = 0;
    for (let i = Math.floor(top / height); i <= last; i += 1) {
      const row = document.getElementById(ROW_ID + i);
      if (row === null || row.textContent === '') blank += 1;
    }
    return blank;
  };
  let stopFrames: () => Frames = () => ({ gaps: [], blank: 0, distance: 0 });

  window.bench = {
    arm(on, appears) {
      key = null;
      armed = { on, appears, old: document.querySelector(appears), from: null, first: sent.length };
      reacted = new Promise((resolve, reject) => {
        react = resolve;
        setTimeout(() => reject(new Error(`nothing like ${appears} came after ${on}`)), 60_000);
      });
      reacted.catch(() => {});
      watcher.observe(document, { childList: true, subtree: true });
    },
    reaction: () => reacted ?? Promise.reject(new Error('nothing is waited for')),
    ask(name, input) {
      if (port === null) return Promise.reject(new Error('no port to the core'));
      const to = port;
      // The client of the page counts from 1 and passes over ids that are none of its own.
      const id = 1_000_000_000 + Math.floor(Math.random() * 1_000_000_000);
      return new Promise((resolve) => {
        to.postMessage({ t: 'watch', id, m: name, i: input });
        const entry = open.get(id)!;
        entry.done = (value) => {
          to.postMessage({ t: 'unwatch', id });
          resolve({ ms: entry.ms!, value });
        };
      });
    },
    startFrames(selector) {
      const list = measured(document.querySelector<HTMLElement>(selector)!);
      const gaps: number[] = [];
      let blank = 0;
      let last: number | null = null;
      let at = list.scroller.scrollTop;
      let distance = 0;
      let running = true;
      const onFrame = (now: number): void => {
        if (!running) return;
        if (last !== null) gaps.push(now - last);
        last = now;
        const top = list.scroller.scrollTop;
        distance += Math.abs(top - at);
        at = top;
        if (blankRows(list) > 0) blank += 1;
        requestAnimationFrame(onFrame);
      };
      requestAnimationFrame(onFrame);
      stopFrames = () => {
        running = false;
        return { gaps, blank, distance };
      };
    },
    stopFrames: () => stopFrames(),
    blankNow: (selector) => blankRows(measured(document.querySelector<HTMLElement>(selector)!)),
  };
}
