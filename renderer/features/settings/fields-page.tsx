import { type DragEvent, type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type CustomField, customFieldLimits, fieldsInUse } from '../../../shared/domain/custom-fields.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useToast } from '../../stores/toast-store.ts';
import { Icon } from '../../ui/icon.tsx';
import { FailureLine } from './failure-line.tsx';
import { FieldForm, type FieldText } from './field-form.tsx';
import { withMoved } from './ordering.ts';
import { PageHead } from './page-head.tsx';
import { MoveButtons } from './phrases-page.tsx';
import { useOnline, useOperation } from './use-operation.ts';

/** 自定义字段 (X24): definitions, their order, and those out of use. */
export function FieldsPage(): ReactElement {
  const { t } = useTranslation();
  const run = useOperation();
  const online = useOnline();
  const show = useToast((s) => s.show);
  const all = useQuery('directory.list', {}).value?.customFields ?? [];
  const used = fieldsInUse(all);
  const retired = all.filter((f) => f.removedAt !== null);
  const [editing, setEditing] = useState<CustomField | 'new' | null>(null);
  const [dragged, setDragged] = useState<string | null>(null);
  const [over, setOver] = useState<string | null>(null);
  const [why, setWhy] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState('');

  const save = async (text: FieldText): Promise<string | null> => {
    const answer = await run('fields.put', { id: typeof editing === 'object' ? (editing?.id ?? null) : null, ...text });
    if (!answer.ok) return answer.why;
    setEditing(null);
    show({ tone: 'ok', text: `${t('settings.saved')} · ${text.name}` });
    return null;
  };
  const change = async (work: () => Promise<{ readonly ok: true } | { readonly ok: false; readonly why: string }>): Promise<boolean> => {
    setBusy(true);
    setWhy(null);
    const answer = await work();
    setBusy(false);
    if (!answer.ok) setWhy(answer.why);
    return answer.ok;
  };
  const order = async (from: number, to: number): Promise<void> => {
    if (busy || from === to || used[from] === undefined) return;
    const name = used[from].name;
    const ids = withMoved(used, from, to).map(({ id }) => id);
    if (await change(() => run('fields.order', { ids: [...ids, ...retired.map(({ id }) => id)] })))
      setSaid(t('settings.fields.moved', { name, n: to + 1 }));
  };
  const onDrop = (event: DragEvent, to: number): void => {
    event.preventDefault();
    const from = used.findIndex(({ id }) => id === dragged);
    setDragged(null);
    setOver(null);
    if (from >= 0) void order(from, to);
  };
  const facts = (field: CustomField): ReactElement => (
    <>
      <b className="el fieldname" title={field.name}>
        {field.name}
      </b>
      <span className="t2 w-type">{t(`settings.fields.typeName.${field.type}`)}</span>
      <span className={field.required ? 'tag' : 't3'}>{t(field.required ? 'settings.fields.required' : 'settings.fields.optional')}</span>
      <span className="t3 el grow" title={field.options.join('、')}>
        {field.options.join('、')}
      </span>
    </>
  );
  const edit = (field: CustomField): ReactElement => (
    <button
      type="button"
      className="btn sm"
      disabled={!online || busy}
      data-testid={`field-edit-${field.id}`}
      onClick={() => setEditing(field)}
    >
      {t('settings.phrases.edit')}
    </button>
  );
  return (
    <>
      <PageHead title={t('settings.page.fields')} lead={t('settings.fields.lead')}>
        <button
          type="button"
          className="btn"
          disabled={!online || used.length >= customFieldLimits.fields}
          data-testid="field-add"
          onClick={() => setEditing('new')}
        >
          <Icon name="plus" />
          {t('settings.fields.add')}
        </button>
      </PageHead>
      <FailureLine why={why} />
      <p className="sr" role="status">
        {said}
      </p>
      <section className="setpart" aria-label={t('settings.fields.inUse', { n: used.length, max: customFieldLimits.fields })}>
        <h3>{t('settings.fields.inUse', { n: used.length, max: customFieldLimits.fields })}</h3>
        {used.length === 0 && <p className="t3">{t('settings.fields.empty')}</p>}
        <ul className="setlist" data-testid="fields-used">
          {used.map((field, i) => (
            <li
              key={field.id}
              draggable={online && !busy}
              className={over === field.id && dragged !== field.id ? 'over' : ''}
              data-testid={`field-def-${field.id}`}
              onDragStart={(e) => {
                e.dataTransfer.effectAllowed = 'move';
                setDragged(field.id);
              }}
              onDragOver={(e) => {
                if (dragged === null) return;
                e.preventDefault();
                setOver(field.id);
              }}
              onDragEnd={() => {
                setDragged(null);
                setOver(null);
              }}
              onDrop={(e) => onDrop(e, i)}
            >
              <span className="handle t3" title={t('settings.fields.drag')}>
                <Icon name="grip" small />
              </span>
              {facts(field)}
              <MoveButtons
                name={field.name}
                first={i === 0 || !online || busy}
                last={i === used.length - 1 || !online || busy}
                onMove={(step) => void order(i, i + step)}
              />
              {edit(field)}
              <button
                type="button"
                className="btn sm"
                disabled={!online || busy}
                title={t('settings.fields.retiredNote')}
                data-testid={`field-retire-${field.id}`}
                onClick={() => void change(() => run('fields.retire', { id: field.id, retired: true }))}
              >
                {t('settings.fields.retire')}
              </button>
            </li>
          ))}
        </ul>
      </section>
      {retired.length > 0 && (
        <section className="setpart" aria-label={t('settings.fields.retired')}>
          <div className="row gap">
            <h3>{t('settings.fields.retired')}</h3>
            <span className="t3 meta">{t('settings.fields.retiredNote')}</span>
          </div>
          <ul className="setlist" data-testid="fields-retired">
            {retired.map((field) => (
              <li key={field.id} className="t3" data-testid={`field-def-${field.id}`}>
                {facts(field)}
                <button
                  type="button"
                  className="btn sm"
                  disabled={!online || busy || used.length >= customFieldLimits.fields}
                  data-testid={`field-revive-${field.id}`}
                  onClick={() => void change(() => run('fields.retire', { id: field.id, retired: false }))}
                >
                  {t('settings.fields.revive')}
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
      {editing !== null && (
        <FieldForm
          key={typeof editing === 'object' ? editing.id : 'new'}
          field={typeof editing === 'object' ? editing : null}
          onSave={save}
          onClose={() => setEditing(null)}
        />
      )}
    </>
  );
}
