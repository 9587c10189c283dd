/**
 * Starts the command line, or the language server, from code that was compiled when it was built: a short run is mostly
 * compiling otherwise, and so is the time to the first diagnostics.
 */
import { launch } from './launch.ts';

const [command, ...rest] = process.argv.slice(2);
// Everything else about `lsp`, its help and what it does not know, is the command line's.
launch(command === 'lsp' && rest.every((argument) => argument === '--stdio') ? 'server' : 'commandLine');
