import { type FormEvent, type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Parameters } from '../../../shared/domain/tickets.ts';
import type { OperationOutput } from '../../../shared/protocol/operations.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useToast } from '../../stores/toast-store.ts';
import { Segments } from '../../ui/segments.tsx';
import { FailureLine } from './failure-line.tsx';
import { PageHead } from './page-head.tsx';
import { TtlPreview } from './ttl-preview.tsx';
import { hoursOf, ttlOf } from './ttl.ts';
import { useOnline, useOperation } from './use-operation.ts';

/** What is kept for deleted and suspended tickets is set once there are any. */
type Key = Exclude<keyof Parameters, 'trashDays' | 'suspendedDays'>;
type NumberKey = { [K in Key]: Parameters[K] extends number ? K : never }[Key];
type FlagKey = { [K in Key]: Parameters[K] extends boolean ? K : never }[Key];

const least: Readonly<Record<NumberKey, number>> = {
  invalidReleaseLimit: 1,
  resolvedAutoCloseDays: 0,
  offlineLeaseDays: 1,
  cacheDays: 31,
};
const MOST = 3650;

type Preview = OperationOutput<'parameters.preview'>;

/** 参数设置 (X25–X27): each rule in plain words; a changed deadline is shown with what it does before it is saved. */
export function ParametersPage(): ReactElement {
  const { t } = useTranslation();
  const run = useOperation();
  const online = useOnline();
  const show = useToast((s) => s.show);
  const known = useQuery('directory.list', {}).value?.parameters;
  const [change, setChange] = useState<Partial<Parameters>>({});
  /** What the server has taken, until the pull after it brings it. */
  const [taken, setTaken] = useState<{ readonly over: Parameters; readonly change: Partial<Parameters> } | null>(null);
  const [why, setWhy] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [preview, setPreview] = useState<Preview | null>(null);
  if (known === undefined) return <></>;
  const standing: Parameters = { ...known, ...(taken?.over === known ? taken.change : {}) };
  const wanted: Parameters = { ...standing, ...change };
  const changed = (Object.keys(change) as Key[]).filter((key) => change[key] !== standing[key]);
  const put = (patch: Partial<Parameters>): void => {
    setWhy(null);
    setChange({ ...change, ...patch });
  };
  const bad = (Object.keys(least) as NumberKey[]).find(
    (key) => !Number.isInteger(wanted[key]) || wanted[key] < least[key] || wanted[key] > MOST,
  );
  const badTtl = wanted.ticketTtl !== null && !(Number.isSafeInteger(wanted.ticketTtl) && wanted.ticketTtl > 0);
  const request = (): Partial<Parameters> => Object.fromEntries(changed.map((key) => [key, wanted[key]]));

  const save = async (applyToOpen: boolean): Promise<void> => {
    setBusy(true);
    const answer = await run('parameters.set', { change: request(), applyToOpen });
    setBusy(false);
    setPreview(null);
    if (!answer.ok) return setWhy(answer.why);
    setTaken({ over: known, change });
    setChange({});
    const n = answer.output.retimed;
    show({ tone: 'ok', text: n > 0 ? t('settings.parameters.doneRetimed', { n }) : t('settings.parameters.done') });
  };
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (busy || changed.length === 0 || bad !== undefined || badTtl) return;
    if (!changed.includes('ticketTtl')) return save(false);
    setBusy(true);
    const answer = await run('parameters.preview', { change: request() });
    setBusy(false);
    if (answer.ok) setPreview(answer.output);
    else setWhy(answer.why);
  };

  const row = (key: Key, control: ReactElement): ReactElement => {
    const [name, what] = t(`settings.parameters.item.${key}`, { returnObjects: true }) as unknown as [string, string];
    return (
      <div className={changed.includes(key) ? 'setrow changed-row' : 'setrow'} key={key}>
        <div>
          <b>{name}</b>
          <p className="t2">{what}</p>
        </div>
        {control}
      </div>
    );
  };
  const flag = (key: FlagKey): ReactElement =>
    row(
      key,
      <Segments
        label={(t(`settings.parameters.item.${key}`, { returnObjects: true }) as unknown as [string, string])[0]}
        value={wanted[key] ? 'yes' : 'no'}
        onChange={(to) => put({ [key]: to === 'yes' })}
        options={(['yes', 'no'] as const).map((v) => ({
          value: v,
          label:
            key === 'maskPhones' ? t(v === 'yes' ? 'settings.parameters.on' : 'settings.parameters.off') : t(`settings.parameters.${v}`),
          testId: `parameter-${key}-${v}`,
        }))}
      />,
    );
  const number = (key: NumberKey): ReactElement =>
    row(
      key,
      <span className="row gap">
        <input
          className={bad === key ? 'fld num err' : 'fld num'}
          type="number"
          min={least[key]}
          max={MOST}
          step={1}
          value={Number.isNaN(wanted[key]) ? '' : wanted[key]}
          aria-label={(t(`settings.parameters.item.${key}`, { returnObjects: true }) as unknown as [string, string])[0]}
          aria-invalid={bad === key}
          data-testid={`parameter-${key}`}
          onChange={(e) => put({ [key]: e.target.value === '' ? Number.NaN : Number(e.target.value) })}
        />
        <span className="t2 unit">{t(key === 'invalidReleaseLimit' ? 'settings.parameters.times' : 'settings.parameters.days')}</span>
        {bad === key && <span className="danger meta">{t('settings.parameters.min', { n: least[key] })}</span>}
      </span>,
    );
  return (
    <form onSubmit={(e) => void submit(e)} className="setpageform">
      <PageHead title={t('settings.page.parameters')} lead={t('settings.parameters.lead')} />
      <fieldset disabled={!online || busy} className="setrows">
        <legend>{t('settings.parameters.part.handling')}</legend>
        {flag('agentsMayCreate')}
        {flag('allowReclaimAfterRelease')}
        {number('invalidReleaseLimit')}
      </fieldset>
      <fieldset disabled={!online || busy} className="setrows">
        <legend>{t('settings.parameters.part.lifecycle')}</legend>
        {row('ticketTtl', <TtlInput value={wanted.ticketTtl} bad={badTtl} onChange={(ticketTtl) => put({ ticketTtl })} />)}
        {number('resolvedAutoCloseDays')}
      </fieldset>
      <fieldset disabled={!online || busy} className="setrows">
        <legend>{t('settings.parameters.part.privacy')}</legend>
        {number('offlineLeaseDays')}
        {number('cacheDays')}
        {flag('maskPhones')}
      </fieldset>
      <div className="setsave">
        <FailureLine why={why} />
        <div className="row gap">
          <button
            type="submit"
            className="btn act primary"
            disabled={!online || changed.length === 0 || bad !== undefined || badTtl || busy}
            data-testid="parameters-save"
          >
            {t('settings.parameters.save')}
          </button>
          {changed.length > 0 && (
            <>
              <button type="button" className="btn act" onClick={() => setChange({})}>
                {t('settings.parameters.discard')}
              </button>
              <span className="t2">{t('settings.parameters.changed', { n: changed.length })}</span>
            </>
          )}
        </div>
      </div>
      {preview !== null && (
        <TtlPreview
          from={standing.ticketTtl}
          to={wanted.ticketTtl}
          preview={preview}
          busy={busy}
          onSave={(apply) => void save(apply)}
          onClose={() => setPreview(null)}
        />
      )}
    </form>
  );
}

