/** Passwords in source files, with what mends them by what the workspace shows. */
import type { CredentialFixPlan } from '../declarations/pool.ts';
import type { SourceModel } from '../declarations/source.ts';
import { settingsOfConfiguration } from '../facts/prisma.ts';

/** `holdsUrls` is false for Prisma schemas whose URLs belong into a configuration. */
export function credentialsOf(model: SourceModel, holdsUrls: (uri: string) => boolean) {
  const { uri, context, credentials } = model;
  const isElsewhere = credentials.some(({ fixes }) => fixes.some((each) => each.setting)) && !holdsUrls(uri);
  return credentials.map((each) => {
    const fixes = isElsewhere ? each.fixes.flatMap((plan) => intoConfiguration(plan, uri) ?? []) : each.fixes;
    return { ...each, context, fixes };
  });
}

/** The setting is taken out; undefined where the configuration has none of this name. */
function intoConfiguration(plan: CredentialFixPlan, schema: string): CredentialFixPlan | undefined {
  if (plan.setting === undefined || !settingsOfConfiguration.has(plan.setting.name)) return undefined;
  return { ...plan, schema, replace: plan.setting.line, replacement: '' };
}
