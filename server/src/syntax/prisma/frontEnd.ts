/** Prisma schemas as one of the languages that pools are read from. */
import type { FrontEnd } from '../frontEnd.ts';
import { extractPrisma } from './extract.ts';
import { PrismaFile } from './file.ts';

export const prisma: FrontEnd = {
  language: 'prisma',
  grammarOf: () => 'prisma',
  open: (uri, text, parser) => new PrismaFile(uri, text, parser),
  extract(document, request) {
    if (!(document instanceof PrismaFile)) throw new Error('not a document of this front end');
    return extractPrisma(document, request);
  },
};
