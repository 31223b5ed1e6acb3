export const zhCNDesk = {};
