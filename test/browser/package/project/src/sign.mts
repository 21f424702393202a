// A backend without any type of a browser signs a generation.
import { generationIdOf, signGeneration } from 'tacit/server';

const token: string = signGeneration(
  { promptId: 'summarise', promptVersion: '7', model: 'm', modelVersion: '1' },
  'a secret of the test, long enough',
);
export const id: string = generationIdOf(token);
