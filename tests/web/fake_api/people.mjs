// Accounts and sessions of the fake API: one browser is signed in as the workstation says (tools.mjs, beAt) until a scenario decides
// otherwise. The rules are the gateway's: tests/unit/gateway holds those.
const screensOf = { supervisor: ['pilotage', 'recherche', 'anomalies'], keyer: ['pilotage', 'codage', 'recherche'], service_agent: ['pilotage', 'corbeilles'], scan_operator: ['pilotage', 'recherche', 'anomalies'], auditor: ['pilotage', 'journal'], technical_admin: ['pilotage', 'comptes'] };
const everything = ['pilotage', 'codage', 'recherche', 'corbeilles', 'anomalies', 'comptes', 'journal'];

export function freshPeople() {
  const account = (name, roles, more = {}) => ({ name, display_name: '', roles, skills: [], services: [], caisses: [], medical: false, state: 'ACTIVE', has_password: true, must_change_password: false, ...more });
  return {
    out: false, oidc: false, must: false, recent: true, idle: 900, me: null, password: 'Bon-mot-2026!', keys: [],
    accounts: [account('admin', ['technical_admin']), account('codeur', ['keyer'], { display_name: 'Jeanne', medical: true, caisses: ['595'] }), account('gdb', ['service_agent'], { services: ['595-GDB'] })],
  };
}

const postOf = (request) => {
  const cookie = /(?:^|; )fake-post=([^;]+)/.exec(request.headers.cookie ?? '');
  return cookie ? JSON.parse(decodeURIComponent(cookie[1])) : { by: 'poste-1', medical: true, skills: [], caisses: [] };
};

function sessionOf(people, request) {
  if (people.out) return { signed_in: false, oidc: people.oidc };
  const post = postOf(request), known = people.accounts.find((one) => one.name === people.me);
  const roles = known?.roles ?? ['supervisor', 'keyer'];
  return {
    signed_in: true, oidc: people.oidc, name: people.me ?? post.by, display_name: known?.display_name || (people.me ?? post.by), roles, screens: people.me ? roles.flatMap((role) => screensOf[role] ?? []) : everything,
    skills: post.skills ?? [], services: known?.services ?? [], caisses: [], medical: known ? known.medical : post.medical === true, must_change_password: people.must, method: 'password', csrf: 'jeton', idle_seconds: people.idle, absolute_seconds: 28_000, idle_limit_seconds: 900,
  };
}

// The answer; undefined when it is about something else. Throws `problem(status, code, title, detail)`.
export function answerPeople(people, request, url, body, problem) {
  const route = `${request.method} ${url.pathname.slice('/api/v1'.length)}`;
  if (route === 'GET /session') return sessionOf(people, request);
  if (route === 'POST /session') {
    if (body.password !== people.password) throw problem(401, 'LOGIN_REFUSED', 'Connexion refusée', 'Identifiant ou mot de passe incorrect, ou compte verrouillé pour un moment par trop d’essais.');
    Object.assign(people, { out: false, me: body.name, idle: 900 });
    return sessionOf(people, request);
  }
  if (people.out) throw problem(401, 'NOT_SIGNED_IN', 'Connexion nécessaire', 'Connectez-vous.');
  if (request.method !== 'GET' && request.headers['x-csrf-token'] !== 'jeton') throw problem(403, 'CSRF_INVALID', 'Demande étrangère à la session', 'Rechargez la page.');
  if (route === 'POST /session:renew') { people.idle = 900; return sessionOf(people, request); }
  if (route === 'POST /session:end') { people.out = true; return sessionOf(people, request); }
  if (route === 'POST /session:confirm') {
    if (body.password !== people.password) throw problem(403, 'PASSWORD_REFUSED', 'Mot de passe refusé', 'Ce n’est pas votre mot de passe.');
    people.recent = true;
    return sessionOf(people, request);
  }
  if (route === 'PUT /session/password') {
    if (body.current !== people.password) throw problem(403, 'PASSWORD_REFUSED', 'Mot de passe refusé', 'Ce n’est pas votre mot de passe actuel.');
    if (body.new.length < 12) throw problem(422, 'PASSWORD_WEAK', 'Mot de passe trop faible', 'Il faut au moins 12 caractères.');
    Object.assign(people, { password: body.new, must: false });
    return sessionOf(people, request);
  }
  if (route === 'GET /accounts') return { accounts: people.accounts };
  if (route === 'GET /keys') return { keys: people.keys.map(({ key, ...shown }) => shown) };
  if (route === 'GET /journal') {
    const after = Number(url.searchParams.get('after') ?? 0);
    return { events: Array.from({ length: Math.max(0, Math.min(100, 130 - after)) }, (_, i) => ({ seq: after + i + 1, at: '2026-11-20T10:00:00Z', kind: i % 3 === 0 ? 'page.seen' : 'session.opened', actor: 'codeur', ...(i % 3 === 0 ? { code: 'image' } : {}), detail: '1' })), last: 130 };
  }
  const about = /^(\w+) \/(accounts|keys)(?:\/([\w.-]+)(?::(\w+))?)?$/.exec(route);
  if (!about) return undefined;
  if (!people.recent) throw problem(403, 'REAUTHENTICATION_REQUIRED', 'Mot de passe à redonner', 'Redonnez votre mot de passe, puis recommencez.');
  const [, method, kind, name, verb] = about;
  if (kind === 'keys') {
    if (!name) { people.keys.push({ name: body.name, service: body.service, created_by: 'admin', created_at: '2026-11-20T10:00:00Z' }); return { ...people.keys.at(-1), key: 'cle-montree-une-fois' }; }
    const key = people.keys.find((one) => one.name === name);
    key.revoked_at = '2026-11-20T11:00:00Z';
    return key;
  }
  if (!name) {
    if (people.accounts.some((one) => one.name === body.name)) throw problem(409, 'ACCOUNT_EXISTS', 'Nom déjà employé', 'Ce nom a déjà servi.');
    people.accounts.push({ ...freshPeople().accounts[0], ...body });
    return { ...people.accounts.at(-1), one_time_password: 'abcde-fghjk-mnpqr' };
  }
  const account = people.accounts.find((one) => one.name === name);
  if (method === 'PUT') Object.assign(account, body);
  if (verb === 'state') account.state = body.state;
  return verb === 'password' ? { ...account, one_time_password: 'abcde-fghjk-mnpqr' } : account;
}
