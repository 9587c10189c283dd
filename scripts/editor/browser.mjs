// Chromium for the VS Code server's window.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Problem } from '../setup.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const places = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'];

const switches = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Chromium's path: POOLPROOF_CHROMIUM, or the first found on the PATH. */
export function findChromium() {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  const candidates = [
    ...(process.env.POOLPROOF_CHROMIUM ? [process.env.POOLPROOF_CHROMIUM] : []),
    ...names.flatMap((name) => folders.map((folder) => join(folder, name))),
    ...places,
  ];
  const found = candidates.find((path) => existsSync(path));
  if (found) return found;
  throw new Problem(
    'Chromium is missing; the tests in the editor need it. Install it and run this again:\n\n' +
      '    sudo apt-get update && sudo apt-get install --yes chromium\n\n' +
      'or name one in the environment variable POOLPROOF_CHROMIUM.',
  );
}

/** Opens a headless Chromium window; `viewport` in CSS pixels, `scale` device pixels per CSS pixel. */
export async function openBrowser({ viewport = { width: 1280, height: 800 }, scale = 1, colorScheme = 'dark' } = {}) {
  const executablePath = findChromium();
  const { chromium } = await import('playwright-core');
  const browser = await chromium.launch({ executablePath, headless: true, args: switches });
  const context = await browser.newContext({ viewport, deviceScaleFactor: scale, colorScheme });
  // A headless window asks nobody: “Copy context” needs the clipboard.
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  return { browser, page: await context.newPage() };
}
