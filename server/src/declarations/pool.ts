/** The one model of a connection pool that every extractor fills and every rule reads. Pure data. */
import type { Location, Span, TextEdit } from '../core/text.ts';
import type { ParameterFact } from '../facts/parameter.ts';
import type { Amount, Resolved } from './resolved.ts';
import type { Argument, ArgumentInsertion, CallSite } from './value.ts';

/** Names of pool systems; contracts of the JSON output. */
export type PoolSystem =
  | 'sqlalchemy'
  | 'sqlalchemy-async'
  | 'flask-sqlalchemy'
  | 'asyncpg'
  | 'psycopg-pool'
  | 'psycopg2-pool'
  | 'django'
  | 'prisma'
  | 'node-postgres'
  | 'postgres-js'
  | 'pg-promise'
  | 'mysql2'
  | 'mysql'
  | 'mariadb'
  | 'mssql'
  | 'typeorm'
  | 'sequelize'
  | 'knex'
  | 'drizzle'
  | 'mikro-orm'
  | 'slonik'
  | 'neon'
  | 'vercel-postgres'
  | 'tortoise'
  | 'databases'
  | 'piccolo'
  | 'peewee'
  | 'aiopg'
  | 'aiomysql'
  | 'asyncmy'
  | 'mysql-connector'
  | 'oracledb'
  | 'pgbouncer';

/** What kind of code a file is; only `app` gets every rule. */
export type SourceContext = 'app' | 'test' | 'script' | 'migration' | 'example';

/** Which database a pool talks to, as far as its source says. Passwords are never kept here. */
export interface DatabaseAddress {
  /** `postgresql`, `mysql`, `sqlite`; absent where unknown. */
  readonly dialect?: string;
  /** `psycopg2`, `asyncpg`; the library's default driver where the URL names none; absent where unknown. */
  readonly driver?: string;
  /** The URL may name a driver, but which one is not known: the library's default need not be in force. */
  readonly isDriverOpen?: boolean;
  readonly host?: string;
  readonly port?: number;
  readonly source: 'literal' | 'environment' | 'unknown';
  /** The environment variable the URL is read from. */
  readonly variable?: string;
  readonly hardcodedCredentials: boolean;
  /** False for SQLite, DuckDB, BigQuery and the like: no server slots, no pool findings. */
  readonly isNetworkDatabase: boolean;
  /** Names of URL query parameters, with their values where they are literal (never credentials). */
  readonly query: Readonly<Record<string, string>>;
  readonly queryAt?: Readonly<Record<string, Location>>;
  /** The same in an environment file, where the URL comes from one. */
  readonly queryInFile?: Readonly<Record<string, Location>>;
  /** The URL argument in source. */
  readonly at?: Location;
}

/** One setting of a pool under the library's own name. */
export interface PoolParameter {
  readonly name: string;
  readonly value: Resolved<unknown>;
  /** The argument that sets it; absent where the library's default is in force. */
  readonly written?: Argument;
  /** What the library says of it: role, unit, default, meaning. */
  readonly fact?: ParameterFact;
  /** Where it is added while it is absent; the pool's own `site.insertion` where this is absent too. Null: nowhere. */
  readonly insertion?: ArgumentInsertion | null;
  /** The text that an edit of the value replaces, where it is not the argument: a parameter of a URL in another file. */
  readonly editable?: Location;
}

/**
 * How a pool behaves: `queue` keeps connections up to a limit, `null` opens one per checkout and keeps none, `per-thread`
 * holds one per thread (or request) that uses it; the others are classes of SQLAlchemy.
 */
export type PoolClassKind =
  | 'queue'
  | 'null'
  | 'per-thread'
  | 'static'
  | 'assertion'
  | 'singleton-thread'
  | 'custom'
  | 'unknown';

/** How long a checkout waits for a connection while all are in use. `parameter` is the setting that decides it. */
export type AcquireWait =
  | { readonly kind: 'seconds'; readonly seconds: number; readonly parameter: string }
  /** Absent `parameter`: the library has no such setting. `also`: settings (as code) without which it has no effect. */
  | { readonly kind: 'forever'; readonly parameter?: string; readonly also?: Readonly<Record<string, string>> }
  /** Fails or opens another connection instead of waiting. */
  | { readonly kind: 'never-waits' }
  | { readonly kind: 'unknown' };

