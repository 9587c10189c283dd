/** Functions and objects of Python packages that read settings out of the environment, and how each takes its arguments. */

export interface SettingsReader {
  /** Positions after the variable's name; `cast` and `default` as keywords in all of them. */
  readonly positions: readonly ('cast' | 'default')[];
  /** Positions of the methods named after types, `env.int(…)`. */
  readonly methodPositions: readonly 'default'[];
  /** True where a default is converted as well. */
  readonly convertsDefault: boolean;
  /** The keyword of the constructor that is put before each name. */
  readonly prefixKeyword?: string;
}

const djangoEnviron: SettingsReader = {
  positions: ['cast', 'default'],
  methodPositions: ['default'],
  convertsDefault: false,
};
const environs: SettingsReader = { positions: ['default'], methodPositions: ['default'], convertsDefault: false };
const decouple: SettingsReader = { positions: ['default', 'cast'], methodPositions: [], convertsDefault: true };
const starlette: SettingsReader = {
  positions: ['cast', 'default'],
  methodPositions: [],
  convertsDefault: true,
  prefixKeyword: 'env_prefix',
};

/**
 * Classes of readers. django-environ 0.11 (`Env.__call__(var, cast, default)`, https://django-environ.readthedocs.io),
 * environs 11 (`Env.__call__(name, default)`, https://github.com/sloria/environs), python-decouple 3.8
 * (`Config.__call__(option, default, cast)`, the default is cast too, https://github.com/HBNetwork/python-decouple),
 * Starlette (`Config.__call__(key, cast, default)`, the default is cast unless it is None,
 * https://www.starlette.io/config/).
 */
export const readerClasses: ReadonlyMap<string, SettingsReader> = new Map([
  ['environ.Env', djangoEnviron],
  ['environ.FileAwareEnv', djangoEnviron],
  ['environs.Env', environs],
  ['environs.FileAwareEnv', environs],
  ['envparse.Env', environs],
  ['decouple.Config', decouple],
  ['decouple.AutoConfig', decouple],
  ['starlette.config.Config', starlette],
]);

/** Readers that the packages themselves make. */
export const readers: ReadonlyMap<string, SettingsReader> = new Map([
  ['environs.env', environs],
  ['envparse.env', environs],
  ['decouple.config', decouple],
  ['prettyconf.config', decouple],
]);

/** Functions that read one variable of the process: the name, then the default. */
export const environmentFunctions: ReadonlySet<string> = new Set([
  'os.getenv',
  'os.environ.get',
  'os.environ.setdefault',
  'os.environ.pop',
]);
