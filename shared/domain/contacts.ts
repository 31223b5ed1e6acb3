/** What people write into a phone number and no exchange dials. Full-width digits count as digits. */
export const normalPhone = (phone: string): string =>
  phone
    .normalize('NFKC')
    .replaceAll(/[^\d+]/g, '')
    .replace(/^(\+86|0086)(?=1\d{10}$)/, '');

/**
 * What is the same however a number reached us: without the country code 86 and without the zero before area code or
 * mobile number. Telephone switches write both, or neither. Other countries keep their code, after a plus.
 */
export function subscriberNumber(phone: string): string {
  const national = normalPhone(phone)
    .replace(/^00/, '+')
    .replace(/^\+86|^86(?=1\d{10}$)/, '');
  return national.replace(/^0(?=[1-9]\d{8})/, '');
}

/** All that `normalPhone` can make of the same subscriber's number: by one of them whoever was saved is found. */
export function numberForms(phone: string): readonly string[] {
  const number = subscriberNumber(phone);
  const abroad = number.startsWith('+');
  const forms = abroad
    ? [number, `00${number.slice(1)}`]
    : [number, `0${number}`, ...['+86', '0086', '86'].flatMap((c) => [c + number, `${c}0${number}`])];
  return [...new Set([normalPhone(phone), ...forms])];
}

export const normalEmail = (email: string): string => email.normalize('NFKC').trim().toLowerCase();

/** By which two customers are found to be one: phones and e-mails in their normal form, each once. */
export function contactKeys(of: { readonly phones: readonly string[]; readonly emails: readonly string[] }): readonly string[] {
  const keys = [...of.phones.map((p) => normalPhone(p)), ...of.emails.map((e) => normalEmail(e))];
  return [...new Set(keys.filter((k) => k.length >= 3))];
}

/** `138****6021`: enough to tell two apart, not to dial. Seven digits or fewer keep their last two. */
export function maskPhone(phone: string): string {
  if (phone.length > 7) return `${phone.slice(0, 3)}****${phone.slice(-4)}`;
  return phone.length > 2 ? `${'*'.repeat(phone.length - 2)}${phone.slice(-2)}` : phone;
}
