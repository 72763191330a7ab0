/** `validate [chart...]`: every chart with each of its variants against schemas and policies. */
import { describeFinding } from '../finding.ts';
import { environmentsFolder, validateChart, type VariantOutcome } from '../validate.ts';
import { validationTools } from '../validation-tools.ts';
import { chooseCharts } from './choose-charts.ts';

export interface CommandContext {
  readonly workspace: string;
  readonly out: (line: string) => void;
  readonly log: (line: string) => void;
}

/** Checks the charts of these names, or all, and returns whether nothing was found. Throws `UsageError` for a chart that is not there. */
export async function validateCommand(
  names: readonly string[],
  { workspace, out, log }: CommandContext,
): Promise<boolean> {
  const chosen = chooseCharts(workspace, names);
  const tools = await validationTools(log);
  let found = 0;
  let variants = 0;
  for (const folder of chosen) {
    const onVariant = (outcome: VariantOutcome) => {
      variants++;
      out(describeOutcome(outcome));
      for (const finding of outcome.findings) out(`  ${describeFinding(finding)}`);
    };
    const findings = await validateChart(folder, {
      tools,
      environments: environmentsFolder(workspace),
      onVariant,
    });
    found += findings.length;
    for (const finding of findings.filter(({ variant }) => variant === undefined))
      out(describeFinding(finding));
  }
  out(
    found === 0
      ? `${chosen.length} charts, ${variants} variants: all as they should be on Kubernetes ${[...tools.schemas.kubernetes.keys()].join(' and ')}.`
      : `${chosen.length} charts, ${variants} variants: ${found} ${found === 1 ? 'finding' : 'findings'}.`,
  );
  return found === 0;
}

function describeOutcome({ chart, variant, objects, findings }: VariantOutcome): string {
  const verdict =
    findings.length === 0
      ? `${objects} objects`
      : `${findings.length} ${findings.length === 1 ? 'finding' : 'findings'}`;
  return `${chart} (${variant}): ${verdict}`;
}
