import type { KubeObject } from '../render/kube-object.ts';
import type { Policy, Violation } from './policy.ts';

export const imagePinned: Policy = {
  name: 'image-pinned',
  why: 'An image without a fixed tag or digest is another program after the next pull, and no rollback brings the old one back.',
  check: ({ objects }) =>
    objects.flatMap((object) =>
      imagesIn(object).flatMap(([path, image]): Violation[] => {
        const problem = problemOf(image);
        return problem === undefined ? [] : [{ object, path, reason: problem }];
      }),
    ),
};

const FIELDS = ['image', 'imageName'];

/** Also the images that an operator is told to run; a volume names its image as `reference`. */
function imagesIn(object: KubeObject): [path: string, image: string][] {
  const found: [string, string][] = [];
  const walk = (value: unknown, path: string): void => {
    if (Array.isArray(value)) value.forEach((item, index) => walk(item, `${path}[${index}]`));
    else if (typeof value === 'object' && value !== null) {
      for (const [key, item] of Object.entries(value)) {
        const isImage = FIELDS.includes(key) || (key === 'reference' && path.endsWith('.image'));
        if (isImage && typeof item === 'string') found.push([`${path}.${key}`, item]);
        else walk(item, `${path}.${key}`);
      }
    }
  };
  // The data of a ConfigMap and annotations are somebody else's business.
  walk(object.spec, 'spec');
  return found;
}

function problemOf(image: string): string | undefined {
  const [name = '', digest] = image.split('@');
  if (digest !== undefined) {
    return /^sha256:[0-9a-f]{64}$/.test(digest)
      ? undefined
      : `"${image}" has a digest that is none; write sha256: and 64 hexadecimal digits`;
  }
  const tag = name.slice(name.lastIndexOf('/') + 1).split(':')[1];
  if (tag === undefined || tag === '') return `"${image}" has neither tag nor digest; name one`;
  return tag === 'latest' ? `"${image}" moves with every release; name a version or a digest` : undefined;
}
