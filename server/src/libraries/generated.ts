/** Libraries whose code is generated into the workspace: which imports mean it, whether or not it is there. Pure. */
import type { SourceModel } from '../declarations/source.ts';
import type { ReferenceValue } from '../declarations/value.ts';
import { clientClass, clientPackage, usualClientModule } from '../facts/prisma.ts';
import { type ModuleMap, moduleCandidates, pathFrom } from './scriptModules.ts';

export interface GeneratedPackage {
  /** `@prisma/client` */
  readonly package: string;
  /** URI of the file that the code is generated from. */
  readonly from: string;
}

interface Output extends GeneratedPackage {
  readonly uri: string;
}

/** Where the tools of a workspace write code; the same object as long as nothing about that changes. */
export class GeneratedCode {
  private outputs: readonly Output[] = [];
  private signature = '';
  /** Changes when a module name may mean something else. */
  version = 0;

  update(models: Iterable<SourceModel>): void {
    const outputs: Output[] = [];
    for (const { uri, generatedModules } of models) {
      for (const each of generatedModules ?? []) {
        const output = /^(?:[A-Za-z]:)?[\\/]/.test(each.path) ? undefined : pathFrom(uri, each.path);
        if (output !== undefined) outputs.push({ uri: output, package: each.package, from: uri });
      }
    }
    // What is written there is the schema once more, with the same path in it.
    const own = outputs.filter(({ from }) => !outputs.some((each) => each.from !== from && isWithin(from, each.uri)));
    const signature = JSON.stringify(own);
    if (signature === this.signature) return;
    this.signature = signature;
    this.outputs = own;
    this.version++;
  }

  /** True for the copy of a schema that its generator writes. */
  holdsCopy(uri: string): boolean {
    return uri.endsWith('.prisma') && this.outputs.some((each) => each.from !== uri && isWithin(uri, each.uri));
  }

  packageOf(fromUri: string, module: string, map: ModuleMap): GeneratedPackage | undefined {
    if (this.outputs.length === 0) return undefined;
    for (const candidate of moduleCandidates(fromUri, module, map)) {
      const found = this.outputs.find(({ uri }) => isWithin(candidate, uri));
      if (found !== undefined) return found;
    }
    return this.outputs.find(({ uri }) => {
      const name = uri.split('/node_modules/')[1];
      return name !== undefined && (module === name || module.startsWith(`${name}/`));
    });
  }
}

function isWithin(uri: string, folder: string): boolean {
  return uri === folder || uri.startsWith(`${folder}/`);
}

/** The callable that a module means which is neither a package nor there: people call what is generated alike. */
export function generatedCallable({ module, name }: ReferenceValue): string | undefined {
  return name === clientClass && usualClientModule.test(module) ? `${clientPackage}.${name}` : undefined;
}
