/** `node tools/gitops/src/bench/main.ts [apps]`: how long everything takes to render and check with many more apps. */
import { resolveTool } from '@eda/helm';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { INVARIANTS } from '../invariants/index.ts';
import { describeFinding } from '../invariants/invariant.ts';
import { loadSubject } from '../invariants/subject.ts';
import { writeManyApps } from './many-apps.ts';

const count = Number(process.argv[2] ?? 200);
const helm = await resolveTool('helm', { log: () => undefined });
const workspace = mkdtempSync(join(tmpdir(), 'many-apps-'));
try {
  const topology = writeManyApps(resolve(import.meta.dirname, '../../../..'), workspace, count);
  const begun = performance.now();
  const subject = await loadSubject({ helm, workspace, topology });
  const rendered = performance.now();
  const findings = INVARIANTS.flatMap(({ check }) => check(subject));
  const checked = performance.now();
  const seconds = (from: number, to: number) => ((to - from) / 1000).toFixed(1);
  const [tree] = subject.environments;
  process.stdout.write(
    `${tree?.children.length ?? 0} applications of one environment: rendered in ${seconds(begun, rendered)} s, checked in ${seconds(rendered, checked)} s, ${findings.length} findings\n`,
  );
  for (const finding of findings.slice(0, 10)) process.stdout.write(`  ${describeFinding(finding)}\n`);
} finally {
  rmSync(workspace, { recursive: true, force: true });
}
