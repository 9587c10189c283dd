/** The part of JSON Schema (draft 7) that the topology's schema uses. */
export interface SchemaNode {
  readonly $schema?: string;
  readonly title?: string;
  readonly description?: string;
  readonly type?: SchemaType | readonly SchemaType[];
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: SchemaNode | boolean;
  readonly propertyNames?: SchemaNode;
  readonly required?: readonly string[];
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
  readonly enum?: readonly string[];
  /** Well-known values where others are accepted too; editors offer them. */
  readonly examples?: readonly (string | number)[];
  readonly default?: string | number | boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  /** A sentence of our own for what JSON Schema cannot word; editors with YAML support show it as well. */
  readonly errorMessage?: string;
}

export type SchemaType = 'string' | 'number' | 'integer' | 'boolean' | 'object' | 'array' | 'null';

/** The schemas that may govern a value at a path of keys; several where a union allows several shapes. */
export function schemasAt(root: SchemaNode, path: readonly (string | number)[]): SchemaNode[] {
  let current = shapes(root);
  for (const step of path) {
    current = current.flatMap((schema) => {
      if (typeof step === 'number') return schema.items ? shapes(schema.items) : [];
      const property = ownProperty(schema.properties, step);
      if (property) return shapes(property);
      return typeof schema.additionalProperties === 'object' ? shapes(schema.additionalProperties) : [];
    });
  }
  return current;
}

/** The schema as written at a path, unions not taken apart: it carries the description. */
export function schemaAt(root: SchemaNode, path: readonly (string | number)[]): SchemaNode | undefined {
  if (path.length === 0) return root;
  const last = path[path.length - 1]!;
  for (const parent of schemasAt(root, path.slice(0, -1))) {
    if (typeof last === 'number') {
      if (parent.items) return parent.items;
      continue;
    }
    const property = ownProperty(parent.properties, last);
    if (property) return property;
    if (typeof parent.additionalProperties === 'object') return parent.additionalProperties;
  }
  return undefined;
}

function shapes(schema: SchemaNode): SchemaNode[] {
  return schema.anyOf ? [schema, ...schema.anyOf] : [schema];
}

function ownProperty<T>(record: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return record && Object.hasOwn(record, key) ? record[key] : undefined;
}
