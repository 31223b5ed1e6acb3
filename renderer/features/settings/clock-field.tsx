import type { ReactElement } from 'react';

export interface ClockFieldProps {
  readonly id?: string;
  readonly label: string;
  /** Minutes after midnight. */
  readonly value: number;
  readonly testId: string;
  onChange(value: number): void;
}

const two = (n: number): string => String(n).padStart(2, '0');
const clockOf = (minutes: number): string => `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
const minutesOf = (clock: string): number | null => {
  const found = /^(\d\d):(\d\d)/.exec(clock);
  return found === null ? null : Number(found[1]) * 60 + Number(found[2]);
};

/** A time of day, taken when the field is left; half a time puts the old one back. */
export function ClockField({ id, label, value, testId, onChange }: ClockFieldProps): ReactElement {
  return (
    <input
      id={id}
      className="fld time"
      type="time"
      key={value}
      aria-label={label}
      defaultValue={clockOf(value)}
      data-testid={testId}
      onBlur={(e) => {
        const at = minutesOf(e.target.value);
        if (at === null) e.target.value = clockOf(value);
        else if (at !== value) onChange(at);
      }}
    />
  );
}
