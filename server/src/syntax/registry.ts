/** Every language Poolproof reads pools from. Adding one is a folder beside this file and a line here. */
import type { Language } from '../declarations/value.ts';
import type { FrontEnd } from './frontEnd.ts';
import { prisma } from './prisma/frontEnd.ts';
import { python } from './python/frontEnd.ts';
import { typescript } from './typescript/frontEnd.ts';

const frontEnds: readonly FrontEnd[] = [python, typescript, prisma];

const byLanguage: ReadonlyMap<Language, FrontEnd> = new Map(frontEnds.map((each) => [each.language, each]));

export function frontEndOf(language: Language): FrontEnd {
  const found = byLanguage.get(language);
  if (found === undefined) throw new Error(`no front end reads ${language}`);
  return found;
}
