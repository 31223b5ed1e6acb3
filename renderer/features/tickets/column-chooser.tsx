import { type DragEvent, type KeyboardEvent, type ReactElement, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldsInUse } from '../../../shared/domain/custom-fields.ts';
import type { ListName } from '../../../shared/domain/ticket-state.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { listCursor } from '../../stores/list-cursor.ts';
import { useView } from '../../stores/view-store.ts';
import { Icon } from '../../ui/icon.tsx';
import { useOutside } from '../../ui/use-outside.ts';
import { type ChosenColumn, possibleColumns, widthOf } from './columns.ts';
import { useColumnName } from './use-column-name.ts';

export interface ColumnChooserProps {
  readonly list: ListName;
  readonly chosen: readonly ChosenColumn[];
  /** Empty: back to the usual ones. */
  onChoose(columns: readonly ChosenColumn[]): void;
}

/** 选择显示内容: which columns a list has and in what order. Holds at once. */
export function ColumnChooser({ list, chosen, onChoose }: ColumnChooserProps): ReactElement {
  const { t } = useTranslation();
  const nameOf = useColumnName();
  const setOpen = useView((s) => s.setColumnsOpen);
  const fields = useQuery('directory.list', {}).value?.customFields ?? [];
  const possible = possibleColumns(
    list,
    fieldsInUse(fields).map((f) => f.id),
  );
  const shown = chosen.filter((c) => possible.includes(c.key));
  const hidden = possible.filter((key) => !shown.some((c) => c.key === key));
  const [dragged, setDragged] = useState<string | null>(null);
  const box = useOutside<HTMLDivElement>(() => setOpen(false), '[data-testid=columns-open]');
  const refocus = useRef<string | null>(null);
  useEffect(() => box.current?.querySelector<HTMLElement>('input')?.focus(), [box]);
  useEffect(() => {
    if (refocus.current === null) return;
    box.current?.querySelector<HTMLElement>(`[data-testid="column-${CSS.escape(refocus.current)}"]`)?.focus();
    refocus.current = null;
  });

  const toggle = (key: string): void => {
    refocus.current = key;
    if (!shown.some((c) => c.key === key)) onChoose([...shown, { key, width: widthOf(key) }]);
    else if (shown.length > 1) onChoose(shown.filter((c) => c.key !== key));
  };
  const move = (key: string, to: number): void => {
    const moved = shown.find((c) => c.key === key);
    if (moved === undefined || to < 0 || to >= shown.length) return;
    const rest = shown.filter((c) => c.key !== key);
    refocus.current = key;
    onChoose([...rest.slice(0, to), moved, ...rest.slice(to)]);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    const step = event.code === 'ArrowDown' ? 1 : event.code === 'ArrowUp' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const boxes = [...event.currentTarget.querySelectorAll<HTMLInputElement>('input')];
    const at = boxes.indexOf(document.activeElement as HTMLInputElement);
    if (event.altKey) move(boxes[at]?.dataset['key'] ?? '', at + step);
    else boxes[Math.max(0, Math.min(boxes.length - 1, at + step))]?.focus();
  };
  const item = (key: string, index: number | null): ReactElement => (
    <li
      key={key}
      draggable={index !== null}
      className={dragged === key ? 'dragged' : ''}
      onDragStart={(e: DragEvent) => {
        e.dataTransfer.effectAllowed = 'move';
        setDragged(key);
      }}
      onDragEnd={() => setDragged(null)}
      onDragOver={(e) => {
        if (dragged === null || index === null) return;
        e.preventDefault();
        if (dragged !== key) move(dragged, index);
      }}
    >
      <label className="check">
        <input
          type="checkbox"
          checked={index !== null}
          disabled={index !== null && shown.length === 1}
          data-key={key}
          data-testid={`column-${key}`}
          onChange={() => toggle(key)}
        />
        <span className="el">{nameOf(key)}</span>
      </label>
      {index !== null && (
        <>
          <button
            type="button"
            className="btn sm icon"
            tabIndex={-1}
            aria-label={t('layout.up', { column: nameOf(key) })}
            disabled={index === 0}
            data-testid={`column-up-${key}`}
            onClick={() => move(key, index - 1)}
          >
            <Icon name="up" small />
          </button>
          <button
            type="button"
            className="btn sm icon"
            tabIndex={-1}
            aria-label={t('layout.down', { column: nameOf(key) })}
            disabled={index === shown.length - 1}
            data-testid={`column-down-${key}`}
            onClick={() => move(key, index + 1)}
          >
            <Icon name="down" small />
          </button>
          <span className="grip" title={t('layout.drag')}>
            <Icon name="grip" small />
          </span>
        </>
      )}
    </li>
  );
  return (
    <div
      ref={box}
      className="sheetpop columns"
      role="dialog"
      aria-label={t('layout.open')}
      data-testid="column-chooser"
      onKeyDown={onKeyDown}
    >
      <header>
        <b>{t('layout.open')}</b>
        <span className="grow" />
        <button type="button" className="btn sm text" data-testid="columns-reset" onClick={() => onChoose([])}>
          {t('layout.reset')}
        </button>
        <button
          type="button"
          className="btn sm icon"
          aria-label={t('common.close')}
          title={`${t('common.close')} Esc`}
          onClick={() => {
            setOpen(false);
            listCursor().focus();
          }}
        >
          <Icon name="x" small />
        </button>
      </header>
      <p className="t3 meta">{t('layout.hint')}</p>
      <div className="scrolls">
        <ul aria-label={t('layout.shown')}>{shown.map((c, i) => item(c.key, i))}</ul>
        {hidden.length > 0 && <h3 className="t3 meta">{t('layout.hidden')}</h3>}
        <ul aria-label={t('layout.hidden')}>{hidden.map((key) => item(key, null))}</ul>
      </div>
    </div>
  );
}
