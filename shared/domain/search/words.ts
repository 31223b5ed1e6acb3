/** How text is compared: full-width as half-width, no case. Length may change with it. */
export const normal = (text: string): string => text.normalize('NFKC').toLowerCase();

const RUN = /[\p{L}\p{N}\p{M}]+/gu;

/** Stretches of letters, digits and Chinese characters; everything between them only separates. */
export const runsOf = (text: string): string[] => normal(text).match(RUN) ?? [];

/** The words of a query: each has to be found somewhere. At most ten, each once. */
export const wordsOf = (query: string): string[] => [...new Set(runsOf(query))].slice(0, 10);

export const digitsOf = (text: string): string => normal(text).replaceAll(/\D/g, '');
