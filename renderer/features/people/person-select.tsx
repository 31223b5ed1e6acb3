import { Select } from 'antd';
import { type ReactElement, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { matchesSpoken } from '../../../shared/domain/search/match-text.ts';
import { useQuery } from '../../hooks/use-query.ts';

export interface PersonSelectProps {
  readonly value: string | null;
  readonly label: string;
  /** Not offered. */
  readonly exceptId?: string | null;
  /** Offered first, for nobody. */
  readonly nobody?: string;
  readonly testId: string;
  onChange(id: string | null): void;
}

const NOBODY = '';

/** Whether words find somebody: by name (pinyin and its initials too) or by a part of the 工号. */
export const findsPerson = (words: string, [name, staffNo = '']: readonly string[]): boolean => {
  const wanted = words.trim().toLowerCase();
  return wanted === '' || staffNo.toLowerCase().includes(wanted) || matchesSpoken(wanted, name ?? '');
};

/** One of the colleagues who are not disabled; found by name, 工号 or pinyin initials. */
export function PersonSelect({ value, label, exceptId, nobody, testId, onChange }: PersonSelectProps): ReactElement {
  const { t } = useTranslation();
  const directory = useQuery('directory.list', {}).value;
  const options = useMemo(() => {
    const groups = new Map((directory?.groups ?? []).map((g) => [g.id, g.name]));
    const people = (directory?.accounts ?? [])
      .filter((a) => a.id === value || (!a.disabled && a.id !== exceptId))
      .map((a) => ({
        value: a.id,
        label: `${a.name}　${a.staffNo} · ${groups.get(a.priorityGroupId) ?? ''}`,
        find: [a.name, a.staffNo],
      }));
    return nobody === undefined ? people : [{ value: NOBODY, label: nobody, find: [nobody] }, ...people];
  }, [directory, exceptId, nobody, value]);
  return (
    <Select
      value={value ?? (nobody === undefined ? null : NOBODY)}
      options={options}
      showSearch={{ filterOption: (words, option) => option !== undefined && findsPerson(words, option.find) }}
      placeholder={t('people.personPlaceholder')}
      aria-label={label}
      data-testid={testId}
      className="whole"
      onChange={(id: string) => onChange(id === NOBODY ? null : id)}
    />
  );
}
