import { create } from 'zustand';

export interface Toast {
  readonly id: number;
  readonly tone: 'ok' | 'warn' | 'danger';
  readonly text: string;
  readonly action?: { readonly label: string; run(): void } | undefined;
}

interface ToastState {
  readonly toast: Toast | null;
  show(toast: Omit<Toast, 'id'>): void;
  clear(id: number): void;
}

let serial = 0;

/** One short sentence about what just happened; a newer one takes its place. */
export const useToast = create<ToastState>()((set) => ({
  toast: null,
  show: (toast) => set({ toast: { ...toast, id: ++serial } }),
  clear: (id) => set((s) => (s.toast?.id === id ? { toast: null } : s)),
}));
