// `npm start`: sets everything up and opens the sample workspace in a real VS Code with Poolproof loaded.
import { join } from 'node:path';
import { ensureDependencies, explainAndExit, root, step } from './setup.mjs';

const sample = join(root, 'examples', 'shop');

async function start() {
  await ensureDependencies();
  await step('Building Poolproof', async () => (await import('./build.mjs')).buildAll());

  const { downloadDesktop, findCode, hasDisplay, openDesktop } = await import('./editor/desktop.mjs');
  if (hasDisplay()) {
    const executable = findCode() ?? (await downloadDesktop());
    if (executable) {
      await openDesktop(executable, sample);
      console.log(`\nVS Code is opening examples/shop with Poolproof loaded. Start with services/api/app/db.py.`);
      return;
    }
  } else {
    console.log('\nThere is no display here for desktop VS Code; using the VS Code server, in a browser.');
  }

  const { serverDirectories, startServer } = await import('./editor/server.mjs');
  const directories = serverDirectories();
  let server;
  try {
    server = await startServer(directories);
  } catch (error) {
    directories.remove();
    throw error;
  }
  const stop = async () => {
    await server.stop();
    directories.remove();
    process.exit(0);
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  const url = server.url({ folder: sample, extension: root, file: join(sample, 'services', 'api', 'app', 'db.py') });
  console.log(`\nVS Code with Poolproof and the sample workspace examples/shop:\n\n  ${url}\n`);
  console.log('Open it in a browser on this machine. Ctrl+C ends it.');
  await server.ended;
  directories.remove();
}

start().catch(explainAndExit);
