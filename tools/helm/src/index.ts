/** Helm and the programs that test charts. */
export { ToolMissing } from './errors.ts';
export { resolveTool, type ResolveOptions } from './resolve.ts';
export { TOOL_NAMES, TOOLS, type ToolName } from './tools.ts';
