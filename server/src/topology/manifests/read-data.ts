/** The first document of a file of data, by its name. */
import { type DataNode, readYaml } from '../yaml.ts';
import { readJson } from './literal.ts';

/** Undefined where the file is broken or holds nothing. */
export function readData(uri: string, text: string): DataNode | undefined {
  if (uri.endsWith('.json')) return readJson(text);
  const { documents, problems } = readYaml(text);
  return problems.length > 0 ? undefined : documents[0];
}
