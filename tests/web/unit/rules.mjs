// What screens compute: forecasts, cuts, keys, types, geometry.
import { bundle } from '../fake_api/modules.mjs';
import { loadReference } from '../fake_api/reference.mjs';
import { check } from '../tools.mjs';

const m = await bundle("export * from './wall/model'; export * as cut from './keying/cut'; export { choices } from './keying/types'; export { keyName, keyLabel } from './keys/key'; export * as acts from './keys/actions'; export * as geo from './page/geometry';");
const reference = await loadReference();
const same = (a, b, what = '') => check(JSON.stringify(a) === JSON.stringify(b), `${what} ${JSON.stringify(a)} is not ${JSON.stringify(b)}`);
const at = Date.UTC(2026, 10, 20, 12);
const queue = (more) => ({ caisse: '595', service: 'IJ', priority: 'P1', depth: 60, in_last_minutes: 10, out_last_minutes: 30, next_due: new Date(at + 3_600_000).toISOString(), ...more });
const key = (name, code, more = {}) => m.keyName({ key: name, code, ctrlKey: false, altKey: false, metaKey: false, shiftKey: false, ...more });
const pli = () => ({ pieces: [{ number: 1, pages: [1, 2, 3] }, { number: 2, pages: [4] }], sheets: [1, 2, 3, 4, 5].map((page) => ({ page, kind: page === 5 ? 'blank' : 'document', rotation: 0, editable: true })) });

