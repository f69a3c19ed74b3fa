// Signing in at a real identity provider, through the gateway itself: with a second factor, refused without, unknown to Pléiade, after
// the provider has changed its keys, signed out.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { root } from '../fake_api/modules.mjs';
import { check, focusOn, text } from '../tools.mjs';

const program = path.join(process.env.PLEIADE_BIN ?? path.join(root, 'build/dev/bin'), 'fake_gateway');
const freePort = () => new Promise((done) => { const probe = net.createServer().listen(0, '127.0.0.1', () => { const { port } = probe.address(); probe.close(() => done(port)); }); });
const start = (command, words) => new Promise((done, fail) => {
  const child = spawn(command, words, { stdio: ['pipe', 'pipe', 'inherit'], cwd: root });
  child.once('exit', (code) => fail(new Error(`${path.basename(command)} ended with ${code}`)));
  child.stdout.once('data', () => done(child));
});
const stop = (child) => new Promise((done) => { child.once('exit', done); child.stdin.end(); setTimeout(() => child.kill(), 3_000).unref(); });

export default [{
  name: 'oidc: a second factor lets in, none does not; unknown people, new keys, sign-out',
  run: async ({ page, context, shot, accessible, note }) => {
    if (!existsSync(program)) { note(`skipped: ${program} is not built`); return; }
    const [at, of] = [await freePort(), await freePort()], url = `http://127.0.0.1:${at}`;
    const provider = () => start(process.execPath, [path.join(root, 'tests/web/oidc/provider.mjs'), String(of), 'pleiade', 'un secret de test', `${url}/api/v1/oidc/callback`]);
    let identity = await provider();
    const gateway = await start(program, ['--config', path.join(root, 'deploy/config'), '--port', String(at), '--oidc', `http://127.0.0.1:${of}`, 'pleiade', 'un secret de test']);
    const enter = async (who, mfa) => {
      await context.clearCookies();
      await page.goto(`${url}/web/icon.svg`);
      await page.goto(url);
      await page.locator('#fournisseur').waitFor();
      await page.locator('#fournisseur').focus();
      await page.keyboard.press('Enter');
      await page.locator('input[name=who]').fill(who);
      if (mfa) await page.locator('input[name=mfa]').check();
      await page.locator('button').click();
    };
    try {
      await page.goto(url);
      await page.locator('#fournisseur').waitFor();
      await focusOn(page, '#identifiant');
      await shot('connexion-fournisseur');
      await accessible('the sign-in with a provider');
      await enter('jeanne-idp', true);
      await page.locator('.me', { hasText: 'jeanne' }).waitFor();
      const session = await (await page.request.get(`${url}/api/v1/session`)).json();
      check(session.method === 'oidc' && session.name === 'jeanne', 'her account, by the provider');
      await page.locator('#deconnexion').focus();
      await page.keyboard.press('Enter');
      await page.locator('#se-connecter').waitFor();
      check((await (await page.request.get(`${url}/api/v1/session`)).json()).signed_in === false, 'signed out');
      await enter('jeanne-idp', false);
      await page.locator('[role=alert]', { hasText: 'second facteur' }).waitFor();
      await accessible('a refused sign-in');
      await enter('personne', true);
      await page.locator('[role=alert]', { hasText: 'Aucun compte' }).waitFor();
      // A callback that this browser did not begin.
      await page.goto(`${url}/api/v1/oidc/callback?code=x&state=${'y'.repeat(43)}`);
      await page.locator('[role=alert]', { hasText: 'OIDC_STATE_UNKNOWN' }).waitFor();
      await stop(identity);
      identity = await provider();
      await page.waitForTimeout(1_100);
      await enter('jeanne-idp', true);
      await page.locator('.me', { hasText: 'jeanne' }).waitFor();
      check((await text(page, '.me')) === 'jeanne', 'in again, by keys that the gateway had never seen');
    } finally {
      await stop(identity);
      await stop(gateway);
    }
  },
}];
