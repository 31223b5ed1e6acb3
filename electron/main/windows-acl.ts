/** Rights by their letters in SDDL, as bits of a file's access mask. */
const rights: Readonly<Record<string, number>> = {
  ...{ GA: 0x1000_0000, GW: 0x4000_0000, GR: 0x8000_0000, GX: 0x2000_0000 },
  ...{ RC: 0x2_0000, SD: 0x1_0000, WD: 0x4_0000, WO: 0x8_0000 },
  ...{ FA: 0x1f_01ff, FR: 0x12_0089, FW: 0x12_0116, FX: 0x12_00a0 },
  ...{ CC: 0x1, DC: 0x2, LC: 0x4, SW: 0x8, RP: 0x10, WP: 0x20, DT: 0x40, LO: 0x80, CR: 0x100 },
};
/** All, write, delete, change rights or owner, delete in a folder. */
const CHANGES = 0x1000_0000 | 0x4000_0000 | 0x1_0000 | 0x4_0000 | 0x8_0000 | 0x40;
/** Write and append; on a folder they add a new file, which does no harm to one that is there. */
const WRITES = 0x2 | 0x4;

/** The system, administrators (also of the domain), and the installer of Windows. */
const administrators = new Set(['SY', 'BA', 'LA', 'DA', 'EA', 'S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464']);

/**
 * @param descriptors of a file and then of its folders, in SDDL.
 * @returns whether administrators own each of them and nobody else may change it. What cannot be read counts as no.
 */
export function isAdminsAlone(descriptors: readonly string[]): boolean {
  return descriptors.length > 0 && descriptors.every((text, i) => isFine(text, i === 0 ? CHANGES | WRITES : CHANGES));
}

function isFine(descriptor: string, refused: number): boolean {
  const parts = /^O:(S-[\d-]+|[A-Z]{2})(?:G:(?:S-[\d-]+|[A-Z]{2}))?D:[A-Z]*((?:\([^()]*\))+)$/.exec(descriptor.trim());
  if (parts === null || !administrators.has(parts[1]!)) return false;
  return [...parts[2]!.matchAll(/\(([^()]*)\)/g)].every(([, entry]) => {
    const [type = '', flags = '', granted = '', , , who = ''] = entry!.split(';');
    // Of no effect here: it denies, or is for what will be made inside.
    if (type === 'D' || /^(..)*IO/.test(flags)) return true;
    const mask = maskOf(granted);
    return administrators.has(who) || (type === 'A' && mask !== null && (mask & refused) === 0);
  });
}

function maskOf(granted: string): number | null {
  if (/^0x[\da-f]{1,8}$/i.test(granted)) return Number(granted);
  const letters = granted.match(/../g) ?? [];
  if (letters.join('') !== granted) return null;
  const masks = letters.map((each) => rights[each]);
  return masks.includes(undefined) ? null : masks.reduce<number>((all, each) => all | (each ?? 0), 0);
}
