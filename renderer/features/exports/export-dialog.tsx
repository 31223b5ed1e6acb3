import { Modal } from 'antd';
import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldsInUse } from '../../../shared/domain/custom-fields.ts';
import type { ExportRequest } from '../../../shared/protocol/operations.ts';
import { core, shell } from '../../bridge.ts';
import { useDraft } from '../../hooks/use-draft.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useSession } from '../../hooks/use-session.ts';
import { Icon } from '../../ui/icon.tsx';
import { useBridgeSentence } from '../handling/use-sentences.ts';
import { type Choice, exportChoice, type FieldKey, fieldGroups, isCustomKey } from './export-fields.ts';
import { ExportProgress } from './export-progress.tsx';

export interface ExportDialogProps {
  readonly open: boolean;
  onClose(): void;
  /** Which tickets. */
  readonly select: ExportRequest['select'];
}

/** Fields, place, progress (X18, X19). The server writes and records it; without it there is no export. */
export function ExportDialog({ open, onClose, select }: ExportDialogProps): ReactElement | null {
  const { t } = useTranslation();
  const may = useSession()?.mayAssign === true;
  if (!may) return null;
  return (
    <Modal open={open} title={t('exports.title')} width={680} centered footer={null} onCancel={onClose} destroyOnHidden>
      <Body select={select} onClose={onClose} />
    </Modal>
  );
}

/** The choice of fields is kept like a draft, and comes back the next time. */
const FORM = 'export';

function Body({ select, onClose }: Pick<ExportDialogProps, 'select' | 'onClose'>): ReactElement {
  const { t, i18n } = useTranslation();
  const bridge = useBridgeSentence();
  const state = useQuery('exports.state', {}).value;
  const connection = useQuery('sync.state', {}).value?.connection;
  const directory = useQuery('directory.list', {}).value;
  const { value, change, flush } = useDraft<Choice>(FORM, exportChoice);
  const [handle, setHandle] = useState<string | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const custom = fieldsInUse(directory?.customFields ?? []);
  const retired = (directory?.customFields ?? []).filter((f) => f.removedAt !== null);
  const groups = fieldGroups([...custom, ...retired].map((f) => f.id));
  const every = groups.flatMap((g) => g.keys);
  const chosen = every.filter((key) => value.fields.includes(key));
  const offline = connection !== 'online';

  const start = async (): Promise<void> => {
    setFailure(null);
    setBusy(true);
    flush();
    try {
      const date = new Intl.DateTimeFormat('sv-SE').format(Date.now());
      const { file } = await shell.call('files.save', { suggested: t('exports.fileName', { date }) });
      if (file !== null) {
        await core.call('exports.start', {
          handle: file.handle,
          fileName: file.name,
          request: {
            fields: chosen.map((key) => (isCustomKey(key) ? { custom: key.slice('custom.'.length) } : key)),
            select,
            locale: i18n.language === 'en-US' ? 'en-US' : 'zh-CN',
          },
        });
        setHandle(file.handle);
      }
    } catch (error) {
      setFailure(bridge(error));
    }
    setBusy(false);
  };

  const own = state !== undefined && state.phase !== 'none' && state.handle === handle;
  if (own || state?.phase === 'running')
    return <ExportProgress state={state} own={own} onAgain={() => setHandle(null)} onClose={onClose} />;

  const toggle = (key: string, on: boolean): void =>
    change({ fields: on ? [...value.fields, key] : value.fields.filter((k) => k !== key) });
  const nameOf = (key: FieldKey): ReactElement => {
    if (!isCustomKey(key)) return <>{t(`exports.field.${key}`)}</>;
    const field = directory?.customFields.find((f) => `custom.${f.id}` === key);
    return (
      <>
        <span className="el" title={field?.name}>
          {field?.name}
        </span>
        {field?.removedAt != null && <span className="tag">{t('exports.retired')}</span>}
      </>
    );
  };
  return (
    <div className="dlg" data-testid="export-dialog">
      <p data-testid="export-which">
        {t('exports.which', {
          what:
            select.by === 'ids'
              ? t('exports.selected', { n: select.ids.length })
              : t('exports.filtered', { list: t(`nav.list.${select.list}`) }),
        })}
      </p>
      <div className="row">
        <h3>{t('exports.fields')}</h3>
        <span className="t3">{t('exports.chosen', { n: chosen.length })}</span>
        <span className="grow" />
        <button type="button" className="btn sm" data-testid="export-all" onClick={() => change({ fields: every })}>
          {t('exports.all')}
        </button>
        <button type="button" className="btn sm" data-testid="export-none" onClick={() => change({ fields: [] })}>
          {t('exports.none')}
        </button>
      </div>
      <div className="pickgroups">
        {groups.map((group) => {
          const on = group.keys.filter((key) => value.fields.includes(key)).length;
          return (
            <fieldset key={group.id}>
              <legend>
                <label className="cbx">
                  <input
                    type="checkbox"
                    checked={on === group.keys.length}
                    ref={(box) => {
                      if (box !== null) box.indeterminate = on > 0 && on < group.keys.length;
                    }}
                    data-testid={`export-group-${group.id}`}
                    onChange={(e) =>
                      change({
                        fields: e.target.checked
                          ? [...new Set([...value.fields, ...group.keys])]
                          : value.fields.filter((k) => !(group.keys as readonly string[]).includes(k)),
                      })
                    }
                  />
                  {t(`exports.group.${group.id}`)}
                </label>
              </legend>
              <div className="grid">
                {group.keys.map((key) => (
                  <label key={key} className="cbx">
                    <input
                      type="checkbox"
                      checked={value.fields.includes(key)}
                      data-testid={`export-field-${key}`}
                      onChange={(e) => toggle(key, e.target.checked)}
                    />
                    {nameOf(key)}
                  </label>
                ))}
              </div>
            </fieldset>
          );
        })}
      </div>
      {failure !== null && (
        <p className="fail" role="alert">
          <Icon name="tri" small />
          {failure}
        </p>
      )}
      {offline && (
        <p className="notebox plain" role="status" data-testid="export-offline">
          <Icon name="off" small />
          {t('exports.offline')}
        </p>
      )}
      <div className="dlgfoot">
        <span className="t3 meta">{t('exports.note')}</span>
        <span className="grow" />
        <button type="button" className="btn act" onClick={onClose}>
          {t('common.cancel')}
        </button>
        <button
          type="button"
          className="btn act primary"
          disabled={offline || chosen.length === 0 || busy || handle !== null}
          title={chosen.length === 0 ? t('exports.need') : undefined}
          data-testid="export-start"
          onClick={() => void start()}
        >
          <Icon name="export" small />
          {t('exports.start')}
        </button>
      </div>
    </div>
  );
}
