// What stands on the invented paper: for a keyer in a test, and to judge what was validated.
import { currentPli } from '../keyer.mjs';
import { check } from '../tools.mjs';

// What was validated, against the truth that was drawn.
export function mistakes({ pli: { pli, truth }, validated }) {
  if (validated === null) return [`pli ${pli} was not validated`];
  const wrong = [];
  for (const one of truth) {
    const document = validated.documents.find((d) => d.pages.includes(one.pages[0]));
    if (document?.type !== one.type || document.pages.join() !== one.pages.join()) wrong.push(`${pli} ${document?.type} for ${one.type}`);
    for (const field of document?.fields ?? []) if (field.state === 'keyed' && field.value !== one.fields[field.name]) wrong.push(`${pli} ${field.name} ${field.value}`);
  }
  return wrong;
}

export function deskPapers(api) {
  const keyed = [];
  const caseOf = (pli) => [...api.desk.cases.values()].find((one) => one.pli.pli === pli);
  return {
    async paper(page) {
      const one = caseOf(await currentPli(page)), { lesson, truth } = one.pli;
      keyed.push(one.pli.pli);
      return { lesson, truthOf: (number) => truth[lesson === 'cut' && number === -1 ? 1 : 0] };
    },
    judge(by) {
      check(Math.max(...by.confirm) <= 3, 'at most 3 keys when everything was read right');
      check(Math.max(...by['wrong-type']) <= 20, 'at most 20 keys to correct type and NIR');
    },
    // Waits for what is on its way.
    async mistakes() {
      for (const pli of keyed) for (let i = 0; i < 100 && caseOf(pli).validated === null; i += 1) await new Promise((done) => setTimeout(done, 50));
      return keyed.flatMap((pli) => mistakes(caseOf(pli)));
    },
  };
}
