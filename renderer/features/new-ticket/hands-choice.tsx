import { Select } from 'antd';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useQuery } from '../../hooks/use-query.ts';
import { useSession } from '../../hooks/use-session.ts';
import type { NewTicketText } from './new-ticket-draft.ts';

export interface HandsChoiceProps {
  readonly value: NewTicketText;
  onChange(patch: Partial<NewTicketText>): void;
}

/** In which group and whose hands the ticket begins; only for whoever may give out work, or has more than one group. */
export function HandsChoice({ value, onChange }: HandsChoiceProps): ReactElement | null {
  const { t } = useTranslation();
  const session = useSession();
  const directory = useQuery('directory.list', {}).value;
  const mayAssign = session?.mayAssign === true;
  const load = useQuery('team.load', mayAssign ? { groupId: null } : null).value ?? [];
  const me = session?.account;
  if (me === null || me === undefined || (!mayAssign && me.groupIds.length < 2)) return null;
  const all = me.role === 'qa' || me.role === 'admin';
  const groups = (directory?.groups ?? []).filter((g) => all || me.groupIds.includes(g.id));
  const groupId = value.groupId === '' ? me.priorityGroupId : value.groupId;
  const people = load.filter(({ account }) => account.id !== me.id && !account.disabled);
  return (
    <div className="nfgrid">
      <label className="nf half">
        <span>{t('panel.field.group')}</span>
        <Select
          value={groupId}
          options={groups.map((g) => ({ value: g.id, label: g.name }))}
          aria-label={t('panel.field.group')}
          data-testid="new-group"
          onChange={(id: string) => onChange({ groupId: id })}
        />
      </label>
      {mayAssign && (
        <label className="nf half">
          <span>{t('panel.field.assignee')}</span>
          <Select
            showSearch
            optionFilterProp="search"
            value={value.assigneeId}
            options={[
              { value: '', label: t('create.mine', { name: me.name }), search: me.name },
              { value: 'pool', label: t('create.toPool'), search: t('create.toPool') },
              ...people.map(({ account, open }) => ({
                value: account.id,
                label: `${account.name} · ${t('palette.openTickets', { n: open })}${account.duty === 'on' ? '' : ` · ${t(`duties.${account.duty}`)}`}`,
                search: `${account.name} ${account.staffNo}`,
              })),
            ]}
            aria-label={t('panel.field.assignee')}
            data-testid="new-assignee"
            onChange={(id: string) => onChange({ assigneeId: id })}
          />
        </label>
      )}
    </div>
  );
}
