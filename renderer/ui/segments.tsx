import { type KeyboardEvent, type ReactElement, type ReactNode, useRef } from 'react';

export interface Segment<V extends string> {
  readonly value: V;
  readonly label: ReactNode;
  readonly tone?: 'danger' | 'warn' | undefined;
  readonly testId?: string;
}

export interface SegmentsProps<V extends string> {
  readonly label: string;
  readonly value: V;
  readonly options: readonly Segment<V>[];
  readonly mini?: boolean;
  onChange(value: V): void;
}

/** One of a few. A radio group to the keyboard: one stop, arrows choose. */
export function Segments<V extends string>({ label, value, options, mini, onChange }: SegmentsProps<V>): ReactElement {
  const group = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.code === 'ArrowRight' ? 1 : event.code === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    event.stopPropagation();
    const at = options.findIndex((o) => o.value === value);
    const next = (at + step + options.length) % options.length;
    onChange(options[next]!.value);
    group.current?.querySelectorAll('button')[next]?.focus();
  };
  return (
    <div ref={group} className={mini ? 'seg mini' : 'seg'} role="radiogroup" aria-label={label} onKeyDown={onKeyDown}>
      {options.map((o) => (
        <button
          key={o.value}
          type="button"
          role="radio"
          aria-checked={o.value === value}
          tabIndex={o.value === value ? 0 : -1}
          className={`${o.value === value ? 'on' : ''}${o.tone ? ` ${o.tone}` : ''}`}
          data-testid={o.testId}
          onClick={() => onChange(o.value)}
        >
          {o.label}
        </button>
      ))}
    </div>
  );
}
