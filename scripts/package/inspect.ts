import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import type { PackagePlatform } from './release-secrets.ts';

/** As electron-builder.yml sets them (S10). */
const wantedFuses = {
  [FuseV1Options.RunAsNode]: false,
  [FuseV1Options.EnableCookieEncryption]: true,
  [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
  [FuseV1Options.EnableNodeCliInspectArguments]: false,
  [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: true,
  [FuseV1Options.OnlyLoadAppFromAsar]: true,
  [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
} as const;

/** All that may lie in the archive; what is not named here does not belong into a package. */
const allowed = [
  /^(main|preload|core-node|core-utility)\.cjs$/,
  /^package\.json$/,
  /^LICENSE$/,
  /^licences\.txt$/,
  /^icons\/[\w@-]+\.(png|ico|icns)$/,
  /^renderer\/index\.html$/,
  /^renderer\/assets\/[\w.-]+\.(js|css|woff2|svg|png)$/,
  /^node_modules\/better-sqlite3\/(package\.json|LICENSE|lib\/[\w-]+\.js|lib\/methods\/[\w-]+\.js)$/,
  /^node_modules\/better-sqlite3\/prebuilds\/[\w-]+\.node$/,
];
/** Bytes: our part of a package, without the runtime. */
const BUDGET = 16_000_000;

interface Archived {
  readonly file: string;
  readonly size: number;
  /** Lies beside the archive. */
  readonly unpacked: boolean;
}

/** Reads the list of an asar from its head. @throws Error if it is none */
export async function readArchive(asar: string): Promise<Archived[]> {
  const whole = await readFile(asar);
  // Two Chromium pickles: the length of the second, and in it the length of the JSON and the JSON.
  const length = whole.readUInt32LE(12);
  const { files } = JSON.parse(whole.toString('utf8', 16, 16 + length)) as { files: Tree };
  return flat(files, '');
}

type Tree = Readonly<Record<string, { files?: Tree; size?: number; unpacked?: boolean; link?: string }>>;
const flat = (tree: Tree, under: string): Archived[] =>
  Object.entries(tree).flatMap(([name, node]) =>
    node.files === undefined
      ? [{ file: under + name, size: node.size ?? 0, unpacked: node.unpacked ?? false }]
      : flat(node.files, `${under}${name}/`),
  );

/** What is wrong with what an archive holds; empty: nothing. */
export function faultsOf(archived: readonly Archived[]): string[] {
  const faults = archived
    .filter(({ file }) => !allowed.some((rule) => rule.test(file)))
    .map(({ file }) => `${file} does not belong into a package`);
  const natives = archived.filter(({ file }) => file.endsWith('.node'));
  if (natives.length !== 1) faults.push(`one native module was expected, there are ${natives.length}`);
  for (const { file, unpacked } of archived) {
    const outside = /^core-|^node_modules\//.test(file);
    if (outside !== unpacked) faults.push(`${file} ${outside ? 'has to lie beside the archive' : 'lies beside the archive'}`);
  }
  const size = archived.reduce((sum, each) => sum + each.size, 0);
  if (size > BUDGET) faults.push(`our part has ${size} bytes, of ${BUDGET} that it may have`);
  return faults;
}

/** Which fuses of an executable stand otherwise than they should. @throws Error if it has none */
export async function faultyFuses(executable: string): Promise<string[]> {
  const wire = await getCurrentFuseWire(executable);
  return Object.entries(wantedFuses)
    .filter(([fuse, on]) => wire[Number(fuse) as FuseV1Options] !== (on ? FuseState.ENABLE : FuseState.DISABLE))
    .map(([fuse, on]) => `the fuse ${FuseV1Options[Number(fuse)]} is not ${on ? 'on' : 'off'}`);
}

const places: Readonly<Record<PackagePlatform, { folder: RegExp; resources: string; executable: string }>> = {
  linux: { folder: /^linux.*-unpacked$/, resources: 'resources', executable: 'zuoxi' },
  win32: { folder: /^win.*-unpacked$/, resources: 'resources', executable: 'Zuoxi.exe' },
  darwin: { folder: /^mac/, resources: '坐席工单台.app/Contents/Resources', executable: '坐席工单台.app/Contents/MacOS/坐席工单台' },
};

/** Reads every package of a folder back, prints its sizes. @throws Error with all that is wrong */
export async function inspectPackage(dist: string, platform: PackagePlatform): Promise<void> {
  const { executable, folder, resources } = places[platform];
  const unpacked = (await readdir(dist)).filter((name) => folder.test(name));
  const faults: string[] = [];
  if (unpacked.length === 0) faults.push('nothing was packaged');
  for (const name of unpacked) {
    const archived = await readArchive(path.join(dist, name, resources, 'app.asar'));
    faults.push(...faultsOf(archived), ...(await faultyFuses(path.join(dist, name, executable))));
    const mb = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
    const inside = archived.filter((each) => !each.unpacked).reduce((sum, each) => sum + each.size, 0);
    const beside = archived.filter((each) => each.unpacked).reduce((sum, each) => sum + each.size, 0);
    process.stdout.write(`${name}: ${mb(inside)} in the archive, ${mb(beside)} beside it, of ${mb(BUDGET)}; fuses as they should be\n`);
  }
  for (const name of (await readdir(dist)).filter((each) => /\.(AppImage|deb|exe|dmg|zip|tar\.gz)$/.test(each)))
    process.stdout.write(`${name}: ${((await stat(path.join(dist, name))).size / 1e6).toFixed(1)} MB\n`);
  if (faults.length > 0) throw new Error(`The package is not as it should be:\n  ${faults.join('\n  ')}`);
}
