/** The words that make a source file worth reading; a file without any of them is never decoded, let alone parsed. */
import { forkWords } from '../declarations/forks.ts';
import { scriptObjectWords } from '../declarations/scriptObjects.ts';
import { sessionStateWords } from '../declarations/sessionState.ts';
import { moduleOfDefault } from '../declarations/source.ts';
import type { Language } from '../declarations/value.ts';
import { importUse, importUseTexts, takingCall, takingTexts } from '../facts/lifecycle/connections.ts';
import { celeryWords, loopWords } from '../facts/lifecycle/eventLoops.ts';
import { waitingWords } from '../facts/lifecycle/outside.ts';
import { scriptTakes, scriptTakingWords } from '../facts/lifecycle/scriptConnections.ts';
import { modulesThatListenToPools } from '../facts/pg.ts';
import { searchedNames } from '../libraries/registry.ts';
import type { SearchedKind } from '../lifecycle/searched.ts';
import { type Clause, TextSearch } from './textSearch.ts';

/** A URL with a password, by scheme. */
const databaseUrl =
  /(?:postgres|postgresql|mysql|mariadb|mssql|oracle|cockroachdb|redshift|db2|ibm_db_sa|vertica|hana)(?:\+\w+)?:\/\/[^\s'"]*:/;
/** A password by key. */
const passwordKey = /(?:password|passwd|PASSWORD)["']?[ \t]*[=:][ \t]*[rR]?["']/;
/** The same in JavaScript, where look-ups and schemas with a literal to fall back to count as well. */
const scriptPasswordKey = /(?:[pP]assword|passwd|PASSWORD)["'\]]?\)?[ \t]*(?:[=:?,|.]|\?\?)[^\n]{0,200}["'`]/;
/** Packages, settings and variables through which a password reaches a database in JavaScript. */
const scriptDatabaseWords =
  /postgres|POSTGRES|mysql|MYSQL|mariadb|MARIADB|mssql|MSSQL|sequelize|knex|typeorm|database|DATABASE|\bpg\b|PGPASSWORD|DB_PASS|dbPass/;
/** Packages and settings through which a password reaches a database. */
const databaseWords =
  /psycopg|asyncpg|aiopg|mysql|MySQL|mariadb|asyncmy|oracledb|cx_Oracle|pymssql|sqlalchemy|dj_database_url|databases|DATABASES/;
/** A connection string with a password. */
const connectionString = /password[ \t]*=[ \t]*[^\s"'=,)]/;

const passwords: readonly Clause[] = [
  { words: ['://'], patterns: [databaseUrl] },
  ...['password', 'passwd', 'PASSWORD'].map((word) => ({ words: [word], patterns: [passwordKey, databaseWords] })),
  { words: ['password'], patterns: [connectionString, databaseWords] },
];

const scriptPasswords: readonly Clause[] = [
  { words: ['://'], patterns: [databaseUrl] },
  ...['assword', 'PASSWORD'].map((word) => ({ words: [word], patterns: [scriptPasswordKey, scriptDatabaseWords] })),
];

const sessionStates: readonly Clause[] = sessionStateWords.map((word) => ({ words: [word] }));

const scriptObjects: readonly Clause[] = [...scriptObjectWords, ...modulesThatListenToPools].map((word) => ({
  words: [word],
}));

const taking: readonly Clause[] = takingTexts.map((word) => ({ words: [word], patterns: [takingCall] }));

const importUses: readonly Clause[] = importUseTexts.map((word) => ({ words: [word], patterns: [importUse] }));

/** A size that is set on a module or an object of another file. */
const outsideSize = /^[ \t]*(?!self\.)\w+\.\w*(?:pool|overflow)\w*[ \t]*=(?!=)/im;
const outsideSizes: readonly Clause[] = ['pool', 'POOL', 'overflow', 'OVERFLOW'].map((word) => ({
  words: [word],
  patterns: [outsideSize],
}));

const scriptTaking: readonly Clause[] = scriptTakingWords.map((word) => ({
  words: [word],
  patterns: [new RegExp(scriptTakes.source)],
}));

const loops: readonly Clause[] = loopWords.map((word) => ({ words: [word], patterns: [celeryWords] }));
const streams: readonly Clause[] = ['StreamingResponse', 'FileResponse', 'EventSourceResponse'].map((word) => ({
  words: [word],
  patterns: [/\bDepends\(/],
}));
const forks: readonly Clause[] = forkWords.map((word) => ({ words: [word] }));

const searches = new Map<Language, TextSearch>();

/** What a file of this language must hold to be read. */
export function interestingText(language: Language): TextSearch {
  let search = searches.get(language);
  if (search === undefined) searches.set(language, (search = new TextSearch(clausesFor(language))));
  return search;
}

function clausesFor(language: Language): Clause[] {
  const { callables, importedCallables, settingNames, methodNames } = searchedNames(language);
  const names = shortestCover([...callables, ...settingNames, ...methodNames]);
  // Names that many libraries share say nothing without the package, which is an English word in turn.
  const imported = [...importedCallables].flatMap(([packageName, its]) =>
    language === 'python'
      ? importedInPython(packageName, shortestCover([...its]))
      : shortestCover([...its]).flatMap((name) => importedInScript(packageName, name.replace(/\(\)$/, ''))),
  );
  return [
    ...names.map((name) => ({ words: [name] })),
    ...imported,
    { words: ['poolproof:'] },
    ...(language === 'typescript' ? scriptPasswords : passwords),
    ...sessionStates,
    ...(language === 'typescript'
      ? [...scriptObjects, ...scriptTaking]
      : [...forks, ...loops, ...streams, ...taking, ...importUses, ...outsideSizes]),
  ];
}

/** Words of two letters cannot be searched for: such a module is told by its quotes, such a name is left to the pattern. */
const shortestWord = 3;

/** What a package or a call of it is goes by any name. */
function importedInScript(packageName: string, name: string): Clause[] {
  const isShort = packageName.length < shortestWord;
  const modules = isShort ? [`'${packageName}'`, `"${packageName}"`] : [packageName];
  const names = name === packageName || name.length < shortestWord ? [] : [name];
  return modules.map((module) => ({ words: [module, ...names], patterns: [moduleNamed(packageName)] }));
}

/**
 * A search costs more the more words it has, and most of these names have a word in common: that one is searched for, and
 * only where it occurs the names themselves.
 */
const commonParts = ['Pool', 'pool'];

function importedInPython(packageName: string, names: readonly string[]): Clause[] {
  const byWord = new Map<string, string[]>();
  for (const name of names) {
    const word = commonParts.find((part) => name.includes(part)) ?? packageName;
    byWord.set(word, [...(byWord.get(word) ?? []), name]);
  }
  return [...byWord].map(([word, its]) => ({
    words: [word],
    patterns: [importOf(packageName), new RegExp(`(?:${its.join('|')})`)],
  }));
}

/** Drops names that contain another: `async_engine_from_config` is found by `engine_from_config`. */
function shortestCover(all: readonly string[]): string[] {
  const sorted = [...all].sort((a, b) => a.length - b.length);
  return sorted.filter((name, index) => !sorted.slice(0, index).some((shorter) => name.includes(shorter)));
}

/** A name that other files are searched for, and by which names of modules they can import it. */
interface SearchedFunction {
  readonly callName: string;
  readonly modules: readonly string[];
  readonly kind: SearchedKind;
  readonly isClass?: boolean;
}

const importing = ['import', 'export', 'require'];

/** Files that use one of the names in a way that counts: they import its module, or a package around it. */
export function callersOf(names: readonly SearchedFunction[]): TextSearch {
  return new TextSearch(
    names.flatMap(({ callName, modules, kind, isClass }) => {
      const isDefault = moduleOfDefault(callName) !== undefined;
      return (isDefault ? modules.slice(-1) : modules).flatMap((module): Clause[] => {
        // Short words would keep the search off the bytes: a module is found behind a slash, or left to the pattern.
        const named = module.length < shortestWord ? `/${module}` : module;
        if (isDefault) return [{ words: [named], patterns: [importOf(module)] }];
        const words = [callName, module].filter((word) => word.length >= shortestWord);
        const use = kind === 'source' ? takenFrom : isClass ? newPattern : wordPattern;
        const waiting = [importOf(module), wordPattern(callName), waits];
        const using = [importOf(module), use(callName)];
        const wanted = kind === 'provider' ? [waiting] : kind === 'source' ? [using, waiting] : [using];
        // Too short, both: whatever imports anything is asked.
        const found = words.length > 0 ? [words] : importing.map((word) => [word]);
        return found.flatMap((each) => wanted.map((patterns) => ({ words: each, patterns })));
      });
    }),
  );
}

/** By language, what a file must hold to be read: words of libraries, or calls of these functions. */
export function searchesFor(factories: readonly SearchedFunction[]) {
  if (factories.length === 0) return interestingText;
  const calls = callersOf(factories);
  const searches = new Map<Language, TextSearch>();
  return (language: Language): TextSearch => {
    let search = searches.get(language);
    if (search === undefined) searches.set(language, (search = interestingText(language).or(calls)));
    return search;
  };
}

/** A JavaScript module as an import or `require` names it; the statement may begin lines before. */
function moduleNamed(module: string): RegExp {
  return new RegExp(
    `(?:\\bfrom|\\bimport|\\brequire)\\s*\\(?\\s*["']${module.replace(/[.*+?^$()[\]{}|\\/]/g, '\\$&')}["']`,
  );
}

/** Modules may be called what no name may: `db-client`. */
const importOf = remembered(
  (module) =>
    new RegExp(
      `^[ \\t]*(?:from|import)[ \\t][^\\n]*\\b${module}\\b|\\b(?:from|import|require)[ \\t]*\\(?[ \\t]*["'][^"'\\n]*\\b${module}\\b`,
      'm',
    ),
  (module) => module.replace(/^[^\w\u0080-\uFFFF]+|[^\w\u0080-\uFFFF]+$/g, '').replace(/[^\w\u0080-\uFFFF-]/g, '.'),
);
/** A variable takes what it, or one of its methods, returns. */
const takenFrom = remembered(
  (name) => new RegExp(`=[ \\t]*(?:await[ \\t]+)?(?:\\w+\\.){0,4}${name}(?:\\.\\w+)?[ \\t]*\\(|\\(${name}[,)]`),
);
const waits = new RegExp(`\\b(?:${waitingWords.join('|').replaceAll('.', '\\.')})\\b`);
const wordPattern = remembered((word) => new RegExp(`\\b${word}\\b`));
const newPattern = remembered((word) => new RegExp(`\\b(?:new|extends)\\s+(?:\\w+\\.)?${word}\\b`));

function remembered(
  create: (word: string) => RegExp,
  plainOf = (word: string) => word.replace(/[^\w\u0080-\uFFFF]/g, ''),
): (word: string) => RegExp {
  const known = new Map<string, RegExp>();
  return (word) => {
    const plain = plainOf(word);
    let pattern = known.get(plain);
    if (pattern === undefined) known.set(plain, (pattern = create(plain)));
    return pattern;
  };
}
