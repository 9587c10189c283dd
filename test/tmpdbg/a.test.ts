import { test } from 'node:test';
import { createProject, uriOf } from '../support/workspace.ts';
import { smallTopology } from '../support/diskWorkspace.ts';
test('x', async () => {
  const engine = `from sqlalchemy import create_engine
from app.settings import SIZE, URL

engine = create_engine(URL, pool_size=SIZE, max_overflow=0, pool_timeout=5, pool_recycle=300, pool_pre_ping=True)
`;
  const constants = 'import os\n\nSIZE = 2\nURL = os.environ["DATABASE_URL"]\n';
  const { project } = await createProject({ 'app/__init__.py': '', 'app/db.py': engine, 'app/settings.py': constants, 'poolproof.yaml': smallTopology, 'requirements.txt': 'sqlalchemy==2.0.43\n' });
  const show = async (l: string) => { const a = await project.analyse(); console.log(l, a.pools.map(p => [JSON.stringify(p.pool.peakPerProcess), p.pool.address.isNetworkDatabase, p.pool.address.variable]), a.findings.map(f => f.rule)); };
  await show('closed');
  project.open(uriOf('app/db.py'), engine);
  await show('open db');
  project.open(uriOf('app/settings.py'), constants);
  await show('open settings');
  project.edit(uriOf('app/settings.py'), [{ start: constants.indexOf('= 2') + 2, end: constants.indexOf('= 2') + 3, newText: '20' }]);
  await show('edited');
});
