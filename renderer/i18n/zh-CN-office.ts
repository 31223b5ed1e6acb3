export const zhCNOffice = {};
