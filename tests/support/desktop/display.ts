import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type OwnedProcess, startOwnedProcess } from './child-process.ts';

export type Display = {
  /** What an app must be started with; an undefined value means that the variable must be absent. */
  env: NodeJS.ProcessEnv;
  /** Address of the private session bus, for the services that tests put on it. */
  busAddress: string;
  stop: () => Promise<void>;
};

export type DisplayOptions = {
  /** Shows the app on the developer's own screen; the session bus stays private. */
  usePresentDisplay?: boolean;
  width?: number;
  height?: number;
};

/** Starts a screen and a session bus of its own, so that runs side by side do not see each other. */
export async function startDisplay(options: DisplayOptions = {}): Promise<Display> {
  const { usePresentDisplay = false, width = 1920, height = 1080 } = options;
  if (usePresentDisplay && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']) {
    throw new Error('There is no present display to use: neither DISPLAY nor WAYLAND_DISPLAY is set.');
  }

  const folder = await mkdtemp(path.join(tmpdir(), 'zuoxi-display-'));
  const owned: OwnedProcess[] = [];
  const stop = async () => {
    for (const each of owned.toReversed()) await each.stop();
    await rm(folder, { recursive: true, force: true });
  };

  try {
    const busConfig = path.join(folder, 'session-bus.conf');
    await writeFile(busConfig, busConfiguration(folder));
    const bus = startOwnedProcess('dbus-daemon', [`--config-file=${busConfig}`, '--nofork', '--print-address=3']);
    owned.push(bus);
    const busAddress = await bus.firstLine;
    const env: NodeJS.ProcessEnv = { DBUS_SESSION_BUS_ADDRESS: busAddress };

    if (!usePresentDisplay) {
      const screenSize = `${width}x${height}x24`;
      const screen = startOwnedProcess('Xvfb', ['-displayfd', '3', '-screen', '0', screenSize, '-nolisten', 'tcp', '-noreset']);
      owned.push(screen);
      Object.assign(env, {
        DISPLAY: `:${await screen.firstLine}`,
        XDG_SESSION_TYPE: 'x11',
        WAYLAND_DISPLAY: undefined,
        XAUTHORITY: undefined,
        // The accessibility bus is not on the private bus; looking for it costs seconds.
        NO_AT_BRIDGE: '1',
      });
    }
    return { env, busAddress, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

// The distribution's own configuration would start real desktop services on demand.
function busConfiguration(folder: string): string {
  return `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
  "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir=${folder}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`;
}
