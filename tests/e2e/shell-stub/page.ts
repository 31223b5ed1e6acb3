import '../../../renderer/guard.ts';
import { connectBridge, core, shell } from '../../../renderer/bridge.ts';

// A page of a few lines in place of the real one: it keeps what comes over the bridge where a test can read it.
const seen = {
  violations: [] as string[],
  core: [] as boolean[],
  destinations: [] as unknown[],
  info: null as unknown,
  state: null as unknown,
  device: null as unknown,
};
document.addEventListener('securitypolicyviolation', (event) => seen.violations.push(event.violatedDirective));
core.onConnection((connected) => seen.core.push(connected));
shell.watch('navigation', {}, (to) => seen.destinations.push(to));
shell.watch('app.info', {}, (info) => (seen.info = info));
shell.watch('window.state', {}, (state) => (seen.state = state));
shell.watch('shell.settings', {}, (device) => (seen.device = device));
Object.assign(window, { probe: { core, shell, seen } });
connectBridge();
