/** Commands and options of `poolproof`. Each command's code is loaded when it runs. */
import { Command, Option } from 'commander';
import { version } from '../../../package.json';
import { maskUrls } from '../present/mask.ts';
import { type CommandIo, exitStatus } from './io.ts';
import { collect, type RunOptions, readOptions } from './options.ts';

const checkFormats = ['text', 'concise', 'json', 'sarif', 'github', 'gitlab', 'junit', 'agent'];
const listFormats = ['text', 'json'];

export function buildProgram(io: CommandIo, finish: (status: number) => void): Command {
  const program = new Command('poolproof')
    .description('Proves that the database connection pools in your code fit the database they talk to.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help of a command')
    .showSuggestionAfterError()
    .showHelpAfterError('(poolproof --help shows what there is)')
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(maskUrls(text)),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .exitOverride()
    .addHelpText(
      'after',
      '\nExit status: 0 nothing at or above "warning", 1 findings, 2 wrong usage or something could not be read.',
    );

  withRunOptions(program.command('check'), checkFormats)
    .description('analyse files and folders and print what is wrong')
    .action(async (paths: string[], given) => {
      const { runCheck } = await import('./check.ts');
      finish(await runCheck(paths, readOptions(given), io));
    });
  withRunOptions(program.command('pools'), listFormats, true)
    .description('list every pool declaration with its settings')
    .action(async (paths: string[], given) => {
      const { runPools } = await import('./listings.ts');
      finish(await runPools(paths, listOptions('pools', given, io), io));
    });
  withRunOptions(program.command('fleet'), listFormats, true)
    .description('show per database what the fleet can open, what it accepts, and what breaks next')
    .action(async (paths: string[], given) => {
      const { runFleet } = await import('./listings.ts');
      finish(await runFleet(paths, listOptions('fleet', given, io), io));
    });
  program
    .command('init')
    .description('write poolproof.yaml from what the workspace shows; an existing file is never overwritten')
    .option('--stdout', 'print it instead of writing it')
    .action(async (given: { stdout?: boolean }) => {
      const { runInit } = await import('./init.ts');
      finish(await runInit(given.stdout === true, io));
    });
  program
    .command('prompt')
    .description('print the context for an AI assistant: server, fleet, pools, and what to ask')
    .argument('[paths...]', 'files and folders', [])
    .option('--topology <file>', 'use this topology file')
    .action(async (paths: string[], given: { topology?: string }) => {
      const { runPrompt } = await import('./prompt.ts');
      finish(await runPrompt(paths, given.topology, io));
    });
  program
    .command('explain')
    .description("print a rule's documentation; without a rule, list the rules")
    .argument('[rule]', 'id of a rule')
    .action(async (rule: string | undefined) => {
      const { runExplain } = await import('./explain.ts');
      finish(runExplain(rule, io));
    });
  program
    .command('lsp')
    .description('run the language server on standard input and output')
    .option('--stdio', 'the default, and the only way of talking to it')
    .action(async () => {
      await io.startLanguageServer();
      finish(exitStatus.clean);
    });
  return program;
}

/** The options that `check`, `pools` and `fleet` share. `isListing` hides those that say nothing where no findings are. */
function withRunOptions(command: Command, formats: readonly string[], isListing = false): Command {
  const ofFindings = (flags: string, description: string) => new Option(flags, description).hideHelp(isListing);
  const noIgnore = new Option('--no-ignore', 'also read what git ignores');
  // Commander would take it for the opposite of `--ignore RULE`.
  noIgnore.negate = false;
  return command
    .argument('[paths...]', 'files and folders', [])
    .addOption(new Option('--format <format>', 'how to print').choices(formats).default('text'))
    .addOption(new Option('--topology <file>', 'use this topology file instead of the one in the folder'))
    .addOption(
      ofFindings('--select <rule>', 'only these rules (repeat, or separate by commas)').argParser(collect).default([]),
    )
    .addOption(
      ofFindings('--ignore <rule>', 'not these rules (repeat, or separate by commas)').argParser(collect).default([]),
    )
    .addOption(
      ofFindings('--min-severity <severity>', 'show nothing below')
        .choices(['error', 'warning', 'information', 'hint'])
        .default('hint'),
    )
    .addOption(ofFindings('--fix', 'apply safe fixes to the files'))
    .addOption(ofFindings('--diff', 'print what --fix would change and write nothing'))
    .addOption(new Option('--stdin-filename <file>', 'analyse standard input as the content of this file'))
    .addOption(ofFindings('--baseline <file>', 'leave out the findings that this file records'))
    .addOption(ofFindings('--update-baseline', 'write the findings of this run to the baseline file'))
    .addOption(noIgnore)
    .addOption(new Option('--color <when>', 'use colours').choices(['auto', 'always', 'never']).default('auto'))
    .addOption(new Option('--quiet', 'print nothing but the result'))
    .addOption(ofFindings('--statistics', 'count findings by rule instead of printing each'));
}

/** Listings take every option of `check`; those that only findings have are said to do nothing. */
function listOptions(command: string, given: Readonly<Record<string, unknown>>, io: CommandIo): RunOptions {
  for (const name of ['fix', 'diff', 'statistics', 'updateBaseline'] as const) {
    if (given[name] !== true) continue;
    const flag = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    io.stderr.write(`poolproof: --${flag} does nothing here: ${command} prints no findings.\n`);
  }
  return readOptions({ ...given, fix: false, updateBaseline: false });
}
