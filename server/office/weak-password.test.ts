import { expect, it } from 'vitest';
import { operations } from '../../shared/protocol/operations.ts';
import { newPassword } from './passwords.ts';
import { isWeak, SHORTEST_PASSWORD } from './weak-password.ts';

it.each([
  ['of the list of leaked ones', ['password1', 'qwertyuiop', '1qaz2wsx', 'iloveyou', 'football1', 'q1w2e3r4t5', 'trustno1', 'superman']],
  ['that people here choose', ['woaini1314', '5201314520', 'kefu1234', 'admin888', 'zuoxi2026']],
  ['with capitals, full-width characters or marks at the end', ['PassWord1', 'ＫＥＦＵ１２３４', 'Password1!', 'woaini1314..']],
  ['of one piece again and again', ['88888888', '123123123', '12341234', 'abababab', 'aabbaabb', '呵呵呵呵呵呵呵呵']],
  ['in a row', ['abcdefgh', '987654321', '0123456789', '23456789', '12345678900', 'hgfedcba']],
  ['that are a day', ['19900101', '20261231']],
  ['of the staff number', ['A20817-1', 'xa20817x', 'a20817123']],
  ['of less than eight characters, however they are counted', ['a7-b8-c', '🔒🔑🔐🗝', '密码密码密码密', '']],
])('S15 refuses passwords %s', async (_what, passwords) => {
  for (const password of passwords) expect([password, await isWeak(password, 'A20817')]).toEqual([password, true]);
});

it('S15 takes others, long ones too, and what it makes itself', async () => {
  const others = [
    'k7mp-3rt9',
    'correct horse battery staple',
    '窗外下雨记得收衣服',
    'A20817 is my number',
    '20261332',
    'x'.repeat(3).concat('yz'.repeat(99), '7'),
  ];
  for (const password of [...others, ...Array.from({ length: 50 }, newPassword)])
    expect([password, await isWeak(password, 'A20817')]).toEqual([password, false]);
});

it('S15 the protocol takes eight characters and 256, and neither fewer nor more', () => {
  const takes = (length: number): boolean =>
    operations['account.changePassword'].input.safeParse({ old: 'x', next: 'a'.repeat(length) }).success;
  expect([SHORTEST_PASSWORD, takes(7), takes(8), takes(256), takes(257)]).toEqual([8, false, true, true, false]);
});
