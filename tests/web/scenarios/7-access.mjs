// Signing in and out, a session that ends, one's own account, the administration of accounts, the journal; menus by rights.
import { beAt, check, focusOn, focusVisible, tabTo, text } from '../tools.mjs';

const login = async (page, name, password) => {
  await page.locator('#se-connecter').waitFor();
  await page.locator('#identifiant').fill(name);
  await page.locator('#mot-de-passe').fill(password);
  await page.keyboard.press('Enter');
};
const menus = (page) => page.locator('nav a').allInnerTexts();

export default [
  {
    share: true,
    name: 'access: signs in by keyboard alone, is told what was wrong, signs out',
    run: async ({ page, url, api, shot, accessible }) => {
      api.people.out = true;
      await page.goto(url);
      await focusOn(page, '#identifiant');
      check((await menus(page)).length === 0, 'no menu for nobody');
      await shot('connexion');
      await accessible('the sign-in');
      await page.keyboard.press('Enter');
      check((await text(page, '[role=alert]')).includes('Donnez votre identifiant'), 'what is missing');
      await page.keyboard.type('codeur');
      await page.keyboard.press('Tab');
      await page.keyboard.type('faux');
      await page.keyboard.press('Enter');
      await page.locator('[role=alert]', { hasText: 'incorrect' }).waitFor();
      check(await page.locator('#mot-de-passe').inputValue() === '', 'the password is not left there');
      await page.keyboard.type('Bon-mot-2026!');
      await page.keyboard.press('Enter');
      await page.locator('nav a', { hasText: 'Vidéocodage' }).waitFor();
      check((await menus(page)).join(' ') === 'Pilotage Vidéocodage Recherche Réglages', `menus of a keyer: ${await menus(page)}`);
      await tabTo(page, '#deconnexion');
      check(await focusVisible(page), 'the focus is seen');
      await page.keyboard.press('Enter');
      await page.locator('#se-connecter').waitFor();
      check(api.people.out, 'signed out at the gateway');
    },
  },
  {
    name: 'access: a screen that the account does not open says so',
    run: async ({ page, url, api, accessible }) => {
      api.people.me = 'gdb';
      await page.goto(`${url}/#/anomalies`);
      await page.locator('h1', { hasText: 'non ouvert' }).waitFor();
      check((await menus(page)).join(' ') === 'Pilotage Corbeilles Réglages', `menus of an agent: ${await menus(page)}`);
      await accessible('a screen that is not open');
    },
  },
  {
    share: true,
    name: 'access: a session that ends keeps what was keyed, and goes on after signing in again',
    run: async (tools) => {
      const { page, url, api, shot, accessible } = tools;
      api.people.me = 'codeur';
      await page.goto(`${url}/#/codage`);
      await page.locator('.viewer canvas').waitFor();
      const pli = await text(page, '.pli b');
      await page.keyboard.press('Control+Home');
      const field = page.locator('input[id^="champ-"]').first();
      await field.fill('12345');
      const id = await field.getAttribute('id');
      // Slow enough for several refused requests to ask who is there before the first is told.
      await page.route(/\/api\/v1\/session$/, async (route) => {
        if (route.request().method() === 'GET') await new Promise((done) => setTimeout(done, 1_000));
        await route.continue();
      });
      api.people.out = true;
      await page.locator('dialog[open] #mot-de-passe').waitFor({ timeout: 90_000 });
      check((await text(page, 'dialog[open]')).includes('gardé'), 'it is said that nothing is lost');
      await shot('session-terminee');
      await accessible('a session that ended');
      const veil = await page.evaluate(() => getComputedStyle(document.querySelector('dialog[open]'), '::backdrop').backgroundColor);
      check(/^rgb\(/.test(veil), `the letter cannot be read behind it: ${veil}`);
      for (let i = 0; i < 3; i += 1) {
        await page.keyboard.press('Escape');
        await page.waitForTimeout(100);
        check(await page.locator('dialog[open]').count() === 1, 'it cannot be waved away');
      }
      await page.locator('#mot-de-passe').fill('Bon-mot-2026!');
      await page.keyboard.press('Enter');
      await page.locator('dialog[open]').waitFor({ state: 'detached' });
      check(await text(page, '.pli b') === pli, 'the same pli');
      check((await page.locator(`[id="${id}"]`).inputValue()).replace(/\D/g, '') === '12345', 'what was typed is there');
      for (let i = 0; i < 40 && !api.seen.some((one) => one.startsWith('PUT') && one.endsWith('/draft')); i += 1) await page.waitForTimeout(200);
      check(api.seen.some((one) => one.startsWith('PUT') && one.endsWith('/draft')), 'and it reaches the hub');
    },
  },
  {
    name: 'access: a session that is about to end says so, one key keeps it',
    run: async ({ page, url, api, shot, accessible }) => {
      api.people.idle = 90;
      await beAt(page, url);
      await page.goto(url);
      await page.locator('dialog[open] #rester').waitFor();
      check((await text(page, 'dialog[open]')).replace(/\s/g, ' ').includes('2 min'), 'how long is left');
      await shot('session-finit');
      await accessible('a session that is about to end');
      await focusOn(page, '#rester');
      await page.keyboard.press('Enter');
      await page.locator('dialog[open]').waitFor({ state: 'detached' });
      check(api.people.idle === 900, 'renewed');
    },
  },
  {
    name: 'access: one changes one’s own password; one that was given once must be changed',
    run: async ({ page, url, api, shot, accessible }) => {
      api.people.me = 'codeur';
      await page.goto(`${url}/#/compte`);
      await page.locator('#mdp-actuel').waitFor();
      check((await text(page, 'dl.pairs')).includes('vidéocodeur'), 'roles in words');
      await shot('compte');
      await accessible('my account');
      const change = async (current, wanted, again = wanted) => {
        for (const [id, value] of [['actuel', current], ['nouveau', wanted], ['encore', again]]) await page.locator(`#mdp-${id}`).fill(value);
        await page.locator('#mdp-changer').focus();
        await page.keyboard.press('Enter');
      };
      await change('Bon-mot-2026!', 'Un-autre-2027!', 'autre');
      await page.locator('[role=alert]', { hasText: 'diffèrent' }).waitFor();
      await change('Bon-mot-2026!', 'court');
      await page.locator('[role=alert]', { hasText: '12 caractères' }).waitFor();
      await change('Bon-mot-2026!', 'Un-autre-2027!');
      await page.locator('[role=status]', { hasText: 'changé' }).waitFor();
      api.people.must = true;
      await page.reload();
      await page.locator('h1', { hasText: 'Choisissez' }).waitFor();
      await accessible('the password to choose');
      await change('Un-autre-2027!', 'Encore-un-2028!');
      await page.locator('h1', { hasText: 'Mon compte' }).waitFor();
    },
  },
  {
    share: true,
    name: 'access: the administrator makes an account, changes rights after giving the password again, locks, makes a key',
    run: async ({ page, url, api, shot, accessible }) => {
      Object.assign(api.people, { me: 'admin', recent: false });
      await page.goto(`${url}/#/comptes`);
      await page.locator('#nouveau-compte').waitFor();
      check((await menus(page)).join(' ') === 'Pilotage Comptes Réglages', `menus of an administrator: ${await menus(page)}`);
      await shot('comptes');
      await accessible('accounts');
      await tabTo(page, '#nouveau-compte');
      await page.keyboard.press('Enter');
      await focusOn(page, '#compte-nom');
      await page.keyboard.type('louis');
      await shot('comptes-droits');
      await accessible('the rights of an account');
      await page.keyboard.press('Enter');
      await page.locator('#redonner').waitFor();
      await page.keyboard.type('faux');
      await page.keyboard.press('Enter');
      await page.locator('[role=alert]', { hasText: 'pas votre mot de passe' }).waitFor();
      await page.keyboard.type('Bon-mot-2026!');
      await page.keyboard.press('Enter');
      await page.locator('#secret').waitFor();
      check((await text(page, '#secret')).includes('abcde-fghjk-mnpqr'), 'shown once');
      check(api.people.accounts.at(-1).name === 'louis', 'made');
      await page.locator('#droits-codeur').focus();
      await page.keyboard.press('Enter');
      await page.locator('#compte-medical').focus();
      await page.keyboard.press('Space');
      await page.locator('#compte-enregistrer').focus();
      await page.keyboard.press('Enter');
      await page.locator('dialog[open]').waitFor({ state: 'detached' });
      check(api.people.accounts[1].medical === false, 'the right is taken away');
      await page.locator('button[aria-label="Verrouiller codeur"]').focus();
      await page.keyboard.press('Enter');
      await page.locator('tr', { hasText: 'codeur' }).locator('.chip', { hasText: 'verrouillé' }).waitFor();
      await page.locator('#cle-nom').fill('indemnites');
      await page.locator('#cle-service').fill('595-ij');
      await page.keyboard.press('Enter');
      await page.locator('#secret', { hasText: 'cle-montree-une-fois' }).waitFor();
      check(api.people.keys[0].service === '595-IJ', 'of one service');
      api.faults.away = true;
      await page.reload();
      await page.locator('.failure').waitFor();
    },
  },
  {
    name: 'access: the auditor reads the journal page by page',
    run: async ({ page, url, api, shot, accessible }) => {
      api.people.accounts.push({ ...api.people.accounts[0], name: 'auditeur', roles: ['auditor'] });
      api.people.me = 'auditeur';
      await page.goto(`${url}/#/journal`);
      await page.locator('tbody tr').first().waitFor();
      check(await page.locator('tbody tr').count() === 100, 'a page of it');
      await shot('journal');
      await accessible('the journal');
      await tabTo(page, '#journal-suite');
      await page.keyboard.press('Enter');
      await page.locator('caption', { hasText: '101' }).waitFor();
    },
  },
];
