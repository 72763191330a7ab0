// @ts-check
import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import { defineConfig } from 'eslint/config';
import ts from 'typescript-eslint';

const TESTS = ['**/*.test.ts', '**/*.setup.ts', 'libs/testing/**'];

/** What may import what; `more` is what the files at hand may import besides. */
const boundaries = (/** @type {string[]} */ ...more) => [
  { sourceTag: 'type:app', onlyDependOnLibsWithTags: ['type:lib', ...more] },
  { sourceTag: 'type:lib', onlyDependOnLibsWithTags: ['type:lib', ...more] },
  { sourceTag: 'type:testing', onlyDependOnLibsWithTags: ['type:lib', ...more] },
  { sourceTag: 'type:tool', onlyDependOnLibsWithTags: ['type:lib', 'type:tool', ...more] },
  { sourceTag: 'scope:contracts', onlyDependOnLibsWithTags: ['scope:contracts', 'scope:schemas', ...more] },
  { sourceTag: 'scope:kafka', onlyDependOnLibsWithTags: ['scope:kafka', ...more] },
];

/** The helpers of `testing` build on the libraries whose tests use them: a cycle between tests only. */
const ignoredCircularDependencies = ['contracts', 'kafka', 'service'].map((lib) => [
  `@eda/${lib}`,
  '@eda/testing',
]);

/** @returns {['error', object]} */
const moduleBoundaries = (/** @type {ReturnType<typeof boundaries>} */ depConstraints) => [
  'error',
  { depConstraints, ignoredCircularDependencies },
];

export default defineConfig(
  { ignores: ['**/dist', '**/generated', '.nx', '.platform', '**/coverage'] },
  js.configs.recommended,
  ts.configs.strictTypeChecked,
  {
    files: ['**/*.ts'],
    plugins: { '@nx': nx },
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@nx/enforce-module-boundaries': moduleBoundaries(boundaries()),
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
    },
  },
  { files: TESTS, rules: { '@nx/enforce-module-boundaries': moduleBoundaries(boundaries('type:testing')) } },
  { files: ['**/*.{js,mjs}'], extends: [ts.configs.disableTypeChecked] },
  prettier,
);
