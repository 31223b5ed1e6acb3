import type { z } from 'zod';
import type { attentionItem, popup, queueItem } from '../../shared/bridge/views.ts';
import type { Ticket } from '../../shared/domain/tickets.ts';
import { uid } from './sample-data.ts';

const MIN = 60_000;
export type Popup = z.infer<typeof popup>;

export function samplePopups(asked: URLSearchParams, tickets: readonly Ticket[], start: number): Popup[] {
  const third = tickets[3];
  return asked.get('popups') === '0' || third === undefined
    ? []
    : [
        {
          id: 'p1',
          kind: 'transfer',
          showAt: start,
          ticketId: 't6',
          callbackId: null,
          number: tickets[6]!.number,
          subject: tickets[6]!.subject,
          customerName: '顾小满 女士',
          phone: '139****0021',
          fromName: '江晚舟',
          note: '客户改到周五下午，我周五休息',
          items: [],
          count: 1,
        },
        ...(asked.has('digest')
          ? [
              {
                id: 'digest:1',
                kind: 'expiry' as const,
                showAt: start,
                ticketId: null,
                callbackId: null,
                number: null,
                subject: '',
                customerName: '',
                phone: '',
                fromName: '',
                note: '',
                items: tickets.slice(0, 6).map((t) => ({ ticketId: t.id, number: t.number, subject: t.subject, at: t.dueAt ?? start })),
                count: 9,
              },
            ]
          : [
              {
                id: 'p2',
                kind: 'callback' as const,
                showAt: start,
                ticketId: 't3',
                callbackId: uid('bt3'),
                number: third.number,
                subject: third.subject,
                customerName: '许南乔 先生',
                phone: '139****2874',
                fromName: '',
                note: '承诺今天告知配件到货时间',
                items: [],
                count: 1,
              },
            ]),
      ];
}

export const sampleQueue = (tickets: readonly Ticket[], start: number): z.infer<typeof queueItem>[] =>
  tickets.slice(4, 7).map((t, i) => ({
    commandId: `q${i}`,
    kind: (['update', 'create', 'scheduleCallback'] as const)[i]!,
    ticketId: t.id,
    number: i === 1 ? null : t.number,
    subject: t.subject,
    occurredAt: start - (20 - i * 6) * MIN,
    attempts: i === 0 ? 4 : 0,
  }));

export const sampleAttention = (start: number): z.infer<typeof attentionItem>[] => [
  {
    commandId: 'k1',
    kind: 'resolve' as const,
    ticketId: 't3',
    number: 103526,
    subject: '空调制冷差',
    occurredAt: start - 60 * MIN,
    attempts: 1,
    refusedAt: start - 40 * MIN,
    refusal: {
      code: 'not-assignee' as const,
      current: {
        status: 'pending',
        assigneeId: uid('a3'),
        lastCommand: 'transfer',
        lastActorId: uid('a2'),
        lastAt: start - 44 * MIN,
      },
    },
    text: '配件已到货，周四上午装维上门更换压缩机，客户同意并要求上门前一小时电话联系。',
    names: {},
  },
];
