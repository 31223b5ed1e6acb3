import semver from 'semver';
import { runCommand } from '../run-command.ts';

/** Electron mends its three newest majors. */
const SUPPORTED_MAJORS = 3;
/** A patch may be out for so long before a release has to have it (S11). */
const PATIENCE_MS = 14 * 86_400_000;

/**
 * @param times when each version was published, ISO 8601, as the registry says it
 * @returns why a release may not be built with this Electron; null: it may
 */
export function electronFault(current: string, times: Readonly<Record<string, string>>, now: number): string | null {
  const published = Object.entries(times).filter(([version]) => semver.valid(version) !== null && semver.prerelease(version) === null);
  const majors = [...new Set(published.map(([version]) => semver.major(version)))].toSorted((a, b) => b - a).slice(0, SUPPORTED_MAJORS);
  if (majors.length === 0) return 'Nobody says which versions of Electron there are.';
  if (!majors.includes(semver.major(current))) return `Electron ${current} is mended no more; the majors that are: ${majors.join(', ')}.`;
  const due = published
    .filter(
      ([version, at]) =>
        semver.major(version) === semver.major(current) && semver.gt(version, current) && now - Date.parse(at) > PATIENCE_MS,
    )
    .map(([version]) => version);
  return due.length === 0 ? null : `Electron ${current} has been mended more than 14 days ago: take ${semver.maxSatisfying(due, '*')}.`;
}

/** Asks the registry. @throws Error if it does not answer */
export async function electronTimes(): Promise<Readonly<Record<string, string>>> {
  const { code, output } = await runCommand('npm', ['view', 'electron', 'time', '--json', '--silent'], false);
  if (code !== 0) throw new Error('The registry does not say when versions of Electron were published.');
  return JSON.parse(output.slice(output.indexOf('{'))) as Record<string, string>;
}
