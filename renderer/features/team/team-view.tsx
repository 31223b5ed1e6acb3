import { Select } from 'antd';
import { type KeyboardEvent, type ReactElement, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { matchesSpoken } from '../../../shared/domain/search/match-text.ts';
import { useFormat } from '../../hooks/use-format.ts';
import { useNow } from '../../hooks/use-now.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { offerListCursor } from '../../stores/list-cursor.ts';
import { Blank } from '../../ui/blank.tsx';
import { DutyWord } from '../../ui/duty-word.tsx';
import { Icon } from '../../ui/icon.tsx';
import type { LoadRow } from '../assign/people-choice.tsx';
import { PersonWork } from './person-work.tsx';

const numbers = ['open', 'pending', 'overdue', 'callbacksToday', 'callbacksOverdue', 'resolvedToday', 'onFinished'] as const;
type NumberColumn = (typeof numbers)[number];
type SortColumn = NumberColumn | 'name' | 'duty';

const numberOf = (row: LoadRow, column: NumberColumn): number => (column === 'onFinished' ? row.callbacksOnFinished : row[column]);
const dutyOrder = { on: 0, break: 1, off: 2 } as const;
/** These are bad news. */
const alarming: readonly NumberColumn[] = ['overdue', 'callbacksOverdue'];

/** 组员: who has how much, and, of one person, what it is and how to hand it over. */
export function TeamView(): ReactElement {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  const directory = useQuery('directory.list', {}).value;
  const session = useQuery('session.state', {}).value;
  const [groupId, setGroupId] = useState<string | null>(null);
  const [search, setSearch] = useState('');
  const [sort, setSort] = useState<{ readonly by: SortColumn; readonly descending: boolean }>({ by: 'overdue', descending: true });
  const [personId, setPersonId] = useState<string | null>(null);
  const [at, setAt] = useState(0);
  const table = useRef<HTMLDivElement>(null);
  const load = useQuery('team.load', { groupId }).value;
  const rows = useMemo(() => {
    const of = (row: LoadRow): number | string =>
      sort.by === 'name' ? row.account.name : sort.by === 'duty' ? dutyOrder[row.account.duty] : numberOf(row, sort.by);
    const compare = (a: LoadRow, b: LoadRow): number => {
      const [x, y] = [of(a), of(b)];
      const way = typeof x === 'string' ? x.localeCompare(String(y), 'zh-CN') : x - Number(y);
      return (sort.descending ? -way : way) || a.account.name.localeCompare(b.account.name, 'zh-CN');
    };
    return (load ?? [])
      .filter(({ account }) => search.trim() === '' || matchesSpoken(search, account.name) || matchesSpoken(search, account.staffNo))
      .toSorted(compare);
  }, [load, sort, search]);
  const active = Math.min(at, rows.length - 1);
  const me = session?.account;
  const groups = (directory?.groups ?? []).filter((g) => me?.role !== 'leader' || me.groupIds.includes(g.id));
  useEffect(() => offerListCursor({ nextAfter: () => null, focus: () => table.current?.focus() }), []);

  const sortBy = (by: SortColumn): void => setSort({ by, descending: sort.by === by ? !sort.descending : by !== 'name' && by !== 'duty' });
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = event.code === 'ArrowDown' ? 1 : event.code === 'ArrowUp' ? -1 : 0;
    if (step !== 0) {
      const next = Math.max(0, Math.min(rows.length - 1, active + step));
      setAt(next);
      document.getElementById(`team-${next}`)?.scrollIntoView({ block: 'nearest' });
    } else if (event.code === 'Enter') setPersonId(rows[active]?.account.id ?? null);
    else return;
    event.preventDefault();
  };
  const head = (by: SortColumn, name: string, title?: string): ReactElement => (
    <div key={by} role="columnheader" aria-sort={sort.by === by ? (sort.descending ? 'descending' : 'ascending') : undefined}>
      <button
        type="button"
        className={sort.by === by ? 'sorted' : ''}
        title={title ?? t('team.sort', { column: name })}
        data-testid={`team-sort-${by}`}
        onClick={() => sortBy(by)}
      >
        <span className="el">{name}</span>
        {sort.by === by && <Icon name={sort.descending ? 'down' : 'up'} small />}
      </button>
    </div>
  );
  const chosen = load?.find(({ account }) => account.id === personId)?.account ?? null;
  return (
    <main className="list team" data-testid="team">
      <div className="lh">
        <h1>{t('team.title')}</h1>
        <span className="t3">{load !== undefined && t('team.people', { n: rows.length })}</span>
        <span className="grow" />
        <input
          className="fld find"
          aria-label={t('giving.find')}
          placeholder={t('giving.find')}
          value={search}
          data-testid="team-find"
          onChange={(e) => setSearch(e.target.value)}
        />
        {groups.length > 1 && (
          <Select
            className="groupselect"
            aria-label={t('team.group')}
            value={groupId ?? ''}
            options={[{ value: '', label: t('team.allGroups') }, ...groups.map((g) => ({ value: g.id, label: g.name }))]}
            data-testid="team-group"
            onChange={(id: string) => setGroupId(id === '' ? null : id)}
          />
        )}
      </div>
      <div
        ref={table}
        className="rows teamrows"
        role="grid"
        tabIndex={0}
        aria-label={t('team.title')}
        aria-rowcount={rows.length + 1}
        aria-activedescendant={active >= 0 ? `team-${active}` : undefined}
        data-testid="team-table"
        onKeyDown={onKeyDown}
      >
        <div className="thwrap" role="rowgroup">
          <div className="th" role="row">
            {head('name', t('team.name'))}
            {head('duty', t('team.duty'))}
            {numbers.map((n) => head(n, t(`team.${n}`), n === 'onFinished' ? t('team.onFinishedHint') : undefined))}
          </div>
        </div>
        {rows.map((row, i) => {
          const { account } = row;
          return (
            <div
              key={account.id}
              id={`team-${i}`}
              role="row"
              aria-selected={account.id === personId}
              className={`r${account.id === personId ? ' sel' : ''}${i === active ? ' cur' : ''}`}
              data-testid={`team-${account.staffNo}`}
              onClick={() => {
                setAt(i);
                setPersonId(account.id);
                table.current?.focus({ preventScroll: true });
              }}
            >
              <div role="gridcell">
                <b>{account.name}</b> <span className="t3">{account.staffNo}</span>{' '}
                {account.role !== 'agent' && <span className="tag">{t(`role.${account.role}`)}</span>}
              </div>
              <div
                role="gridcell"
                title={account.dutySince === null ? '' : t('team.since', { time: format.stamp(account.dutySince, now) })}
              >
                <DutyWord duty={account.duty} />
              </div>
              {numbers.map((n) => {
                const value = numberOf(row, n);
                return (
                  <div
                    key={n}
                    role="gridcell"
                    className={`num${value === 0 ? ' t3' : alarming.includes(n) ? ' danger' : ''}`}
                    data-cell={n}
                  >
                    {alarming.includes(n) && value > 0 && <Icon name="over" small />}
                    {value}
                  </div>
                );
              })}
            </div>
          );
        })}
      </div>
      {load !== undefined && load.length === 0 ? (
        <Blank icon="users" words={t('team.empty', { returnObjects: true }) as unknown as [string, string]} />
      ) : chosen === null ? (
        <p className="teamhint t3">{t('team.hint')}</p>
      ) : (
        <PersonWork key={chosen.id} account={chosen} onClose={() => setPersonId(null)} />
      )}
    </main>
  );
}
