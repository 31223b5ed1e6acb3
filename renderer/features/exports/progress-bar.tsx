import type { ReactElement } from 'react';

export interface ProgressBarProps {
  readonly label: string;
  readonly done: number;
  /** null: nobody knows. */
  readonly total: number | null;
  /** How far, in words. */
  readonly words: string;
}

/** How far something has got that goes on by itself. */
export function ProgressBar({ label, done, total, words }: ProgressBarProps): ReactElement {
  const part = total === null || total === 0 ? null : Math.min(1, done / total);
  return (
    <div>
      <div
        className="bar"
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={total ?? undefined}
        aria-valuenow={part === null ? undefined : done}
        aria-valuetext={words}
      >
        <i style={{ width: `${(part ?? 0) * 100}%` }} />
      </div>
      <p className="t3 meta">{words}</p>
    </div>
  );
}
