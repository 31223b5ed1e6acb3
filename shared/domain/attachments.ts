import type { Id } from '../lib/ids.ts';

/** 附件 of a ticket. Its bytes lie apart; whoever sees the ticket may have them. */
export interface Attachment {
  readonly id: Id;
  readonly ticketId: Id;
  /** The line of the history by which it came. */
  readonly eventId: Id;
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Hex. */
  readonly sha256: string;
  /** Found by content, never by name. */
  readonly type: string;
  readonly createdBy: Id;
  readonly createdAt: number;
  /** Taken away: the row stays for the history, the bytes go. */
  readonly removedAt: number | null;
}

export const attachmentLimits = {
  /** Bytes of one file. */
  size: 25 * 1024 * 1024,
  /** Files of one action. */
  files: 10,
  name: 200,
  /** Larger pictures are kept, but never decoded: a few kilobytes can unfold to gigabytes. */
  pixels: 50_000_000,
  /** A file whose command never came is forgotten after this long, in ms. */
  orphanMs: 86_400_000,
} as const;

/** Bytes that travel, and are encrypted, at once. */
export const CHUNK = 256 * 1024;

/** How much of its beginning tells what a file is. */
export const HEAD = 4100;

export const fileRefusals = ['empty', 'too-large', 'too-many', 'program', 'script', 'shortcut', 'name', 'unreadable', 'disk'] as const;
/** Why a file is not taken. */
export type FileRefusal = (typeof fileRefusals)[number];

const endings = (words: string): ReadonlySet<string> => new Set(words.split(' '));

const programNames = endings(
  'exe com scr pif msi msp msix appx dll sys cpl ocx drv efi app dmg pkg deb rpm apk jar class elf so dylib run appimage gadget',
);
const scriptNames = endings(
  'bat cmd ps1 ps1xml psm1 psd1 vbs vbe vb js jse mjs cjs ws wsf wsh wsc sct hta sh bash zsh csh ksh fish command py pyc pyw rb pl php reg inf scf msc jnlp applescript scpt',
);
const shortcutNames = endings('lnk url webloc desktop website library-ms search-ms appref-ms settingcontent-ms');

const programTypes = new Set([
  'application/x-msdownload',
  'application/x-elf',
  'application/x-mach-binary',
  'application/x-apple-diskimage',
  'application/x-deb',
  'application/x-rpm',
  'application/x-google-chrome-extension',
  'application/vnd.android.package-archive',
  'application/vnd.ms-htmlhelp',
  'application/java-vm',
  'application/java-archive',
  'application/wasm',
]);
const shortcutTypes = new Set(['application/x-ms-shortcut', 'application/x-ft-apple.alias']);

/** The ending of a name in small letters, as Windows reads it: spaces and points behind it do not count. */
const endingOf = (name: string): string => /\.([^.]+)$/.exec(name.replace(/[\s.]+$/, ''))?.[1]?.toLowerCase() ?? '';

/** By name and size alone, before anything is read. null: nothing against it. */
export function refusedByName(name: string, size: number): FileRefusal | null {
  if (name.trim() === '' || name.length > attachmentLimits.name || /[\p{Cc}/\\]/u.test(name)) return 'name';
  // A character that turns the direction of writing makes gnp.exe out of exe.png.
  if (/[\u202a-\u202e\u2066-\u2069]/.test(name)) return 'name';
  if (size === 0) return 'empty';
  if (size > attachmentLimits.size) return 'too-large';
  const ending = endingOf(name);
  if (programNames.has(ending)) return 'program';
  if (scriptNames.has(ending)) return 'script';
  return shortcutNames.has(ending) ? 'shortcut' : null;
}

/**
 * By its first bytes, whatever its name says.
 * @param head the first `HEAD` bytes, or all of a shorter file
 * @param type what they were recognised as; undefined: nothing known
 */
export function refusedByContent(head: Uint8Array, type: string | undefined): FileRefusal | null {
  if (type !== undefined && programTypes.has(type)) return 'program';
  if (type !== undefined && shortcutTypes.has(type)) return 'shortcut';
  const starts = (...bytes: readonly number[]): boolean => bytes.every((b, i) => head[i] === b);
  // MZ, ELF and Mach-O say enough even where the rest is not what a recogniser wants to see.
  if (starts(0x4d, 0x5a) || starts(0x7f, 0x45, 0x4c, 0x46)) return 'program';
  if ([0xfeedface, 0xfeedfacf, 0xcefaedfe, 0xcffaedfe].some((m) => starts(m >>> 24, (m >>> 16) & 255, (m >>> 8) & 255, m & 255)))
    return 'program';
  if (starts(0x4c, 0, 0, 0, 0x01, 0x14, 0x02, 0)) return 'shortcut';
  // As single bytes: what is looked for is ASCII, behind a mark of UTF-8 if there is one.
  const text = String.fromCharCode(...head.subarray(0, 256)).replace(/^\xEF\xBB\xBF/, '');
  if (text.startsWith('#!')) return 'script';
  if (/^\s*(@echo\s+off|<job[\s>]|Windows Registry Editor|<\?php|<script[\s>])/i.test(text)) return 'script';
  if (type === 'application/x-ms-regedit') return 'script';
  return /^\s*\[(InternetShortcut|Desktop Entry)\]/i.test(text) ? 'shortcut' : null;
}

/** What a file is called whose content no recogniser knows. */
export function plainType(head: Uint8Array): string {
  // Tab, line ends, form feed and escape are the only control characters that texts have, in whatever encoding.
  const odd = head.some((byte) => byte < 32 && ![9, 10, 12, 13, 27].includes(byte));
  return odd ? 'application/octet-stream' : 'text/plain';
}

const pictures: readonly string[] = ['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/bmp'];

/** A picture that our window decodes itself. */
export const isPicture = (type: string): boolean => pictures.includes(type);
