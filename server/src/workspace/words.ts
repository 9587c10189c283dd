/** The words that make a source file worth reading; a file without any of them is never decoded, let alone parsed. */
import type { Language } from '../declarations/value.ts';
import { searchedNames } from '../libraries/registry.ts';
import type { TextTest } from './fileAccess.ts';

/** A URL with a password, by scheme. */
const databaseUrl =
  /(?:postgres|postgresql|mysql|mariadb|mssql|oracle|cockroachdb|redshift|db2|ibm_db_sa|vertica|hana)(?:\+\w+)?:\/\/[^\s'"]*:/;
/** A password by key. */
const passwordKey = /(?:password|passwd|PASSWORD)["']?[ \t]*[=:][ \t]*[rR]?["']/;
/** Packages and settings through which a password reaches a database. */
const databaseWords =
  /psycopg|asyncpg|aiopg|mysql|MySQL|mariadb|asyncmy|oracledb|cx_Oracle|pymssql|sqlalchemy|dj_database_url|databases|DATABASES/;
/** A connection string with a password. */
const connectionString = /password[ \t]*=[ \t]*[^\s"'=,)]/;

const { callables, settingNames } = searchedNames('python');
const names = shortestCover([...callables, ...settingNames]);
const windows = [...new Set(names.map(rarestWindow))];

/**
 * Short substrings that begin with a rare letter first: the engine searches for those several times faster than for
 * long ones or for one regular expression with alternatives, and searching is most of a cold run.
 */
const interestingPython: TextTest = {
  test(text) {
    if (windows.some((window) => text.includes(window)) && names.some((name) => text.includes(name))) return true;
    if (text.includes('proof:') && text.includes('poolproof:')) return true;
    if (text.includes('://') && databaseUrl.test(text)) return true;
    if (!text.includes('word') && !text.includes('WORD') && !text.includes('wd')) return false;
    return (passwordKey.test(text) || connectionString.test(text)) && databaseWords.test(text);
  },
};

/** A module without any of the names is of no interest, whatever its language. */
export function interestingText(language: Language): TextTest {
  return language === 'python' ? interestingPython : never;
}

const never: TextTest = { test: () => false };

/** Drops names that contain another: `async_engine_from_config` is found by `engine_from_config`. */
function shortestCover(all: readonly string[]): string[] {
  const sorted = [...all].sort((a, b) => a.length - b.length);
  return sorted.filter((name, index) => !sorted.slice(0, index).some((shorter) => name.includes(shorter)));
}

/** The four letters of a name that begin with its rarest one; letters by how seldom English and Python use them. */
function rarestWindow(name: string): string {
  const rarity = 'zqjxkvwybgfPCQNSpumhdlcoatnsri_e';
  let best = 0;
  const rank = (index: number) => (rarity.indexOf(name[index]!) + rarity.length + 1) % (rarity.length + 1);
  for (let index = 1; index + 4 <= name.length; index++) if (rank(index) < rank(best)) best = index;
  return name.slice(best, best + 4);
}

/** Files that call one of the functions: they name it, and import its module or a package around it. */
export function callersOf(factories: readonly { callName: string; modules: readonly string[] }[]): TextTest {
  return {
    test: (text) =>
      factories.some(
        ({ callName, modules }) =>
          text.includes(callName) &&
          modules.some((module) => text.includes(module) && importOf(module).test(text)) &&
          wordPattern(callName).test(text),
      ),
  };
}

const importOf = remembered((module) => new RegExp(`^[ \\t]*(?:from|import)[ \\t][^\\n]*\\b${module}\\b`, 'm'));
const wordPattern = remembered((word) => new RegExp(`\\b${word}\\b`));

function remembered(create: (word: string) => RegExp): (word: string) => RegExp {
  const known = new Map<string, RegExp>();
  return (word) => {
    const plain = word.replace(/[^\w\u0080-\uFFFF]/g, '');
    let pattern = known.get(plain);
    if (pattern === undefined) known.set(plain, (pattern = create(plain)));
    return pattern;
  };
}
