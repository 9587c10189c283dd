/** Collects what one manifest says. */
import { locate, type Span } from '../../core/text.ts';
import { celeryResultBackend } from '../../facts/processModels.ts';
import type { ManifestFact, ManifestKey, ManifestKind, ManifestValue } from '../drift.ts';
import { readGunicornArguments } from './command-line.ts';
import type { ManifestVariable } from './command-node.ts';
import type { CommandFact, StartedProgram } from './program-options.ts';
import type { Variables } from './shell.ts';

export interface FactDetails {
  readonly reason?: string;
  readonly variable?: string;
  readonly isDefault?: boolean;
  readonly kind?: ManifestKind;
  /** Where it differs from the manifest's own name. */
  readonly manifest?: string;
}

/** Names behind which a secret may stand, even one of digits alone. */
const secretName = /pass|pwd|secret|token|key|credential|pin\b/i;
const plainSetting = /^(?:-?\d{1,9}(?:\.\d{1,3})?|true|false|on|off)$/i;

const { poolSize, maxOverflow } = celeryResultBackend;
const resultBackendNote = `the result backend opens up to ${poolSize} + ${maxOverflow} connections more in each child process of Celery: name them under extra_connections`;

export class FactCollector {
  readonly facts: ManifestFact[] = [];

  constructor(
    private readonly uri: string,
    /** The manifest's name for messages. */
    private readonly manifest: string,
    private readonly kind: ManifestKind,
  ) {}

  add(service: string, key: ManifestKey, value: ManifestValue, span: Span, details: FactDetails = {}): void {
    this.push(service, key, value, span, details);
  }

  /** Something decides the value that the manifest does not show. */
  addUnknown(service: string, key: ManifestKey, reason: string, span: Span, details: FactDetails = {}): void {
    this.push(service, key, null, span, { ...details, reason });
  }

  addCommandFact(service: string, fact: CommandFact, details: FactDetails = {}): void {
    this.push(service, fact.key, fact.value, fact.span, { ...details, reason: fact.reason, variable: fact.variable });
  }

  /** The programs of one start command; the first keeps the service's name. */
  addPrograms(service: string, programs: readonly StartedProgram[], details: FactDetails = {}): void {
    const taken = new Set([service]);
    programs.forEach((program, index) => {
      let name = service;
      if (index > 0) {
        const base = `${service}-${program[0]?.value ?? 'program'}`;
        for (let number = 1; taken.has((name = number === 1 ? base : `${base}-${number}`)); ) number++;
        taken.add(name);
      }
      for (const fact of program) this.addCommandFact(name, fact, details);
    });
  }

  /** Variables that servers and applications may take numbers from. Anything else may be a secret and is not kept. */
  addVariables(service: string, variables: readonly ManifestVariable[]): void {
    for (const { name, value, span } of variables) {
      if (name === 'GUNICORN_CMD_ARGS' && value !== undefined) {
        for (const fact of readGunicornArguments(value, span)) {
          this.addCommandFact(service, fact, { kind: 'arguments' });
        }
      } else if (/RESULT_BACKEND$/.test(name) && value?.startsWith('db+')) {
        this.add(service, 'note', resultBackendNote, span);
      } else if (value !== undefined && plainSetting.test(value) && !secretName.test(name)) {
        this.add(service, 'env', value, span, { variable: name });
      } else if (value === undefined && !secretName.test(name)) {
        // What a weaker manifest sets is not what the process gets.
        this.addUnknown(service, 'env', `${name} is set from elsewhere`, span, { variable: name });
      }
    }
  }

  private push(
    service: string,
    key: ManifestKey,
    value: ManifestValue | null,
    span: Span,
    { reason, variable, isDefault, kind = this.kind, manifest = this.manifest }: FactDetails,
  ): void {
    this.facts.push({
      service,
      key,
      value,
      ...(reason !== undefined && { reason }),
      ...(variable !== undefined && { variable }),
      ...(isDefault === true && { isDefault }),
      at: locate(this.uri, span),
      manifest,
      kind,
    });
  }
}

/** The variables of a manifest that are known, for commands that name them. */
export function knownVariables(variables: readonly ManifestVariable[]): Variables {
  return new Map(variables.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value] as const])));
}
