import { figure, type Figures, type Outcome, quantile } from '../server/figures.ts';
import { COMMON, NOWHERE, RARE } from '../peers/data.ts';
import type { Reaction } from './page-bench.ts';
import type { OpenWindow, Stage } from './stage.ts';

/** Tickets that the palette shows beside customers and commands. */
const SHOWN = 7;
/** An answer to a part of the word came between its keys: typed once more, so often at most. */
const TRIES = 5;
const ANSWER = '[data-testid^="palette-ticket-"], [data-testid="palette-nothing"], [data-testid^="palette-customer-"]';
const MARKED = 'main [data-testid^="row-"] mark';
const initials = ['kt', 'xyj', 'bx', 'kd', 'lyq', 'hyk', 'rsq', 'ej', 'cdq', 'jdh'];
const products = ['空调', '洗衣机', '冰箱', '宽带', '路由器', '热水器', '耳机', '智能门锁'];

interface Word {
  readonly kind: 'rare' | 'common' | 'initials' | 'digits';
  readonly text: string;
}

/** So many words of each kind: what stands in few tickets, in many, as initials, and as part of a number. */
function wordsFor({ office }: Stage, each: number): Word[] {
  const tickets = [...office.rows.tickets.values()];
  const at = (i: number) => tickets[Math.floor(((i + 0.5) * tickets.length) / each) % tickets.length]!;
  const times = (word: (i: number) => string): string[] => Array.from({ length: each }, (_, i) => word(i));
  const digits = (i: number): string => {
    const ticket = at(i);
    const phone = office.rows.customers.get(ticket.customerId!)!.phones[0]!;
    return i % 2 === 0 ? phone.slice(-5) : String(ticket.number).padStart(3, '0');
  };
  // Two characters out of a place's made-up name stand nearly nowhere else.
  const rare = (i: number): string => (i === 0 ? RARE : i === 1 ? NOWHERE : String(at(i).custom['note']).slice(0, 2));
  const kinds: Readonly<Record<Word['kind'], string[]>> = {
    rare: times((i) => (i < 2 ? rare(i) : office.rows.customers.get(at(i).customerId!)!.name)),
    common: times((i) => [COMMON, ...products][i % (products.length + 1)]!),
    initials: times((i) => initials[i % initials.length]!),
    digits: times(digits),
  };
  return Object.entries(kinds).flatMap(([kind, texts]) => texts.map((text) => ({ kind: kind as Word['kind'], text })));
}

/** Key to rows in the palette, and from there to the list narrowed by the word. */
export async function measureSearch(stage: Stage, opened: OpenWindow, each: number): Promise<Outcome> {
  const { at, page } = opened;
  const faults: string[] = [];
  const taken: Record<string, number[]> = {};
  const note = (name: string, ms: number): void => void (taken[name] ??= []).push(ms);
  const words = wordsFor(stage, each);
  for (const { kind, text } of words) {
    const reaction = await askPalette(opened, text);
    if (reaction === null) {
      faults.push(`${text}: never answered to the whole word alone`);
      continue;
    }
    note(kind, reaction.ms);
    note('all', reaction.ms);
    note('core', reaction.crossings.find((c) => c.name === 'search.find')!.ms);
    faults.push(...(await wrongIn(stage, opened, text)));
    await leavePalette(opened);
  }

  for (const { text } of words.filter((w) => w.kind === 'common')) {
    if ((await askPalette(opened, text)) === null) continue;
    await page.evaluate((selector) => window.bench.arm('click', selector), MARKED);
    await at('palette-all-tickets').click();
    const { crossings, ms } = await page.evaluate(() => window.bench.reaction());
    note('list', ms);
    note('listCore', crossings.find((c) => c.name === 'tickets.list' && c.input.includes(JSON.stringify(text)))!.ms);
    const rows = await idsOf(opened, 'main [data-testid^="row-"]', 'row-');
    const wrong = rows.filter((id) => !stage.office.rows.has(stage.office.rows.tickets.get(id)!, text));
    if (rows.length === 0 || wrong.length > 0) faults.push(`${text}: ${wrong.length} of ${rows.length} rows of the list do not have it`);
    await at('chip-remove-text').click();
    await page.locator(MARKED).first().waitFor({ state: 'detached' });
  }
  const figures: Record<string, Figures[string]> = {};
  const names = {
    all: 'palette, key to rows',
    rare: '  names and rare words',
    common: '  common words',
    initials: '  initials',
    digits: '  digits',
    core: '  their questions to the core',
    list: 'list narrowed, click to rows',
    listCore: '  its question to the core',
  };
  for (const [key, name] of Object.entries(names)) {
    const times = taken[key] ?? [];
    if (times.length === 0) continue;
    figures[`${name}, p50`] = figure(quantile(times, 0.5), 'ms');
    figures[`${name}, p99`] = figure(quantile(times, 0.99), 'ms');
  }
  return { figures, faults };
}

/** Opens the palette and types a word. @returns null: its answer could not be told from one to a part of it */
async function askPalette(opened: OpenWindow, text: string): Promise<Reaction | null> {
  const { at, page } = opened;
  for (let tries = 0; tries < TRIES; tries += 1) {
    await page.keyboard.press('Control+k');
    await at('palette-input').waitFor();
    await page.evaluate((selector) => window.bench.arm('input', selector), ANSWER);
    // As hands do it: Chinese comes from an input method, the rest from keys.
    if (/^[a-z\d]+$/.test(text)) await page.keyboard.type(text);
    else await page.keyboard.insertText(text);
    const reaction = await page.evaluate(() => window.bench.reaction());
    const asked = reaction.crossings.filter((c) => c.name === 'search.find');
    if (asked.length === 1 && (JSON.parse(asked[0]!.input) as { text: string }).text === text) return reaction;
    await leavePalette(opened);
  }
  return null;
}

async function leavePalette({ at, page }: OpenWindow): Promise<void> {
  await page.keyboard.press('Escape');
  await at('palette').waitFor({ state: 'detached' });
}

const idsOf = ({ page }: OpenWindow, selector: string, prefix: string): Promise<string[]> =>
  page.locator(selector).evaluateAll((all, from) => all.map((each) => each.getAttribute('data-testid')!.slice(from)), prefix.length);

/** What is on screen against the office's own rows. */
async function wrongIn({ office }: Stage, opened: OpenWindow, text: string): Promise<string[]> {
  const shown = await idsOf(opened, '[data-testid^="palette-ticket-"]', 'palette-ticket-');
  const wrong = shown.filter((id) => !office.rows.has(office.rows.tickets.get(id)!, text));
  let there = 0;
  for (const ticket of office.rows.tickets.values()) {
    if (office.rows.has(ticket, text)) there += 1;
    if (there === SHOWN) break;
  }
  if (wrong.length > 0) return [`${text}: ${wrong.length} of the shown tickets do not have it`];
  return shown.length === there ? [] : [`${text}: ${shown.length} tickets are shown and not ${there}`];
}
