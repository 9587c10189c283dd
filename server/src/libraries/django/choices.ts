/** The ways a value may turn out, where conditions decide: each as a value of its own. */
import { headOf, isScalar, type ResolveContext, resolveValue } from '../../declarations/resolve.ts';
import type { MappingEntry, Value } from '../../declarations/value.ts';

/** More ways than this are not told apart. */
const mostWays = 8;
const deepest = 16;

/** All ways through the conditions of a value and of what is spread into it; those of entries are left to whoever reads them. */
export function waysOf(value: Value, context: ResolveContext, depth = 0): readonly Value[] {
  if (depth > deepest) return [value];
  const inner = (each: Value) => waysOf(each, context, depth + 1);
  switch (value.kind) {
    case 'constant':
      return inner(value.value);
    case 'alternatives':
      return limited(value.values.flatMap(inner), value);
    case 'conditional': {
      const production = productionSide(value.test, context);
      if (production !== undefined) return inner(production ? value.whenTrue : value.whenFalse);
      const test = resolveValue(value.test, context);
      if (test.known && isScalar(test.value)) return inner(test.value ? value.whenTrue : value.whenFalse);
      return limited([...inner(value.whenTrue), ...inner(value.whenFalse)], value);
    }
    case 'mapping': {
      let ways: readonly (readonly MappingEntry[])[] = [[]];
      for (const entry of value.entries) {
        const among = entry.spread ? inner(entry.value).map((each) => ({ ...entry, value: each })) : [entry];
        ways = ways.flatMap((way) => among.map((each) => [...way, each]));
        if (ways.length > mostWays) return [value];
      }
      return ways.map((entries) => ({ ...value, entries }));
    }
    default: {
      const head = headOf(value, context);
      return head === value ? [value] : inner(head);
    }
  }
}

function limited(ways: readonly Value[], whole: Value): readonly Value[] {
  return ways.length > mostWays ? [whole] : ways;
}

const debugName = /(?:^|_)(?:DEBUG|DEV|DEVELOPMENT|LOCAL|TEST|TESTING)$/i;
const productionName = /(?:^|_)(?:PROD|PRODUCTION|LIVE)$/i;
const productionWord = /^(?:prod|production|live)$/i;
const developmentWord = /^(?:dev|develop|development|local|test|testing|ci)$/i;

/** Which side of a condition production takes, where the condition asks for it by name; undefined where it does not. */
function productionSide(test: Value, context: ResolveContext, depth = 0): boolean | undefined {
  const inner = (value: Value | undefined) =>
    value && depth < deepest ? productionSide(value, context, depth + 1) : undefined;
  switch (test.kind) {
    case 'operation': {
      const [left, right] = test.operands;
      if (test.operator === 'not') return negated(inner(left));
      const isEqual = test.operator === '==';
      if (!isEqual && test.operator !== '!=') return undefined;
      const side = sideOfWord(left) ?? sideOfWord(right);
      return isEqual ? side : negated(side);
    }
    case 'constant':
      return sideOfName(test.name) ?? inner(test.value);
    case 'convert':
      return inner(test.value);
    case 'environment':
      return sideOfName(test.variable);
    case 'attribute':
    case 'reference': {
      const head = headOf(test, context);
      return sideOfName(test.name) ?? (head === test ? undefined : inner(head));
    }
    default: {
      const head = headOf(test, context);
      return head === test ? undefined : inner(head);
    }
  }
}

function negated(side: boolean | undefined): boolean | undefined {
  return side === undefined ? undefined : !side;
}

function sideOfName(name: string): boolean | undefined {
  if (debugName.test(name)) return false;
  return productionName.test(name) ? true : undefined;
}

function sideOfWord(value: Value | undefined): boolean | undefined {
  if (value?.kind === 'constant') return sideOfWord(value.value);
  if (value?.kind !== 'literal' || typeof value.value !== 'string') return undefined;
  if (productionWord.test(value.value)) return true;
  return developmentWord.test(value.value) ? false : undefined;
}
