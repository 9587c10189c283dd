// Drives the real editor over the sample workspace and saves what a user sees to docs/images/. `npm run screenshots`
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ensureDependencies, explainAndExit, root, step } from '../setup.mjs';
import { openBrowser } from './browser.mjs';
import { serverDirectories, startServer } from './server.mjs';
import { copyOfWorkspace } from './suite.mjs';

const images = join(root, 'docs', 'images');
const settings = {
  'window.commandCenter': false,
  'workbench.layoutControl.enabled': false,
  'editor.minimap.enabled': false,
  'editor.fontSize': 14,
  'editor.hover.delay': 100,
  'breadcrumbs.enabled': false,
  'editor.lightbulb.enabled': 'on',
  'workbench.colorTheme': 'Default Dark Modern',
};
const patience = 30_000;
const squiggle = '.squiggly-error, .squiggly-warning';

/** Steps over one window. */
class Editor {
  constructor(page) {
    this.page = page;
  }

  async save(name) {
    await this.page.screenshot({ path: join(images, `${name}.png`) });
    console.log(`  docs/images/${name}.png`);
  }

  async command(title) {
    await this.page.keyboard.press('F1');
    const input = this.page.locator('.quick-input-widget input').first();
    await input.waitFor({ state: 'visible', timeout: patience });
    await input.fill(`>${title}`);
    await this.page.locator('.quick-input-list .monaco-list-row').first().waitFor({ timeout: patience });
    await this.page.keyboard.press('Enter');
    await input.waitFor({ state: 'hidden', timeout: patience });
  }

  async open(path) {
    const name = path.split('/').pop();
    await this.page.keyboard.press('Control+P');
    const input = this.page.locator('.quick-input-widget input').first();
    await input.waitFor({ state: 'visible', timeout: patience });
    await input.fill(path);
    const folder = path.slice(0, -name.length - 1).replaceAll('/', '.');
    const rows = this.page.locator('.quick-input-list .monaco-list-row').filter({ hasText: name });
    await rows
      .filter({ hasText: new RegExp(folder) })
      .first()
      .click({ timeout: patience });
    await this.page.locator('.tab.active', { hasText: name }).waitFor({ timeout: patience });
  }

  /** The middle of the first element that a selector finds, in pixels. */
  async middleOf(selector) {
    const box = await this.page.locator(selector).first().boundingBox({ timeout: patience });
    return [box.x + box.width / 2, box.y + box.height / 2];
  }

  /** Shows the hover over an element; the server's part may come after the finding's. */
  async hover(selector) {
    await this.page.mouse.move(...(await this.middleOf(selector)));
    await this.page.locator('.monaco-hover:not(.hidden) .hover-contents').first().waitFor({ timeout: patience });
    await this.page.waitForFunction(() => !document.querySelector('.monaco-hover .loading'), undefined, {
      timeout: patience,
    });
  }

  /** Scrolls the hover down to the fleet's sum, which comes after the findings of the same place. */
  async scrollHover() {
    const hover = this.page.locator('.monaco-hover:not(.hidden)').first();
    const box = await hover.boundingBox({ timeout: patience });
    await this.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 10 });
    const table = hover.locator('table').first();
    for (let turn = 0; turn < 60; turn += 1) {
      const top = (await table.boundingBox({ timeout: patience })).y;
      if (top < box.y + 90) return;
      await this.page.mouse.wheel(0, 40);
    }
  }
}

const scenes = {
  'code-lens': async (editor) => {
    await editor.open('services/api/app/db.py');
    await editor.page.locator(squiggle).first().waitFor({ timeout: patience });
    await editor.page.locator('.codelens-decoration a').first().waitFor({ timeout: patience });
    await editor.save('code-lens');
  },
  hover: async (editor) => {
    await editor.hover(squiggle);
    await editor.scrollHover();
    await editor.save('hover');
    await editor.page.keyboard.press('Escape');
  },
  'quick-fix': async (editor) => {
    await editor.page.mouse.click(...(await editor.middleOf(squiggle)));
    await editor.page.keyboard.press('Control+.');
    await editor.page.locator('.action-widget .monaco-list-row').first().waitFor({ timeout: patience });
    await editor.save('quick-fix');
    await editor.page.keyboard.press('Escape');
  },
  problems: async (editor) => {
    await editor.open('services/api/app/reporting.py');
    await editor.command('Problems: Focus on Problems View');
    await editor.page.locator('.markers-panel .monaco-list-row').first().waitFor({ timeout: patience });
    await editor.save('problems');
    await editor.command('View: Toggle Panel Visibility');
  },
  'rule-documentation': async (editor) => {
    await editor.open('services/api/app/db.py');
    await editor.hover(squiggle);
    const link = editor.page.locator('.monaco-hover .code-link').filter({ hasText: 'missing-pre-ping' }).first();
    await link.click();
    const tab = editor.page.locator('.tab.active', { hasText: 'missing-pre-ping' });
    await tab.waitFor({ timeout: patience });
    await editor.page.frameLocator('iframe.webview.ready').frameLocator('iframe').locator('h1').first().waitFor({
      timeout: patience,
    });
    await editor.save('rule-documentation');
  },
  'fleet-budget': async (editor) => {
    await editor.page.locator('.statusbar-item', { hasText: 'main' }).first().click();
    await editor.page.locator('.tab.active', { hasText: 'Fleet budget' }).waitFor({ timeout: patience });
    await editor.page.frameLocator('iframe.webview.ready').last().frameLocator('iframe').locator('h1').first().waitFor({
      timeout: patience,
    });
    await editor.save('fleet-budget');
  },
  topology: async (editor) => {
    await editor.open('poolproof.yaml');
    await editor.hover('.view-line span span:has-text("max_connections")');
    await editor.save('topology');
  },
};

/** Plays the scenes named, or all; resolves to how many failed. */
async function takeScenes(page, url, names) {
  let failed = 0;
  await page.goto(url);
  await page.locator('.explorer-folders-view').first().waitFor({ timeout: patience });
  const editor = new Editor(page);
  for (const [name, scene] of Object.entries(scenes)) {
    if (names.length > 0 && !names.includes(name)) continue;
    try {
      await scene(editor);
    } catch (error) {
      failed += 1;
      console.log(`  ${name} failed: ${error.message.split('\n')[0]}`);
      await page.screenshot({ path: join(root, 'out', `failed-${name}.png`) });
      await page.keyboard.press('Escape');
    }
  }
  return failed;
}

async function takeScreenshots(names) {
  await ensureDependencies();
  mkdirSync(images, { recursive: true });
  const workspace = copyOfWorkspace(join(root, 'examples', 'shop'));
  const directories = serverDirectories(settings);
  let failed = 0;
  let server;
  let browser;
  try {
    server = await startServer(directories);
    const opened = await openBrowser({ viewport: { width: 1180, height: 720 }, scale: 2 });
    browser = opened.browser;
    failed = await takeScenes(opened.page, server.url({ folder: workspace.folder, extension: root }), names);
  } finally {
    await browser?.close();
    await server?.stop();
    directories.remove();
    workspace.remove();
  }
  process.exitCode = failed > 0 ? 1 : 0;
}

step('Taking screenshots', () => takeScreenshots(process.argv.slice(2))).catch(explainAndExit);
