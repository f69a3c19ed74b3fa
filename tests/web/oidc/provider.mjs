// A real OpenID Connect provider (oidc-provider) in a process of its own, held to ProConnect's rules: state and nonce of 32 characters or
// more, no query parameter that it does not know, userinfo as a signed token. New keys at each start.
// Usage: node provider.mjs PORT CLIENT SECRET REDIRECT_URI. Ends with its standard input.
import http from 'node:http';
import { exportJWK, generateKeyPair } from 'jose';
import Provider from 'oidc-provider';

const [port, client, secret, redirect] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;
const run = Date.now().toString(36);
const jwk = async (alg) => ({ ...await exportJWK((await generateKeyPair(alg, { extractable: true })).privateKey), kid: `${alg}-${run}`, alg, use: 'sig' });
const provider = new Provider(issuer, {
  clients: [{
    client_id: client, client_secret: secret, redirect_uris: [redirect], response_types: ['code'], grant_types: ['authorization_code'], token_endpoint_auth_method: 'client_secret_post',
    id_token_signed_response_alg: 'RS256', userinfo_signed_response_alg: 'ES256',
  }],
  jwks: { keys: [await jwk('RS256'), await jwk('ES256')] },
  cookies: { keys: ['a key of this test'] },
  features: { devInteractions: { enabled: false }, jwtUserinfo: { enabled: true }, claimsParameter: { enabled: true } },
  claims: { openid: ['sub'], amr: null },
  enabledJWA: { idTokenSigningAlgValues: ['RS256', 'ES256'], userinfoSigningAlgValues: ['RS256', 'ES256'] },
  ttl: { AuthorizationCode: 30, AccessToken: 60 },
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub }) }),
  async loadExistingGrant(ctx) {
    const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
    grant.addOIDCScope('openid');
    await grant.save();
    return grant;
  },
});

const known = new Set(['response_type', 'client_id', 'redirect_uri', 'scope', 'state', 'nonce', 'claims', 'code_challenge', 'code_challenge_method']);
const refuse = (response, why) => { response.writeHead(400, { 'Content-Type': 'text/plain' }); response.end(`Y000400 ${why}`); };
const serve = provider.callback();
http.createServer(async (request, response) => {
  const url = new URL(request.url, issuer);
  if (url.pathname === '/auth') {
    for (const name of url.searchParams.keys()) if (!known.has(name)) return refuse(response, `unknown parameter ${name}`);
    for (const name of ['state', 'nonce']) if ((url.searchParams.get(name) ?? '').length < 32) return refuse(response, `${name} is too short`);
  }
  if (!url.pathname.startsWith('/interaction/')) return serve(request, response);
  if (request.method === 'GET') {
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' });
    return response.end(`<!doctype html><title>Identité</title><form method="post"><label>Qui <input name="who"></label><label>Second facteur <input type="checkbox" name="mfa" value="yes"></label><button>Entrer</button></form>`);
  }
  let text = '';
  for await (const chunk of request) text += chunk;
  const form = new URLSearchParams(text);
  return provider.interactionFinished(request, response, { login: { accountId: form.get('who'), amr: form.has('mfa') ? ['pwd', 'mfa'] : ['pwd'] } }, { mergeWithLastSubmission: false });
}).listen(Number(port), '127.0.0.1', () => console.log('ready'));
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
