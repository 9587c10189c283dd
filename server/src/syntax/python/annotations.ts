/** What the type of a field says about its value. */
import type { Node } from 'web-tree-sitter';
import type { Annotation } from '../../declarations/definitions.ts';
import type { ConversionTarget, Value } from '../../declarations/value.ts';
import { evaluate } from './evaluate.ts';
import type { PythonFile, Segment } from './file.ts';
import { itemsOf } from './nodes.ts';

const conversions: readonly (readonly [RegExp, ConversionTarget])[] = [
  [/^(?:int|conint|Strict(?:Int)|(?:Positive|Negative|NonNegative|NonPositive)Int|\w*Port)$/, 'int'],
  [/^(?:float|confloat|StrictFloat|(?:Positive|Negative|NonNegative|NonPositive)Float)$/, 'float'],
  [/^(?:bool|StrictBool)$/, 'flag'],
  [/^(?:str|constr|StrictStr|Secret|SecretStr|\w*(?:Dsn|DSN|Url|URL|Uri|URI))$/, 'str'],
];

/** `int`, `Optional[int]`, `int | None`, `Annotated[int, Field(…)]`, `"int"`. */
export function readAnnotation(file: PythonFile, segment: Segment, type: Node): Annotation {
  const names: Node[] = [];
  const metadata: Value[] = [];
  let isConstant = false;
  const visit = (node: Node): void => {
    switch (node.type) {
      case 'type':
      case 'parenthesized_expression':
        for (const child of itemsOf(node)) visit(child);
        return;
      case 'none':
        return;
      case 'identifier':
      case 'attribute':
        if (/(?:^|\.)(?:ClassVar|Final)$/.test(node.text)) isConstant = true;
        else if (node.text !== 'None') names.push(node);
        return;
      case 'binary_operator':
      case 'union_type':
        for (const child of itemsOf(node)) visit(child);
        return;
      case 'call':
        names.push(node.childForFieldName('function') ?? node);
        return;
      case 'generic_type':
      case 'subscript':
        visitGeneric(node);
        return;
      default:
        names.push(node);
    }
  };
  const visitGeneric = (node: Node): void => {
    const [holder, ...rest] = itemsOf(node);
    const inner = rest.flatMap((each) => (each.type === 'type_parameter' ? itemsOf(each) : [each]));
    const name = holder?.text.split('.').at(-1);
    const [first, ...more] = inner;
    if (name === 'ClassVar' || name === 'Final') isConstant = true;
    if (first !== undefined && (name === 'Optional' || name === 'ClassVar' || name === 'Final')) visit(first);
    else if (name === 'Union') for (const each of inner) visit(each);
    else if (name === 'Annotated' && first !== undefined) {
      visit(first);
      for (const each of more)
        metadata.push(evaluate(file, segment, each.type === 'type' ? (itemsOf(each)[0] ?? each) : each));
    } else names.push(node);
  };
  visit(type);
  const [only] = names;
  const name = only?.text
    .replace(/^["']|["']$/g, '')
    .split('.')
    .at(-1);
  const found = name === undefined ? undefined : conversions.find(([pattern]) => pattern.test(name))?.[1];
  const conversion: ConversionTarget = names.length === 1 && found !== undefined ? found : 'other';
  const isName = only?.type === 'identifier' || only?.type === 'attribute';
  return {
    conversion: allAlike(names, conversion),
    type: names.length === 1 && isName && found === undefined ? evaluate(file, segment, only!) : undefined,
    metadata,
    isConstant,
  };
}

/** `str | PostgresDsn` is text either way. */
function allAlike(names: readonly Node[], conversion: ConversionTarget): ConversionTarget {
  if (names.length < 2) return conversion;
  const each = names.map((node) => conversions.find(([pattern]) => pattern.test(node.text.split('.').at(-1)!))?.[1]);
  return each.every((one) => one === 'str') ? 'str' : 'other';
}
