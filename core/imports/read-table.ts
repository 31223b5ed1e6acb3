import { CsvError, parse } from 'csv-parse';
import readXlsx, { type CellValue } from 'read-excel-file/node';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

export type Delimiter = ',' | ';' | '\t';

/** Rows of cells, with the line of the file in which each begins, from 1. Empty rows are left out. */
export interface Table {
  readonly rows: readonly (readonly string[])[];
  readonly lines: readonly number[];
}

export type Unreadable = 'empty' | 'too-large' | 'not-text' | 'not-xlsx' | 'quotes' | 'no-rows' | 'too-many-rows' | 'gone';

/** The file is no table of ours, and in which line that shows. */
export class UnreadableFile extends Error {
  readonly why: Unreadable;
  readonly line: number | null;
  constructor(why: Unreadable, line: number | null = null) {
    super(why);
    this.name = 'UnreadableFile';
    this.why = why;
    this.line = line;
  }
}

/** With the header. So many come in within seconds; a larger file is better brought in parts. */
export const MAX_ROWS = 10_001;
/** What a workbook may grow to; a small file can hold very much nothing. */
const MAX_UNZIPPED = 400_000_000;
const PIECE = 64 * 1024;

/** The separator that the first line uses most, outside of quotes. */
export function delimiterOf(text: string): Delimiter {
  const counts = { ',': 0, ';': 0, '\t': 0 };
  let quoted = false;
  for (const char of text.slice(0, 100_000)) {
    if (char === '"') quoted = !quoted;
    else if (!quoted && (char === '\n' || char === '\r')) break;
    else if (!quoted && char in counts) counts[char as Delimiter] += 1;
  }
  return (['\t', ';', ','] as const).reduce((best, d) => (counts[d] > counts[best] ? d : best), ',');
}

/** @throws UnreadableFile `quotes` with the line where one opens that never closes, `too-many-rows` */
export async function readCsv(text: string, delimiter: Delimiter): Promise<Table> {
  const rows: string[][] = [];
  const lines: number[] = [];
  /** Of the last record that was whole: behind it lies what went wrong. */
  let before = 0;
  const parser = parse({
    delimiter,
    bom: true,
    // A quote inside of a cell is a quote; what Excel writes is read either way.
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
    on_record: (record: string[], info) => {
      const breaks = record.reduce((n, cell) => n + (cell.match(/\r\n|\r|\n/g)?.length ?? 0), 0);
      before = info.lines;
      if (record.every((cell) => cell.trim() === '')) return null;
      if (rows.length >= MAX_ROWS) throw new UnreadableFile('too-many-rows', info.lines);
      rows.push(record);
      lines.push(info.lines - breaks);
      // Kept here; nothing is to pile up in the stream.
      return null;
    },
  });
  try {
    // In pieces: whoever else asks the core gets an answer in between.
    await pipeline(Readable.from(piecesOf(text)), parser.resume());
  } catch (error) {
    if (error instanceof CsvError) throw new UnreadableFile('quotes', before + 1);
    throw error;
  }
  return { rows, lines };
}

function* piecesOf(text: string): Generator<string> {
  for (let at = 0; at < text.length; at += PIECE) yield text.slice(at, at + PIECE);
}

export const isZip = (bytes: Uint8Array): boolean => bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4;

/** The first sheet. @throws UnreadableFile `not-xlsx`, `too-large`, `too-many-rows` */
export async function readWorkbook(bytes: Uint8Array): Promise<Table> {
  if (unzippedSize(bytes) > MAX_UNZIPPED) throw new UnreadableFile('too-large');
  let sheet: readonly (readonly CellValue[])[];
  try {
    const sheets = await readXlsx(Buffer.from(bytes));
    sheet = (sheets[0] as unknown as { data: readonly (readonly CellValue[])[] }).data;
  } catch {
    throw new UnreadableFile('not-xlsx');
  }
  const rows: string[][] = [];
  const lines: number[] = [];
  sheet.forEach((cells, i) => {
    const row = cells.map((cell) => cellText(cell));
    if (row.every((cell) => cell.trim() === '')) return;
    if (rows.length >= MAX_ROWS) throw new UnreadableFile('too-many-rows', i + 1);
    rows.push(row);
    lines.push(i + 1);
  });
  return { rows, lines };
}

function cellText(cell: CellValue | null): string {
  if (cell === null || cell === undefined) return '';
  // A workbook has no zone: its days and hours are read as they are written.
  if (cell instanceof Date) return cell.toISOString().slice(0, 16).replace('T', ' ');
  return String(cell);
}

/** What a zip says of itself in its directory; more than any file for one that cannot be read. */
function unzippedSize(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let total = 0;
  for (let at = 0; at + 46 <= bytes.length; at += 1) {
    if (bytes[at] !== 0x50 || view.getUint32(at, true) !== 0x02014b50) continue;
    total += view.getUint32(at + 24, true);
  }
  return total;
}
