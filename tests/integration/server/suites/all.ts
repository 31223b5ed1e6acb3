import type { Store } from '../../../../server/store/store.ts';
import { attachmentSuite } from './attachments.ts';
import { auditSuite } from './audit.ts';
import { busySuite } from './busy.ts';
import { callSuite } from './calls.ts';
import { deviceSuite } from './devices.ts';
import { doorSuite } from './door.ts';
import { jobsSuite } from './jobs.ts';
import { liveSuite } from './live.ts';
import { epochSuite } from './epoch.ts';
import { exportInjectionSuite } from './export-injection.ts';
import { exportSuite } from './exports.ts';
import { importSuite } from './imports.ts';
import { officeSuite } from './office.ts';
import { pullSuite } from './pull.ts';
import { recordSuite } from './records.ts';
import { pushSuite } from './push.ts';
import { pushTogetherSuite } from './push-together.ts';
import { rulesSuite } from './rules.ts';
import { schemaSuite } from './schema.ts';
import { sessionSuite } from './sessions.ts';
import { visibilitySuite } from './visibility.ts';
import { windowSuite } from './window.ts';

/** What must hold on every database. */
export function suites(store: () => Store): void {
  sessionSuite(store);
  deviceSuite(store);
  doorSuite(store);
  busySuite(store);
  pushSuite(store);
  pushTogetherSuite(store);
  pullSuite(store);
  visibilitySuite(store);
  windowSuite(store);
  epochSuite(store);
  liveSuite(store);
  callSuite(store);
  jobsSuite(store);
  attachmentSuite(store);
  recordSuite(store);
  officeSuite(store);
  auditSuite(store);
  rulesSuite(store);
  importSuite(store);
  exportSuite(store);
  exportInjectionSuite(store);
  schemaSuite(store);
}
