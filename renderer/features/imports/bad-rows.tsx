import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactElement, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useToast } from '../../stores/toast-store.ts';
import { copyText } from '../../ui/copy-text.ts';
import { zhCN } from '../../i18n/zh-CN.ts';

export interface BadRowsProps {
  readonly rows: readonly { readonly line: number; readonly why: string; readonly value: string }[];
  /** As many as there are, also those that are not listed. */
  readonly total: number;
}

type Why = keyof typeof zhCN.imports.why;
const isWhy = (why: string): why is Why => Object.hasOwn(zhCN.imports.why, why);

const ROW = 28;
/** Rows in sight at once. */
const SHOWN = 7;

/** Each row that cannot come in: its line in the file, what stands there, and what is wrong with it. */
export function BadRows({ rows, total }: BadRowsProps): ReactElement {
  const { t } = useTranslation();
  const show = useToast((s) => s.show);
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 8,
  });
  const words = (why: string): string => (isWhy(why) ? t(`imports.why.${why}`) : why);
  const copy = (): void => {
    const lines = rows.map((r) => [r.line, r.value.replaceAll(/\s+/g, ' '), words(r.why)].join('\t'));
    void copyText(lines.join('\n')).then(() => show({ tone: 'ok', text: t('common.copied') }));
  };
  return (
    <section aria-label={t('imports.bad')}>
      <div className="row">
        <h3>{t('imports.bad')}</h3>
        {rows.length < total && <span className="t3 meta">{t('imports.badMore', { n: rows.length, total })}</span>}
        <span className="grow" />
        <button type="button" className="btn sm link" onClick={copy}>
          {t('imports.copyBad')}
        </button>
      </div>
      <div
        ref={scroller}
        className="badrows"
        role="table"
        aria-rowcount={rows.length}
        tabIndex={0}
        style={{ height: Math.min(SHOWN, rows.length) * ROW + 2 }}
        data-testid="import-bad-rows"
      >
        <div className="spread" role="rowgroup" style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map((item) => {
            const row = rows[item.index]!;
            return (
              <div
                key={item.index}
                role="row"
                aria-rowindex={item.index + 1}
                className="line"
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <span role="cell" className="t3">
                  {t('imports.badColumn.line')} {row.line}
                </span>
                <span role="cell" className="el" title={row.value}>
                  {row.value === '' ? t('common.empty') : row.value}
                </span>
                <span role="cell" className="danger el">
                  {words(row.why)}
                </span>
              </div>
            );
          })}
        </div>
      </div>
    </section>
  );
}
