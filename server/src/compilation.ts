/** How eagerly V8 optimises: a Node that does not know a flag would print a message, so each is set where it is known. */
import { setFlagsFromString } from 'node:v8';

const [majorVersion] = process.versions.node.split('.').map(Number);

function setBudgets(webAssembly: number, script: number): void {
  if (majorVersion! <= 24) setFlagsFromString(`--wasm-tiering-budget=${webAssembly}`);
  if (majorVersion! <= 20) setFlagsFromString(`--interrupt-budget=${script}`);
}

/**
 * A process that ends waits for the optimising compilers, and after so short a run for nothing: parsers run as they are, and
 * only what is repeated very often is optimised.
 */
export function compileForShortRun(): void {
  setBudgets(2_000_000_000, 500_000);
}

/** As Node 20 has it: what is loaded from here on runs for hours. */
export function compileForLongRun(): void {
  setBudgets(1_800_000, 67_584);
}
