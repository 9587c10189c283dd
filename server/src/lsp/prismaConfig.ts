/** Which Prisma configuration governs a schema. */
import type { ExistingFile } from '../present/environmentMove.ts';
import type { Project } from '../workspace/project.ts';

const names = ['prisma.config.ts', 'prisma.config.mts', 'prisma.config.js', 'prisma.config.mjs', '.config/prisma.ts'];

export interface GoverningConfiguration {
  /** Without a text where there is none yet: it goes beside the package's own file. */
  readonly file: ExistingFile;
  /** The schema, relative to it. */
  readonly schema: string;
  readonly hasDotenv: boolean;
}

/** Looked for beside the schema and in the folders around it, up to the first package. */
export async function prismaConfigFor(schema: string, project: Project): Promise<GoverningConfiguration> {
  let folder = schema;
  let text: string | undefined;
  do {
    folder = folder.slice(0, folder.lastIndexOf('/'));
    for (const name of names) {
      const uri = `${folder}/${name}`;
      const found = await project.read(uri);
      if (found !== undefined)
        return { file: { uri, text: found }, schema: schema.slice(folder.length + 1), hasDotenv: false };
    }
    text = await project.read(`${folder}/package.json`);
  } while (text === undefined && folder.length > project.root.length);
  return {
    file: { uri: `${folder}/prisma.config.ts`, text: undefined },
    schema: schema.slice(folder.length + 1),
    hasDotenv: /"dotenv"\s*:/.test(text ?? ''),
  };
}