export default {
  'a queue that empties in time, too late, never, or does not move': () => {
    const good = m.forecastOf(queue(), at);
    check(good.kind === 'at' && good.at === at + 30 * 60_000 && !good.misses && good.needed === 0, JSON.stringify(good));
    const late = m.forecastOf(queue({ depth: 240 }), at);
    check(late.kind === 'at' && late.misses && late.needed === 4, JSON.stringify(late));
    same(m.forecastOf(queue({ in_last_minutes: 30 }), at).kind, 'never');
    same(m.forecastOf(queue({ out_last_minutes: 0 }), at).kind, 'idle');
    same(m.forecastOf(queue({ depth: 0 }), at).kind, 'empty');
  },
  'the first to break comes first, and lines keep their place until the viewer asks': () => {
    const rows = [queue({ service: 'A', next_due: new Date(at + 9e6).toISOString() }), queue({ service: 'B' }), queue({ service: 'C', depth: 0 })].map((one) => m.rowOf(one, at));
    same(m.sorted(rows, 'echeance', false).map((row) => row.queue.service), ['B', 'A', 'C']);
    same(m.keepOrder(['595/A/P1', '595/Z/P1', '595/B/P1'], rows).map((row) => row.queue.service), ['A', 'B', 'C']);
  },
  'what a service took in time: of the day of receipt, of the next one; nothing taken says nothing': () => {
    same(m.punctualityOf({ taken: 200, taken_on_time: 190, taken_day0: 150, taken_day1: 198 }), { taken: 200, onTime: 95, day0: 75, day1: 99 });
    check(m.punctualityOf({ taken: 0 }) === null && m.punctualityOf(undefined) === null, 'no share of nothing');
  },
  'the keying empties with the people present, and says what two more would change': () => {
    const past = { from: '', bucket_minutes: 10, buckets: 5, flows: { to_key: [9, 20, 20, 20, 20] }, stocks: { to_key: [400, 380, 360, 340, 310], keying: [6, 6, 6, 6, 6] }, queues: [] };
    same(m.arrivingPerMinute(past), 2);
    same(m.keyedPerMinute(past), (60 - (316 - 386)) / 30, 'what came, and what the stock lost');
    check(m.keyedPerMinute({ ...past, buckets: 1 }) === null, 'not measured yet');
    const stock = { waiting: 300, people: 4, next_due: new Date(at + 100 * 60_000).toISOString() };
    check(!m.keyingForecast(stock, 6, 2, at).misses, '75 minutes is in time');
    const late = m.keyingForecast(stock, 4, 2, at);
    check(late.misses && late.text.includes('à 6, vers'), late.text);
    check(m.keyingForecast({ ...stock, people: 0 }, 4, 2, at).misses, 'nobody there');
    same(m.keyingForecast({ ...stock, waiting: 0 }, 4, 2, at).text, 'rien à coder');
  },
  'delays: the most numerous types first, of one end, as filtered': () => {
    const delays = [['A', 'queued', 3], ['B', 'queued', 9], ['B', 'closed', 4], ['C', 'queued', 5]].map(([type, until, count]) => ({ type, until, count, decile_seconds: [] }));
    same(m.delayRows(delays, 'queued', (type) => type !== 'C').map((row) => row.type), ['B', 'A']);
  },
  'sums leave out what is zero': () => same(m.sumText({ total: 5, word: 'reçus', terms: [['enregistrés', 5], ['rejetés', 0]], difference: 0 }), '5 reçus = 5 enregistrés'),
  'a cut: split, merge back, move over an edge': () => {
    const one = m.cut.split(pli(), 2);
    same(one.cut.pieces, [{ number: 1, pages: [1] }, { number: -1, pages: [2, 3] }, { number: 2, pages: [4] }]);
    check(m.cut.split(pli(), 1) === null && m.cut.split(pli(), 5) === null, 'a first page and a blank cannot be split at');
    same(m.cut.merge(one.cut, 3).cut.pieces, pli().pieces);
    check(m.cut.merge(pli(), 1) === null, 'nothing before');
    same(m.cut.move(pli(), 3, 1).pieces, [{ number: 1, pages: [1, 2] }, { number: 2, pages: [3, 4] }]);
    same(m.cut.move(pli(), 2, -1).pieces[0].pages, [2, 1, 3]);
    same(m.cut.move(pli(), 4, -1).pieces, [{ number: 1, pages: [1, 2, 3, 4] }], 'an emptied document is gone');
    check(m.cut.move(pli(), 1, -1) === null, 'already the first');
  },
  'a cut: blanks leave, come back; the last page of a lease stays': () => {
    const out = m.cut.setKind(pli(), 2, 'blank');
    same(out.pieces[0].pages, [1, 3]);
    same(m.cut.setKind(out, 2, 'document').pieces[0].pages, [1, 2, 3]);
    same(m.cut.setKind(pli(), 5, 'document').pieces[1].pages, [4, 5]);
    check(m.cut.setKind({ pieces: [{ number: 1, pages: [1] }], sheets: [{ page: 1, kind: 'document', rotation: 0, editable: true }] }, 1, 'blank') === null, 'the last page');
    const foreign = pli();
    foreign.sheets[1].editable = false;
    check(m.cut.split(foreign, 2) === null && m.cut.setKind(foreign, 2, 'blank') === null && m.cut.rotate(foreign, 2) === null, 'a page of another lease');
    same(m.cut.rotate(pli(), 2).sheets[1].rotation, 90);
  },
  'a cut never loses a page, whatever is done in whatever order': () => {
    let seed = 7;
    const random = (below) => { seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648; return seed % below; };
    for (let round = 0; round < 400; round += 1) {
      let now = pli();
      for (let i = 0; i < 12; i += 1) {
        const page = 1 + random(5);
        const next = [m.cut.split(now, page)?.cut, m.cut.merge(now, page)?.cut, m.cut.move(now, page, 1), m.cut.move(now, page, -1), m.cut.setKind(now, page, 'blank'), m.cut.setKind(now, page, 'document')][random(6)];
        now = next ?? now;
        const placed = now.pieces.flatMap((piece) => piece.pages).sort();
        same(placed, now.sheets.filter((sheet) => sheet.kind === 'document').map((sheet) => sheet.page).sort(), `seed round ${round}`);
        check(new Set(now.pieces.map((piece) => piece.number)).size === now.pieces.length && now.pieces.every((piece) => piece.pages.length > 0), 'numbers');
      }
    }
  },
  'keys have the same name on AZERTY and QWERTY': () => {
    same(key('&', 'Digit1'), '1');
    same(key('1', 'Digit1', { shiftKey: true }), '1');
    same(key('q', 'KeyA'), 'Q');
    same(key('Enter', 'NumpadEnter'), 'Enter');
    same(key('+', 'NumpadAdd'), 'Num +');
    same(key('Enter', 'Enter', { shiftKey: true }), 'Shift+Enter');
    same(key('?', 'Comma', { shiftKey: true }), '?');
    same(key('R', 'KeyR', { shiftKey: true }), 'Shift+R');
    same(m.keyLabel('Shift+Enter'), 'Maj+Entrée');
    same(m.keyLabel('Num +'), 'Num +');
    same(m.keyLabel('+'), '+');
  },
  'the keys out of the box do not collide, and none is the browser\'s': () => {
    for (const one of m.acts.actions) {
      for (const name of one.keys) {
        if (!one.fixed) check(m.acts.reserved(name) === null, `${one.id} ${name} is reserved`);
        if (m.acts.printable(name)) check(!['partout', 'codage'].includes(one.context), `${one.id} ${name} would write`);
        for (const other of m.acts.actions) {
          if (other !== one && m.acts.meets(other.context, one.context)) check(!other.keys.includes(name), `${name} means ${one.id} and ${other.id}`);
        }
      }
    }
    for (const name of ['F5', 'F12', 'Ctrl+T', 'Ctrl+P', 'Alt+D', 'F1', 'Tab']) check(m.acts.reserved(name) !== null, name);
  },
  'a type is found by letters, number or words': () => {
    const first = (typed) => m.choices(reference.types, typed)[0]?.code;
    same(first('aat'), 'AAT');
    same(first('AA'), 'AAT');
    same(first('10170'), 'AAT');
    same(first('s3116'), 'AAT');
    same(first('rib'), 'RIB');
    same(first('recl'), 'RECLAMATION');
    same(first('arret'), 'AAT');
    same(first('asat'), 'ATT_SAL_AT');
    same(first('avis imp'), 'AVIS_IMPOT');
    same(first('zzz'), undefined);
    for (const code of Object.keys(reference.types)) same(first(code), code);
  },
  'a box is turned with its page, and back': () => {
    const box = [100, 200, 300, 50];
    for (const degrees of [0, 90, 180, 270]) same(m.geo.unturn(m.geo.turn(box, degrees, 1654, 2339), degrees, 1654, 2339), box, String(degrees));
    same(m.geo.turn(box, 90, 1654, 2339), [2339 - 250, 100, 50, 300]);
  },
};
