// What a person does, with the keyboard alone unless a scenario says otherwise.
export const check = (truth, what) => { if (!truth) throw new Error(what); };
export const text = (page, selector) => page.locator(selector).first().innerText();

// Presses Tab until `selector` has the focus, as somebody without a mouse does.
export async function tabTo(page, selector, most = 90) {
  for (let i = 0; i < most; i += 1) {
    if (await page.evaluate((s) => document.activeElement?.matches(s), selector)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`${selector} cannot be reached with Tab`);
}
export const focusVisible = (page) => page.evaluate(() => {
  const style = getComputedStyle(document.activeElement);
  return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
});
export const focusOn = (page, selector) => page.waitForFunction((s) => document.activeElement?.matches(s), selector);
export const sideways = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

// A key of AZERTY's top row, or of any layout: what it writes and where it is, told apart.
export async function pressPhysical(page, key, code) {
  const client = page.pleiadeClient ??= await page.context().newCDPSession(page);
  for (const type of ['keyDown', 'keyUp']) await client.send('Input.dispatchKeyEvent', { type, key, code, text: type === 'keyDown' && key.length === 1 ? key : undefined });
}

// This workstation: who keys, and what she may see. The fake API signs her in by that; a real gateway knows its own sessions.
export async function beAt(page, url, post = {}) {
  const one = { by: 'poste-12', medical: true, skills: [], caisses: [], types: [], ...post };
  await page.context().addCookies([{ name: 'fake-post', value: encodeURIComponent(JSON.stringify(one)), url }]);
  await page.goto(`${url}/web/icon.svg`);
  await page.evaluate((one) => localStorage.setItem('pleiade.poste', JSON.stringify(one)), one);
}
// At a real gateway.
export async function signIn(page, url, name, password) {
  const answer = await page.request.post(`${url}/api/v1/session`, { data: { name, password } });
  check(answer.ok(), `cannot sign in as ${name}: ${await answer.text()}`);
  return (await answer.json()).csrf;
}
export async function openKeying(tools, post) {
  await beAt(tools.page, tools.url, post);
  await tools.page.goto(`${tools.url}/#/codage`);
  await tools.page.locator('.viewer canvas').waitFor();
}
export const active = (page) => page.evaluate(() => document.activeElement?.id ?? '');
