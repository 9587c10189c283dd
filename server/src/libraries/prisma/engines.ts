/** What Prisma's own engine calls the settings of its pool: parameters of a URL, or of a connection string of SQL Server. */
import { factsByName, type ParameterFact } from '../../facts/parameter.ts';
import { prismaFacts, prismaOtherParameters, sqlServerFacts, sqlServerOthers } from '../../facts/prisma.ts';

export interface DatasourceEngine {
  readonly facts: readonly ParameterFact[];
  readonly fact: ReadonlyMap<string, ParameterFact>;
  /** True for further parameters that are no mistakes. */
  readonly isOther: (name: string) => boolean;
  readonly size: string;
  readonly acquireWait: string;
}

const urlEngine: DatasourceEngine = {
  facts: prismaFacts,
  fact: factsByName(prismaFacts),
  isOther: (name) => prismaOtherParameters.has(name),
  size: 'connection_limit',
  acquireWait: 'pool_timeout',
};

export const sqlServerEngine: DatasourceEngine = {
  facts: sqlServerFacts,
  fact: factsByName(sqlServerFacts),
  isOther: (name) => sqlServerOthers.has(name.toLowerCase()),
  size: 'connectionLimit',
  acquireWait: 'poolTimeout',
};

/** By the dialect of a datasource. */
export function engineOf(dialect: string | undefined): DatasourceEngine {
  return dialect === 'mssql' ? sqlServerEngine : urlEngine;
}
