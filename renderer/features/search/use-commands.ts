import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { bucketCodes } from '../../../shared/domain/reminders/buckets.ts';
import { spokenRanges } from '../../../shared/domain/search/match-text.ts';
import { listNames } from '../../../shared/domain/ticket-state.ts';
import { dutyStates } from '../../../shared/domain/people.ts';
import { core } from '../../bridge.ts';
import { useSession } from '../../hooks/use-session.ts';
import { enUS } from '../../i18n/en-US.ts';
import { zhCN } from '../../i18n/zh-CN.ts';
import { useCalls } from '../../stores/calls-store.ts';
import { useOffice } from '../../stores/office-store.ts';
import { useToast } from '../../stores/toast-store.ts';
import { type Place, useView } from '../../stores/view-store.ts';
import type { IconName } from '../../ui/icon-sprite.tsx';
import { useBridgeSentence, useRefusalSentence } from '../handling/use-sentences.ts';
import { useSearches } from '../saved-searches/use-searches.ts';
import { listIcons } from '../tickets/list-icons.ts';

export interface PaletteCommand {
  readonly id: string;
  readonly icon: IconName;
  readonly name: string;
  /** What else it is found by: its words in the other language. */
  readonly also: string;
  readonly go: boolean;
  readonly keys?: string;
  run(): void;
}

export interface FoundCommand extends PaletteCommand {
  readonly ranges: readonly (readonly [number, number])[];
}

type Words = typeof zhCN.palette.cmd;

/** Everything that can be gone to or done from anywhere. */
export function useCommands(): readonly PaletteCommand[] {
  const { t, i18n } = useTranslation();
  const session = useSession();
  const place = useView((s) => s.place);
  const leave = useOffice((s) => s.leave);
  const go = useView((s) => s.go);
  const setCreating = useView((s) => s.setCreating);
  const setSheet = useView((s) => s.setSheet);
  const setFilterOpen = useView((s) => s.setFilterOpen);
  const setColumnsOpen = useView((s) => s.setColumnsOpen);
  const setSaving = useView((s) => s.setSaving);
  const { all, open } = useSearches();
  const show = useToast((s) => s.show);
  const refusal = useRefusalSentence();
  const sentence = useBridgeSentence();
  return useMemo(() => {
    const other = i18n.language === 'en-US' ? zhCN : enUS;
    const failed = (error: unknown): void => show({ tone: 'danger', text: sentence(error) });
    const command = (id: keyof Words, icon: IconName, run: () => void, keys?: string): PaletteCommand => ({
      id,
      icon,
      name: t(`palette.cmd.${id}`),
      also: other.palette.cmd[id],
      go: false,
      ...(keys !== undefined && { keys }),
      run,
    });
    const goTo = (id: keyof Words, icon: IconName, to: Place): PaletteCommand => ({ ...command(id, icon, () => go(to)), go: true });
    const office = session?.seesOthers === true;
    const setDuty = (duty: (typeof dutyStates)[number]): void => {
      if (duty === 'off') return leave(true);
      const me = session?.account?.id;
      if (me === undefined) return;
      core.call('records.act', { kind: 'setDuty', subjectId: me, args: { duty } }).then((answer) => {
        if (answer.ok) show({ tone: 'ok', text: t('palette.dutySet', { what: t(`duties.${duty}`) }) });
        else show({ tone: 'danger', text: refusal(answer.refusal) });
      }, failed);
    };
    const lists = listNames
      .filter((list) => office || !['all', 'review', 'expired'].includes(list))
      .map((list): PaletteCommand => ({
        id: `list-${list}`,
        icon: listIcons[list],
        name: t('palette.cmd.list', { name: t(`nav.list.${list}`) }),
        also: other.nav.list[list],
        go: true,
        run: () => go({ kind: 'list', list, searchId: null }),
      }));
    const buckets = bucketCodes.map((bucket): PaletteCommand => ({
      id: `bucket-${bucket}`,
      icon: 'clock',
      name: t('palette.cmd.bucket', { name: t(`nav.bucket.${bucket}`) }),
      also: other.nav.bucket[bucket],
      go: true,
      run: () => go({ kind: 'bucket', bucket }),
    }));
    const searches = all.map((search): PaletteCommand => ({
      id: `search-${search.id}`,
      icon: 'mark',
      name: t('palette.cmd.search', { name: search.name }),
      also: '',
      go: true,
      run: () => open(search),
    }));
    return [
      ...(session?.mayCreate === true ? [command('newTicket', 'plus', () => setCreating(true), 'N')] : []),
      command('call', 'phone', () => useCalls.getState().ask()),
      ...(place.kind === 'list'
        ? [
            command('filter', 'funnel', () => setFilterOpen(''), 'F'),
            command('columns', 'columns', () => setColumnsOpen(true), 'C'),
            command('saveSearch', 'mark', () => setSaving(true), 'B'),
          ]
        : []),
      ...lists,
      ...buckets,
      ...searches,
      goTo('customersMine', 'user', { kind: 'customers', view: 'mine' }),
      goTo('customersInvalid', 'suspended', { kind: 'customers', view: 'invalid' }),
      goTo('customersFree', 'user', { kind: 'customers', view: 'free' }),
      ...(office ? [goTo('customersAll', 'user', { kind: 'customers', view: 'all' }), goTo('team', 'users', { kind: 'team' })] : []),
      goTo('settings', 'gear', { kind: 'settings', page: 'general' }),
      goTo('phrases', 'bolt', { kind: 'settings', page: 'phrases' }),
      ...dutyStates.map((duty) => command(duty, 'user', () => setDuty(duty))),
      command('light', 'gear', () => void core.call('settings.set', { theme: 'light' }).catch(failed)),
      command('dark', 'gear', () => void core.call('settings.set', { theme: 'dark' }).catch(failed)),
      command('system', 'gear', () => void core.call('settings.set', { theme: 'system' }).catch(failed)),
      command('chinese', 'gear', () => void core.call('settings.set', { locale: 'zh-CN' }).catch(failed)),
      command('english', 'gear', () => void core.call('settings.set', { locale: 'en-US' }).catch(failed)),
      command('shortcuts', 'help', () => setSheet(true), '?'),
      command('signOut', 'lock', () => void core.call('session.signOut', {}).catch(failed)),
    ];
  }, [
    t,
    i18n.language,
    session,
    place.kind,
    all,
    open,
    show,
    refusal,
    sentence,
    go,
    setCreating,
    setSheet,
    setFilterOpen,
    setColumnsOpen,
    setSaving,
    leave,
  ]);
}

/** Those that fit, by their words in either language, pinyin or initials; those that begin with the words first. */
export function findCommands(commands: readonly PaletteCommand[], text: string): FoundCommand[] {
  if (text.trim() === '') return commands.map((c) => ({ ...c, ranges: [] }));
  return commands
    .flatMap((c): FoundCommand[] => {
      const ranges = spokenRanges(text, c.name);
      if (ranges !== null) return [{ ...c, ranges }];
      return spokenRanges(text, c.also) === null ? [] : [{ ...c, ranges: [] }];
    })
    .sort((a, b) => (a.ranges[0]?.[0] ?? 99) - (b.ranges[0]?.[0] ?? 99));
}
