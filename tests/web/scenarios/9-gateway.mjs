// The application out of the gateway itself: its headers, its compression, its stream. Skipped, and said, when it is not built.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { root } from '../fake_api/modules.mjs';
import { check, text } from '../tools.mjs';

const program = path.join(process.env.PLEIADE_BIN ?? path.join(root, 'build/dev/bin'), 'fake_gateway');

export default [
  {
    name: 'gateway: serves the application compressed, under its content security policy, live',
    run: async ({ page, note, shot }) => {
      if (!existsSync(program)) { note(`skipped: ${program} is not built`); return; }
      const child = spawn(program, ['--config', path.join(root, 'deploy/config')], { stdio: ['pipe', 'pipe', 'ignore'] });
      try {
        const url = await new Promise((done, fail) => {
          child.once('exit', (code) => fail(new Error(`the gateway ended with ${code}`)));
          child.stdout.once('data', (bytes) => done(bytes.toString().trim()));
        });
        const answers = [];
        page.on('response', (response) => answers.push(response));
        await page.goto(url);
        await page.locator('#etape-files .figure').waitFor();
        await page.locator('.live[data-state="on"]').waitFor();
        const before = await text(page, '#etape-acquittes .figure');
        await page.waitForFunction((old) => document.querySelector('#etape-acquittes .figure').innerText !== old, before);
        const scripts = answers.filter((response) => response.url().endsWith('.js'));
        check(scripts.length > 0, 'scripts were loaded');
        for (const one of scripts) check((await one.allHeaders())['content-encoding'] === 'gzip', `${one.url()} is not compressed`);
        check((await answers[0].allHeaders())['content-security-policy'].includes("script-src 'self'"), 'the policy');
        await page.goto(`${url}/#/recherche`);
        await page.locator('#q').waitFor();
        await page.goto(`${url}/#/pilotage`);
        await page.locator('tbody th a').first().click();
        await page.locator('#details li a').first().click();
        await page.locator('.viewer img').waitFor();
        await page.locator('.zone').first().waitFor();
        await shot('passerelle-document');
      } finally {
        child.stdin.end();
        child.kill();
      }
    },
  },
];
