// The same keys as zh-CN-office.ts; `Messages` in zh-CN.ts checks it.
export const enUSOffice = {};
