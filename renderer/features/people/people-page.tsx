import { Dropdown } from 'antd';
import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../hooks/use-format.ts';
import { useNow } from '../../hooks/use-now.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useSession } from '../../hooks/use-session.ts';
import { useToast } from '../../stores/toast-store.ts';
import { Icon } from '../../ui/icon.tsx';
import { PersonDevices } from '../devices/person-devices.tsx';
import { FailureLine } from '../settings/failure-line.tsx';
import { PageHead } from '../settings/page-head.tsx';
import { useLoaded, useOnline, useOperation } from '../settings/use-operation.ts';
import { DisableDialog } from './disable-dialog.tsx';
import { OneTimePassword } from './one-time-password.tsx';
import { PersonForm } from './person-form.tsx';
import { findsPerson } from './person-select.tsx';
import type { StaffRow } from './staff-row.ts';

/** 人员: accounts, their roles and groups, passwords, and who may still sign in. */
export function PeoplePage(): ReactElement {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  const run = useOperation();
  const online = useOnline();
  const show = useToast((s) => s.show);
  const selfId = useSession()?.account?.id;
  const groups = useQuery('directory.list', {}).value?.groups ?? [];
  const { value, why, reload } = useLoaded('staff.list', {});
  const [find, setFind] = useState('');
  const [withDisabled, setWithDisabled] = useState(false);
  const [editing, setEditing] = useState<StaffRow | 'new' | null>(null);
  const [disabling, setDisabling] = useState<StaffRow | null>(null);
  const [whose, setWhose] = useState<StaffRow | null>(null);
  const [resetting, setResetting] = useState<string | null>(null);
  const [told, setTold] = useState<{ readonly name: string; readonly password: string } | null>(null);
  const [failure, setFailure] = useState<string | null>(null);

  const people = value?.people ?? [];
  const gone = people.filter((p) => p.disabled).length;
  const shown = people.filter((p) => (withDisabled || !p.disabled) && findsPerson(find, [p.name, p.staffNo]));
  const groupName = (id: string): string => groups.find((g) => g.id === id)?.name ?? '';

  const reset = async (p: StaffRow): Promise<void> => {
    setResetting(null);
    const answer = await run('staff.resetPassword', { id: p.id });
    setFailure(answer.ok ? null : answer.why);
    if (answer.ok) setTold({ name: p.name, password: answer.output.password });
  };
  const enable = async (p: StaffRow): Promise<void> => {
    const answer = await run('staff.enable', { id: p.id });
    setFailure(answer.ok ? null : answer.why);
    if (!answer.ok) return;
    show({ tone: 'ok', text: t('people.enabled', { name: p.name }) });
    reload();
  };
  const onAction = (p: StaffRow, key: string): void => {
    setFailure(null);
    if (key === 'reset') setResetting(p.id);
    else if (key === 'devices') setWhose(p);
    else if (key === 'disable') setDisabling(p);
    else void enable(p);
  };
  return (
    <>
      <PageHead title={t('settings.page.people')} lead={t('people.lead')}>
        <button type="button" className="btn" disabled={!online} data-testid="person-add" onClick={() => setEditing('new')}>
          <Icon name="plus" />
          {t('people.add')}
        </button>
      </PageHead>
      <div className="row gap">
        <input
          className="fld find"
          value={find}
          role="searchbox"
          placeholder={t('people.find')}
          aria-label={t('people.find')}
          data-testid="people-find"
          onChange={(e) => setFind(e.target.value)}
        />
        {gone > 0 && (
          <label className="cbx">
            <input
              type="checkbox"
              checked={withDisabled}
              data-testid="people-disabled"
              onChange={(e) => setWithDisabled(e.target.checked)}
            />
            {t('people.showDisabled', { n: gone })}
          </label>
        )}
      </div>
      <FailureLine why={failure ?? (why === null || value !== undefined ? null : t('settings.loadFailed', { why }))} />
      {value === undefined && why === null && <p className="t3">{t('common.loading')}</p>}
      {value !== undefined && (
        <div className="setscroll" tabIndex={0} role="region" aria-label={t('settings.page.people')}>
          <table className="settable" data-testid="people">
            <thead>
              <tr>
                <th scope="col">{t('people.name')}</th>
                <th scope="col" className="w-who">
                  {t('people.staffNo')}
                </th>
                <th scope="col" className="w-who">
                  {t('people.role')}
                </th>
                <th scope="col">{t('people.groups')}</th>
                <th scope="col" className="w-num">
                  {t('people.open')}
                </th>
                <th scope="col" className="w-time">
                  {t('people.lastSeen')}
                </th>
                <th scope="col" className="w-acts" aria-label={t('people.more')} />
              </tr>
            </thead>
            <tbody>
              {shown.map((p) => (
                <tr key={p.id} className={p.disabled ? 'gone' : ''} data-testid={`staff-${p.staffNo}`}>
                  <td>
                    <span className="row">
                      <b className="el">{p.name}</b>
                      {p.id === selfId && <span className="tag">{t('people.self')}</span>}
                      {p.disabled && <span className="tag">{t('people.disabled')}</span>}
                    </span>
                  </td>
                  <td className="t2">{p.staffNo}</td>
                  <td className="t2">{t(`role.${p.role}`)}</td>
                  <td className="t2">
                    {[p.priorityGroupId, ...p.groupIds.filter((g) => g !== p.priorityGroupId)].map((g, i) => (
                      <span key={g} className={i === 0 ? '' : 't3'} title={i === 0 ? t('people.priorityGroup') : undefined}>
                        {i > 0 && '、'}
                        {groupName(g)}
                      </span>
                    ))}
                  </td>
                  <td className="w-num">{p.openTickets}</td>
                  <td className="t2" title={p.lastSeenAt === null ? undefined : format.exact(p.lastSeenAt)}>
                    {p.lastSeenAt === null ? t('people.never') : format.ago(p.lastSeenAt, now)}
                  </td>
                  <td>
                    <span className="row gap">
                      {resetting === p.id ? (
                        <button
                          type="button"
                          className="btn sm solid-danger"
                          autoFocus
                          title={t('people.resetNote')}
                          data-testid={`person-reset-${p.staffNo}`}
                          onBlur={() => setResetting(null)}
                          onClick={() => void reset(p)}
                        >
                          {t('people.resetSure')}
                        </button>
                      ) : (
                        <button
                          type="button"
                          className="btn sm"
                          disabled={!online}
                          data-testid={`person-edit-${p.staffNo}`}
                          onClick={() => setEditing(p)}
                        >
                          {t('people.edit')}
                        </button>
                      )}
                      <Dropdown
                        trigger={['click']}
                        placement="bottomRight"
                        disabled={!online}
                        menu={{
                          items: [
                            { key: 'devices', label: t('devices.ofPerson') },
                            { key: 'reset', label: t('people.reset') },
                            p.disabled
                              ? { key: 'enable', label: t('people.enable') }
                              : { key: 'disable', label: t('people.disable.action'), danger: true, disabled: p.id === selfId },
                          ],
                          onClick: ({ key }) => onAction(p, key),
                        }}
                      >
                        <button
                          type="button"
                          className="btn sm icon"
                          disabled={!online}
                          aria-label={t('people.actions', { name: p.name })}
                          aria-haspopup="menu"
                          data-testid={`person-more-${p.staffNo}`}
                        >
                          <Icon name="more" />
                        </button>
                      </Dropdown>
                    </span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          {shown.length === 0 && <p className="setmore t3">{t('people.empty')}</p>}
        </div>
      )}
      {editing !== null && (
        <PersonForm
          key={typeof editing === 'object' ? editing.id : 'new'}
          person={typeof editing === 'object' ? editing : null}
          groups={groups}
          onClose={() => setEditing(null)}
          onSaved={(name, password) => {
            setEditing(null);
            reload();
            if (password !== null) setTold({ name, password });
            else show({ tone: 'ok', text: `${t('settings.saved')} · ${name}` });
          }}
        />
      )}
      {disabling !== null && (
        <DisableDialog
          person={disabling}
          onClose={() => setDisabling(null)}
          onDone={() => {
            setDisabling(null);
            reload();
          }}
        />
      )}
      {whose !== null && <PersonDevices person={whose} onClose={() => setWhose(null)} />}
      {told !== null && <OneTimePassword {...told} onClose={() => setTold(null)} />}
    </>
  );
}
