import { Modal } from 'antd';
import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CoreContract } from '../../../shared/bridge/contract.ts';
import type { OutputOf } from '../../../shared/bridge/define.ts';
import { core } from '../../bridge.ts';
import { useBridgeSentence } from '../handling/use-sentences.ts';
import { FailureLine } from '../settings/failure-line.tsx';

type StoredAccount = OutputOf<CoreContract['queries']['session.accounts']>[number];

interface RemoveAccountProps {
  /** Of these one is chosen first, unless it is the only one. */
  readonly accounts: readonly StoredAccount[];
  onClose(): void;
}

/** 从本机移除账号: says what goes, and wants a tick where unsynced work goes with it. */
export function RemoveAccount({ accounts, onClose }: RemoveAccountProps): ReactElement {
  const { t } = useTranslation();
  const [picked, setPicked] = useState<string | null>(null);
  const account = accounts.length === 1 ? accounts[0] : accounts.find((a) => a.id === picked);
  return (
    <Modal
      open
      title={account === undefined ? t('removal.title') : t('removal.of', { name: account.name, staffNo: account.staffNo })}
      width={480}
      centered
      footer={null}
      onCancel={onClose}
    >
      {account !== undefined ? (
        <Confirm key={account.id} account={account} onClose={onClose} />
      ) : (
        <div className="dlg">
          <p>{t('removal.lead')}</p>
          <ul className="setlist">
            {accounts.map((a) => (
              <li key={a.id}>
                <b className="el">{a.name}</b>
                <span className="t2">{a.staffNo}</span>
                <span className="t3 el">{new URL(a.url).host}</span>
                <span className="grow" />
                {a.waiting > 0 && <span className="tag">{t('removal.waits', { n: a.waiting })}</span>}
                <button type="button" className="btn sm" data-testid={`remove-pick-${a.staffNo}`} onClick={() => setPicked(a.id)}>
                  {t('removal.pick')}
                </button>
              </li>
            ))}
          </ul>
        </div>
      )}
    </Modal>
  );
}

function Confirm({ account, onClose }: { readonly account: StoredAccount; onClose(): void }): ReactElement {
  const { t } = useTranslation();
  const bridge = useBridgeSentence();
  /** So many the agent agreed to lose; more ask anew. */
  const [agreed, setAgreed] = useState(0);
  const [why, setWhy] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const { waiting } = account;
  const remove = async (): Promise<void> => {
    setBusy(true);
    setWhy(null);
    try {
      const answer = await core.call('session.removeAccount', { id: account.id, lose: agreed });
      if (answer.ok) return onClose();
      setWhy(t('removal.more'));
    } catch (error) {
      setWhy(bridge(error));
    }
    setBusy(false);
  };
  return (
    <div className="dlg" data-testid="remove-account-dialog">
      <p>{t('removal.what')}</p>
      {waiting === 0 ? (
        <p className="t2">{t('removal.none')}</p>
      ) : (
        <>
          <p>
            <b>{t('removal.waiting', { n: waiting })}</b>
          </p>
          <label className="choice">
            <input
              type="checkbox"
              checked={agreed >= waiting}
              data-testid="remove-agree"
              onChange={(e) => setAgreed(e.target.checked ? waiting : 0)}
            />
            <span>{t('removal.agree', { n: waiting })}</span>
          </label>
        </>
      )}
      <FailureLine why={why} />
      <div className="dlgfoot">
        <span className="grow" />
        <button type="button" className="btn act" autoFocus onClick={onClose}>
          {t('common.cancel')}
        </button>
        <button
          type="button"
          className="btn act solid-danger"
          disabled={busy || agreed < waiting}
          data-testid="remove-confirm"
          onClick={() => void remove()}
        >
          {t('removal.confirm')}
        </button>
      </div>
    </div>
  );
}
