import { memo, type ReactElement } from 'react';
import type { Column } from './columns.ts';

interface WaitingRowProps {
  readonly columns: readonly Column[];
  readonly index: number;
  readonly top: number;
}

/** Stands in the place of a row whose ticket is still being read (F15). */
function Row({ columns, index, top }: WaitingRowProps): ReactElement {
  return (
    <div
      role="row"
      id={`row-${index}`}
      aria-rowindex={index + 2}
      aria-busy="true"
      className="r waits"
      style={{ transform: `translateY(${top}px)` }}
      data-testid="row-waits"
    >
      {columns.map((c) => (
        <div key={c.id} role="gridcell">
          {c.id !== 'mark' && c.id !== 'act' && <i />}
        </div>
      ))}
    </div>
  );
}

export const WaitingRow = memo(Row);
