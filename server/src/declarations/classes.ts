/** Classes of the workspace: their ancestors in the order Python looks through them, and where a member comes from. */
import {
  dataclassDecorators,
  emptyBases,
  enumBases,
  modelBases,
  settingsBases,
  settingsBasesOfPydantic1,
} from '../facts/settingsClasses.ts';
import type { ClassDefinition, Member } from './definitions.ts';
import type { Resolver } from './resolver.ts';
import { qualifiedName, type ReferenceValue, type Value } from './value.ts';

/** Where the attributes of an object come from. */
export type ClassKind = 'settings' | 'settings-v1' | 'model' | 'dataclass' | 'enum' | 'plain';

/** A class of the workspace, or the dotted name of one that is not. */
type Ancestor = ClassDefinition | string;

export interface ClassInfo {
  readonly name: string;
  readonly reference: ReferenceValue;
  readonly kind: ClassKind;
  /** The class itself first. */
  readonly ancestors: readonly Ancestor[];
}

const unknownBase = '?';

/** `reference` is one without a module; undefined where it names no class. */
export function classInfo(reference: ReferenceValue, resolver: Resolver): ClassInfo | undefined {
  const key = `class ${reference.name} ${reference.at.uri}`;
  return resolver.remember(key, () => {
    const definition = resolver.context.definition(reference.at.uri, reference.name);
    if (definition?.kind !== 'class') return undefined;
    const ancestors = linearized(definition, resolver, []);
    return { name: definition.name, reference, ancestors, kind: kindOf(ancestors, resolver) };
  });
}

function kindOf(ancestors: readonly Ancestor[], resolver: Resolver): ClassKind {
  const has = (names: ReadonlySet<string>) => ancestors.some((each) => typeof each === 'string' && names.has(each));
  if (has(settingsBases)) return 'settings';
  if (has(settingsBasesOfPydantic1)) return 'settings-v1';
  if (has(enumBases)) return 'enum';
  if (has(modelBases)) return 'model';
  const isDecorated = ancestors.some(
    (each) => typeof each !== 'string' && each.decorators.some((decorator) => isDataclass(decorator, resolver)),
  );
  return isDecorated ? 'dataclass' : 'plain';
}

function isDataclass(decorator: Value, resolver: Resolver): boolean {
  const head = resolver.head(decorator);
  const callee = head.kind === 'call' ? resolver.head(head.callee) : head;
  return callee.kind === 'reference' && dataclassDecorators.has(qualifiedName(callee));
}

/** Python's order of ancestors (C3); where the bases contradict each other, depth first. */
function linearized(definition: ClassDefinition, resolver: Resolver, trail: readonly ClassDefinition[]): Ancestor[] {
  if (trail.some((each) => each.uri === definition.uri && each.name === definition.name)) return [unknownBase];
  const lists = definition.bases.map((base) => ancestorsOf(base, resolver, [...trail, definition]));
  const direct = lists.flatMap((list) => list.slice(0, 1));
  return [definition, ...merge([...lists, direct])];
}

function ancestorsOf(base: Value, resolver: Resolver, trail: readonly ClassDefinition[]): Ancestor[] {
  const head = resolver.head(base);
  // `Generic[T]`
  if (head.kind === 'item') return ancestorsOf(head.object, resolver, trail);
  if (head.kind !== 'reference') return [unknownBase];
  if (head.module !== '' || head.level > 0) return [head.level > 0 ? unknownBase : qualifiedName(head)];
  const definition = resolver.context.definition(head.at.uri, head.name);
  return definition?.kind === 'class' ? linearized(definition, resolver, trail) : [unknownBase];
}

function merge(lists: readonly (readonly Ancestor[])[]): Ancestor[] {
  const merged: Ancestor[] = [];
  let open = lists.filter((list) => list.length > 0);
  while (open.length > 0) {
    const heads = open.map((list) => list[0]!);
    const next =
      heads.find((head) => !open.some((list) => list.slice(1).some((each) => isSame(each, head)))) ?? heads[0]!;
    merged.push(next);
    open = open.map((list) => list.filter((each) => !isSame(each, next))).filter((list) => list.length > 0);
  }
  return merged;
}

function isSame(a: Ancestor, b: Ancestor): boolean {
  if (typeof a === 'string' || typeof b === 'string') return a === b;
  return a.uri === b.uri && a.name === b.name;
}

export interface FoundMember {
  readonly member: Member;
  readonly owner: ClassDefinition;
}

/** `hidden` where a base that cannot be read may define it. */
export function findMember(info: ClassInfo, name: string, resolver: Resolver): FoundMember | 'hidden' | undefined {
  for (const ancestor of info.ancestors) {
    if (typeof ancestor === 'string') {
      if (!isTransparent(ancestor)) return 'hidden';
      continue;
    }
    const member = resolver.context.definition(ancestor.uri, `${ancestor.name}.${name}`);
    if (member !== undefined) return { member, owner: ancestor };
  }
  return undefined;
}

/** True for bases outside the workspace that define no values. */
function isTransparent(base: string): boolean {
  return [settingsBases, settingsBasesOfPydantic1, enumBases, modelBases, emptyBases].some((set) => set.has(base));
}

export function hasHiddenBase(info: ClassInfo): boolean {
  return info.ancestors.some((each) => typeof each === 'string' && !isTransparent(each));
}

/** Names declared with a type in the class and its ancestors, the oldest ancestor's first. */
export function fieldNames(info: ClassInfo): string[] {
  const names = info.ancestors.toReversed().flatMap((each) => (typeof each === 'string' ? [] : each.fields));
  return [...new Set(names)].filter((name) => !name.startsWith('_') && name !== 'model_config');
}

/** The ancestors that the workspace defines, the class itself first. */
export function definedAncestors(info: ClassInfo): ClassDefinition[] {
  return info.ancestors.filter((each) => typeof each !== 'string');
}
