import { Select } from 'antd';
import { type ReactElement, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { core } from '../../bridge.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { Icon } from '../../ui/icon.tsx';
import { pickImport } from './import-file.tsx';
import type { Ask, ImportPhase } from './import-state.ts';

export interface ImportMappingProps {
  readonly state: ImportPhase<'mapping'>;
  readonly ask: Ask;
}

const fields = ['name', 'phone', 'phone2', 'email', 'tier', 'address', 'subject', 'description', 'category', 'callbackAt'] as const;
type Field = (typeof fields)[number];
const NOWHERE = -1;
const delimiters = { ',': 'comma', ';': 'semicolon', '\t': 'tab' } as const;

/** Whether the text reads right, and which column holds what. */
export function ImportMapping({ state, ask }: ImportMappingProps): ReactElement {
  const { t } = useTranslation();
  const [mapping, setMapping] = useState<Readonly<Record<string, number>>>(state.mapping);
  useEffect(() => setMapping(state.mapping), [state.mapping]);
  const offline = useQuery('sync.state', {}).value?.connection !== 'online';
  const columns = useMemo(
    () => [
      { value: NOWHERE, label: t('imports.notThere') },
      ...state.header.map((name, i) => ({
        value: i,
        label: name.trim() === '' ? t('imports.column', { n: i + 1 }) : name,
      })),
    ],
    [state.header, t],
  );
  const used = new Map(Object.entries(mapping).map(([field, column]) => [column, field as Field]));
  const reachable = (['phone', 'phone2', 'email'] as const).some((field) => mapping[field] !== undefined);
  const need = mapping['name'] === undefined ? 'needName' : reachable ? null : 'needContact';
  const set = (field: Field, column: number): void => {
    // A column holds one thing.
    const rest = Object.fromEntries(Object.entries(mapping).filter(([f, c]) => f !== field && c !== column));
    setMapping(column === NOWHERE ? rest : { ...rest, [field]: column });
  };
  return (
    <>
      <div className="row wrap">
        <b className="el">{state.fileName}</b>
        <span className="t3">{t('imports.rows', { n: state.rows.toLocaleString() })}</span>
        {state.delimiter !== null && (
          <span className="t3">
            {t('imports.delimiter')} {t(`imports.delimiterName.${delimiters[state.delimiter]}`)}
          </span>
        )}
        <span className="grow" />
        {state.encoding !== null && (
          <label className="row">
            <span className="t2">{t('imports.encoding')}</span>
            <Select
              value={state.encoding}
              options={[state.encoding, ...state.alternatives].map((e) => ({ value: e, label: t(`imports.encodingName.${e}`) }))}
              aria-label={t('imports.encoding')}
              data-testid="import-encoding"
              className="encoding"
              onChange={(encoding) => {
                if (encoding !== state.encoding && encoding !== 'utf-8-bom') void ask(() => core.call('imports.encoding', { encoding }));
              }}
            />
          </label>
        )}
        <button type="button" className="btn sm" onClick={() => void ask(pickImport)}>
          {t('imports.another')}
        </button>
      </div>
      {state.encoding !== null && (
        <p className={state.alternatives.length > 0 ? 'notebox' : 'notebox plain'} role="status">
          <Icon name={state.alternatives.length > 0 ? 'tri' : 'help'} small />
          {t(state.alternatives.length > 0 ? 'imports.encodingUnsure' : 'imports.encodingSure')}
        </p>
      )}
      <div className="sheetbox" tabIndex={0} role="region" aria-label={t('imports.preview', { n: state.preview.length })}>
        <table data-testid="import-preview">
          <thead>
            <tr>
              {state.header.map((name, i) => {
                const field = used.get(i);
                return (
                  <th key={i} scope="col" className={field === undefined ? '' : 'used'} title={name}>
                    {name.trim() === '' ? t('imports.column', { n: i + 1 }) : name}
                  </th>
                );
              })}
            </tr>
          </thead>
          <tbody>
            {state.preview.map((row, r) => (
              <tr key={r}>
                {state.header.map((_, c) => (
                  <td key={c} title={row[c]}>
                    {row[c]}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="row">
        <h3>{t('imports.mapping')}</h3>
        <span className="t3 meta">{t('imports.mappingNote')}</span>
      </div>
      <div className="maps">
        {fields.map((field) => (
          <label key={field} className="nf">
            <span>{t(`imports.field.${field}`)}</span>
            <Select
              value={mapping[field] ?? NOWHERE}
              options={columns}
              aria-label={t(`imports.field.${field}`)}
              data-testid={`import-map-${field}`}
              onChange={(column: number) => set(field, column)}
            />
          </label>
        ))}
      </div>
      <div className="dlgfoot">
        <span className={need === null ? 't3 meta' : 'danger meta'} role="status">
          {need !== null ? t(`imports.${need}`) : offline ? t('imports.notOffline') : ''}
        </span>
        <span className="grow" />
        <button
          type="button"
          className="btn act primary"
          disabled={need !== null || offline}
          data-testid="import-check"
          onClick={() => void ask(() => core.call('imports.check', { mapping: { ...mapping } }))}
        >
          {t('imports.check')}
        </button>
      </div>
    </>
  );
}
