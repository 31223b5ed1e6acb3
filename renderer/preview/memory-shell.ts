import type { ShellContract } from '../../shared/bridge/contract.ts';
import type { Implementation } from '../../shared/bridge/rpc.ts';

/** A shell without windows. */
export function memoryShell(asked: URLSearchParams): Implementation<ShellContract> {
  const once =
    <T>(value: T) =>
    (_input: object, emit: (value: T) => void): (() => void) => {
      emit(value);
      return () => undefined;
    };
  return {
    calls: {
      'window.minimize': () => ({}),
      'window.toggleMaximize': () => ({}),
      'window.close': () => ({}),
      'files.pick': () => ({ files: [] }),
    },
    queries: {
      'app.info': once({ version: '0.1.0', platform: 'win32' as const, ownButtons: !asked.has('native'), testBuild: false }),
      'window.state': once({ maximized: false, focused: true }),
      navigation: once({ serial: asked.has('open') ? 1 : 0, ticketId: asked.get('open'), transferId: null }),
    },
  };
}
