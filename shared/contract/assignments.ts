// How an arm of an experiment was chosen. Only what is randomised is ever called a comparison. No imports: backends use it too.

export const ASSIGNMENTS = ['randomised:generation', 'randomised:session', 'randomised:user', 'canary'] as const;
