import { type Arguments, type HelpArguments, readArguments, usage } from './arguments.ts';
import type * as Commands from './commands.ts';
import { explain } from './cli-error.ts';

function run(commands: typeof Commands, args: Exclude<Arguments, HelpArguments>): Promise<void> {
  switch (args.command) {
    case 'admin':
      return commands.makeAdmin(args);
    case 'restored':
      return commands.noteRestored(args);
    case 'switch-key':
      return commands.printSwitchKey(args);
    case 'audit-verify':
      return commands.verifyLog(args);
    case 'audit-grant':
      return commands.grantRole(args);
    case 'serve':
      return commands.serve(args);
  }
}

/** Runs the program; sets the exit code, and returns while the server goes on. */
export async function runCli(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  let place: { host: string; port: number } | null = null;
  try {
    const args = readArguments(argv, env);
    if (args.command === 'help') process.stdout.write(usage);
    else {
      // Loaded only now: a wrong flag is answered at once.
      const commands = await import('./commands.ts');
      if (args.command === 'serve') place = { host: args.host, port: args.port };
      await run(commands, args);
    }
  } catch (error) {
    process.stderr.write(`${explain(error, place)}\n`);
    process.exitCode = 1;
  }
}
