// Talks to /api/v1. Every failure becomes a Failure with French words and the number to give to support.
export class Failure extends Error {
  constructor(problem) {
    super(problem.detail);
    this.title = problem.title;
    this.code = problem.code;
    this.trace = problem.trace_id;
    this.status = problem.status;
  }
}

const unreachable = {
  title: 'Passerelle injoignable',
  detail: 'Le programme pleiade-gateway ne répond pas. Vérifiez qu’il tourne, puis rechargez.',
  code: 'GATEWAY_UNREACHABLE', status: 0,
};

async function request(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new Failure(unreachable);
  }
  if (response.ok) return response;
  let problem = { title: 'Réponse inattendue', detail: `La passerelle a répondu ${response.status}.`, code: 'UNEXPECTED' };
  try {
    problem = await response.json();
  } catch { /* not one of our problems: keep the words above */ }
  throw new Failure({ ...problem, status: response.status });
}

export async function get(path, signal) {
  const response = await request(`/api/v1${path}`, { signal, headers: { Accept: 'application/json' } });
  return response.json();
}

export async function getBlob(path, signal) {
  const response = await request(path, { signal });
  return response.blob();
}

let labels = null;
// Labels of types, services, caisses and fields; asked once.
export async function reference() {
  labels ??= await get('/reference');
  return labels;
}