interface TtlInputProps {
  readonly value: number | null;
  readonly bad: boolean;
  onChange(ttl: number | null): void;
}

/** Days and hours, or none at all. */
function TtlInput({ value, bad, onChange }: TtlInputProps): ReactElement {
  const { t } = useTranslation();
  const { days, hours } = hoursOf(value);
  const field = (name: 'days' | 'hours', n: number, set: (n: number) => number): ReactElement => (
    <>
      <input
        className={bad ? 'fld num err' : 'fld num'}
        type="number"
        min={0}
        step={1}
        disabled={value === null}
        value={value === null || Number.isNaN(n) ? '' : n}
        aria-label={`${(t('settings.parameters.item.ticketTtl', { returnObjects: true }) as unknown as [string, string])[0]} ${t(`settings.parameters.${name}`)}`}
        data-testid={`parameter-ticketTtl-${name}`}
        onChange={(e) => onChange(set(e.target.value === '' ? 0 : Number(e.target.value)))}
      />
      <span className="t2 unit">{t(`settings.parameters.${name}`)}</span>
    </>
  );
  return (
    <span className="row gap">
      {field('days', days, (n) => ttlOf(n, hours))}
      {field('hours', hours, (n) => ttlOf(days, n))}
      <label className="cbx">
        <input
          type="checkbox"
          checked={value === null}
          data-testid="parameter-ticketTtl-none"
          onChange={(e) => onChange(e.target.checked ? null : ttlOf(3, 0))}
        />
        {t('settings.parameters.none')}
      </label>
      {bad && <span className="danger meta">{t('settings.parameters.min', { n: `1 ${t('settings.parameters.hours')}` })}</span>}
    </span>
  );
}
