import { Modal } from 'antd';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../../hooks/use-session.ts';
import { useView } from '../../stores/view-store.ts';

type Key = readonly [keys: string, what: string];

/** All keys, in groups; those for leaders only where they do something. */
export function ShortcutSheet(): ReactElement {
  const { t } = useTranslation();
  const open = useView((s) => s.sheet);
  const setSheet = useView((s) => s.setSheet);
  const office = useSession()?.mayAssign === true;
  const groups: readonly (readonly [string, readonly Key[]])[] = [
    [
      t('keys.list'),
      [
        ['↑ ↓', t('keys.move')],
        ['↵', t('keys.openTicket')],
        ['F', t('filter.open')],
        ['C', t('layout.open')],
        ['B', t('searches.save')],
        ['Space', t('keys.tick')],
        ['Shift ↑ ↓', t('keys.tickMore')],
        ['Ctrl A', t('bulk.selectAll')],
        ['Shift ← →', t('keys.columnWidth')],
        ['Alt ↑ ↓', t('keys.order')],
        ['F2 Del', t('keys.searchEdit')],
      ],
    ],
    [
      t('keys.ticket'),
      [
        ['G', t('keys.composer')],
        ['Ctrl ↵', t('keys.send')],
        ['/', t('keys.phrase')],
        ['Ctrl ;', t('phrase.button')],
        ['W', t('composer.resolve')],
        ['Z', t('composer.transfer')],
        ['X', t('composer.invalidate')],
        ['S', t('composer.release')],
        ['H', t('composer.schedule')],
        ['R', t('reply.wait')],
        ['L', t('leader.claim')],
      ],
    ],
    ...(office
      ? ([
          [
            t('places.office'),
            [
              ['P', t('leader.assign')],
              ['Q', t('leader.withdraw')],
              ['Y', t('leader.reviewClose')],
              ['T', t('leader.reviewBack')],
              ['K', t('leader.reopen')],
              ['E', t('bulk.export')],
            ],
          ],
        ] as const)
      : []),
    [
      t('keys.anywhere'),
      [
        ['Ctrl K', t('palette.title')],
        ['/', t('palette.short')],
        ['Tab', t('keys.paletteTab')],
        ['N', t('create.title')],
        ['F6', t('keys.popup')],
        ['Esc', t('keys.closeTop')],
        ['?', t('keys.sheet')],
      ],
    ],
  ];
  return (
    <Modal
      open={open}
      title={t('keys.title')}
      width={office ? 1040 : 840}
      centered
      footer={null}
      onCancel={() => setSheet(false)}
      destroyOnHidden
    >
      <div className="sheet" data-testid="shortcut-sheet">
        {groups.map(([name, keys]) => (
          <section key={name} aria-label={name}>
            <h3>{name}</h3>
            <dl>
              {keys.map(([key, what]) => (
                <div key={`${key} ${what}`}>
                  <dt>
                    {key.split(' ').map((k) => (
                      <kbd key={k}>{k}</kbd>
                    ))}
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
