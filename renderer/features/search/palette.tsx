import { Modal } from 'antd';
import { type KeyboardEvent, type ReactElement, type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { maskPhone } from '../../../shared/domain/contacts.ts';
import { upTo } from '../../format/up-to.ts';
import { useOlder } from '../../hooks/use-older.ts';
import { useQuery } from '../../hooks/use-query.ts';
import type { Session } from '../../hooks/use-session.ts';
import { listCursor } from '../../stores/list-cursor.ts';
import { useView } from '../../stores/view-store.ts';
import { Icon } from '../../ui/icon.tsx';
import type { IconName } from '../../ui/icon-sprite.tsx';
import { Marked } from '../../ui/marked.tsx';
import { StatusWord } from '../tickets/status-word.tsx';
import { findCommands, useCommands } from './use-commands.ts';

const tabs = ['all', 'commands', 'tickets', 'customers'] as const;
type Tab = (typeof tabs)[number];
const marks: Readonly<Record<string, Tab>> = { '>': 'commands', '#': 'tickets', '@': 'customers' };
/** Rows of each kind while all kinds are shown. */
const FEW = { commands: 6, tickets: 7, customers: 4 } as const;
/** Typing pauses this long before the core is asked. */
const PAUSE = 80;

const OLDER = 'older';

interface Item {
  readonly id: string;
  readonly icon: IconName;
  readonly content: ReactNode;
  run(): void;
}
interface Section {
  readonly tab: Exclude<Tab, 'all'>;
  readonly name: string;
  readonly total: string | null;
  readonly items: readonly Item[];
}

/** Ctrl/⌘ K: tickets, customers and commands under one box; all of it from this computer. */
export function Palette({ account }: { readonly account: NonNullable<Session['account']> }): ReactElement {
  const open = useView((s) => s.palette);
  const setPalette = useView((s) => s.setPalette);
  const { t } = useTranslation();
  return (
    <Modal
      open={open}
      width={640}
      closable={false}
      footer={null}
      className="palettewrap"
      // It is called many times an hour, and the next call must not meet the last one still leaving.
      transitionName=""
      maskTransitionName=""
      styles={{ body: { padding: 0 }, container: { padding: 0, overflow: 'hidden' } }}
      aria-label={t('palette.title')}
      onCancel={() => {
        setPalette(false);
        listCursor().focus();
      }}
      destroyOnHidden
    >
      {open && <PaletteBody account={account} />}
    </Modal>
  );
}

function PaletteBody({ account }: { readonly account: NonNullable<Session['account']> }): ReactElement {
  const { t } = useTranslation();
  const setPalette = useView((s) => s.setPalette);
  const openTicket = useView((s) => s.openTicket);
  const showCustomer = useView((s) => s.showCustomer);
  const place = useView((s) => s.place);
  const mask = useQuery('directory.list', {}).value?.parameters.maskPhones !== false;
  const commands = useCommands();
  const [typed, setTyped] = useState('');
  const [tab, setTab] = useState<Tab>('all');
  const [asked, setAsked] = useState('');
  const [composing, setComposing] = useState(false);
  const [at, setAt] = useState(0);
  const list = useRef<HTMLDivElement>(null);

  const mark = marks[typed[0] ?? ''];
  const shownTab = mark ?? tab;
  const text = (mark === undefined ? typed : typed.slice(1)).trim();
  // An unfinished composition is no search.
  useEffect(() => {
    if (composing) return undefined;
    const timer = setTimeout(() => setAsked(text), PAUSE);
    return () => clearTimeout(timer);
  }, [text, composing]);
  const found = useQuery('search.find', asked === '' || shownTab === 'commands' ? null : { text: asked });
  const answer = found.value;
  const older = useOlder({ by: 'list', list: account.role === 'agent' ? 'resolved' : 'all', text: asked, filter: [] });

  const leave = (then: () => void) => (): void => {
    setPalette(false);
    listCursor().focus();
    then();
  };
  const sections = useMemo((): Section[] => {
    const wants = (which: Section['tab']): boolean => shownTab === 'all' || shownTab === which;
    const out: Section[] = [];
    if (wants('commands')) {
      const those = findCommands(commands, composing ? '' : text);
      const few = shownTab === 'all' && text !== '' ? those.slice(0, FEW.commands) : those;
      for (const go of [true, false]) {
        const items = few
          .filter((c) => c.go === go)
          .map((c): Item => ({
            id: `cmd-${c.id}`,
            icon: c.icon,
            content: (
              <>
                <span className="el grow">
                  <Marked text={c.name} ranges={c.ranges} />
                </span>
                {c.keys !== undefined && <kbd>{c.keys}</kbd>}
              </>
            ),
            run: leave(c.run),
          }));
        if (items.length > 0) out.push({ tab: 'commands', name: t(go ? 'palette.go' : 'palette.run'), total: null, items });
      }
    }
    if (wants('tickets') && answer !== undefined && answer.tickets.length > 0) {
      const items = answer.tickets.slice(0, shownTab === 'all' ? FEW.tickets : undefined).map((row): Item => {
        const of = (field: (typeof row.hits)[number]['field']) => row.hits.find((h) => h.field === field);
        const also = row.hits.find((h) => h.field === 'phone' || h.field === 'description' || h.field === 'history');
        return {
          id: `ticket-${row.id}`,
          icon: row.status,
          content: (
            <>
              <span className="el grow">
                <span className="main">
                  <Marked text={row.subject} ranges={of('subject')?.ranges} />
                </span>{' '}
                <span className="t3">
                  {row.number === null ? t('list.unnumbered') : <Marked text={String(row.number)} ranges={of('number')?.ranges} />}
                  {' · '}
                  <Marked text={row.customerName} ranges={of('customer')?.ranges} />
                  {also !== undefined && (
                    <>
                      {' · '}
                      {t(`palette.field.${also.field}`)} <Marked text={also.text} ranges={also.ranges} />
                    </>
                  )}
                </span>
              </span>
              <StatusWord status={row.status} />
            </>
          ),
          run: leave(() => openTicket({ ticketId: row.id, transferId: row.transfer?.id ?? null })),
        };
      });
      const total = upTo({ total: answer.ticketTotal, more: answer.ticketMore });
      const all = account.role !== 'agent';
      // Whoever sees others' tickets has a list of all of them; an agent looks on in the list on screen.
      const target = all ? 'all' : place.kind === 'list' ? place.list : 'processing';
      items.push({
        id: 'all-tickets',
        icon: 'rows',
        content: (
          <span className="acc">
            {all ? t('palette.more', { n: total }) : t('palette.moreIn', { list: t(`nav.list.${target}`), text: asked })}
          </span>
        ),
        run: leave(() => {
          const { go, setConditions } = useView.getState();
          go({ kind: 'list', list: target, searchId: null });
          setConditions(target, { text: asked, filter: [] });
        }),
      });
      out.push({ tab: 'tickets', name: t('palette.tickets'), total, items });
    }
    if (wants('tickets') && answer !== undefined) {
      const words =
        older.failure !== null
          ? t(`older.failed.${older.failure}`)
          : older.state === 'fetching'
            ? t('older.fetching')
            : older.state === 'done'
              ? t(older.found > 0 ? 'older.found' : 'older.none', { n: older.found })
              : t('older.palette', { text: asked });
      const content = <span className={older.failure === null ? 'acc' : 'danger'}>{words}</span>;
      // It stays open: what comes is listed above.
      const run = (): void => {
        if (older.state === 'idle' || older.state === 'more') older.fetch();
      };
      out.push({ tab: 'tickets', name: t('palette.server'), total: null, items: [{ id: OLDER, icon: 'cloud', content, run }] });
    }
    if (wants('customers') && answer !== undefined && answer.customers.length > 0) {
      const items = answer.customers.slice(0, shownTab === 'all' ? FEW.customers : undefined).map((row): Item => {
        const of = (field: (typeof row.hits)[number]['field']) => row.hits.find((h) => h.field === field);
        const phone = of('phone');
        return {
          id: `customer-${row.id}`,
          icon: 'user',
          content: (
            <span className="el grow">
              <span className="main">
                <Marked text={row.name} ranges={of('name')?.ranges} />
              </span>{' '}
              <span className="t3">
                {phone === undefined ? row.phone : mask ? maskPhone(phone.text) : <Marked text={phone.text} ranges={phone.ranges} />}
                {row.address !== '' && (
                  <>
                    {' · '}
                    <Marked text={row.address} ranges={of('address')?.ranges} />
                  </>
                )}
                {' · '}
                {t('palette.openTickets', { n: row.openTickets })}
              </span>
            </span>
          ),
          run: leave(() => showCustomer(row.id)),
        };
      });
      out.push({ tab: 'customers', name: t('palette.customers'), total: String(answer.customerTotal), items });
    }
    return out;
  }, [shownTab, commands, text, composing, answer, asked, t, mask, account.role, place, older]);
  // What was asked for comes before what can be done.
  const ordered = useMemo(
    () =>
      text === '' || shownTab !== 'all'
        ? sections
        : [...sections.filter((s) => s.tab !== 'commands'), ...sections.filter((s) => s.tab === 'commands')],
    [sections, text, shownTab],
  );
  const items = ordered.flatMap((s) => s.items);
  const active = Math.min(at, items.length - 1);
  useEffect(() => setAt(0), [typed, tab]);
  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  }, [active]);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    const step = event.code === 'ArrowDown' ? 1 : event.code === 'ArrowUp' ? -1 : 0;
    if (step !== 0) setAt((active + step + items.length) % Math.max(1, items.length));
    else if (event.code === 'Enter' || event.code === 'NumpadEnter') {
      // What is on screen answers what was typed before the last letters: wait for the answer to these.
      if (shownTab === 'commands' || (asked === text && (asked === '' || found.fresh))) items[active]?.run();
    } else if (event.code === 'Tab') {
      if (mark !== undefined) setTyped(typed.slice(1));
      setTab(tabs[(tabs.indexOf(shownTab) + (event.shiftKey ? tabs.length - 1 : 1)) % tabs.length]!);
    } else return;
    event.preventDefault();
  };
  let index = -1;
  return (
    <div className="palette" data-testid="palette" onKeyDown={onKeyDown}>
      <div className="ask">
        <Icon name="search" />
        <input
          role="combobox"
          aria-expanded
          aria-controls="palette-list"
          aria-activedescendant={active >= 0 ? `palette-${active}` : undefined}
          aria-label={t('palette.open')}
          placeholder={t('palette.open')}
          autoFocus
          maxLength={100}
          value={typed}
          data-testid="palette-input"
          onChange={(e) => setTyped(e.target.value)}
          onCompositionStart={() => setComposing(true)}
          onCompositionEnd={() => setComposing(false)}
        />
        <span className="t3 meta">{t('palette.local')}</span>
        <kbd>Esc</kbd>
      </div>
      <div className="tabs" role="tablist" aria-label={t('palette.title')}>
        {tabs.map((name) => (
          <button
            key={name}
            type="button"
            role="tab"
            tabIndex={-1}
            aria-selected={name === shownTab}
            className={name === shownTab ? 'on' : ''}
            data-testid={`palette-tab-${name}`}
            onClick={() => setTab(name)}
          >
            {t(`palette.${name}`)} {name !== 'all' && <kbd>{{ commands: '>', tickets: '#', customers: '@' }[name]}</kbd>}
          </button>
        ))}
      </div>
      <div ref={list} id="palette-list" role="listbox" aria-label={t('palette.title')} className="found">
        {ordered.map((section) => (
          <div key={`${section.tab} ${section.name}`} role="group" aria-label={section.name}>
            <p className="t3 meta" aria-hidden="true">
              <b>{section.name}</b> {section.total !== null && t('palette.count', { n: section.total })}
            </p>
            {section.items.map((item) => {
              index += 1;
              const mine = index;
              return (
                <div
                  key={item.id}
                  id={`palette-${mine}`}
                  role="option"
                  aria-selected={mine === active}
                  className={mine === active ? 'it at' : 'it'}
                  data-testid={`palette-${item.id}`}
                  onMouseMove={(e) => {
                    // A list that moves under a mouse at rest also says so; only a hand chooses.
                    if (e.movementX !== 0 || e.movementY !== 0) setAt(mine);
                  }}
                  onClick={item.run}
                >
                  <Icon name={item.icon} />
                  {item.content}
                </div>
              );
            })}
          </div>
        ))}
        {items.every((item) => item.id === OLDER) && asked === text && found.fresh && (
          <div className="nothing" role="status" data-testid="palette-nothing">
            <p>{t('palette.nothing', { text })}</p>
            <p className="t3">{t('palette.nothingHint')}</p>
          </div>
        )}
      </div>
      <footer className="t3 meta">
        <span>
          <kbd>↑</kbd> <kbd>↓</kbd> {t('palette.select')}
        </span>
        <span>
          <kbd>↵</kbd> {t('palette.execute')}
        </span>
        <span>
          <kbd>Tab</kbd> {t('palette.onlyThis')}
        </span>
      </footer>
    </div>
  );
}
