import { type ReactElement, useCallback, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OperationOutput } from '../../../shared/protocol/operations.ts';
import { useFormat } from '../../hooks/use-format.ts';
import { useNow } from '../../hooks/use-now.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { zhCN } from '../../i18n/zh-CN.ts';
import { FailureLine } from './failure-line.tsx';
import { PageHead } from './page-head.tsx';
import { useOnline, useOperation } from './use-operation.ts';

type Entry = OperationOutput<'audit.list'>['entries'][number];

const PAGE = 100;
const UUID = /[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}/g;

type Action = keyof typeof zhCN.settings.audit.action;
const isAction = (action: string): action is Action => Object.hasOwn(zhCN.settings.audit.action, action);

/** Names in place of the ids that this device knows; of the others a beginning to compare. */
function useNames(): (detail: string) => string {
  const directory = useQuery('directory.list', {}).value;
  return useMemo(() => {
    const named = [...(directory?.accounts ?? []), ...(directory?.groups ?? []), ...(directory?.customFields ?? [])];
    const names = new Map(named.map(({ id, name }) => [id, name]));
    return (detail) => detail.replaceAll(UUID, (id) => names.get(id) ?? `${id.slice(0, 8)}…`);
  }, [directory]);
}

/** Who did what to staff, rules, imports and exports, newest first. */
export function AuditPage(): ReactElement {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  const run = useOperation();
  const online = useOnline();
  const withNames = useNames();
  const actionWord = (action: string): string => {
    // Operations are named with a dot, which the words' keys cannot have.
    const key = action.replace('.', '-');
    return isAction(key) ? t(`settings.audit.action.${key}`) : action;
  };
  const [entries, setEntries] = useState<readonly Entry[] | null>(null);
  const [end, setEnd] = useState(false);
  const [why, setWhy] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  const load = useCallback(
    async (before: number | null) => {
      setBusy(true);
      const answer = await run('audit.list', { before, limit: PAGE });
      setBusy(false);
      if (!answer.ok) return setWhy(answer.why);
      setWhy(null);
      setEnd(answer.output.entries.length < PAGE);
      setEntries((shown) => {
        const known = new Set(before === null ? [] : shown?.map(({ id }) => id));
        return [...(before === null ? [] : (shown ?? [])), ...answer.output.entries.filter(({ id }) => !known.has(id))];
      });
    },
    [run],
  );
  useEffect(() => void load(null), [load, online]);

  return (
    <>
      <PageHead title={t('settings.page.audit')} lead={t('settings.audit.lead')}>
        <button type="button" className="btn" disabled={busy || !online} onClick={() => void load(null)}>
          {t('settings.audit.refresh')}
        </button>
      </PageHead>
      <FailureLine why={why} />
      {entries !== null && (
        <div className="setscroll" tabIndex={0} role="region" aria-label={t('settings.page.audit')}>
          <table className="settable" data-testid="audit">
            <thead>
              <tr>
                <th scope="col" className="w-time">
                  {t('settings.audit.column.at')}
                </th>
                <th scope="col" className="w-who">
                  {t('settings.audit.column.who')}
                </th>
                <th scope="col" className="w-action">
                  {t('settings.audit.column.action')}
                </th>
                <th scope="col">{t('settings.audit.column.detail')}</th>
              </tr>
            </thead>
            <tbody>
              {entries.map((e) => (
                <tr key={e.id}>
                  <td className="t2" title={format.exact(e.at)}>
                    {format.short(e.at, now)}
                  </td>
                  <td>{e.accountName === '' ? t('settings.audit.system') : e.accountName}</td>
                  <td className="t2">{actionWord(e.action)}</td>
                  <td className="t2 anywhere" title={e.detail}>
                    {withNames(e.detail)}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          <p className="setmore">
            {entries.length === 0 ? (
              <span className="t3">{t('settings.audit.empty')}</span>
            ) : end ? (
              <span className="t3">{t('settings.audit.end')}</span>
            ) : (
              <button
                type="button"
                className="btn sm"
                disabled={busy || !online}
                data-testid="audit-more"
                onClick={() => void load(entries.at(-1)?.at ?? null)}
              >
                {t('settings.audit.more')}
              </button>
            )}
          </p>
        </div>
      )}
    </>
  );
}
