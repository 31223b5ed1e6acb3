export const writeTemplate = async (..._: unknown[]): Promise<{ ok: boolean }> => ({ ok: false });
