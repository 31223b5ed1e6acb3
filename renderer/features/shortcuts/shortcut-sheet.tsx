import { Modal } from 'antd';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useView } from '../../stores/view-store.ts';

/** All keys, in three groups. */
export function ShortcutSheet(): ReactElement {
  const { t } = useTranslation();
  const open = useView((s) => s.sheet);
  const setSheet = useView((s) => s.setSheet);
  const groups: readonly (readonly [string, readonly (readonly [string, string])[]])[] = [
    [
      t('keys.list'),
      [
        ['↑ ↓', t('keys.move')],
        ['↵', t('keys.openTicket')],
      ],
    ],
    [
      t('keys.ticket'),
      [
        ['G', t('keys.composer')],
        ['Ctrl ↵', t('keys.send')],
        ['W', t('composer.resolve')],
        ['Z', t('composer.transfer')],
        ['X', t('composer.invalidate')],
        ['S', t('composer.release')],
        ['H', t('composer.schedule')],
      ],
    ],
    [
      t('keys.anywhere'),
      [
        ['N', t('create.title')],
        ['F6', t('keys.popup')],
        ['Esc', t('keys.closeTop')],
        ['?', t('keys.sheet')],
      ],
    ],
  ];
  return (
    <Modal open={open} title={t('keys.title')} width={640} centered footer={null} onCancel={() => setSheet(false)} destroyOnHidden>
      <div className="sheet" data-testid="shortcut-sheet">
        {groups.map(([name, keys]) => (
          <section key={name} aria-label={name}>
            <h3>{name}</h3>
            <dl>
              {keys.map(([key, what]) => (
                <div key={key}>
                  <dt>
                    <kbd>{key}</kbd>
                  </dt>
                  <dd>{what}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <p className="t3">{t('keys.note')}</p>
    </Modal>
  );
}
