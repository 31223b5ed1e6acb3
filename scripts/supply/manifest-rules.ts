/** Of package.json, what the rules look at. */
export interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly overrides?: Overrides;
  readonly allowScripts?: Readonly<Record<string, boolean>>;
}
interface Overrides {
  readonly [name: string]: string | Overrides;
}

/** An entry of package-lock.json. */
export interface LockEntry {
  /** Where the package goes by another name than its own. */
  readonly name?: string;
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly license?: string;
  readonly link?: boolean;
  readonly inBundle?: boolean;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly hasInstallScript?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}
export interface Lock {
  readonly lockfileVersion?: number;
  readonly packages?: Readonly<Record<string, LockEntry>>;
}

const kinds = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'] as const;

const exact = /^\d+\.\d+\.\d+(?:-[\da-z.-]+)?(?:\+[\da-z.-]+)?$/i;
/** `npm:name@1.2.3`: the same under another name. */
const alias = /^npm:(@?[\w.-]+(?:\/[\w.-]+)?)@(.+)$/;
const isExact = (version: string): boolean => exact.test(alias.exec(version)?.[2] ?? version);

/** One exact version for everything: no ranges, tags, addresses or folders. */
export function pinFindings(manifest: Manifest): string[] {
  const found = kinds.flatMap((kind) =>
    Object.entries(manifest[kind] ?? {}).flatMap(([name, version]) => (isExact(version) ? [] : [`${kind}: ${name} is ${version}`])),
  );
  const look = (overrides: Overrides, at: string): void => {
    for (const [name, value] of Object.entries(overrides)) {
      if (typeof value !== 'string') look(value, `${at} > ${name}`);
      // `$name` is the version of a direct dependency, which is looked at above.
      else if (!isExact(value) && !(value.startsWith('$') && isDirect(manifest, value.slice(1)))) found.push(`${at}: ${name} is ${value}`);
    }
  };
  look(manifest.overrides ?? {}, 'overrides');
  return found;
}

const isDirect = (manifest: Manifest, name: string): boolean => kinds.some((kind) => Object.hasOwn(manifest[kind] ?? {}, name));

/** The package's own name, of an entry such as `node_modules/a/node_modules/@b/c`. */
export const packageName = (path: string, entry: LockEntry): string => entry.name ?? folderName(path);
const folderName = (path: string): string => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);

const sha512 = /^sha512-[A-Za-z0-9+/]{86}==$/;

/**
 * Of a lock file: its version, a SHA-512 for each package, and one place that all of them come from. Our own names no place
 * at all, so npm asks the registry that it is set up with and takes nothing but what has the sum.
 */
export function lockFindings(lock: Lock, manifest: Manifest): string[] {
  const found: string[] = [];
  if (lock.lockfileVersion !== 3) found.push(`lockfileVersion is ${String(lock.lockfileVersion)}`);
  const { '': root, ...packages } = lock.packages ?? {};
  for (const kind of kinds) if (!isSame(root?.[kind], manifest[kind])) found.push(`${kind} are not those of package.json`);
  const entries = Object.entries(packages);
  if (entries.length === 0) found.push('it holds no packages');
  for (const [path, entry] of entries) {
    if (!path.startsWith('node_modules/')) found.push(`${path} lies outside of node_modules`);
    if (entry.link === true) found.push(`${path} is a link`);
    if (!sha512.test(entry.integrity ?? '')) found.push(`${path} has no SHA-512`);
    if (!exact.test(entry.version ?? '')) found.push(`${path} is ${String(entry.version)}`);
    for (const given of Object.values(entry.dependencies ?? {})) if (isAddress(given)) found.push(`${path} wants ${given}`);
  }
  return [...found, ...placeFindings(entries)];
}

const isSame = (a: object | undefined, b: object | undefined): boolean => {
  const sorted = (of: object = {}): string => JSON.stringify(Object.entries(of).toSorted(([x], [y]) => (x < y ? -1 : 1)));
  return sorted(a) === sorted(b);
};

const isAddress = (version: string): boolean =>
  /^(git|https?|ssh|file|link|github|gitlab|bitbucket)[+:]|^[\w.-]+\/[\w.-]+(#|$)/i.test(version);

function placeFindings(entries: readonly (readonly [string, LockEntry])[]): string[] {
  const placed = entries.filter(([, entry]) => entry.resolved !== undefined);
  // A single one that names its place gets around what the others say.
  if (placed.length > 0 && placed.length < entries.length) return placed.map(([path]) => `${path} names a place of its own`);
  const found: string[] = [];
  const hosts = new Map<string, string[]>();
  for (const [path, { resolved = '' }] of placed) {
    const url = URL.canParse(resolved) ? new URL(resolved) : null;
    if (url?.protocol !== 'https:' || url.username !== '' || !url.pathname.endsWith('.tgz')) found.push(`${path} comes from ${resolved}`);
    else hosts.set(url.host, [...(hosts.get(url.host) ?? []), path]);
  }
  const [most, ...others] = [...hosts.values()].toSorted((a, b) => b.length - a.length);
  return [...found, ...(most === undefined ? [] : others.flat().map((path) => `${path} comes from another host than the rest`))];
}

/** Each package that runs a script at installation is named, allowed or not; and nothing is allowed that has none. */
export function scriptFindings(lock: Lock, { allowScripts = {} }: Manifest): string[] {
  const entries = Object.entries(lock.packages ?? {}).filter(([path]) => path !== '');
  const names = ([path, entry]: readonly [string, LockEntry]): string[] => [packageName(path, entry), folderName(path)];
  const scripted = entries.filter(([, entry]) => entry.hasInstallScript === true);
  const unknown = scripted.filter((each) => !names(each).some((name) => Object.hasOwn(allowScripts, name)));
  const known = new Set(scripted.flatMap(names));
  const there = new Set(entries.flatMap(names));
  return [
    ...unknown.map(([path]) => `${path} has an install script that nobody has decided on`),
    ...Object.entries(allowScripts).flatMap(([name, allowed]) =>
      !there.has(name)
        ? [`allowScripts: ${name} is no package of ours`]
        : allowed && !known.has(name)
          ? [`allowScripts: ${name} has no install script`]
          : [],
    ),
  ];
}
