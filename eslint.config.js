// @ts-check
import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import { defineConfig } from 'eslint/config';
import ts from 'typescript-eslint';

const TESTS = ['**/*.test.ts', '**/*.setup.ts', 'libs/testing/**'];

/** What may import what. `testing` is for tests only: the second list lets test files have it. */
const boundaries = [
  { sourceTag: 'type:app', onlyDependOnLibsWithTags: ['type:lib'] },
  { sourceTag: 'type:lib', onlyDependOnLibsWithTags: ['type:lib'] },
  { sourceTag: 'type:tool', onlyDependOnLibsWithTags: ['type:lib', 'type:tool'] },
  { sourceTag: 'scope:contracts', onlyDependOnLibsWithTags: ['scope:contracts', 'scope:schemas', 'scope:testing'] },
  { sourceTag: 'scope:kafka', notDependOnLibsWithTags: ['scope:contracts', 'scope:service'] },
];
const withoutTesting = [...boundaries, { sourceTag: '*', notDependOnLibsWithTags: ['scope:testing'] }];

/** @param {typeof boundaries} depConstraints */
const moduleBoundaries = (depConstraints) =>
  /** @type {const} */ (['error', { depConstraints, enforceBuildableLibDependency: false, allowCircularSelfDependency: true }]);

export default defineConfig(
  { ignores: ['**/dist', '**/generated', '.nx', '.platform', '**/coverage'] },
  js.configs.recommended,
  ts.configs.strictTypeChecked,
  {
    files: ['**/*.ts'],
    plugins: { '@nx': nx },
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@nx/enforce-module-boundaries': moduleBoundaries(withoutTesting),
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
    },
  },
  { files: TESTS, rules: { '@nx/enforce-module-boundaries': moduleBoundaries(boundaries) } },
  { files: ['**/*.js'], extends: [ts.configs.disableTypeChecked] },
  prettier,
);
