/** What is wrong with a datasource's URL, up to version 6. */
import { editDistance } from '../../core/nearest.ts';
import { locate } from '../../core/text.ts';
import type { Pool, PoolProblem } from '../../declarations/pool.ts';
import { advisedPoolSize } from '../../facts/advice.ts';
import type { ParameterFact } from '../../facts/parameter.ts';
import { engineOf } from './engines.ts';

/** Letters a parameter may differ by and still be the one that was meant. */
const mostEdits = 2;
const shortestWord = 6;

/** What is wrong with the parameters of a datasource's URL. */
export function* datasourceProblems(pool: Pool): Iterable<PoolProblem> {
  const { facts, fact: known, isOther, size } = engineOf(pool.address.dialect);
  const limit = pool.parameters.get(size);
  if (pool.peakPerProcess === 'unbounded' && limit?.written !== undefined) {
    const edits = limit.editable && [{ ...limit.editable, newText: String(advisedPoolSize) }];
    yield {
      rule: 'unbounded-pool',
      at: limit.written.valueSpan,
      message: `${size}=0 sets no limit: under load one process can take every connection the database has. Set ${size}=${advisedPoolSize} or what fits.`,
      fixes: edits && [{ title: `Set ${size}=${advisedPoolSize}`, safety: 'suggestion', preferred: true, edits }],
    };
  }
  for (const [name, text] of Object.entries(pool.address.query)) {
    const fact = known.get(name);
    if (fact !== undefined && !isReadable(text, fact)) yield malformed(pool, fact);
    if (fact !== undefined || isOther(name) || name.length < shortestWord) continue;
    const plain = name.replace(/[_-]/g, '').toLowerCase();
    const meant = facts.find(
      (fact) => editDistance(plain, fact.name.replaceAll('_', '').toLowerCase()) <= mostEdits,
    )?.name;
    if (meant === undefined || pool.address.query[meant] !== undefined) continue;
    yield {
      rule: 'ignored-pool-options',
      at: pool.address.at ?? locate(pool.uri, pool.site.calleeSpan),
      message: `Prisma does not know ${name} in the URL and drops it without a word. Did you mean ${meant}?`,
    };
  }
}

/** A parameter that cannot be read is not passed over: the engine refuses the URL. */
function isReadable(text: string, { unit }: ParameterFact): boolean {
  return unit === 'boolean' ? text === 'true' || text === 'false' : /^\d+$/.test(text);
}

function malformed(pool: Pool, { name, unit }: ParameterFact): PoolProblem {
  const written = pool.parameters.get(name)?.written;
  return {
    rule: 'invalid-pool-arguments',
    at: written?.valueSpan ?? pool.address.at ?? locate(pool.uri, pool.site.calleeSpan),
    message: `${name} in the URL is no ${unit === 'boolean' ? 'true or false' : 'whole number'}: Prisma refuses the URL, and every query fails.`,
  };
}
