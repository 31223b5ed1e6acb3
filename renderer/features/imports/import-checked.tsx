import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { core } from '../../bridge.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { Segments } from '../../ui/segments.tsx';
import { BackToColumns } from './back-to-columns.tsx';
import { BadRows } from './bad-rows.tsx';
import type { Ask, ImportPhase } from './import-state.ts';

export interface ImportCheckedProps {
  readonly state: ImportPhase<'checked'>;
  readonly ask: Ask;
}

/** What the check found, and what is to be done with it. */
export function ImportChecked({ state, ask }: ImportCheckedProps): ReactElement {
  const { t } = useTranslation();
  const offline = useQuery('sync.state', {}).value?.connection !== 'online';
  const [mode, setMode] = useState<'all' | 'good'>('all');
  const [tickets, setTickets] = useState(state.withTicket > 0);
  const [owner, setOwner] = useState<'me' | 'nobody'>('nobody');
  const withTickets = tickets && state.withTicket > 0;
  const why = offline
    ? t('imports.notOffline')
    : state.fresh === 0 && !withTickets
      ? t('imports.nothing')
      : mode === 'all' && state.badTotal > 0
        ? t('imports.blocked', { n: state.badTotal })
        : null;
  const count = (name: 'fresh' | 'known' | 'bad' | 'tickets', n: number): ReactElement => (
    <div className={name === 'bad' && n > 0 ? 'bad' : ''}>
      <b data-testid={`import-n-${name}`}>{n.toLocaleString()}</b>
      <span className="t2">{t(`imports.counts.${name}`)}</span>
    </div>
  );
  return (
    <>
      <div className="tally">
        {count('fresh', state.fresh)}
        {count('known', state.known)}
        {count('bad', state.badTotal)}
        {count('tickets', state.withTicket)}
      </div>
      {state.known > 0 && <p className="t2">{t('imports.knownNote')}</p>}
      {state.badTotal === 0 ? <p className="ok">{t('imports.badNone')}</p> : <BadRows rows={state.bad} total={state.badTotal} />}
      {state.badTotal > 0 && (
        <fieldset className="picks across">
          <legend className="sr">{t('imports.mode')}</legend>
          {(['all', 'good'] as const).map((m) => (
            <label key={m} className="choice">
              <input type="radio" name="import-mode" checked={mode === m} data-testid={`import-mode-${m}`} onChange={() => setMode(m)} />
              <span>
                {t(m === 'all' ? 'imports.modeAll' : 'imports.modeGood')}
                <span className="t3">{m === 'all' ? t('imports.modeAllNote') : t('imports.modeGoodNote', { n: state.badTotal })}</span>
              </span>
            </label>
          ))}
        </fieldset>
      )}
      <div className="row wrap gap">
        <label className={state.withTicket > 0 ? 'cbx' : 'cbx off'}>
          <input
            type="checkbox"
            checked={tickets}
            disabled={state.withTicket === 0}
            data-testid="import-tickets"
            onChange={(e) => setTickets(e.target.checked)}
          />
          {t('imports.tickets', { n: state.withTicket })}
        </label>
        <span className="grow" />
        <span className="t2">{t('imports.owner')}</span>
        <Segments<'me' | 'nobody'>
          label={t('imports.owner')}
          value={owner}
          onChange={setOwner}
          options={[
            { value: 'nobody', label: t('imports.ownerNobody'), testId: 'import-owner-nobody' },
            { value: 'me', label: t('imports.ownerMe'), testId: 'import-owner-me' },
          ]}
        />
      </div>
      <div className="dlgfoot">
        <span className={why === null ? '' : 'danger meta'} role="status" data-testid="import-why">
          {why}
        </span>
        <span className="grow" />
        <BackToColumns ask={ask} />
        <button
          type="button"
          className="btn act primary"
          disabled={why !== null}
          data-testid="import-commit"
          onClick={() => void ask(() => core.call('imports.commit', { mode, tickets: withTickets, owner }))}
        >
          {state.fresh === 0 && withTickets ? t('imports.commitTickets') : t('imports.commit', { n: state.fresh.toLocaleString() })}
        </button>
      </div>
    </>
  );
}
