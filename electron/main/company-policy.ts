import { X509Certificate } from 'node:crypto';
import { closeSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { AdminOwned } from './admin-owned.ts';

/** A proxy that is spoken to without TLS; what goes through it is encrypted from end to end. */
const proxyUrl = z.string().refine((text) => /^http:\/\/[^/?#\s]+\/?$/i.test(text) && URL.canParse(text));

/** Where updates lie. Not for secrecy, since they are signed, but so that nobody on the way can hold them back unseen. */
const updatesUrl = z
  .string()
  .max(300)
  .refine((text) => /^https:\/\/[^/]/i.test(text) && URL.canParse(text));

/** A key that is not known here is a fault: a misspelt `proxy` must not mean none. */
const policy = z.strictObject({
  /** Address of the server; the agent need not type it. */
  server: z.string().min(1).max(300).optional(),
  /** File with the company's own authorities (PEM), beside the policy or with its whole path. */
  ca: z.string().min(1).max(1000).optional(),
  proxy: proxyUrl.optional(),
  /** Hosts that are reached without the proxy. */
  noProxy: z
    .array(z.string().regex(/^[\w.*:[\]-]+$/))
    .max(200)
    .optional(),
  /** Folder with the packages and their manifests. */
  updates: updatesUrl.optional(),
});

/** What a company's administrators set for all its desks, in a file that only they can write. */
export interface CompanyPolicy {
  readonly server: string | null;
  /** PEM. */
  readonly ca: string | null;
  readonly proxy: string | null;
  readonly noProxy: readonly string[];
  /** Address of a folder; null: the one that was built in. */
  readonly updates: string | null;
}

export const noPolicy: CompanyPolicy = { server: null, ca: null, proxy: null, noProxy: [], updates: null };

export const policyFaults = [
  'unreadable',
  'not-admins',
  'not-json',
  'wrong-value',
  'ca-unreadable',
  'ca-not-admins',
  'ca-not-pem',
] as const;
export type PolicyFault = (typeof policyFaults)[number];

export class PolicyError extends Error {
  readonly fault: PolicyFault;
  /** The file that is at fault. */
  readonly file: string;
  /** Names of keys; never a value, which may hold a password. */
  readonly keys: readonly string[];
  constructor(fault: PolicyFault, file: string, keys: readonly string[] = []) {
    super(fault);
    this.name = 'PolicyError';
    this.fault = fault;
    this.file = file;
    this.keys = keys;
  }
}

/** Where it lies: a place that no user's variable moves, and no user can write to. */
export function policyFile(platform: string): string {
  if (platform === 'win32') return 'C:\\ProgramData\\Zuoxi\\policy.json';
  if (platform === 'darwin') return '/Library/Application Support/Zuoxi/policy.json';
  return '/etc/zuoxi/policy.json';
}

/**
 * @param isAdmins whether nobody but administrators can change a file. Whoever could write the policy could send passwords
 * elsewhere.
 * @returns `noPolicy` where there is no such file @throws PolicyError if there is one that cannot be used: to go on without
 * it would be less safe than the administrators want it
 */
export function readPolicy(file: string, isAdmins: AdminOwned): CompanyPolicy {
  const text = readTrusted(file, isAdmins, 'unreadable', 'not-admins');
  if (text === null) return noPolicy;
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    throw new PolicyError('not-json', file);
  }
  const parsed = policy.safeParse(json);
  if (!parsed.success) throw new PolicyError('wrong-value', file, wrongKeys(parsed.error));
  const { ca, noProxy = [], proxy = null, server = null, updates = null } = parsed.data;
  const authorities = ca === undefined ? null : readAuthorities(path.resolve(path.dirname(file), ca), isAdmins);
  return { server, proxy, noProxy, updates, ca: authorities };
}

const wrongKeys = ({ issues }: z.ZodError): string[] =>
  issues.flatMap((issue) => (issue.code === 'unrecognized_keys' ? issue.keys : [issue.path.join('.')])).filter((key) => key !== '');

/** null: there is no such file. What is checked is what is read, also if somebody puts another in its place meanwhile. */
function readTrusted(file: string, isAdmins: AdminOwned, unreadable: PolicyFault, notAdmins: PolicyFault): string | null {
  let opened: number;
  try {
    opened = openSync(file, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new PolicyError(unreadable, file);
  }
  try {
    if (!isAdmins(file, opened)) throw new PolicyError(notAdmins, file);
    return readFileSync(opened, 'utf8');
  } catch (error) {
    throw error instanceof PolicyError ? error : new PolicyError(unreadable, file);
  } finally {
    closeSync(opened);
  }
}

function readAuthorities(file: string, isAdmins: AdminOwned): string {
  const text = readTrusted(file, isAdmins, 'ca-unreadable', 'ca-not-admins');
  if (text === null) throw new PolicyError('ca-unreadable', file);
  const found = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  try {
    // A server's own certificate would be trusted for itself alone; whoever puts one there wants something else.
    if (found.length === 0 || !found.every((each) => new X509Certificate(each).ca)) throw new PolicyError('ca-not-pem', file);
  } catch {
    throw new PolicyError('ca-not-pem', file);
  }
  return found.join('\n');
}
