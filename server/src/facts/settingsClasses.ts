/** Base classes and decorators that decide where the attributes of an object come from. */

/**
 * pydantic-settings: a field is read from the variable of its name, in any case of letters unless `case_sensitive`,
 * behind `env_prefix`; an alias is the variable's whole name. Arguments of the constructor win over the environment, the
 * environment over the default. https://docs.pydantic.dev/latest/concepts/pydantic_settings/
 */
export const settingsBases: ReadonlySet<string> = new Set([
  'pydantic_settings.BaseSettings',
  'pydantic_settings.main.BaseSettings',
]);

/** pydantic 1 had them in its own package; `Field(env=…)` names the variable, an alias does not. */
export const settingsBasesOfPydantic1: ReadonlySet<string> = new Set([
  'pydantic.BaseSettings',
  'pydantic.v1.BaseSettings',
  'pydantic.env_settings.BaseSettings',
]);

/** Classes whose constructor takes the fields by name. */
export const modelBases: ReadonlySet<string> = new Set([
  'pydantic.BaseModel',
  'pydantic.main.BaseModel',
  'pydantic.v1.BaseModel',
  'sqlmodel.SQLModel',
  'msgspec.Struct',
  'typing.NamedTuple',
]);

/** Decorators that make a constructor out of the fields. */
export const dataclassDecorators: ReadonlySet<string> = new Set([
  'dataclasses.dataclass',
  'pydantic.dataclasses.dataclass',
  'attr.s',
  'attr.attrs',
  'attr.dataclass',
  'attr.define',
  'attr.frozen',
  'attr.mutable',
  'attrs.define',
  'attrs.frozen',
  'attrs.mutable',
]);

export const enumBases: ReadonlySet<string> = new Set(['enum.Enum', 'enum.StrEnum', 'enum.IntEnum', 'strenum.StrEnum']);

/** Bases that add no attributes of their own that values could come from. */
export const emptyBases: ReadonlySet<string> = new Set([
  'abc.ABC',
  'typing.Generic',
  'typing.Protocol',
  'typing_extensions.Protocol',
  'builtins.object',
  'builtins.str',
  'builtins.int',
]);

/** Calls that declare a field: where its default stands. */
export const fieldDeclarations: ReadonlySet<string> = new Set([
  'pydantic.Field',
  'pydantic.fields.Field',
  'pydantic.v1.Field',
  'sqlmodel.Field',
  'dataclasses.field',
  'attrs.field',
  'attr.field',
  'attr.ib',
  'attr.attrib',
  'msgspec.field',
]);
