import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Request } from 'playwright-core';
import type { DeskApp } from './e2e/app.ts';
import { traces } from './hostile-texts.ts';

/** What hostile text has done since the watch began; all empty, and the rest as it was, if it did nothing. */
export interface Mischief {
  /** Script of a payload ran. */
  readonly ran: readonly unknown[];
  readonly dialogs: readonly string[];
  /** Addresses that were asked for, by the page or beneath it, but the app's own files. */
  readonly requests: readonly string[];
  /** What the page's policy had to refuse: it should not have come so far. */
  readonly violations: readonly string[];
  /** Elements and attributes that only a payload can have made. */
  readonly elements: readonly string[];
  /** Rules and inline styles that only a payload can have made. */
  readonly styles: readonly string[];
  /** The page threw. */
  readonly errors: readonly string[];
  readonly navigations: readonly string[];
  readonly windows: number;
  readonly contents: number;
  readonly title: string;
  readonly url: string;
  /** Lines of the app's log about what it had to refuse. */
  readonly refused: readonly string[];
}

export interface HostileWatch {
  /** Empties and unchanged, to compare `seen` with. */
  readonly clean: Mischief;
  seen(): Promise<Mischief>;
}

interface InPage {
  readonly ran: unknown[];
  readonly violations: string[];
  readonly elements: string[];
}
interface PageGlobals {
  zuoxiSeen: InPage;
}
interface MainGlobals {
  zuoxiAsked: string[];
  zuoxiContents: number;
}

/** Begins to watch a window: its script, its requests, its elements and everything that it could open. */
export async function watchForMischief(app: DeskApp): Promise<HostileWatch> {
  const { page, running } = app;
  const dialogs: string[] = [];
  const asked: string[] = [];
  const errors: string[] = [];
  const navigations: string[] = [];
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  page.on('request', (request: Request) => void asked.push(request.url()));
  page.on('pageerror', (error) => void errors.push(error.message));
  page.on('framenavigated', (frame) => void navigations.push(frame.url()));
  page.on('frameattached', () => void navigations.push('a frame'));

  await running.app.evaluate(({ BrowserWindow, app: main }) => {
    const globals = globalThis as unknown as MainGlobals;
    globals.zuoxiAsked = [];
    globals.zuoxiContents = 0;
    main.on('web-contents-created', () => (globals.zuoxiContents += 1));
    const [window] = BrowserWindow.getAllWindows();
    window!.webContents.session.webRequest.onBeforeRequest((details, answer) => {
      globals.zuoxiAsked.push(details.url);
      answer({});
    });
  });
  await page.evaluate(watchDocument, traces);
  const title = await page.title();
  const url = page.url();
  const clean: Mischief = {
    ...{ ran: [], dialogs: [], requests: [], violations: [], elements: [], styles: [], errors: [], navigations: [], refused: [] },
    ...{ windows: 1, contents: 0, title, url },
  };
  const log = path.join(app.dataDir, 'logs', 'main.log');
  const refusedBefore = (await refusals(log)).length;
  return {
    clean,
    async seen() {
      const inPage = await page.evaluate(() => (window as unknown as PageGlobals).zuoxiSeen);
      const main = await running.app.evaluate(({ BrowserWindow }) => {
        const { zuoxiAsked, zuoxiContents } = globalThis as unknown as MainGlobals;
        return { asked: zuoxiAsked, contents: zuoxiContents, windows: BrowserWindow.getAllWindows().length };
      });
      return {
        ...inPage,
        dialogs,
        requests: [...asked, ...main.asked].filter((each) => !/^(app:\/\/desk\/|blob:app:\/\/desk\/|data:image\/png)/.test(each)),
        styles: await page.evaluate(strangeStyles, traces),
        errors,
        navigations,
        windows: main.windows,
        contents: main.contents,
        title: await page.title(),
        url: page.url(),
        refused: (await refusals(log)).slice(refusedBefore),
      };
    },
  };
}

async function refusals(log: string): Promise<string[]> {
  const lines = (await readFile(log, 'utf8')).trim().split('\n');
  return lines.filter((line) => /"(navigation-refused|ports-refused|link-refused)"/.test(line));
}

/** Runs in the page. */
function watchDocument({ call, host, property }: typeof traces): void {
  const seen: InPage = { ran: [], violations: [], elements: [] };
  const globals = window as unknown as PageGlobals & Record<string, unknown>;
  globals.zuoxiSeen = seen;
  globals[call] = (what: unknown) => void seen.ran.push(what);
  addEventListener('securitypolicyviolation', (event) => {
    seen.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
  });

  const tags =
    /^(script|iframe|frame|frameset|object|embed|base|link|meta|marquee|video|audio|source|template|math|foreignobject|animate|set|image|portal|webview|isindex|dialog|details|xss|x|mglyph|plaintext|body)$/i;
  // In these a text stands as text.
  const words = /^(title|value|placeholder|alt|aria-.*|data-.*|href)$/i;
  const look = (element: Element): void => {
    // What the page loads later comes with one to its own folder.
    const own = element instanceof HTMLLinkElement && element.href.startsWith('app://desk/');
    if (tags.test(element.localName) && !own) seen.elements.push(`<${element.localName}>`);
    for (const { name, value } of element.attributes) {
      if (/^on/i.test(name)) seen.elements.push(`${element.localName} ${name}`);
      if (
        /(href|src|srcset|action|formaction|data|ping|srcdoc)$/i.test(name) &&
        /^\s*(https?:|\/\/|javascript:|vbscript:|data:text|file:)/i.test(value)
      )
        seen.elements.push(`${element.localName} ${name}=${value.slice(0, 60)}`);
      if (!words.test(name) && (value.includes(host) || value.includes(call) || value.includes(property)))
        seen.elements.push(`${element.localName} ${name}=${value.slice(0, 60)}`);
    }
    if (element.localName === 'style' && (element.textContent ?? '').includes(property)) seen.elements.push('<style> of a payload');
  };
  const watch = new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === 'attributes') look(change.target as Element);
      for (const node of change.addedNodes)
        if (node instanceof Element) {
          look(node);
          for (const inner of node.querySelectorAll('*')) look(inner);
        }
    }
  });
  watch.observe(document, { subtree: true, childList: true, attributes: true });
}

/** Runs in the page. */
function strangeStyles({ host, property }: typeof traces): string[] {
  const found: string[] = [];
  for (const sheet of [...document.styleSheets, ...document.adoptedStyleSheets])
    for (const rule of sheet.cssRules)
      if (rule.cssText.includes(property) || rule.cssText.includes(host)) found.push(rule.cssText.slice(0, 80));
  for (const element of [document.documentElement, document.body, document.getElementById('root')!])
    if (getComputedStyle(element).getPropertyValue(property) !== '') found.push(element.localName);
  return found;
}
