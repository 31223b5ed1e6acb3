import { fork } from 'node:child_process';
import path from 'node:path';
import { type MessagePortMain, utilityProcess } from 'electron';
import type { CoreProcess } from './core-host.ts';
import { type CoreRuntime, type CoreStart, coreFile } from './core-runtime.ts';

/** `debug` shows on the terminal what the core prints. */
export function startCore(runtime: CoreRuntime, folder: string, start: CoreStart, debug: boolean): CoreProcess<MessagePortMain> {
  const file = coreFile(folder, runtime);
  const args = [JSON.stringify(start)];
  return runtime.kind === 'node' ? startNode(runtime.executable, file, args, debug) : startUtility(file, args, debug);
}

function startNode(executable: string, file: string, args: string[], debug: boolean): CoreProcess<MessagePortMain> {
  const child = fork(file, args, {
    execPath: executable,
    execArgv: ['--require', path.join(path.dirname(file), 'close-inherited.cjs')],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', debug ? 'inherit' : 'ignore', 'ipc'],
    windowsHide: true,
  });
  let ended = false;
  const onExit = (listener: (code: number | null) => void): void => {
    const once = (code: number | null): void => {
      if (ended) return;
      ended = true;
      listener(code);
    };
    child.on('exit', once);
    // Also reported when it could not be started at all, and then there is no exit.
    child.on('error', () => {
      if (child.pid === undefined) once(null);
    });
  };
  return {
    pid: () => child.pid,
    takesPorts: false,
    // Between the end of the process and its exit event a send fails; the exit says enough.
    send: (message) => void (child.connected && child.send(message as object, () => {})),
    onMessage: (listener) => void child.on('message', listener),
    onExit,
    kill: () => void child.kill('SIGKILL'),
  };
}

function startUtility(file: string, args: string[], debug: boolean): CoreProcess<MessagePortMain> {
  const child = utilityProcess.fork(file, args, { serviceName: 'zuoxi-core', stdio: debug ? 'inherit' : 'ignore' });
  return {
    pid: () => child.pid,
    takesPorts: true,
    send: (message, port) => child.postMessage(message, port && [port]),
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => void child.once('exit', listener),
    kill: () => void child.kill(),
  };
}
