// Each screen as its user walks it, on a running system that has read and routed invented mail. What this system does not serve yet
// is said, not passed over.
import { beAt, check, focusVisible, tabTo, text } from './tools.mjs';

// Of the whole system: an agent is told of her own services only.
const status = async ({ page, url, headers }) => (await page.request.get(`${url}/api/v1/status`, { headers })).json();
const story = async ({ page, url, headers }, pli) => (await page.request.get(`${url}/api/v1/plis/${pli}/story?limit=200`, { headers })).json();
const digits = (words) => Number(words.replace(/\D/g, ''));

export const systemScenarios = [
  {
    name: 'system: the wall says what the system counts, and nothing is lost',
    run: async (tools) => {
      const { page, url, shot, accessible } = tools;
      await page.goto(url);
      await page.locator('.live[data-state="on"]').waitFor();
      const counted = await status(tools);
      check(digits(await text(page, '#etape-recus .figure')) === counted.plis.received, 'received');
      check(digits(await text(page, '#etape-files .figure')) === counted.documents.queued, 'queued');
      check(digits(await text(page, '#etape-coder .figure')) >= counted.documents.to_key, 'to key');
      for (const id of ['plis', 'documents', 'pages']) check((await text(page, `#equation-${id} .difference`)).includes('écart 0'), `the equation of ${id}`);
      check(await page.locator('tbody tr').count() === counted.queues.filter((one) => one.depth > 0 || one.taken > 0).length || counted.queues.length > 0, 'a line for each queue');
      await shot('systeme-pilotage');
      await accessible('the wall of a running system');
    },
  },
  {
    name: 'system: from a queue to a document with its image and boxes, by keyboard alone',
    run: async (tools) => {
      const { page, url, shot, accessible } = tools;
      await page.goto(url);
      await page.locator('tbody th a').first().waitFor();
      await tabTo(page, 'tbody th a');
      check(await focusVisible(page), 'the focus is seen');
      await page.keyboard.press('Enter');
      await page.locator('#details li a').first().waitFor();
      await tabTo(page, '#details li a');
      await page.keyboard.press('Enter');
      await page.locator('.viewer canvas').waitFor();
      check(await page.evaluate(() => document.querySelector('.viewer canvas').width) > 500, 'a page of a readable size');
      await tabTo(page, '.fields button, .reasons button, .panel a');
      await shot('systeme-document');
      await accessible('a document of a running system');
    },
  },
  {
    name: 'system: a service takes a document and acknowledges it, by keyboard alone',
    as: 'agent',
    run: async (tools) => {
      const { page, url, accessible } = tools;
      await beAt(page, url);
      await page.goto(`${url}/#/corbeilles`);
      await page.locator('tbody th a').first().waitFor();
      await tabTo(page, 'tbody th a');
      await page.keyboard.press('Enter');
      await page.locator('.list li a').first().waitFor();
      await tabTo(page, '#prendre-suivant');
      await page.keyboard.press('Enter');
      await page.locator('#acquitter').waitFor();
      await page.locator('.viewer canvas').waitFor();
      await accessible('an inbox of a running system');
      await tabTo(page, '#acquitter');
      const answered = page.waitForResponse((response) => response.url().endsWith(':acknowledge'));
      await page.keyboard.press('Enter');
      const answer = await answered;
      check(answer.status() === 200, `the receipt is confirmed: ${answer.status()}`);
      // In the journal, once; the document itself goes on where another service has it too.
      const document = answer.url().match(/documents\/(.+):acknowledge$/)[1];
      const { events } = await story(tools, document.split('-')[0]);
      const closed = events.filter((one) => one.kind === 'delivery.closed' && one.document_id === document);
      check(closed.length === 1, `one delivery of it is closed: ${closed.length}`);
    },
  },
  {
    name: 'system: a lot is found again, and its pli tells its story',
    needs: 'search',
    run: async (tools) => {
      const { page, url, truth, accessible } = tools;
      await beAt(page, url);
      await page.goto(`${url}/#/recherche`);
      await page.locator('#q').focus();
      await page.keyboard.type([...truth.values()][0].lot);
      await page.keyboard.press('Enter');
      await page.locator('tbody th a').first().waitFor();
      await accessible('results of a running system');
      await page.keyboard.press('Enter');
      await page.locator('.panel h1', { hasText: 'Pli' }).waitFor();
      await page.locator('.viewer canvas').waitFor();
      await accessible('a pli of a running system');
    },
  },
  {
    name: 'system: the keying station shows a real doubt with its image',
    needs: 'keying',
    run: async (tools) => {
      const { page, url, shot, accessible } = tools;
      await beAt(page, url);
      await page.goto(`${url}/#/codage`);
      await page.locator('.viewer canvas').waitFor();
      check(await page.evaluate(() => /^(type|champ|caisse)-/.test(document.activeElement.id)), 'the focus is on the doubt');
      await shot('systeme-codage');
      await accessible('the station of a running system');
    },
  },
];
