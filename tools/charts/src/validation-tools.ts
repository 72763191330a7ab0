import { resolveTool } from '@eda/helm';
import { ensureSchemas } from './schemas/schema-cache.ts';
import type { ValidationTools } from './validate.ts';

/** Returns the programs and schemas of the validation, getting first what is not there. Throws a `ToolMissing` or a `ChartError` that says what is missing. */
export async function validationTools(log: (line: string) => void): Promise<ValidationTools> {
  const helm = await resolveTool('helm', { log });
  const helm3 = await resolveTool('helm3', { log });
  const kubeconform = await resolveTool('kubeconform', { log });
  return { helm, helm3, kubeconform, schemas: await ensureSchemas({ log }) };
}
