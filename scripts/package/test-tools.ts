import { spawnSync } from 'node:child_process';
import { chmod, cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { projectRoot } from '../own-process.ts';

// Stand-ins for what electron-builder would download, where only the package registry can be reached. What they make carries
// `-test` in its name and is never published.

const folder = path.join(projectRoot, 'out', 'package-tools');
/** Length of the part before the file system in an AppImage. */
const RUNTIME_BYTES = 4096;

/** A real AppImage mounts itself; this one unpacks itself, which needs no FUSE. */
const runtime = (): Buffer => {
  const script = `#!/bin/bash
# Test-only AppImage runtime.
APPIMAGE=$(readlink -f "$0")
export APPIMAGE
APPDIR=$(mktemp -d "\${TMPDIR:-/tmp}/.zuoxi-appimage-XXXXXX")
export APPDIR
unsquashfs -q -n -f -o ${RUNTIME_BYTES} -d "$APPDIR" "$APPIMAGE" >/dev/null || exit 127
"$APPDIR/AppRun" "$@" $ZUOXI_APPIMAGE_ARGS &
child=$!
trap 'kill -TERM $child 2>/dev/null' TERM INT
wait $child; code=$?
wait $child 2>/dev/null
rm -rf "$APPDIR"
exit $code
`;
  if (Buffer.byteLength(script) >= RUNTIME_BYTES) throw new Error('The test runtime of AppImage has outgrown its place.');
  // The shell stops at `exit`, so what fills the place is never read.
  return Buffer.concat([Buffer.from(script), Buffer.alloc(RUNTIME_BYTES - Buffer.byteLength(script), '\n')]);
};

/** fpm's arguments as electron-builder gives them for a deb, done with Debian's own tool. */
const fpm = `#!/bin/bash
set -e
root=$(mktemp -d); mkdir -p "$root/DEBIAN"; deps=; recommends=; desc=
while [ $# -gt 0 ]; do
  case "$1" in
    -s|-t|--deb-compression|--log|--category|--vendor|--license|--iteration) shift 2;;
    --force|--debug) shift;;
    -d) deps="\${deps:+$deps, }$2"; shift 2;;
    --deb-recommends) recommends="\${recommends:+$recommends, }$2"; shift 2;;
    --architecture) arch=$2; shift 2;;
    --after-install) cp "$2" "$root/DEBIAN/postinst"; chmod 755 "$root/DEBIAN/postinst"; shift 2;;
    --after-remove) cp "$2" "$root/DEBIAN/postrm"; chmod 755 "$root/DEBIAN/postrm"; shift 2;;
    --description) desc=$(printf '%s' "$2" | sed '/^ *$/d; 2,$s/^ */ /'); shift 2;;
    --version) version=$2; shift 2;;
    --package) package=$2; shift 2;;
    --name) name=$2; shift 2;;
    --maintainer) maintainer=$2; shift 2;;
    --url) url=$2; shift 2;;
    --deb-priority) priority=$2; shift 2;;
    *=*) from=\${1%%=*}; to=\${1#*=}; mkdir -p "$root$(dirname "$to")"
      case "$from" in */) mkdir -p "$root$to"; cp -a "$from." "$root$to";; *) install -m 644 "$from" "$root$to";; esac; shift;;
    *) echo "the stand-in of fpm does not know $1" >&2; exit 2;;
  esac
done
case "$arch" in x86_64|x64) arch=amd64;; aarch64) arch=arm64;; esac
printf 'Package: %s\\nVersion: %s\\nArchitecture: %s\\nMaintainer: %s\\nHomepage: %s\\nPriority: %s\\nSection: misc\\nDepends: %s\\n' \\
  "$name" "$version" "$arch" "$maintainer" "$url" "$priority" "$deps" > "$root/DEBIAN/control"
[ -z "$recommends" ] || printf 'Recommends: %s\\n' "$recommends" >> "$root/DEBIAN/control"
printf 'Description: %s\\n' "$desc" >> "$root/DEBIAN/control"
dpkg-deb --root-owner-group -Zgzip -z1 --build "$root" "$package" >/dev/null
rm -rf "$root"
`;

const which = (program: string): string => {
  const { status, stdout } = spawnSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} is missing; npm test installs it on Debian.`);
  return stdout.trim();
};

/** @returns what electron-builder's environment has to say. Writes the tools to `out/package-tools`. */
export async function testTools(): Promise<Readonly<Record<string, string>>> {
  await rm(folder, { recursive: true, force: true });
  const appImage = path.join(folder, 'appimage');
  const host = path.join(appImage, `linux-${process.arch}`);
  await mkdir(host, { recursive: true });
  await mkdir(path.join(appImage, 'lib', 'x64'), { recursive: true });
  await writeFile(path.join(appImage, `runtime-${process.arch}`), runtime());
  // Fast rather than small: it is thrown away.
  await program(path.join(host, 'mksquashfs'), `#!/bin/sh\nexec ${which('mksquashfs')} "$@" -Xcompression-level 1\n`);
  await program(path.join(host, 'desktop-file-validate'), '#!/bin/sh\nexit 0\n');
  await program(path.join(folder, 'fpm'), fpm);
  return {
    APPIMAGE_TOOLS_PATH: appImage,
    CUSTOM_FPM_PATH: path.join(folder, 'fpm'),
    ELECTRON_BUILDER_7ZIP_PATH: which('7za'),
  };
}

async function program(file: string, text: string): Promise<void> {
  await writeFile(file, text);
  await chmod(file, 0o755);
}

/**
 * The test runtime as electron-builder wants an Electron: a copy, since fuses are written into it, without our stand-in for
 * the app. @returns its folder
 */
export async function testElectron(executable: string): Promise<string> {
  const copy = path.join(folder, 'electron');
  await cp(path.dirname(executable), copy, { recursive: true });
  await rm(path.join(copy, 'resources'), { recursive: true, force: true });
  await mkdir(path.join(copy, 'resources'));
  // Of the tarball, and no part of an Electron.
  await rm(path.join(copy, 'package.json'), { force: true });
  return copy;
}

/** Node 24, which the core of a test build runs on: the test runtime's own Node cannot load the database. */
export const nodeBinary = (): string => path.join(path.dirname(createRequire(import.meta.url).resolve('node/package.json')), 'bin', 'node');
