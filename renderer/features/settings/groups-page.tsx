import { type FormEvent, type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useQuery } from '../../hooks/use-query.ts';
import { useToast } from '../../stores/toast-store.ts';
import { Icon } from '../../ui/icon.tsx';
import { FailureLine } from './failure-line.tsx';
import { PageHead } from './page-head.tsx';
import { SureButton } from './sure-button.tsx';
import { useOnline, useOperation } from './use-operation.ts';

/** Groups: add, rename, remove. */
export function GroupsPage(): ReactElement {
  const { t } = useTranslation();
  const run = useOperation();
  const online = useOnline();
  const show = useToast((s) => s.show);
  const directory = useQuery('directory.list', {}).value;
  /** The group whose name is being typed; '' a new one; null none. */
  const [editing, setEditing] = useState<string | null>(null);
  const [name, setName] = useState('');
  const [why, setWhy] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const start = (id: string, text: string): void => {
    setEditing(id);
    setName(text);
    setWhy(null);
  };
  const finish = async (work: () => Promise<{ readonly ok: true } | { readonly ok: false; readonly why: string }>): Promise<void> => {
    if (busy) return;
    setBusy(true);
    setWhy(null);
    const answer = await work();
    setBusy(false);
    if (!answer.ok) return setWhy(answer.why);
    setEditing(null);
    show({ tone: 'ok', text: t('settings.saved') });
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const text = name.trim();
    if (text === '') return setWhy(t('settings.groups.need'));
    const id = editing;
    void finish(() => (id === null || id === '' ? run('groups.add', { name: text }) : run('groups.rename', { id, name: text })));
  };
  const form = (
    <form className="row gap grow" onSubmit={submit}>
      <input
        className="fld"
        value={name}
        maxLength={60}
        autoFocus
        aria-label={t('settings.groups.name')}
        placeholder={t('settings.groups.name')}
        data-testid="group-name"
        onChange={(e) => setName(e.target.value)}
        onKeyDown={(e) => {
          if (e.code !== 'Escape' || e.nativeEvent.isComposing) return;
          e.preventDefault();
          setEditing(null);
        }}
      />
      <button type="submit" className="btn primary" aria-disabled={busy} data-testid="group-save">
        {t('common.save')}
      </button>
      <button type="button" className="btn" onClick={() => setEditing(null)}>
        {t('common.cancel')}
      </button>
    </form>
  );
  return (
    <>
      <PageHead title={t('settings.page.groups')} lead={t('settings.groups.lead')}>
        <button type="button" className="btn" disabled={!online} data-testid="group-add" onClick={() => start('', '')}>
          <Icon name="plus" />
          {t('settings.groups.add')}
        </button>
      </PageHead>
      <FailureLine why={why} />
      <ul className="setlist">
        {editing === '' && <li>{form}</li>}
        {(directory?.groups ?? []).map((group) => (
          <li key={group.id} data-testid={`group-${group.id}`}>
            {editing === group.id ? (
              form
            ) : (
              <>
                <b className="el">{group.name}</b>
                <span className="t3">
                  {t('settings.groups.people', {
                    n: directory?.accounts.filter((a) => !a.disabled && a.groupIds.includes(group.id)).length ?? 0,
                  })}
                </span>
                <span className="grow" />
                <button
                  type="button"
                  className="btn sm"
                  disabled={!online}
                  data-testid={`group-rename-${group.id}`}
                  onClick={() => start(group.id, group.name)}
                >
                  {t('settings.groups.rename')}
                </button>
                <SureButton
                  label={t('settings.groups.remove')}
                  sure={t('settings.groups.removeSure')}
                  disabled={!online}
                  testId={`group-remove-${group.id}`}
                  onSure={() => void finish(() => run('groups.remove', { id: group.id }))}
                />
              </>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}
