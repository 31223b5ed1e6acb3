/** How text is compared: full-width as half-width, no case. Length may change with it. */
export const normal = (text: string): string => text.normalize('NFKC').toLowerCase();

const RUN = /[\p{L}\p{N}\p{M}]+/gu;

/** Stretches of letters, digits and Chinese characters; everything between them only separates. */
export const runsOf = (text: string): string[] => normal(text).match(RUN) ?? [];

/** The words of a query: each has to be found somewhere. At most ten, each once. */
export const wordsOf = (query: string): string[] => [...new Set(runsOf(query))].slice(0, 10);

export const digitsOf = (text: string): string => normal(text).replaceAll(/\D/g, '');

const SURE = /[A-Za-z0-9\p{Script=Han}]+/gu;

/**
 * Words that stand in whatever contains a text as it is, letter for letter. A Latin letter at the end of a run is left out: with a mark
 * behind it, it is another letter.
 */
export const sureWordsOf = (text: string): string[] => (text.match(SURE) ?? []).flatMap((run) => runsOf(run.replace(/[A-Za-z]$/, '')));
