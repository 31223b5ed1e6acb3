import type { PolicyError, PolicyFault } from './company-policy.ts';

const words: Readonly<Record<PolicyFault, readonly [string, string]>> = {
  unreadable: ['这个文件读不出来。', 'This file cannot be read.'],
  'not-admins': [
    '这个文件或它所在的文件夹，管理员以外的人也能修改，所以不能相信它的内容。',
    'People other than administrators can change this file or its folder, so what it says cannot be trusted.',
  ],
  'not-json': ['这个文件不是正确的 JSON。', 'This file is not valid JSON.'],
  'wrong-value': ['其中有不认识的名称，或者写法不对的值。', 'It has a name that is not known, or a value that is not right.'],
  'ca-unreadable': ['策略里 ca 指的证书文件读不出来。', 'The file of certificates that “ca” names cannot be read.'],
  'ca-not-admins': [
    '策略里 ca 指的证书文件或它所在的文件夹，管理员以外的人也能修改，所以不能相信它。',
    'People other than administrators can change the file of certificates that “ca” names, or its folder.',
  ],
  'ca-not-pem': [
    '策略里 ca 指的文件里没有（或不全是）PEM 格式的 CA 证书。',
    'The file that “ca” names holds something else than PEM certificates of authorities.',
  ],
};

/** What is said when a policy cannot be used, to the agent and to whoever reads a terminal. */
export function policyRefusal({ fault, file, keys }: PolicyError): { readonly title: string; readonly detail: string } {
  const [chinese, english] = words[fault];
  const which = keys.length === 0 ? '' : `\n→ ${keys.join(', ')}`;
  return {
    title: '公司的策略文件有问题，坐席工单台没有启动 / The company policy cannot be used, so the app does not start',
    detail:
      `${file}\n${chinese}${which}\n请联系公司的 IT 管理员改正后再打开；本机的内容都在，没有改动。\n\n` +
      `${english} Ask your IT department to mend it. Everything on this computer is kept.`,
  };
}
