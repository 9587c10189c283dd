/**
 * What Flask-SQLAlchemy makes of its settings. Measured with 2.5.1 and 3.1.1, each on its SQLAlchemy; the defaults it does not
 * touch are SQLAlchemy's.
 */
import { isAtLeast } from './versions.ts';

/** The newest release these facts know; assumed where the workspace names none. */
export const newestFlaskSqlalchemy = '3.1';
/** Releases that a range may end below, newest first. */
export const flaskSqlalchemyReleases = ['3.0', '2.5', '2.4'];

/** Settings that became engine options; deprecated in 2.4, ignored from 3.0 on. */
export const formerSettings: Readonly<Record<string, string>> = {
  SQLALCHEMY_POOL_SIZE: 'pool_size',
  SQLALCHEMY_POOL_TIMEOUT: 'pool_timeout',
  SQLALCHEMY_POOL_RECYCLE: 'pool_recycle',
  SQLALCHEMY_MAX_OVERFLOW: 'max_overflow',
};

export function hasFormerSettings(version: string): boolean {
  return !isAtLeast(version, '3.0');
}

/** From 3.0 SQLALCHEMY_ENGINE_OPTIONS are those of the default engine alone; before, of every bind. */
export function optionsReachBinds(version: string): boolean {
  return !isAtLeast(version, '3.0');
}

/** Of an option in the setting and in the constructor: from 3.0 the setting wins. */
export function settingWins(version: string): boolean {
  return isAtLeast(version, '3.0');
}

/** From 3.0 texts become numbers, as in engine_from_config. */
export function coercesTexts(version: string): boolean {
  return isAtLeast(version, '3.0');
}

/** What it sets itself where nobody did, for URLs that begin with `mysql`; not for `mariadb`. Seconds, connections. */
export function mysqlDefaults(version: string): Readonly<Record<string, number>> {
  return isAtLeast(version, '3.0') ? { pool_recycle: 7200 } : { pool_recycle: 7200, pool_size: 10 };
}
