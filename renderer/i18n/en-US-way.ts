import type { waySignIn as zhSignIn, waySync as zhSync, wayTrouble as zhTrouble } from './zh-CN-way.ts';

const meanwhile = 'Keep working: everything is kept here and goes on by itself once this is mended.';
const unsent = 'You are not signed in, and the password was not sent.';

const portal = 'A web page answered, not the Zuoxi server.';
const proxy = 'The company’s proxy does not let this through to the ticket server. Ask your IT department.';
const expired =
  'The server’s certificate has expired, so nothing was sent to it. Look whether the date of this computer is right; if it is, ask an admin for a new certificate.';
const early =
  'The server’s certificate is not valid yet, so nothing was sent to it. Set the date and time of this computer right; if they are, tell an admin.';
const host =
  'The server that answered has the certificate of another address and may not be your company’s, so nothing was sent to it. Compare the address with the one you were given; if it is right, tell an admin.';
const selfSigned = 'The server signed its certificate itself, so it may not be your company’s and nothing was sent to it. Tell an admin.';
const unknown =
  'Nobody who is trusted signed the server’s certificate; somebody may be listening in, so nothing was sent to it. Try another network; if it stays so, tell your IT department.';
const old = 'The server knows outdated encryption only (TLS 1.1 or older), so nothing was sent to it. Ask an admin to update the server.';

export const waySignIn: typeof zhSignIn = {
  portal: `${portal} Check the address; if your network wants a sign-in first, do that.`,
  proxy: `${proxy} ${unsent}`,
  'certificate-expired': `${expired} ${unsent}`,
  'certificate-early': `${early} ${unsent}`,
  'certificate-host': `${host} ${unsent}`,
  'certificate-self-signed': `${selfSigned} ${unsent}`,
  'certificate-unknown': `${unknown} ${unsent}`,
  'tls-old': `${old} ${unsent}`,
};

export const waySync: typeof zhSync = {
  portal: `${portal} Your network may want a sign-in first, as guest Wi-Fi does: do that in a browser. You need not sign in here again. ${meanwhile}`,
  proxy: `${proxy} ${meanwhile}`,
  'certificate-expired': `${expired} ${meanwhile}`,
  'certificate-early': `${early} ${meanwhile}`,
  'certificate-host': `${host} ${meanwhile}`,
  'certificate-self-signed': `${selfSigned} ${meanwhile}`,
  'certificate-unknown': `${unknown} ${meanwhile}`,
  'tls-old': `${old} ${meanwhile}`,
};

const refused = 'Server certificate refused, keep working';
export const wayTrouble: typeof zhTrouble = {
  portal: 'Network wants a sign-in, keep working',
  proxy: 'Proxy refuses, keep working',
  'certificate-expired': refused,
  'certificate-early': refused,
  'certificate-host': refused,
  'certificate-self-signed': refused,
  'certificate-unknown': refused,
  'tls-old': 'Server encryption outdated, keep working',
};
