// « Vidéocodage »: every gesture by keyboard.
import { deskPapers, mistakes } from '../fake_api/papers.mjs';
import { currentPli, keyOne } from '../keyer.mjs';
import { active, check, focusOn, openKeying, pressPhysical, sideways, text } from '../tools.mjs';

const caseOf = (api, pli) => [...api.desk.cases.values()].find((one) => one.pli.pli === pli);
const waitNext = (page, old) => page.waitForFunction((before) => { const now = document.querySelector('.pli b')?.innerText; return now === undefined || now !== before; }, old);
// Leaves only plis of these lessons waiting.
const keep = (api, ...lessons) => { for (const [id, one] of api.desk.cases) if (!lessons.includes(one.pli.lesson)) api.desk.cases.delete(id); };
const validated = (api, pli) => caseOf(api, pli).validated;
const keyNext = async (page, api) => (await keyOne(page, await deskPapers(api).paper(page))).keys;
async function settled(api, pli) {
  for (let i = 0; i < 100 && caseOf(api, pli).validated === null; i += 1) await new Promise((done) => setTimeout(done, 50));
  check(validated(api, pli) !== null, `pli ${pli} was not validated`);
  return validated(api, pli);
}

export default [
  {
    share: true,
    name: 'keying: the station shows the doubt, its place and its reason',
    run: async (tools) => {
      const { page, api, shot, accessible } = tools;
      keep(api, 'nir');
      await openKeying(tools);
      await focusOn(page, 'input[id^="champ-1/nir"]');
      await page.locator('.zone.on').waitFor();
      check((await text(page, '.row-field.on')).includes('le contrôle échoue'), 'the reason is said');
      check((await text(page, '#doutes')).includes('1 doute'), 'doubts are counted');
      await page.waitForTimeout(700);
      await shot('codage');
      await accessible('the keying station');
    },
  },
  {
    share: true,
    name: 'keying: one key accepts, advances and validates when everything was read right',
    run: async (tools) => {
      const { page, api } = tools;
      keep(api, 'confirm');
      await openKeying(tools);
      await focusOn(page, '#type-1');
      const pli = await currentPli(page);
      await page.keyboard.press('Enter');
      await waitNext(page, pli);
      const done = await settled(api, pli);
      check(done.documents.length === 1 && done.documents[0].type === 'PMT' && done.documents[0].fields.length === 0, JSON.stringify(done));
      check((await text(page, '#mesures')).includes('1 touche'), await text(page, '#mesures'));
    },
  },
  {
    share: true,
    name: 'keying: a NIR on AZERTY, digits by physical key, checked while typed',
    run: async (tools) => {
      const { page, api, shot } = tools;
      keep(api, 'nir');
      await openKeying(tools);
      await focusOn(page, 'input[id^="champ-1/nir"]');
      const pli = await currentPli(page), nir = caseOf(api, pli).pli.truth[0].fields.nir;
      const top = ['à', '&', 'é', '"', "'", '(', '-', 'è', '_', 'ç'];
      const [first] = nir;
      await pressPhysical(page, top[Number(first)], `Digit${first}`);
      check(await page.locator('input[id^="champ-1/nir"]').inputValue() === first, 'the unshifted top row writes a digit');
      for (const letter of nir.slice(1, 14)) await (/\d/.test(letter) ? pressPhysical(page, top[Number(letter)], `Digit${letter}`) : page.keyboard.type(letter));
      check(await page.locator('.row-field.on').getAttribute('data-state') === 'incomplete', 'not wrong while it is typed');
      await page.keyboard.type(nir[14] === '9' ? '8' : '9');
      check(await page.locator('.row-field.on').getAttribute('data-state') === 'invalid', 'the key is checked');
      check((await text(page, '.row-field.on .hint')).includes('Clé'), 'the key is said');
      await shot('codage-cle-fausse');
      await page.keyboard.press('Backspace');
      await page.keyboard.type(nir[14]);
      check(await page.locator('.row-field.on').getAttribute('data-state') === 'valid', 'the right key');
      check((await page.locator('input[id^="champ-1/nir"]').inputValue()).split(' ').length === 7, 'grouped as it is printed');
      await page.keyboard.press('Enter');
      await waitNext(page, pli);
      const [field] = (await settled(api, pli)).documents[0].fields;
      check(field.state === 'keyed' && field.value === nir && !field.keep_despite_check, JSON.stringify(field));
    },
  },
  {
    name: 'keying: a value whose check fails is warned once, kept at the second Enter',
    run: async (tools) => {
      const { page, api } = tools;
      keep(api, 'nir');
      await openKeying(tools);
      await focusOn(page, 'input[id^="champ-1/nir"]');
      const pli = await currentPli(page);
      await page.keyboard.press('Enter');
      await page.locator('.row-field.on .hint', { hasText: 'Entrée encore' }).waitFor();
      check(await currentPli(page) === pli, 'it does not pass at once');
      await page.keyboard.press('Enter');
      await waitNext(page, pli);
      const [field] = (await settled(api, pli)).documents[0].fields;
      check(field.keep_despite_check === true, JSON.stringify(field));
    },
  },
  {
    name: 'keying: illegible, absent, back; an empty field asks twice; Esc gives the read value back',
    run: async (tools) => {
      const { page, api } = tools;
      keep(api, 'nir', 'struck');
      await openKeying(tools);
      const field = 'input[id^="champ-1/nir"]';
      await focusOn(page, field);
      const read = await page.locator(field).inputValue();
      await page.keyboard.press('F4');
      await page.locator('[data-state="illegible"]').waitFor();
      await page.keyboard.press('F4');
      await page.locator('[data-state="absent"]').waitFor();
      await page.keyboard.press('F4');
      check(await page.locator(field).inputValue() === read, 'back to what was read');
      await page.keyboard.type('1');
      await page.keyboard.press('Escape');
      check(await page.locator(field).inputValue() === read, 'Esc restores');
      await page.keyboard.press('F4');
      const first = await currentPli(page);
      await page.keyboard.press('Enter');
      await waitNext(page, first);
      check((await settled(api, first)).documents[0].fields[0].state === 'illegible', 'illegible was sent');
      const second = await currentPli(page);
      check(caseOf(api, second).pli.lesson === 'struck', 'the next one is struck out');
      await page.keyboard.press('Enter');
      await page.locator('.row-field.on .hint', { hasText: 'Vide' }).waitFor();
      await page.keyboard.press('Enter');
      await waitNext(page, second);
      check((await settled(api, second)).documents[0].fields[0].state === 'illegible', 'a second Enter says illegible');
    },
  },
  {
    name: 'keying: a type by its letters, an unknown one is never validated',
    run: async (tools) => {
      const { page, api, shot, accessible } = tools;
      keep(api, 'letter');
      await openKeying(tools);
      await focusOn(page, '#type-1');
      const pli = await currentPli(page);
      await page.keyboard.press('Enter');
      await page.locator('.type .hint', { hasText: 'Un type est nécessaire' }).waitFor();
      await page.keyboard.type('re');
      await page.locator('[role=option]').first().waitFor();
      await page.keyboard.press('ArrowDown');
      await shot('codage-type');
      await accessible('the list of types');
      await page.keyboard.press('Escape');
      await page.keyboard.type('recl');
      await page.keyboard.press('Enter');
      await focusOn(page, 'input[id^="champ-1/nir"]');
      await page.keyboard.type(caseOf(api, pli).pli.truth[0].fields.nir);
      await page.keyboard.press('Enter');
      await waitNext(page, pli);
      check((await settled(api, pli)).documents[0].type === 'RECLAMATION', 'the type that was chosen');
    },
  },
  {
    name: 'keying: twenty plis of every lesson by keyboard alone, all right, keys and times printed',
    run: async (tools) => {
      const { page, api, note } = tools;
      await openKeying(tools);
      const papers = deskPapers(api), by = {};
      for (let i = 0; i < 20; i += 1) {
        const paper = await papers.paper(page);
        (by[paper.lesson] ??= []).push((await keyOne(page, paper)).keys);
      }
      const wrong = await papers.mistakes();
      check(wrong.length === 0, wrong.join('; '));
      note(`keys per pli: ${Object.entries(by).map(([lesson, keys]) => `${lesson} ${Math.max(...keys)}`).join(', ')}`);
      papers.judge(by);
      const times = await page.evaluate(() => performance.getEntriesByName('pleiade:suivant').length);
      check(times >= 19, `${times} times were measured`);
    },
  },
  {
    name: 'keying: pages are cut, joined, moved, turned and thrown out from the image',
    run: async (tools) => {
      const { page, api, shot, accessible } = tools;
      keep(api, 'cut');
      await openKeying(tools);
      await focusOn(page, '#type-1');
      const pli = await currentPli(page);
      await page.keyboard.press('F2');
      check(await page.evaluate(() => document.activeElement.classList.contains('stage')), 'F2 goes to the image');
      await page.keyboard.press('PageDown');
      await page.keyboard.press('c');
      await focusOn(page, '[id="type--1"]');
      await page.locator('.strip .group').nth(1).waitFor();
      await page.waitForTimeout(500);
      await shot('codage-decoupe');
      await accessible('a cut pli');
      await page.keyboard.press('F2');
      await page.keyboard.press('f');
      await page.waitForFunction(() => document.querySelectorAll('.strip .look0, .strip .look1').length === 1);
      await page.locator('.stage').focus();
      await page.keyboard.press('r');
      await page.keyboard.press('Shift+ArrowLeft');
      await page.keyboard.press('b');
      await page.waitForFunction(() => document.querySelector('.strip').innerText.includes('blanche'));
      await page.keyboard.press('b');
      await page.keyboard.press('Escape');
      await focusOn(page, '#type-1');
      await page.keyboard.press('Enter');
      await waitNext(page, pli);
      const done = await settled(api, pli);
      check(done.documents.length === 1 && done.documents[0].pages.length === 2, JSON.stringify(done));
      check(done.pages.some((one) => one.page === 2 && one.rotation === 90), 'the rotation is recorded');
    },
  },
  {
    name: 'keying: a rectangle drawn on the image is read into the field, by keyboard and by mouse',
    run: async (tools) => {
      const { page, api, shot } = tools;
      keep(api, 'nir');
      await openKeying(tools);
      const field = 'input[id^="champ-1/nir"]';
      await focusOn(page, field);
      const nir = caseOf(api, await currentPli(page)).pli.truth[0].fields.nir;
      await page.keyboard.press('F2');
      await page.keyboard.press('o');
      await page.locator('.drawing').waitFor();
      await page.keyboard.press('ArrowUp');
      await page.keyboard.press('Shift+ArrowDown');
      await shot('codage-rectangle');
      await page.keyboard.press('Enter');
      await page.waitForFunction(([selector, wanted]) => document.querySelector(selector).value.replace(/ /g, '') === wanted, [field, nir]);
      await page.keyboard.press('Escape');
      await focusOn(page, field);
      await page.keyboard.press('Escape');
      const box = await page.locator('.zone.on').boundingBox();
      await page.mouse.move(box.x - 4, box.y - 4);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width + 4, box.y + box.height + 4, { steps: 4 });
      await page.mouse.up();
      await page.waitForFunction(([selector, wanted]) => document.querySelector(selector).value.replace(/ /g, '') === wanted, [field, nir]);
    },
  },
  {
    name: 'keying: F9 reopens the last pli with nothing lost; once a service has it, a recall is asked',
    run: async (tools) => {
      const { page, api, shot } = tools;
      keep(api, 'confirm', 'nir');
      await openKeying(tools);
      const first = await currentPli(page);
      await keyNext(page, api);
      const second = await currentPli(page);
      await settled(api, first);
      await page.keyboard.press('F9');
      await page.waitForFunction((wanted) => document.querySelector('.pli b')?.innerText === wanted, first);
      check(caseOf(api, first).state === 'KEYING', 'the pli is ours again');
      await keyNext(page, api);
      check(await currentPli(page) === second, 'then what was being keyed comes back');
      await settled(api, first);
      caseOf(api, first).state = 'TAKEN';
      await page.keyboard.press('F9');
      await page.locator('form.banner').waitFor();
      await page.locator('form.banner input').focus();
      await page.keyboard.type('mauvais type');
      await shot('codage-rappel');
      let asked = '';
      api.faults.refuse = (method, path) => {
        if (!path.endsWith(':recall')) return null;
        asked = path;
        return new api.modules.DeskProblem(409, 'RECALL_ASKED', 'Déjà demandé', 'Un rappel attend déjà sa réponse.');
      };
      await page.keyboard.press('Enter');
      await page.locator('#avis', { hasText: 'attend déjà' }).waitFor();
      check(asked.includes(caseOf(api, first).pli.id), 'the recall names the document');
      api.faults.refuse = null;
    },
  },
  {
    name: 'keying: F8 and a digit hold with a reason; a note, a colleague; nothing moves when renounced',
    run: async (tools) => {
      const { page, api, shot, accessible } = tools;
      keep(api, 'confirm', 'nir', 'date');
      await openKeying(tools);
      const first = await currentPli(page);
      await page.keyboard.press('F8');
      await page.locator('dialog[open]').waitFor();
      await shot('codage-attente');
      await accessible('the reasons');
      await page.keyboard.press('Escape');
      check(await currentPli(page) === first, 'nothing moved');
      await page.keyboard.press('F8');
      await pressPhysical(page, 'é', 'Digit2');
      await waitNext(page, first);
      check(caseOf(api, first).state === 'HELD' && caseOf(api, first).reason === 'NEEDS_ADVICE', 'held');
      const second = await currentPli(page);
      await page.keyboard.press('F8');
      await page.keyboard.press('Digit5');
      await page.locator('dialog input').waitFor();
      await page.keyboard.press('Enter');
      await page.locator('dialog .bad', { hasText: 'Dites pourquoi' }).waitFor();
      await page.locator('dialog input').focus();
      await page.keyboard.type('papier déchiré');
      await page.keyboard.press('Enter');
      await waitNext(page, second);
      check(caseOf(api, second).reason === 'OTHER', 'other');
      const third = await currentPli(page);
      await page.keyboard.press('F8');
      await page.keyboard.press('Digit6');
      await page.locator('dialog input').first().waitFor();
      await page.keyboard.type('poste-13');
      await page.keyboard.press('Enter');
      await waitNext(page, third);
      check(caseOf(api, third).sentTo === 'poste-13', 'sent to a colleague');
    },
  },
  {
    share: true,
    name: 'keying: a lost lease keeps the draft, says who has it, and gives it back',
    run: async (tools) => {
      const { page, api, shot, accessible } = tools;
      keep(api, 'nir');
      await openKeying(tools);
      const field = 'input[id^="champ-1/nir"]';
      await focusOn(page, field);
      const pli = await currentPli(page), one = caseOf(api, pli), nir = one.pli.truth[0].fields.nir;
      await page.keyboard.type(nir);
      await page.keyboard.press('F2');
      await page.waitForFunction(() => document.querySelector('#enregistre').innerText.startsWith('enregistré'));
      check(Object.values(one.draft).some((value) => value.includes(nir.slice(-5, -2))), 'the draft is with the hub');
      one.by = 'poste-99';
      one.fence += 100;
      await page.keyboard.press('F2');
      await page.keyboard.press('End');
      await page.keyboard.press('Backspace');
      await page.keyboard.type(nir.at(-1));
      await page.keyboard.press('F2');
      await page.locator('#bail-perdu').waitFor();
      check((await text(page, '#bail-perdu')).includes('autre poste'), 'who has it is said');
      check((await page.locator(field).inputValue()).replace(/ /g, '') === nir, 'what was keyed is still shown');
      await shot('codage-bail-perdu');
      await accessible('a lost lease');
      one.until = 0;
      await page.locator('#bail-perdu button').first().focus();
      await page.keyboard.press('Enter');
      await page.locator('#bail-perdu').waitFor({ state: 'detached' });
      check((await page.locator(field).inputValue()).replace(/ /g, '') === nir, 'the draft came back');
      await focusOn(page, field);
      await page.keyboard.press('Enter');
      await waitNext(page, pli);
      await settled(api, pli);
    },
  },
  {
    name: 'keying: a reload loses nothing',
    run: async (tools) => {
      const { page, api } = tools;
      keep(api, 'nir');
      await openKeying(tools);
      const field = 'input[id^="champ-1/nir"]';
      await focusOn(page, field);
      const pli = await currentPli(page), nir = caseOf(api, pli).pli.truth[0].fields.nir;
      await page.keyboard.type(nir);
      await page.keyboard.press('F2');
      await page.waitForFunction(() => document.querySelector('#enregistre').innerText.startsWith('enregistré'));
      await page.reload();
      await page.locator('.viewer canvas').waitFor();
      check(await currentPli(page) === pli, 'the draft comes first');
      check((await page.locator(field).inputValue()).replace(/ /g, '') === nir, 'with what was keyed');
    },
  },
  {
    share: true,
    name: 'keying: a cut network: keying goes on, and everything arrives when it is back',
    run: async (tools) => {
      const { page, api, context, shot } = tools;
      keep(api, 'nir', 'confirm');
      await openKeying(tools);
      await focusOn(page, 'input[id^="champ-1/nir"], #type-1');
      await page.waitForFunction(() => document.querySelector('.figures').innerText.includes('2 suivants'));
      const first = await currentPli(page);
      await page.waitForTimeout(600);
      await context.setOffline(true);
      await keyNext(page, api);
      const second = await currentPli(page);
      await page.locator('#hors-connexion').waitFor();
      await shot('codage-hors-connexion');
      await keyNext(page, api);
      check(caseOf(api, first).validated === null && caseOf(api, second).validated === null, 'nothing has left');
      await context.setOffline(false);
      await settled(api, first);
      await settled(api, second);
      await page.locator('#hors-connexion').waitFor({ state: 'detached' });
      check(mistakes(caseOf(api, first)).length === 0, 'as it was keyed');
    },
  },
  {
    name: 'keying: what the hub refuses comes back next, with the reason beside the field',
    run: async (tools) => {
      const { page, api } = tools;
      keep(api, 'nir', 'confirm');
      await openKeying(tools);
      const first = await currentPli(page);
      let refused = 0;
      api.faults.refuse = (method, path) => {
        if (!path.endsWith(':validate') || refused > 0) return null;
        refused += 1;
        return new api.modules.DeskProblem(422, 'KEYED_CHECK_FAILED', 'Saisie refusée', 'NIR : inconnu du référentiel.', [{ pointer: '/documents/0/fields/0', detail: 'NIR : inconnu du référentiel.' }]);
      };
      await keyNext(page, api);
      await page.locator('#avis', { hasText: 'est revenu' }).waitFor();
      await keyNext(page, api);
      await page.waitForFunction((wanted) => document.querySelector('.pli b')?.innerText === wanted, first);
      check((await text(page, '.row-field.on .hint')).includes('inconnu du référentiel'), 'the reason stands beside the field');
      await keyNext(page, api);
      await settled(api, first);
    },
  },
  {
    share: true,
    name: 'keying: two keyers never get the same pli; without habilitation, no medical one',
    run: async (tools) => {
      const { page, api, browser, url } = tools;
      await openKeying(tools);
      const other = await (await browser.newContext({ locale: 'fr-FR' })).newPage();
      await openKeying({ page: other, url }, { by: 'poste-13', medical: false });
      const held = [...api.desk.cases.values()].filter((one) => one.state === 'KEYING');
      check(held.filter((one) => one.by === 'poste-12').length === 3 && held.filter((one) => one.by === 'poste-13').length === 3, 'three each');
      check(held.filter((one) => one.by === 'poste-13').every((one) => one.pli.secrecy === 'normal'), 'no medical pli without habilitation');
      check(await currentPli(page) !== await currentPli(other), 'not the same');
      await other.context().close();
    },
  },
  {
    name: 'keying: an empty queue, a failure, an image that does not come, a pause',
    run: async (tools) => {
      const { page, api, shot, accessible } = tools;
      api.faults.imagesFail = true;
      await openKeying(tools).catch(() => {});
      await page.locator('.viewer [role=alert]').waitFor();
      check((await text(page, '.viewer [role=alert]')).includes('F8 pour mettre de côté'), 'never a dead station');
      await shot('codage-image-absente');
      await accessible('an image that does not come');
      api.faults.imagesFail = false;
      await page.locator('.viewer [role=alert] button').focus();
      await page.keyboard.press('Enter');
      await page.locator('.viewer canvas').waitFor();
      await page.locator('button', { hasText: 'Pause' }).focus();
      await page.keyboard.press('Enter');
      await page.locator('#pause').waitFor();
      check(await page.locator('.viewer').count() === 0, 'nothing is shown');
      for (let i = 0; i < 40 && [...api.desk.cases.values()].some((one) => one.state === 'KEYING'); i += 1) await page.waitForTimeout(50);
      check([...api.desk.cases.values()].every((one) => one.state !== 'KEYING'), 'everything was given back');
      await page.keyboard.press('Enter');
      await page.locator('.viewer canvas').waitFor();
      await page.locator('button', { hasText: 'Pause' }).focus();
      await page.keyboard.press('Enter');
      for (const one of api.desk.cases.values()) one.state = 'QUEUED';
      await page.locator('#pause').waitFor();
      await page.keyboard.press('Enter');
      await page.locator('#vide').waitFor();
      await shot('codage-vide');
      await accessible('an empty queue');
      api.faults.away = true;
      await page.reload();
      await page.locator('.failure').waitFor();
      await accessible('a failure of the station');
    },
  },
  {
    name: 'keying: dark, and at 200 %',
    settings: { colorScheme: 'dark' },
    run: async (tools) => {
      const { page, shot, accessible } = tools;
      await openKeying(tools);
      await page.waitForTimeout(600);
      await shot('codage-sombre');
      await accessible('keying, dark');
      await page.setViewportSize({ width: 640, height: 400 });
      check(await sideways(page) <= 0, `keying scrolls sideways by ${await sideways(page)} px`);
      await shot('codage-200');
      await accessible('keying at 200 %');
    },
  },
];
