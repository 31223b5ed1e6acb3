export const pageScheme = 'app';
const pageHost = 'desk';
export const pageAddress = `${pageScheme}://${pageHost}/index.html`;

/** Whether an address is one of our own page, and nothing that only looks like it. */
export function isOwnPage(address: string): boolean {
  const url = URL.canParse(address) ? new URL(address) : null;
  return url !== null && url.protocol === `${pageScheme}:` && url.host === pageHost && url.username === '' && url.password === '';
}
