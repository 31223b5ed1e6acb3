import { type ReactElement, useEffect } from 'react';
import { useToast } from '../stores/toast-store.ts';
import { Icon } from './icon.tsx';

const STAY = { ok: 4000, warn: 6000, danger: 9000 } as const;
/** As long as the server takes an undo. */
const STAY_WITH_ACTION = 9500;

export function ToastLine(): ReactElement {
  const toast = useToast((s) => s.toast);
  const clear = useToast((s) => s.clear);
  useEffect(() => {
    if (toast === null) return undefined;
    const timer = setTimeout(() => clear(toast.id), toast.action ? STAY_WITH_ACTION : STAY[toast.tone]);
    return () => clearTimeout(timer);
  }, [toast, clear]);
  return (
    <div className="toasts" role="status" aria-live="polite" data-testid="toast">
      {toast !== null && (
        <div key={toast.id} className={`toast ${toast.tone}`}>
          <Icon name={toast.tone === 'ok' ? 'check' : 'tri'} />
          <span>{toast.text}</span>
          {toast.action && (
            <button
              type="button"
              className="btn sm link"
              onClick={() => {
                toast.action?.run();
                clear(toast.id);
              }}
            >
              {toast.action.label}
            </button>
          )}
        </div>
      )}
    </div>
  );
}
