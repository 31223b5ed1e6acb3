import type { MenuProps } from 'antd';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Duty } from '../../../shared/domain/people.ts';
import { useFormat } from '../../hooks/use-format.ts';
import { useNow } from '../../hooks/use-now.ts';
import { useSession } from '../../hooks/use-session.ts';
import { useOffice } from '../../stores/office-store.ts';
import { useToast } from '../../stores/toast-store.ts';
import { Drop } from '../../ui/drop.tsx';
import { Icon } from '../../ui/icon.tsx';
import type { IconName } from '../../ui/icon-sprite.tsx';
import { later, useSettled } from '../../ui/later.tsx';
import { useRecord } from '../customers/use-record.ts';

const OffDuty = later(() => import('./off-duty.tsx').then((m) => m.OffDuty));

const icons: Readonly<Record<Duty, IconName>> = { on: 'axis-today', break: 'waiting', off: 'released' };

/** 在岗, 小休, 下班: by shape and word. 下班 first shows what is not done. */
export function DutyMenu(): ReactElement | null {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  const account = useSession()?.account;
  const record = useRecord();
  const show = useToast((s) => s.show);
  const leaving = useOffice((s) => s.leaving);
  const leave = useOffice((s) => s.leave);
  const settled = useSettled();
  if (account === null || account === undefined) return null;
  const { duty } = account;

  const set = async (to: Duty): Promise<string | null> => {
    const answer = await record('setDuty', account.id, { duty: to }, null);
    if (answer.ok) show({ tone: 'ok', text: t(`duty.now.${to}`) });
    return answer.ok ? null : answer.why;
  };
  const setOrSay = async (to: Duty): Promise<void> => {
    const why = await set(to);
    if (why !== null) show({ tone: 'danger', text: why });
  };
  const onClick: NonNullable<MenuProps['onClick']> = ({ key }) => {
    if (key === 'off') leave(true);
    else void setOrSay(key as Duty);
  };
  const since = account.dutySince === null ? '' : t('duty.since', { time: format.stamp(account.dutySince, now) });
  const item = (to: Duty): { key: Duty; label: ReactElement } => ({
    key: to,
    label: (
      <span className="dutyitem" data-testid={`duty-${to}`}>
        <Icon name={icons[to]} small />
        <b>{t(`duty.${to}`)}</b>
        <span className="t3">{t(`duty.${to}Note`)}</span>
      </span>
    ),
  });
  return (
    <>
      <Drop
        placement="bottomRight"
        menu={{ items: [item('on'), item('break'), item('off')], onClick, selectable: true, selectedKeys: [duty] }}
      >
        <button
          type="button"
          className={`dutybtn ${duty}`}
          title={since}
          aria-label={`${t('duty.menu')} ${t(`duty.${duty}`)}`}
          aria-haspopup="menu"
          data-testid="duty-menu"
          data-duty={duty}
        >
          <Icon name={icons[duty]} small />
          <span className="word">{t(`duty.${duty}`)}</span>
          <Icon name="down" small />
        </button>
      </Drop>
      {duty !== 'on' && (
        <button type="button" className="btn sm" data-testid="duty-back" onClick={() => void setOrSay('on')}>
          {t('duty.back')}
        </button>
      )}
      {settled && <OffDuty open={leaving} accountId={account.id} onClose={() => leave(false)} onOff={() => set('off')} />}
    </>
  );
}
