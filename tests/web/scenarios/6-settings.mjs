// « Réglages » and « Formation ».
import { beAt, check, focusOn, tabTo, text } from '../tools.mjs';

export default [
  {
    share: true,
    name: 'settings: keys are remapped, what collides or belongs to the browser is refused',
    run: async (tools) => {
      const { page, url, shot, accessible } = tools;
      await beAt(page, url);
      await page.goto(`${url}/#/reglages`);
      await page.locator('#touche-attente').waitFor();
      const change = async (id, key) => { await page.locator(`#touche-${id}`).focus(); await page.keyboard.press('Enter'); await page.locator(`#touche-${id}`, { hasText: 'appuyez' }).waitFor(); await page.keyboard.press(key); };
      await change('attente', 'F9');
      await page.locator('[role=status]', { hasText: 'sert déjà' }).waitFor();
      await change('attente', 'Control+p');
      await page.locator('[role=status]', { hasText: 'navigateur' }).waitFor();
      await change('attente', 'h');
      await page.locator('[role=status]', { hasText: 'écrit un caractère' }).waitFor();
      await change('attente', 'Insert');
      await page.locator('tr', { hasText: 'mettre en attente' }).locator('kbd', { hasText: 'Inser' }).waitFor();
      await shot('reglages');
      await accessible('the settings');
      await page.goto(`${url}/#/codage`);
      await page.locator('.viewer canvas').waitFor();
      check((await text(page, 'footer.foot')).includes('Inser'), 'the key is shown on the screen');
      await page.keyboard.press('Insert');
      await page.locator('dialog[open]').waitFor();
      await page.keyboard.press('Escape');
      await page.keyboard.press('F8');
      check(await page.locator('dialog[open]').count() === 0, 'the old key does nothing');
      await page.goto(`${url}/#/reglages`);
      await page.locator('#touches-origine').focus();
      await page.keyboard.press('Enter');
      await page.locator('tr', { hasText: 'mettre en attente' }).locator('kbd', { hasText: 'F8' }).waitFor();
    },
  },
  {
    name: 'settings: the account is said, its caisses are checked, its figures are its own',
    run: async (tools) => {
      const { page, url, api } = tools;
      await beAt(page, url, { by: 'poste-7' });
      await page.goto(`${url}/#/reglages`);
      await page.locator('#medical').waitFor();
      check((await text(page, 'form')).includes('poste-7'), 'the account is said');
      await page.locator('form input').nth(1).fill('59X');
      await page.locator('form button').focus();
      await page.keyboard.press('Enter');
      await page.locator('[role=status]', { hasText: 'trois chiffres' }).waitFor();
      await page.locator('form input').nth(1).fill('595');
      await page.locator('form button').focus();
      await page.keyboard.press('Enter');
      await page.locator('[role=status]', { hasText: 'Enregistré' }).waitFor();
      await page.goto(`${url}/#/codage`);
      await page.locator('.viewer canvas').waitFor();
      check([...api.desk.cases.values()].some((one) => one.by === 'poste-7'), 'the account is named in the lease');
      check(!api.seen.some((one) => one.includes('mesure')), 'figures are sent nowhere');
    },
  },
  {
    share: true,
    name: 'training: invented plis in this page alone, corrected at once',
    run: async (tools) => {
      const { page, url, api, shot, accessible } = tools;
      await beAt(page, url);
      await page.goto(`${url}/#/formation`);
      await page.locator('.viewer canvas').waitFor();
      api.seen.length = 0;
      check((await text(page, '.line')).includes('plis inventés'), 'it is said');
      await focusOn(page, 'input');
      await page.keyboard.press('Enter');
      await page.keyboard.press('Enter');
      await page.locator('#correction').waitFor();
      check((await text(page, '#correction')).includes('attendu'), 'the truth is told');
      await page.waitForTimeout(400);
      await shot('formation');
      await accessible('training');
      check(!api.seen.some((one) => one.includes('keying') || one.includes('plis')), `nothing is sent: ${api.seen.join(', ')}`);
    },
  },
];
