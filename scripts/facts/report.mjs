// Compares what a probe measured with what is claimed, and words the differences.
import { isDeepStrictEqual } from 'node:util';

function isObject(value) {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** Of two objects only the entries that differ: some claims are about whole tables. */
function differences(expected, real) {
  if (!isObject(expected) || !isObject(real)) return [expected, real].map((value) => JSON.stringify(value));
  const names = [...new Set([...Object.keys(expected), ...Object.keys(real)])];
  const different = names.filter((name) => !isDeepStrictEqual(expected[name], real[name]));
  return [expected, real].map((value) =>
    JSON.stringify(Object.fromEntries(different.map((name) => [name, value[name] ?? 'absent']))),
  );
}

function drift(claim, library, versions, real, expected = JSON.stringify(claim.expected)) {
  const version = Object.entries(versions)
    .map(([name, number]) => `${name} ${number}`)
    .join(', ');
  return [
    `  ✖ ${claim.says}`,
    `      ${claim.table ? `our table: ${claim.table}` : `claimed in: scripts/facts/claims, ${library.name}`}`,
    `      we say:    ${expected}`,
    `      really:    ${real}   [${claim.key}, ${version}]`,
    ...(claim.source ? [`      source:    ${claim.source}`] : []),
  ].join('\n');
}

/** @returns {{ versions: object, passed: number, held: object[], drifts: string[] }} */
export function compare(library, environment, measured) {
  const { values, errors, versions, failure } = measured;
  const claims = library.claims({ environment: environment.id, versions, values: Object.fromEntries(values) });
  const held = [];
  const drifts = [];
  if (failure) drifts.push(`  ✖ ${failure}`);
  for (const claim of claims) {
    if (values.has(claim.key)) {
      const real = values.get(claim.key);
      if (isDeepStrictEqual(real, claim.expected)) held.push(claim);
      else {
        const [ours, theirs] = differences(claim.expected, real);
        drifts.push(drift(claim, library, versions, theirs, ours));
      }
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
