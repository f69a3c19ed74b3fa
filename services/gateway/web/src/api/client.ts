// Talks to /api/v1. Every failure becomes a Failure with French words and the number to give to support.
export interface Problem { title: string; detail: string; code: string; status: number; trace_id?: string; errors?: { pointer: string; detail: string }[] }

export class Failure extends Error {
  readonly title: string;
  readonly code: string;
  readonly status: number;  // 0: nothing answered
  readonly trace: string;
  readonly errors: { pointer: string; detail: string }[];
  constructor(problem: Problem) {
    super(problem.detail);
    this.title = problem.title;
    this.code = problem.code;
    this.status = problem.status;
    this.trace = problem.trace_id ?? '';
    this.errors = problem.errors ?? [];
  }
  // Worth asking again as it is: the gateway or the hub is away, or too busy, or nobody is signed in until she is back.
  get transient(): boolean { return this.status === 0 || this.status === 401 || this.status === 502 || this.status === 503 || this.status === 504; }
}

const unreachable: Problem = {
  title: 'Passerelle injoignable', detail: 'Le serveur ne répond pas. Vérifiez le réseau de ce poste ; la page réessaie d’elle-même.',
  code: 'GATEWAY_UNREACHABLE', status: 0,
};
// Of the session: what a request that changes something repeats, and who is told that nobody is signed in any more.
export const access = { csrf: '', onsignedout: (): void => {} };
const answerMax = 20_000;  // ms; a request that got no answer by then is worth another one

async function send(path: string, init: RequestInit): Promise<Response> {
  const signal = init.signal ? AbortSignal.any([init.signal, AbortSignal.timeout(answerMax)]) : AbortSignal.timeout(answerMax);
  let response: Response;
  try {
    response = await fetch(path, { ...init, signal });
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new Failure(unreachable);
  }
  if (response.ok) return response;
  let problem: Problem = { title: 'Réponse inattendue', detail: `Le serveur a répondu ${response.status}.`, code: 'UNEXPECTED', status: response.status };
  try {
    problem = { ...problem, ...(await response.json() as Problem) };
  } catch { /* not one of our problems: keep the words above */ }
  if (problem.code === 'NOT_SIGNED_IN') access.onsignedout();
  throw new Failure({ ...problem, status: response.status });
}

export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return await (await send(`/api/v1${path}`, { headers: { Accept: 'application/json' }, ...(signal ? { signal } : {}) })).json() as T;
}

const changing = (method: string, body: unknown, more: Record<string, string>): RequestInit => ({
  method, headers: { Accept: 'application/json', 'Content-Type': 'application/json', ...(access.csrf ? { 'X-CSRF-Token': access.csrf } : {}), ...more }, body: JSON.stringify(body),
});

async function write<T>(method: string, path: string, body: unknown, more: Record<string, string>, signal?: AbortSignal): Promise<T> {
  const init = changing(method, body, more);
  return await (await send(`/api/v1${path}`, signal ? { ...init, signal } : init)).json() as T;
}

// The same key for the same wish: asked again after a cut, it counts once.
export const newKey = (): string => crypto.randomUUID();
export const post = <T>(path: string, body: unknown, key: string = newKey(), signal?: AbortSignal): Promise<T> =>
  write<T>('POST', path, body, { 'Idempotency-Key': key }, signal);
// The page is going away: a request that outlives it, and whose answer nobody waits for.
export const postLeaving = (path: string, body: unknown): void => {
  void fetch(`/api/v1${path}`, { ...changing('POST', body, { 'Idempotency-Key': newKey() }), keepalive: true }).catch(() => {});
};
// Questions that must not stand in an address: they change nothing.
export const ask = <T>(path: string, body: unknown, signal?: AbortSignal): Promise<T> => write<T>('POST', path, body, {}, signal);
export const put = <T>(path: string, body: unknown, signal?: AbortSignal): Promise<T> => write<T>('PUT', path, body, {}, signal);

export const query = (values: Record<string, string | number | undefined>): string => {
  const kept = Object.entries(values).filter(([, value]) => value !== undefined && value !== '');
  return kept.length === 0 ? '' : `?${new URLSearchParams(kept.map(([name, value]) => [name, String(value)]))}`;
};
