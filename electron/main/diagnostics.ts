/** What support needs to know of a desk. No name, no path, no address of a server, nothing that anybody wrote. */
export interface DiagnosticFacts {
  /** ISO time and zone. */
  readonly at: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly system: Readonly<Record<string, string | number | boolean>>;
  /** null: it does not answer. */
  readonly core: Readonly<Record<string, string | number | boolean | null>> | null;
  /** Bytes by kind of file. */
  readonly sizes: Readonly<Record<string, number>>;
  /** The last lines of each log. */
  readonly logs: Readonly<Record<string, readonly string[]>>;
}

/** As text, for a message to support. */
export function diagnosticsText({ at, versions, system, core, sizes, logs }: DiagnosticFacts): string {
  const part = (name: string, facts: Readonly<Record<string, unknown>>): string =>
    [`# ${name}`, ...Object.entries(facts).map(([key, value]) => `${key}: ${String(value)}`)].join('\n');
  return [
    part('zuoxi', { at, ...versions }),
    part('system', system),
    part('core', core ?? { answers: false }),
    part('sizes', sizes),
    ...Object.entries(logs).map(([name, lines]) => [`# ${name}.log`, ...lines.map(plainLine)].join('\n')),
    '',
  ].join('\n\n');
}

const uuid = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/gi;
/** Codes, names of calls, places in our files. Words of people have letters of theirs, spaces, or are longer. */
const codeText = /^[\w.:()<>@-]{0,80}$/;
const codeWord = /^[A-Za-z_$.<>]{0,60}$/;
/** A stretch as telephone numbers, tokens and keys have. */
const tellingPart = /\d{7,}|(?=[A-Za-z]*\d)[\dA-Za-z]{20,}/;
const left = '…';

/** The logs hold ids, counts and codes; should one ever hold more, it ends here. */
function plainLine(line: string): string {
  try {
    const parsed = JSON.parse(line) as Record<string, unknown>;
    return Object.entries(parsed)
      .map(([key, value]) => (codeWord.test(key) ? `${key}=${plainValue(key, value)}` : left))
      .join(' ');
  } catch {
    return left;
  }
}

function plainValue(key: string, value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return String(value);
  if (typeof value !== 'string') return left;
  if (key === 'at' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value)) return value;
  const words = key === 'place' ? value.split(' ') : [value];
  return words.every((word) => codeText.test(word) && !tellingPart.test(word.replaceAll(uuid, ''))) ? value : left;
}