/** How long the pool keeps a connection that nobody uses. `parameter` is the setting that decides it. */
export type IdleLimit =
  | { readonly kind: 'seconds'; readonly seconds: number; readonly parameter: string }
  /** Absent `parameter`: the library has no setting that closes it. */
  | { readonly kind: 'forever'; readonly parameter?: string }
  | { readonly kind: 'keeps-none' }
  | { readonly kind: 'unknown' };

/** What a pool's connections do that a pooler in transaction mode cannot give them, as the settings stand. */
export interface SessionUse {
  /** Whether the driver leaves named prepared statements on server connections. */
  readonly statements: PreparedStatementUse;
  /** Parameters that are sent when a connection is made, with the place that sets them. */
  readonly startupParameters: readonly StartupParameter[];
}

/** Something of a session that goes along when a connection is made. */
export interface StartupParameter {
  readonly name: string;
  readonly at: Location;
  /** True where it travels inside libpq's `options`. */
  readonly isInOptions?: boolean;
  /** How the code stops sending it. */
  readonly fixes: readonly PoolProblemFix[];
}

export type PreparedStatementUse =
  | { readonly kind: 'none' | 'unknown' }
  | {
      readonly kind: 'named';
      /** "asyncpg 0.30 under SQLAlchemy", for messages. */
      readonly driver: string;
      /** Where the setting that would change it stands or is missing. */
      readonly at: Location;
      /** What to write, in words: 'statement_cache_size=0 in connect_args'. */
      readonly remedy: string;
      readonly fixes: readonly PoolProblemFix[];
    };

/** Rules whose findings the libraries themselves make, because only they know what raises, is dropped or defeats itself. */
export type PoolProblemRule =
  | 'invalid-pool-arguments'
  | 'ignored-pool-options'
  | 'self-defeating-pool-setting'
  | 'min-exceeds-max'
  | 'unbounded-pool'
  | 'missing-health-checks';

/** Something wrong with a pool's settings that its library can tell; a rule of that name reports it. */
export interface PoolProblem {
  readonly rule: PoolProblemRule;
  readonly at: Location;
  readonly message: string;
  readonly severity?: 'error' | 'warning' | 'information' | 'hint';
  readonly related?: readonly { readonly at: Location; readonly message: string }[];
  readonly fixes?: readonly PoolProblemFix[];
  readonly tags?: readonly ('unnecessary' | 'deprecated')[];
}

export interface PoolProblemFix {
  readonly title: string;
  readonly safety: 'safe' | 'suggestion';
  readonly preferred: boolean;
  readonly edits: readonly TextEdit[];
}

