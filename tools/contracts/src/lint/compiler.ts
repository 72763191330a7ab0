import { createRequire } from 'node:module';
import type ts from 'typescript';

/** TypeScript. Imported the other way, Node would parse its nine megabytes to find out that it is no ES module, which takes as long as all of `lint`. */
export const compiler = createRequire(import.meta.url)('typescript') as typeof ts;
