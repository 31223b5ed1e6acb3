import { Modal, Select } from 'antd';
import { type FormEvent, type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Role, roles, type StaffGroup } from '../../../shared/domain/people.ts';
import { FailureLine } from '../settings/failure-line.tsx';
import { useOperation } from '../settings/use-operation.ts';
import type { StaffRow } from './staff-row.ts';

export interface PersonFormProps {
  /** null: a new one. */
  readonly person: StaffRow | null;
  readonly groups: readonly StaffGroup[];
  /** `password`: of a new account, told once. */
  onSaved(name: string, password: string | null): void;
  onClose(): void;
}

const STAFF_NO = /^[\w.-]{1,40}$/;

/** 工号, name, role, groups and the priority group. */
export function PersonForm({ person, groups, onSaved, onClose }: PersonFormProps): ReactElement {
  const { t } = useTranslation();
  const run = useOperation();
  const [staffNo, setStaffNo] = useState(person?.staffNo ?? '');
  const [name, setName] = useState(person?.name ?? '');
  const [role, setRole] = useState<Role>(person?.role ?? 'agent');
  const [groupIds, setGroupIds] = useState<readonly string[]>(person?.groupIds ?? []);
  const [chosen, setChosen] = useState(person?.priorityGroupId ?? '');
  const [why, setWhy] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const priorityGroupId = groupIds.includes(chosen) ? chosen : (groupIds[0] ?? '');
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (busy) return;
    if (person === null && !STAFF_NO.test(staffNo.trim())) return setWhy(t('people.need.staffNo'));
    if (name.trim() === '') return setWhy(t('people.need.name'));
    if (groupIds.length === 0) return setWhy(t('people.need.groups'));
    setBusy(true);
    const facts = { name: name.trim(), role, groupIds: [...groupIds], priorityGroupId };
    if (person === null) {
      const answer = await run('staff.add', { staffNo: staffNo.trim(), ...facts });
      if (answer.ok) return onSaved(facts.name, answer.output.password);
      setWhy(answer.why);
    } else {
      const answer = await run('staff.change', { id: person.id, ...facts });
      if (answer.ok) return onSaved(facts.name, null);
      setWhy(answer.why);
    }
    setBusy(false);
  };
  return (
    <Modal
      open
      title={t(person === null ? 'people.add' : 'people.edit')}
      width={480}
      centered
      footer={null}
      mask={{ closable: false }}
      onCancel={onClose}
    >
      <form className="dlg" onSubmit={(e) => void submit(e)} data-testid="person-form">
        <div className="nfgrid">
          <label className="nf">
            <span>{t('people.staffNo')}</span>
            <input
              className="fld"
              value={staffNo}
              maxLength={40}
              disabled={person !== null}
              autoFocus={person === null}
              autoComplete="off"
              data-testid="person-staff-no"
              onChange={(e) => setStaffNo(e.target.value)}
            />
          </label>
          <label className="nf">
            <span>{t('people.name')}</span>
            <input
              className="fld"
              value={name}
              maxLength={60}
              autoFocus={person !== null}
              data-testid="person-name"
              onChange={(e) => setName(e.target.value)}
            />
          </label>
        </div>
        {person === null && <p className="t3 meta">{t('people.staffNoNote')}</p>}
        <label className="nf">
          <span>{t('people.role')}</span>
          <Select
            value={role}
            options={roles.map((r) => ({ value: r, label: t(`role.${r}`) }))}
            aria-label={t('people.role')}
            data-testid="person-role"
            onChange={setRole}
          />
          <span className="hintline">{t(`people.roleNote.${role}`)}</span>
        </label>
        <div className="nfgrid">
          <label className="nf">
            <span>{t('people.groups')}</span>
            <Select
              mode="multiple"
              value={[...groupIds]}
              options={groups.map((g) => ({ value: g.id, label: g.name }))}
              showSearch={{ optionFilterProp: 'label' }}
              aria-label={t('people.groups')}
              data-testid="person-groups"
              onChange={setGroupIds}
            />
          </label>
          <label className="nf">
            <span>{t('people.priorityGroup')}</span>
            <Select
              value={priorityGroupId === '' ? null : priorityGroupId}
              disabled={groupIds.length < 2}
              options={groups.filter((g) => groupIds.includes(g.id)).map((g) => ({ value: g.id, label: g.name }))}
              aria-label={t('people.priorityGroup')}
              data-testid="person-priority"
              onChange={(id: string) => setChosen(id)}
            />
            <span className="hintline">{t('people.priorityNote')}</span>
          </label>
        </div>
        <FailureLine why={why} />
        <div className="dlgfoot">
          <span className="grow" />
          <button type="button" className="btn act" onClick={onClose}>
            {t('common.cancel')}
          </button>
          <button type="submit" className="btn act primary" aria-disabled={busy} data-testid="person-save">
            {t(person === null ? 'people.add' : 'common.save')}
          </button>
        </div>
      </form>
    </Modal>
  );
}
