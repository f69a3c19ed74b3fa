// Somebody at the keying station who reads the paper: knows what stands there, types what differs, accepts what does not.
import { bundle } from './fake_api/modules.mjs';
import { loadReference } from './fake_api/reference.mjs';
import { active, check, focusOn } from './tools.mjs';

const { choices } = await bundle("export { choices } from './keying/types';");
const reference = await loadReference();

const bare = (value) => value.replace(/[\s/]/g, '');
const dateText = (value) => (/^\d{4}-/.test(value) ? value.split('-').reverse().join('') : value);
export const currentPli = (page) => page.locator('.pli b').first().innerText();
// A pli by its lot too: the next one may have the same number in another lot.
const currentJob = (page) => page.evaluate(() => [document.querySelector('.pli b'), document.querySelector('.pli .muted')].map((one) => one?.innerText ?? '').join(' '));
export const headless = (page) => ({ press: (key) => page.keyboard.press(key), type: (text) => page.keyboard.type(text) });

// The fewest letters that put this type first in the list: of its code, or a beginning of each of its parts.
const letters = new Map();
export function lettersOf(code) {
  if (!letters.has(code)) {
    const parts = code.toLowerCase().split('_'), tried = [];
    for (let length = 2; length <= code.length; length += 1) tried.push(code.toLowerCase().slice(0, length));
    for (let length = 1; length < 5; length += 1) tried.push(parts.map((part, i) => (i === parts.length - 1 ? part.slice(0, length) : part[0])).join(''));
    letters.set(code, tried.sort((a, b) => a.length - b.length).find((text) => choices(reference.types, text)[0]?.code === code) ?? code.toLowerCase());
  }
  return letters.get(code);
}

// Keys the pli on the screen until it is validated. `paper`: { lesson, truthOf(document number) → { type, fields } }.
// Returns how many keys it took, and `spent`: what for.
export async function keyOne(page, paper, hands = headless(page)) {
  const pli = await currentJob(page);
  let keys = 0, from = 0;
  const spent = [];
  const press = async (key) => { keys += 1; await hands.press(key); };
  const type = async (text) => { keys += text.length; await hands.type(text); };
  if (paper.lesson === 'cut') { await press('F2'); await press('PageDown'); await press('c'); await focusOn(page, '[role=combobox]'); }
  for (let step = 0; step < 40; step += 1) {
    const id = await active(page);
    const at = /^champ-(-?\d+)\/(\w+)\/(\d+)/.exec(id), ofType = /^(?:type|caisse)-(-?\d+)/.exec(id);
    from = keys;
    let did = 'accepted';
    const truth = paper.truthOf(Number((at ?? ofType)?.[1]));
    if (id.startsWith('type-')) {
      const shown = await page.locator(`[id="${id}"]`).getAttribute('placeholder');
      if (shown !== truth.type) { did = 'typed'; await type(lettersOf(truth.type)); }
    } else if (id.startsWith('caisse-')) {
      if (await page.locator(`[id="${id}"]`).inputValue() === '') { did = 'typed'; await type(truth.caisse ?? '595'); }
    } else if (at) {
      const value = [truth.fields[at[2]] ?? []].flat()[Number(at[3])] ?? '', now = await page.locator(`[id="${id}"]`).inputValue();
      if (value === '') { did = 'absent'; await press('F4'); }
      else if (bare(now) !== dateText(value)) { did = now === '' ? 'typed' : 'corrected'; await type(dateText(value)); }
    } else throw new Error(`the focus is on ${id || 'nothing'}`);
    const moved = (was) => page.waitForFunction(([before, field, shown, said]) => [document.querySelector('.pli b'), document.querySelector('.pli .muted')].map((one) => one?.innerText ?? '').join(' ') !== before || document.activeElement?.id !== field
      || document.activeElement?.value !== shown || document.getElementById(`${field}-dit`)?.innerText !== said, was, { timeout: 20_000 }).catch(() => null);
    const before = await page.evaluate(([name, field]) => [name, field, document.activeElement?.value, document.getElementById(`${field}-dit`)?.innerText], [pli, id]);
    await press('Enter');
    spent.push({ what: at ? at[2] : id.split('-')[0], did, keys: keys - from });
    check(await moved(before), `Enter does nothing on ${id} of pli ${pli} (${paper.lesson ?? ''})`);
    if (await currentJob(page) !== pli) return { keys, spent };
  }
  throw new Error(`pli ${pli} does not end`);
}
