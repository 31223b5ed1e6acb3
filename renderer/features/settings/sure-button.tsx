import { type ReactElement, useEffect, useState } from 'react';

export interface SureButtonProps {
  readonly label: string;
  /** What it says after the first press. */
  readonly sure: string;
  readonly disabled?: boolean;
  readonly testId: string;
  onSure(): void;
}

/** Forgets the first press after this. */
const PATIENCE = 4000;

/** Acts at the second press: for what cannot be undone and does not deserve a dialog. */
export function SureButton({ label, sure, disabled, testId, onSure }: SureButtonProps): ReactElement {
  const [asking, setAsking] = useState(false);
  useEffect(() => {
    if (!asking) return undefined;
    const timer = setTimeout(() => setAsking(false), PATIENCE);
    return () => clearTimeout(timer);
  }, [asking]);
  return (
    <button
      type="button"
      className={asking ? 'btn sm solid-danger' : 'btn sm'}
      disabled={disabled}
      data-testid={testId}
      onBlur={() => setAsking(false)}
      onClick={() => {
        setAsking(!asking);
        if (asking) onSure();
      }}
    >
      {asking ? sure : label}
    </button>
  );
}
