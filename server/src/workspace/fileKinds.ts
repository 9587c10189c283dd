/** What kind of file a name stands for. */
import { contextOf } from '../declarations/context.ts';
import { isDependencyFile } from '../declarations/dependencies.ts';
import { isNodePackageFile } from '../declarations/nodePackages.ts';
import type { Language } from '../declarations/value.ts';
import { isManifestName } from '../topology/manifests/read.ts';
import { isEnvironmentFile } from './environmentFiles.ts';

export type FileKind =
  | Language
  | 'topology'
  | 'environment'
  | 'configuration'
  | 'dependencies'
  | 'packages'
  | 'manifest'
  | 'pgbouncer'
  /** Whatever its text says it is. */
  | 'ini'
  | 'userlist';

const composeFile = /^(?:docker-)?compose(?:[.-][\w.-]+)?\.ya?ml$/i;

export function isCompose(path: string): boolean {
  return composeFile.test(path.slice(path.lastIndexOf('/') + 1));
}

const topologyFile = /^poolproof\.(?:ya?ml|json)$/;
/** Kubernetes manifests by their names, and folders whose YAML files are taken for some. */
const kubernetesFile = /(?:^|[.-])(?:deployment|statefulset|cronjob|hpa|scaledobject|rollout)(?:[.-][\w.-]+)?\.ya?ml$/i;
const kubernetesFolder =
  /(?:^|\/)(?:k8s|kubernetes|kube|kustomize|deploy|deployments?|manifests|helm|charts|gitops)\//i;

/** Programs of Supervisor lie beside its own file under names of their own. */
const supervisorFile = /(?:^|\/)supervisord?(?:\/[\w.-]+){1,3}\.(?:conf|ini)$/i;

/** True where a file says how the project is deployed; it may be of another kind as well, as package.json is. */
export function isManifest(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (isManifestName(name)) return true;
  if (/\.ya?ml$/i.test(name)) return kubernetesFile.test(name) || kubernetesFolder.test(path);
  return /\.(?:conf|ini)$/i.test(name) && supervisorFile.test(path);
}

/** As the language is registered in package.json. */
const pgbouncerFile = /^pgbouncer.*\.ini$|\.pgbouncer\.ini$/;

const notDeployed = /(?:^|[._-])(?:tests?|testing|ci|e2e|cypress|playwright|example|sample|mock)(?=[._-]|$)/i;
const notDeployedFolder = /(?:^|\/)(?:\.?ci|\.circleci|\.github|\.gitlab|cypress|mocks?|loadtests?)\//i;
const development = /(?:^|[/._-])(?:dev|devcontainer|develop|development|local|override|debug)(?=[/._-]|$)/i;

/** What a manifest speaks of; undefined for those of tests and examples, which deploy nothing. */
export function purposeOfManifest(path: string): 'deployment' | 'development' | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const context = contextOf(path);
  if (context === 'test' || context === 'example' || notDeployed.test(name)) return undefined;
  if (notDeployedFolder.test(path)) return undefined;
  return development.test(path) ? 'development' : 'deployment';
}
/** What Sequelize's command line makes, and what its models require. */
const sequelizeConfiguration =
  /(?:^|\/)(?:config|configs|configuration|db|database)\/(?:config|database|db|sequelize)\.json$/;
const scriptFile = /\.(?:[cm]?[jt]s|[jt]sx)$/;
/** Declarations without code, and code that no person reads. */
const generatedScript = /(?:\.d\.[cm]?ts|[.-]min\.js|\.bundle\.js)$/;

/** The language of files that pools are declared in; undefined for those that only supply values. */
export function languageOf(kind: FileKind | undefined): Language | undefined {
  return kind === 'python' || kind === 'typescript' || kind === 'prisma' ? kind : undefined;
}

/** Undefined for files that are of no interest. */
export function kindOf(path: string): FileKind | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  // Nearly every file is one of these, and a large folder has many.
  if (name.endsWith('.py') && name !== 'setup.py' && !name.startsWith('gunicorn')) return 'python';
  if (name.endsWith('.prisma')) return 'prisma';
  if (topologyFile.test(name)) return 'topology';
  if (isEnvironmentFile(name)) return 'environment';
  if (name === 'alembic.ini') return 'configuration';
  if (pgbouncerFile.test(name)) return 'pgbouncer';
  if (name === 'userlist.txt') return 'userlist';
  if (isDependencyFile(path)) return 'dependencies';
  if (isNodePackageFile(name)) return 'packages';
  if (isManifest(path)) return 'manifest';
  if (name.endsWith('.ini')) return 'ini';
  if (name.endsWith('.py') || name.endsWith('.pyw')) return 'python';
  if (name.endsWith('.json')) return sequelizeConfiguration.test(path) ? 'typescript' : undefined;
  return scriptFile.test(name) && !generatedScript.test(name) ? 'typescript' : undefined;
}

/** Folders that hold other people's code, build output or version control, never the project's own source. */
export const ignoredFolders: ReadonlySet<string> = new Set([
  '.git',
  '.hg',
  '.svn',
  '.jj',
  'node_modules',
  '.venv',
  'venv',
  'virtualenv',
  '.virtualenv',
  'site-packages',
  '__pycache__',
  '.tox',
  '.nox',
  '.mypy_cache',
  '.pytest_cache',
  '.ruff_cache',
  '.eggs',
  '__pypackages__',
  '.direnv',
  '.bzr',
  'bower_components',
  '.next',
  '.nuxt',
  '.svelte-kit',
  '.turbo',
  '.cache',
  'dist',
  'build',
  '.idea',
  // What an extension of VS Code keeps of every file at each time it was saved.
  '.history',
  '.vscode-test',
  '.terraform',
  '.yarn',
  '.pnpm-store',
]);
