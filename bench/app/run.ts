import '../../scripts/require-modern-node.ts';
import { parseArgs } from 'node:util';
import { table } from '../server/figures.ts';
import { type AppOptions, measureApp, type Part, parts, usual } from './measure-app.ts';

// Speed of the app in its real window. See docs/performance.md.

const usage = `npm run bench:app -- [--size 5000] [--only ${parts.join(',')}] [--minutes ${usual.minutes}]
                     [--trace FILE.json] [--real-screen] [--json]
`;

class UsageError extends Error {}

function readArguments(): AppOptions & { readonly json: boolean } {
  let values;
  try {
    ({ values } = parseArgs({
      options: {
        size: { type: 'string', default: '5000' },
        only: { type: 'string' },
        minutes: { type: 'string', default: String(usual.minutes) },
        trace: { type: 'string' },
        'real-screen': { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
      },
    }));
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  const size = Number(values.size);
  // Fewer fill no window, and leave whoever is measured without a ticket.
  if (!/^\d{1,7}$/.test(values.size) || size < 500) throw new UsageError(`--size ${values.size}: not a number from 500 up`);
  const minutes = Number(values.minutes);
  if (!/^\d{1,4}(\.\d+)?$/.test(values.minutes) || minutes <= 0) throw new UsageError(`--minutes ${values.minutes}: not a number above 0`);
  const named = values.only === undefined ? [...parts] : values.only.split(',');
  const unknown = named.filter((name) => !(parts as readonly string[]).includes(name));
  if (unknown.length > 0) throw new UsageError(`--only ${unknown.join(',')}: not one of ${parts.join(', ')}`);
  if (values['real-screen'] && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY'])
    throw new UsageError('--real-screen: there is none; neither DISPLAY nor WAYLAND_DISPLAY is set');
  return {
    ...usual,
    size,
    minutes,
    parts: named as Part[],
    trace: values.trace ?? null,
    realScreen: values['real-screen'],
    json: values.json,
  };
}

/** @returns the exit code */
async function main(): Promise<number> {
  const { json, ...options } = readArguments();
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const { outcomes, runtime, traces } = await measureApp(options, say);
  const { size } = options;
  if (json) process.stdout.write(`${JSON.stringify({ size, runtime, outcomes, traces })}\n`);
  else process.stdout.write(`${size} tickets. ${runtime}\n${[table(outcomes), ...traces.map((file) => `saved ${file}`)].join('\n')}\n`);
  // A figure that misses its goal is a finding, not a fault.
  return Object.values(outcomes).some((o) => o.faults.length > 0) ? 1 : 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n${usage}`);
  process.exitCode = 2;
}
