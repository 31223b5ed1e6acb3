const isChinese = (code: number): boolean => code >= 0x3400 && code <= 0x9fff;
const isWordPart = (code: number): boolean => (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);

/** Pairs of neighbouring Chinese characters, and other words as they are, with blanks between: what a plain FTS5 index takes. */
export function bigrams(text: string): string {
  let out = '';
  let word = '';
  let afterChinese = false;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (isWordPart(code)) word += text[i];
    else if (word !== '') {
      out += `${word} `;
      word = '';
    }
    const chinese = isChinese(code);
    if (chinese && afterChinese) out += `${text[i - 1]}${text[i]} `;
    afterChinese = chinese;
  }
  return (out + word).trimEnd();
}