/** A pool as one service sees it: parameters resolved with that service's environment. */
export interface Pool {
  readonly system: PoolSystem;
  /** "SQLAlchemy", for messages. */
  readonly libraryName: string;
  /** Version assumed, such as `2.1`; `versionEvidence` is absent when it is the newest the facts know. */
  readonly libraryVersion: string;
  readonly versionEvidence?: VersionEvidence;
  readonly uri: string;
  readonly site: CallSite;
  /** Tells the pools of one declaration apart: a Django alias, a replica. Empty where there is only one. */
  readonly key: string;
  /** Where findings about what is missing stand, if not on the callable's name: the key of its options elsewhere. */
  readonly optionsAt?: Location;
  /** True where texts among the settings become numbers. */
  readonly coercesTexts?: boolean;
  /** `create_engine` as the library calls it, whatever the alias. */
  readonly callable: string;
  /** Variable that takes the pool; empty where none does. */
  readonly name: string;
  readonly context: SourceContext;
  readonly address: DatabaseAddress;
  /** Name of the pool class, `QueuePool`. Empty when unknown. */
  readonly poolClass: string;
  readonly poolClassKind: PoolClassKind;
  /** Where the pool class is written, if it is. */
  readonly poolClassAt?: Location;
  readonly parameters: ReadonlyMap<string, PoolParameter>;
  /** Arguments of the callable that set no pool parameter (`creator`, `future`, `connect_args`), where they are written. */
  readonly otherArguments: ReadonlyMap<string, PoolParameter>;
  /** What is handed on to the database driver (`connect_args`); undefined where some of it cannot be read. */
  readonly driverArguments: ReadonlyMap<string, PoolParameter> | undefined;
  /** Arguments that are no parameter of the library, in source order. */
  readonly unrecognised: readonly Argument[];
  /** True where a splat could not be read: an argument that is not visible may still be set. */
  readonly hasUnreadArguments: boolean;
  /** The most connections one process can hold open through this pool. */
  readonly peakPerProcess: Amount;
  /** How the peak comes about, in order: `pool_size` + `max_overflow`. */
  readonly peakTerms: readonly PeakTerm[];
  /** Absent where nothing is known of its driver's sessions. */
  readonly sessions?: SessionUse;
  readonly acquireWait: AcquireWait;
  /** How the wait is bounded where the library has no setting for it: "Pass timeout= to acquire()." */
  readonly acquireAdvice?: string;
  readonly idleLimit: IdleLimit;
  /** Settings worth showing where nobody wrote them, where these are not all that the library names. */
  readonly shownDefaults?: readonly string[];
  /** Why it is no application code although its place says nothing of the kind; "towards the fleet." completes it. */
  readonly contextReason?: string;
  /** What was found wrong with the settings while they were read. */
  readonly problems?: readonly PoolProblem[];
}

export interface PeakTerm {
  readonly parameter: string;
  readonly amount: Amount;
  readonly value: Resolved<unknown>;
}

export interface VersionEvidence {
  /** The requirement as written, `sqlalchemy==2.0.30`. */
  readonly text: string;
  readonly at: Location;
}

/** A password literal that reaches a database connection. Only its place is kept, never its text. */
export interface CredentialSighting {
  readonly uri: string;
  /** The password alone. */
  readonly at: Location;
  /** The literal around it, for fixes; absent where it is spread over several. */
  readonly literal?: Location;
  readonly form: 'url' | 'dsn' | 'keyword' | 'environment-file' | 'configuration' | 'connection-string' | 'userlist';
  readonly host: 'loopback' | 'remote' | 'placeholder' | 'unknown';
  readonly isPlaceholderWord: boolean;
  /** True where the literal is what code falls back to without the environment variable `variable`. */
  readonly isEnvironmentFallback: boolean;
  readonly variable?: string;
  readonly fixes: readonly CredentialFixPlan[];
}

/** Edits that replace the literal by an environment look-up, prepared by the language front end. */
export interface CredentialFixPlan {
  readonly variable: string;
  readonly replace: Location;
  readonly replacement: string;
  /** `import os`, where it is missing. */
  readonly importEdit?: { readonly offset: number; readonly text: string };
  /** The literal's span, from which the moved value is read when the edit is made. */
  readonly literal: Location;
  /** The setting with its line, where it can be taken out whole. */
  readonly setting?: { readonly name: string; readonly line: Location };
  /** Where the setting goes that is taken out: from Prisma 7 on a configuration holds the URLs of this schema. */
  readonly schema?: string;
}

export type SuppressionScope = 'line' | 'file';

/** A `poolproof: ignore[…]` comment. */
export interface Suppression {
  readonly uri: string;
  readonly scope: SuppressionScope;
  /** Empty for a bare `ignore`. */
  readonly rules: readonly string[];
  readonly ruleSpans: readonly Span[];
  readonly reason: string;
  /** The directive, from `poolproof` to its end. */
  readonly span: Span;
  /** The whole comment, comment sign included. */
  readonly commentSpan: Span;
  /** What goes when the directive goes: its whole line where it stands alone, else with the white space before it. */
  readonly removal: Span;
  /** Lines (from 0) the directive covers; for `file` the whole file. */
  readonly lines: readonly number[];
}
