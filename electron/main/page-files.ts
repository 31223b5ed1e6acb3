import path from 'node:path';
import { isOwnPage } from './page-address.ts';

const mimeTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.wav': 'audio/wav',
};

export interface PageFile {
  readonly file: string;
  readonly mimeType: string;
}

/** The file that an address of our page stands for; null for whatever lies outside the folder or is of no known type. */
export function pageFile(folder: string, address: string): PageFile | null {
  if (!isOwnPage(address)) return null;
  let name: string;
  try {
    name = decodeURIComponent(new URL(address).pathname);
  } catch {
    return null;
  }
  // A decoded separator of another platform, a drive or a NUL has no place in the name of a built file.
  if (/[\\:\0]/.test(name)) return null;
  const file = path.join(folder, name === '/' ? 'index.html' : name);
  if (!file.startsWith(folder + path.sep)) return null;
  const mimeType = mimeTypes[path.extname(file)];
  return mimeType === undefined ? null : { file, mimeType };
}
