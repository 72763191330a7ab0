import { describe, expect, it } from 'vitest';
import { imagePinned } from './image-pinned.ts';
import { changed, DEPLOYMENT, told } from './policy.setup.ts';

const image = (text: string) => told(imagePinned, changed(DEPLOYMENT, 'example.org/store:1.0.0', text));
const DIGEST = `sha256:${'0'.repeat(64)}`;

describe('An image', () => {
  it.each(['example.org/store:1.0.0', `example.org/store@${DIGEST}`, `example.org:5000/a/store:1@${DIGEST}`])(
    'may be %s',
    (text) => {
      expect(image(text)).toEqual([]);
    },
  );

  it.each([
    ['example.org:5000/store', 'has neither tag nor digest; name one'],
    ["'example.org/store:'", 'has neither tag nor digest; name one'],
    ['store:latest', 'moves with every release; name a version or a digest'],
    ['store:1@sha256:abc', 'has a digest that is none; write sha256: and 64 hexadecimal digits'],
  ])('may not be %s', (text, reason) => {
    expect(image(text)).toEqual([
      `Deployment/store spec.template.spec.containers[0].image: "${text.replaceAll("'", '')}" ${reason}`,
    ]);
  });

  it('is looked at where an operator is told to run it, too', () => {
    const cluster = (name: string) =>
      `apiVersion: postgresql.cnpg.io/v1\nkind: Cluster\nmetadata: { name: a }\nspec: { imageName: ${name} }`;
    expect(told(imagePinned, cluster('postgres:18'))).toEqual([]);
    expect(told(imagePinned, cluster('postgres'))).toHaveLength(1);
  });

  it('is looked at where it is a volume', () => {
    const volume = (reference: string) =>
      changed(DEPLOYMENT, 'secret: { secretName: store-kafka }', `image: { reference: ${reference} }`);
    expect(told(imagePinned, volume('plugin:1'))).toEqual([]);
    expect(told(imagePinned, volume('plugin:latest'))).toHaveLength(1);
  });
});
