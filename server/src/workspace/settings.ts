/** The settings of one project, whoever supplies them: editor, command line. The topology file's own win over these. */

import type { TestFileTreatment } from '../rules/engine.ts';
import type { Thresholds } from '../rules/rule.ts';
import type { RuleSetting } from '../topology/model.ts';

export interface ProjectSettings {
  readonly enable: boolean;
  /** A topology file by path (relative to the folder) or empty for the usual places. */
  readonly topology: string;
  readonly rules: Readonly<Record<string, RuleSetting>>;
  readonly thresholds: Thresholds;
  readonly testFiles: TestFileTreatment;
  readonly exclude: readonly string[];
  readonly respectIgnoreFiles: boolean;
}

/** Seconds a request may wait before it fails; 30 is what most libraries default to and longer than most HTTP timeouts. */
const acquireTimeoutSeconds = 30;
/** Overflow connections that pass without remark. */
const maxOverflow = 5;
/** PostgreSQL's own default of max_connections: one process that may take all of it. */
const poolSizeWithoutTopology = 100;

export const defaultSettings: ProjectSettings = {
  enable: true,
  topology: '',
  rules: {},
  thresholds: { acquireTimeoutSeconds, maxOverflow, poolSizeWithoutTopology },
  testFiles: 'reduced',
  exclude: [],
  respectIgnoreFiles: true,
};

/** Settings as they arrive from an editor: anything may be missing or of the wrong type. */
export function readSettings(given: unknown): ProjectSettings {
  const source = isRecord(given) ? given : {};
  const thresholds = isRecord(source['thresholds']) ? source['thresholds'] : {};
  const number = (value: unknown, fallback: number) => (typeof value === 'number' && value >= 0 ? value : fallback);
  const rules = isRecord(source['rules']) ? source['rules'] : {};
  return {
    enable: source['enable'] !== false,
    topology: typeof source['topology'] === 'string' ? source['topology'] : '',
    rules: Object.fromEntries(
      Object.entries(rules).filter((entry): entry is [string, RuleSetting] => isRuleSetting(entry[1])),
    ),
    thresholds: {
      acquireTimeoutSeconds: number(thresholds['acquireTimeout'], acquireTimeoutSeconds),
      maxOverflow: number(thresholds['maxOverflow'], maxOverflow),
      poolSizeWithoutTopology: number(thresholds['poolSizeWithoutTopology'], poolSizeWithoutTopology),
    },
    testFiles: source['testFiles'] === 'full' || source['testFiles'] === 'ignore' ? source['testFiles'] : 'reduced',
    exclude: Array.isArray(source['exclude']) ? source['exclude'].filter((each) => typeof each === 'string') : [],
    respectIgnoreFiles: true,
  };
}

export function isRuleSetting(value: unknown): value is RuleSetting {
  return value === 'error' || value === 'warning' || value === 'information' || value === 'hint' || value === 'off';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
