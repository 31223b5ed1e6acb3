import { afterEach, describe, expect, test } from 'vitest';
import { act, list, newTicket, numbered, type Office, openOffice } from '../../support/core/desk.ts';

let office: Office;
afterEach(() => office.close());

describe('one command from one client to another', () => {
  test('a transfer leaves the sender, reaches the receiver and is the same on the server', async () => {
    office = await openOffice();
    const lin = await office.device('lin');
    const bai = await office.device('bai');
    const ticketId = await newTicket(lin);
    const before = await numbered(lin, ticketId);

    await act(lin, ticketId, 'transfer', { toId: office.people.bai.id, reason: '转给负责片区的同事' });
    const received = await bai.until('tickets.get', { ticketId, transferId: null }, (t) => t !== null);
    expect(received).toMatchObject({ subject: '晚间频繁掉线', status: 'pending', assigneeName: '白露', number: before.number });
    expect(received!.customer?.name).toBe('周砚秋');
    expect(received!.events.map((e) => e.command)).toEqual(['transfer', 'create']);

    await lin.until('tickets.get', { ticketId, transferId: null }, (t) => t === null);
    const given = await list(lin, 'transferred');
    expect(given.rows).toHaveLength(1);
    expect(given.rows[0]).toMatchObject({ id: ticketId, transfer: { toName: '白露', reason: '转给负责片区的同事' } });
  });
});
