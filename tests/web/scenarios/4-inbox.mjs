// « Corbeilles »: take, acknowledge, send back, answer a recall, by keyboard.
import { beAt, check, focusOn, tabTo, text } from '../tools.mjs';

const states = (api, service) => Object.fromEntries([...api.day.documents.values()].filter((row) => row.service === service).map((row) => [row.id, row.state]));

export default [
  {
    share: true,
    name: 'inbox: from the list of services to an acknowledged document, by keyboard alone',
    run: async (tools) => {
      const { page, url, api, shot, accessible } = tools;
      await beAt(page, url);
      await page.goto(`${url}/#/corbeilles`);
      await page.locator('tbody th a').first().waitFor();
      await shot('corbeilles');
      await accessible('the inboxes');
      await page.locator('tbody th a', { hasText: 'Commission de recours amiable' }).focus();
      await page.keyboard.press('Enter');
      await page.locator('.list li a').first().waitFor();
      await tabTo(page, '#prendre-suivant');
      await page.keyboard.press('Enter');
      await page.locator('#acquitter').waitFor();
      await page.locator('.viewer canvas').waitFor();
      await page.waitForTimeout(400);
      await shot('corbeille');
      await accessible('an inbox');
      const [first] = [...api.day.documents.values()].filter((row) => row.service === 'CRA' && row.state === 'TAKEN');
      check(first.taken_by === 'poste-12', 'taken by this post');
      await tabTo(page, '#acquitter');
      await page.keyboard.press('Enter');
      await page.waitForFunction((id) => !document.querySelector(`[data-id="${id}"]`), first.id);
      check(api.day.documents.get(first.id).state === 'CLOSED', 'closed');
      await focusOn(page, 'body, button, a, h1, main').catch(() => {});
      await page.locator('.list li a').first().focus();
      await page.keyboard.press('Enter');
      await page.locator('#prendre').waitFor();
      await tabTo(page, '#prendre');
      await page.keyboard.press('Enter');
      await page.locator('#renvoyer').waitFor();
      await page.locator('#renvoyer').focus();
      await page.keyboard.press('Enter');
      await tabTo(page, '#motif-renvoi');
      await page.locator('#motif-renvoi').selectOption('OTHER');
      await page.locator('form button').focus();
      await page.keyboard.press('Enter');
      await page.locator('[role=alert]', { hasText: 'un mot' }).waitFor();
      await page.locator('#motif-renvoi').selectOption('WRONG_SERVICE');
      await accessible('sending back');
      await page.locator('form button').focus();
      await page.keyboard.press('Enter');
      for (let i = 0; i < 60 && !Object.values(states(api, 'CRA')).includes('RETURNED'); i += 1) await page.waitForTimeout(100);
      check(Object.values(states(api, 'CRA')).includes('RETURNED'), JSON.stringify(states(api, 'CRA')));
    },
  },
  {
    name: 'inbox: a reservation lost to somebody else is said; an empty inbox; a recall is answered',
    run: async (tools) => {
      const { page, url, api, shot, accessible } = tools;
      await beAt(page, url);
      await page.goto(`${url}/#/corbeilles/595/INVAL`);
      await page.locator('.list li a').first().waitFor();
      await page.locator('#prendre-suivant').focus();
      await page.keyboard.press('Enter');
      await page.locator('#acquitter').waitFor();
      const row = [...api.day.documents.values()].find((one) => one.service === 'INVAL' && one.state === 'TAKEN');
      row.taken_by = 'poste-99';
      await page.locator('#acquitter').focus();
      await page.keyboard.press('Enter');
      await page.locator('[role=alert]', { hasText: 'plus réservé' }).waitFor();
      await accessible('a lost reservation');
      api.day.recalls.push({ delivery_id: 'd1', caisse: '595', service: 'RI', state: 'ASKED', at: new Date().toISOString(), reason: 'mauvais type', document: [...api.day.documents.values()].find((one) => one.service === 'RI') });
      await page.goto(`${url}/#/corbeilles/595/RI`);
      await page.locator('.recall').waitFor();
      await shot('corbeille-rappel');
      await accessible('a recall');
      for (const one of api.day.documents.values()) if (one.service === 'RI') one.state = 'CLOSED';
      api.day.recalls.length = 0;
      await page.reload();
      await page.locator('.empty', { hasText: 'À jour' }).waitFor();
      await shot('corbeille-vide');
      await accessible('an empty inbox');
    },
  },
];
