import type { ListName } from '../../../shared/domain/ticket-state.ts';
import type { IconName } from '../../ui/icon-sprite.tsx';

export const listIcons: Readonly<Record<ListName, IconName>> = {
  pending: 'pending',
  processing: 'processing',
  resolved: 'resolved',
  transferred: 'swap',
  pool: 'inbox',
  all: 'rows',
  review: 'review',
  expired: 'lapse',
};
