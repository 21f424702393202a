// Calls of the page to its own backend.
import type { GenerationAnswer, GenerationRequest, Suggestion } from './wire.js';

export async function fetchSuggestions(): Promise<Suggestion[]> {
  return (await answerOf(await fetch('/api/suggestions'))) as Suggestion[];
}

export async function requestGeneration(request: GenerationRequest): Promise<GenerationAnswer> {
  return (await answerOf(await post('/api/generations', request))) as GenerationAnswer;
}

export async function becomeAnotherVisitor(): Promise<void> {
  await answerOf(await post('/api/visitor', {}));
}

async function post(path: string, body: unknown): Promise<Response> {
  return await fetch(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
}

async function answerOf(response: Response): Promise<unknown> {
  if (!response.ok) throw new Error(`the backend answered ${response.status}`);
  return await response.json();
}
