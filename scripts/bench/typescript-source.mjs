// TypeScript text that looks like an application's, drawn from a seeded generator like the Python text beside it.
import { capitalised, names, pick } from './python-source.mjs';

const shapes = [
  ({ noun, other, verb, adjective, number }) => [
    `/** The ${adjective} ${noun}s that ${verb} against their ${other}, at most \`limit\`. */`,
    `export function ${verb}${capitalised(adjective)}${capitalised(noun)}s(${noun}s: ${capitalised(noun)}[], limit = ${number}) {`,
    `  const chosen: ${capitalised(noun)}[] = [];`,
    `  for (const ${noun} of ${noun}s) {`,
    `    if (${noun}.${other} === null || !${noun}.is${capitalised(adjective)}) continue;`,
    `    chosen.push({ ...${noun}, ${other}: ${noun}.${other} ?? '${other}' });`,
    `    if (chosen.length >= limit) break;`,
    `  }`,
    `  return chosen;`,
    `}`,
  ],
  ({ noun, other, verb, number }) => [
    `export async function ${verb}${capitalised(noun)}(id: number, { ${other} = '${other}', retries = 3 }: Options = {}) {`,
    `  for (let attempt = 0; attempt < retries; attempt++) {`,
    `    try {`,
    `      logger.info(\`${verb} ${noun} \${id} after \${attempt}\`);`,
    `      return { id, ${other}, attempt };`,
    `    } catch (error) {`,
    `      logger.warn({ error, id }, '${noun} failed');`,
    `      await sleep(${number});`,
    `    }`,
    `  }`,
    `  throw new Error(\`\${id} could not ${verb}\`);`,
    `}`,
  ],
  ({ noun, other, adjective, number }) => [
    `// ${capitalised(other)}s above ${number} are cut: they come from imports that ran twice.`,
    `const ${adjective}${capitalised(noun)}${capitalised(other)} = (values: readonly (number | null)[]): number => {`,
    `  const total = values.reduce<number>((sum, value) => sum + Math.min(value ?? 0, ${number}), 0);`,
    `  return Math.round((total / Math.max(values.length, 1)) * 100) / 100;`,
    `};`,
  ],
  ({ noun, other, verb, adjective }) => [
    `export const ${verb}${capitalised(noun)}${capitalised(other)} = async (client: Client, ${noun}: ${capitalised(noun)}, ${adjective} = false) => {`,
    `  const response = await client.get(\`/${noun}s/\${${noun}.id}/${other}?${adjective}=\${${adjective}}\`);`,
    `  if (response.status === 404) return undefined;`,
    `  const entries = Object.entries(await response.json()).filter(([key]) => !/^_|\\/$/.test(key));`,
    `  return Object.fromEntries(entries) as Record<string, unknown>;`,
    `};`,
  ],
  ({ noun, other, adjective, number }) => [
    `export interface ${capitalised(adjective)}${capitalised(noun)} {`,
    `  readonly id: number;`,
    `  readonly ${other}?: string;`,
    `  readonly tags: readonly string[];`,
    `}`,
    ``,
    `export function is${capitalised(adjective)}${capitalised(noun)}(value: unknown): value is ${capitalised(adjective)}${capitalised(noun)} {`,
    `  return typeof value === 'object' && value !== null && 'id' in value && Number(value.id) > ${number};`,
    `}`,
  ],
  ({ noun, other, verb, number }) => [
    `export class ${capitalised(noun)}${capitalised(other)}Service {`,
    `  private readonly cache = new Map<number, ${capitalised(noun)}>();`,
    ``,
    `  constructor(`,
    `    private readonly repository: Repository<${capitalised(noun)}>,`,
    `    private readonly pageSize = ${number},`,
    `  ) {}`,
    ``,
    `  async ${verb}(id: number): Promise<${capitalised(noun)} | undefined> {`,
    `    const known = this.cache.get(id);`,
    `    if (known !== undefined) return known;`,
    `    const found = await this.repository.findOne({ where: { id }, take: this.pageSize });`,
    `    if (found?.${other}) this.cache.set(id, found);`,
    `    return found ?? undefined;`,
    `  }`,
    `}`,
  ],
];

/** Lines of one small function, interface or class. */
export function typescriptBlock(random) {
  return pick(random, shapes)(names(random));
}

/** Imports and constants that a module begins with; `imports` are lines of its own. */
export function typescriptHead(random, imports = []) {
  const { noun, number } = names(random);
  return [
    `import { setTimeout as sleep } from 'node:timers/promises';`,
    ...imports,
    `import { logger } from './logger';`,
    ``,
    `const ${noun.toUpperCase()}_LIMIT = ${number};`,
  ];
}
