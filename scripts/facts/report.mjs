// Compares what a probe measured with what is claimed, and words the differences.
import { isDeepStrictEqual } from 'node:util';

function drift(claim, library, versions, real) {
  const version = Object.entries(versions)
    .map(([name, number]) => `${name} ${number}`)
    .join(', ');
  return [
    `  ✖ ${claim.says}`,
    `      ${claim.table ? `our table: ${claim.table}` : `claimed in: scripts/facts/claims, ${library.name}`}`,
    `      we say:    ${JSON.stringify(claim.expected)}`,
    `      really:    ${real}   [${claim.key}, ${version}]`,
    ...(claim.source ? [`      source:    ${claim.source}`] : []),
  ].join('\n');
}

/** @returns {{ versions: object, passed: number, held: object[], drifts: string[] }} */
export function compare(library, environment, measured) {
  const { values, errors, versions, failure } = measured;
  const claims = library.claims({ environment: environment.id, versions });
  const held = [];
  const drifts = [];
  if (failure) drifts.push(`  ✖ ${failure}`);
  for (const claim of claims) {
    if (values.has(claim.key)) {
      const real = values.get(claim.key);
      if (isDeepStrictEqual(real, claim.expected)) held.push(claim);
      else drifts.push(drift(claim, library, versions, JSON.stringify(real)));
    } else if (errors.has(claim.key)) {
      drifts.push(drift(claim, library, versions, `the measurement failed: ${errors.get(claim.key)}`));
    } else if (!failure) {
      drifts.push(drift(claim, library, versions, 'not measured'));
    }
  }
  // A measurement that nobody claims anything about would go unnoticed when it changes.
  const claimed = new Set(claims.map(({ key }) => key));
  for (const key of [...values.keys(), ...errors.keys()]) {
    if (!claimed.has(key)) {
      const real = errors.get(key) ?? JSON.stringify(values.get(key));
      drifts.push(`  ✖ measured, but claimed nowhere: ${key} = ${real}   [${JSON.stringify(versions)}]`);
    }
  }
  return { versions, passed: held.length, held, drifts };
}
