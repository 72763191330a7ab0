import { findProgram } from './programs.ts';
import { ensureSchemas } from './schemas/schema-cache.ts';
import type { ValidationTools } from './validate.ts';

/** Returns the programs and schemas of the validation, getting first what is not there. Throws a `ChartError` that says what is missing. */
export async function validationTools(log: (line: string) => void): Promise<ValidationTools> {
  const helm = await findProgram('helm');
  const helm3 = await findProgram('helm3');
  const kubeconform = await findProgram('kubeconform');
  return { helm, helm3, kubeconform, schemas: await ensureSchemas({ log }) };
}
