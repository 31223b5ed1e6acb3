import { v7 } from 'uuid';
import { makeSwitchKey } from '../../../server/calls/switch-key.ts';
import type { SwitchCallAnswer, SwitchCallRequest } from '../../../server/calls/switch-call.ts';
import type { TestServer } from '../../../server/testing.ts';

/** A telephone switch with a key of this server. @returns puts a call through to an agent. @throws Error with the server's answer */
export async function telephoneSwitch(server: TestServer) {
  const key = await makeSwitchKey(server.store, v7, Date.now());
  return async (staffNo: string, phone: string, more: Partial<SwitchCallRequest> = {}): Promise<SwitchCallAnswer> => {
    const payload: SwitchCallRequest = { id: v7(), phone, staffNo, at: Date.now(), ...more };
    const answer = await server.inject({ method: 'POST', url: '/v1/calls', headers: { authorization: `Bearer ${key}` }, payload });
    if (answer.statusCode !== 200) throw new Error(`${answer.statusCode} ${answer.body}`);
    return answer.json<SwitchCallAnswer>();
  };
}
