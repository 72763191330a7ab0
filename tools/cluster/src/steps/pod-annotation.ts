/** A change of an app's settings that rolls its pods out, and does nothing else. */

const BLOCK = /^podAnnotations:\n {2}suite: .*\n/m;

/** Returns the settings with an annotation of the pods, in the place of the one that was added before. */
export function withPodAnnotation(settings: string, value: string): string {
  return `${settings.replace(BLOCK, '')}podAnnotations:\n  suite: ${JSON.stringify(value)}\n`;
}
