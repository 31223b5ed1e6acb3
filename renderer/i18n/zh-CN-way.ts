/** 到服务器的路上的问题：哪里不对、找谁。 */
const meanwhile = '可以继续工作，内容都在本机，弄好后会自动接上。';
const unsent = '没有登录，密码没有发出去。';

const portal = '回答的是一个网页，不是坐席工单台的服务器。';
const proxy = '公司的代理服务器不放行，到不了工单服务器，请联系 IT 管理员。';
const expired = '服务器的证书过期了，为保护客户资料没有连接。请看一下这台电脑的日期对不对；日期对，就请管理员更换证书。';
const early = '服务器的证书还没到生效的日期，没有连接。请先校准这台电脑的日期和时间；已经是准的，就告诉管理员。';
const host = '回答的服务器用的是别的地址的证书，可能不是公司的服务器，没有连接。请对照公司给的地址；地址没错，就告诉管理员。';
const selfSigned = '服务器的证书是它自己签发的，确认不了是不是公司的服务器，没有连接。请告诉管理员。';
const unknown = '签发服务器证书的机构不受信任，可能有人在中间截取，没有连接。请换一个网络试试；还是这样，就告诉 IT 管理员。';
const old = '服务器只会过时的加密方式（TLS 1.1 或更早），没有连接。请管理员升级服务器。';

export const waySignIn = {
  portal: `${portal}请检查地址；如果所在网络要先登录，请先登录网络。`,
  proxy: `${proxy}${unsent}`,
  'certificate-expired': `${expired}${unsent}`,
  'certificate-early': `${early}${unsent}`,
  'certificate-host': `${host}${unsent}`,
  'certificate-self-signed': `${selfSigned}${unsent}`,
  'certificate-unknown': `${unknown}${unsent}`,
  'tls-old': `${old}${unsent}`,
};

export const waySync = {
  portal: `${portal}多半是所在网络要先登录（如访客 Wi-Fi），请在浏览器里登录网络；工单台不用重新登录。${meanwhile}`,
  proxy: `${proxy}${meanwhile}`,
  'certificate-expired': `${expired}${meanwhile}`,
  'certificate-early': `${early}${meanwhile}`,
  'certificate-host': `${host}${meanwhile}`,
  'certificate-self-signed': `${selfSigned}${meanwhile}`,
  'certificate-unknown': `${unknown}${meanwhile}`,
  'tls-old': `${old}${meanwhile}`,
};

const refused = '服务器证书有问题，可继续工作';
export const wayTrouble = {
  portal: '网络要先登录，可继续工作',
  proxy: '代理不放行，可继续工作',
  'certificate-expired': refused,
  'certificate-early': refused,
  'certificate-host': refused,
  'certificate-self-signed': refused,
  'certificate-unknown': refused,
  'tls-old': '服务器加密过时，可继续工作',
};
