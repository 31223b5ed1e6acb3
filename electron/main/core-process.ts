import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { type MessagePortMain, utilityProcess } from 'electron';
import { coreEnvironment } from './core-environment.ts';
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
    ...nodeCommand(executable),
    env: coreEnvironment(process.env),
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

const bash = '/bin/bash';
// 3 is the channel to this process, 255 bash's own.
const closeInherited =
  'for d in /proc/$$/fd/*; do d=${d##*/}; if [ "$d" -gt 3 ] && [ "$d" != 255 ]; then eval "exec $d>&-"; fi; done; exec "$@"';

/**
 * Chromium leaves dozens of its file descriptors open to a child that Node starts on Linux. A copy of them keeps Electron
 * from noticing the end of a process of its own, and on a busy machine one start in five hung before its first page. So
 * they are closed before anything else runs; Node's own start would already be too late. `-p`: no variable makes bash run more.
 */
function nodeCommand(executable: string): { execPath: string; execArgv: string[] } {
  if (process.platform !== 'linux' || !existsSync(bash)) return { execPath: executable, execArgv: [] };
  return { execPath: bash, execArgv: ['--noprofile', '--norc', '-p', '-c', closeInherited, 'bash', executable] };
}

function startUtility(file: string, args: string[], debug: boolean): CoreProcess<MessagePortMain> {
  const child = utilityProcess.fork(file, args, {
    serviceName: 'zuoxi-core',
    env: coreEnvironment(process.env),
    stdio: debug ? 'inherit' : 'ignore',
  });
  return {
    pid: () => child.pid,
    takesPorts: true,
    send: (message, port) => child.postMessage(message, port && [port]),
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => void child.once('exit', listener),
    kill: () => void child.kill(),
  };
}
