// The same keys as zh-CN-desk.ts; `Messages` in zh-CN.ts checks it.
export const enUSDesk = {};
