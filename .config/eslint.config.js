// Lint rules: type-aware, so that a promise nobody waits for is an error.
import tseslint from 'typescript-eslint';

export default tseslint.config(
  // The test pages import packages that only `npm test` installs; a test compiles them against those packages' types.
  { ignores: ['dist/**', '**/node_modules/**', 'services/beacon/dist/**', 'test/browser/pages/**', '.tacit*/**'] },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: new URL('..', import.meta.url).pathname },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/return-await': ['error', 'always'],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/require-await': 'off',
      'no-console': 'error',
      eqeqeq: 'error',
    },
  },
  { files: ['scripts/**/*.ts', 'test/bench/**/*.ts', 'test/faults/**/*.ts'], rules: { 'no-console': 'off' } },
);
