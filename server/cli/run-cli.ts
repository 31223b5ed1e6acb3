import { readArguments, usage } from './arguments.ts';
import { explain } from './cli-error.ts';

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
      await (args.command === 'admin'
        ? commands.makeAdmin(args)
        : args.command === 'restored'
          ? commands.noteRestored(args)
          : args.command === 'switch-key'
            ? commands.printSwitchKey(args)
            : commands.serve(args));
    }
  } catch (error) {
    process.stderr.write(`${explain(error, place)}\n`);
    process.exitCode = 1;
  }
}
