package main

import (
	"cmp"
	"fmt"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/helm-unittest/helm-unittest/pkg/unittest"
	"github.com/helm-unittest/helm-unittest/pkg/unittest/valueutils"
	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"
	"sigs.k8s.io/yaml"
)

// render is a test of a suite or a variant: a chart, with the templates that are looked at, and all that Helm hands to them.
type render struct {
	name    string
	chart   *chart.Chart
	scope   chartutil.Values
	values  map[string]any
	cluster engine.ClientProvider
	// A test looks at what comes out; a variant is only rendered here.
	isTest bool
	first  outcome
}

// outcome is what a render leads to: files, or why there are none.
type outcome struct {
	files   map[string]string
	refusal string
}

func (o outcome) equal(other outcome) bool {
	return o.refusal == other.refusal && maps.Equal(o.files, other.files)
}

// with renders with these values instead, and tells `heard` which points are passed.
func (r *render) with(values map[string]any, heard hits) outcome {
	scope := maps.Clone(r.scope)
	// Templates may change what they get.
	scope["Values"] = chartutil.Values(copyOf(values).(map[string]any))
	files, err := engine.RenderWithClientProvider(r.chart, scope, ears{hits: heard, cluster: r.cluster})
	if err != nil {
		return outcome{refusal: err.Error()}
	}
	return outcome{files: files}
}

// documents returns the chart's own templates that gave something to a test.
func (r *render) documents() []string {
	var files []string
	prefix := r.chart.Name() + "/"
	for file, text := range r.first.files {
		name, own := strings.CutPrefix(file, prefix)
		if r.isTest && own && hasContent(text) {
			files = append(files, name)
		}
	}
	return files
}

func hasContent(text string) bool {
	for _, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line != "" && !strings.HasPrefix(line, "#") && line != "---" {
			return true
		}
	}
	return false
}

// rendersOf returns the renders of all tests and variants; without the tests whose values the schema refuses: no template sees them.
func rendersOf(c *chart.Chart, suites, variants []string) ([]*render, error) {
	var renders []*render
	for _, variant := range variants {
		one, err := ofVariant(c, variant)
		if err != nil {
			return nil, err
		}
		renders = append(renders, one)
	}
	for _, file := range suites {
		parsed, err := unittest.ParseTestSuiteFile(file, c.Name(), true, nil)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", filepath.Base(file), err)
		}
		for _, suite := range parsed {
			for _, test := range suite.Tests {
				if test.Skip.Reason != "" || suite.Skip.Reason != "" {
					continue
				}
				one, err := ofTest(c, file, suite, test)
				if err != nil {
					return nil, fmt.Errorf("%s: %s: %w", filepath.Base(file), test.Name, err)
				}
				if one != nil {
					renders = append(renders, one)
				}
			}
		}
	}
	return renders, nil
}

func ofVariant(c *chart.Chart, variant string) (*render, error) {
	name, files, _ := strings.Cut(variant, "=")
	values := map[string]any{}
	for _, file := range strings.Split(files, ",") {
		next, err := chartutil.ReadValuesFile(file)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		values = chartutil.MergeTables(next, values)
	}
	copied := unittest.FullCopyV3Chart(c.Name(), c.Name(), c)
	options := chartutil.ReleaseOptions{Name: c.Name(), Namespace: "some-namespace", Revision: 1, IsInstall: true}
	scope, err := scopeOf(copied, values, options, capabilities("", "", chartutil.DefaultVersionSet), true)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return newRender(name, copied, scope), nil
}

func ofTest(c *chart.Chart, file string, suite *unittest.TestSuite, test *unittest.TestJob) (*render, error) {
	values, err := valuesOf(file, suite, test)
	if err != nil {
		return nil, err
	}
	copied := unittest.FullCopyV3Chart(c.Name(), c.Name(), c)
	upgrade := test.Release.IsUpgrade || suite.Release.IsUpgrade
	options := chartutil.ReleaseOptions{
		Name:      cmp.Or(test.Release.Name, suite.Release.Name, "RELEASE-NAME"),
		Namespace: cmp.Or(test.Release.Namespace, suite.Release.Namespace, "NAMESPACE"),
		Revision:  cmp.Or(test.Release.Revision, suite.Release.Revision),
		IsInstall: !upgrade,
		IsUpgrade: upgrade,
	}
	cluster := test.Capabilities
	// Only a test that asserts a refusal may have values that the schema refuses; to look at it takes longer than to render.
	refused := slices.ContainsFunc(test.Assertions, isRefusal)
	scope, err := scopeOf(copied, values, options, capabilities(cluster.MajorVersion, cluster.MinorVersion, cluster.APIVersions), refused)
	if err != nil && refused {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	test.ModifyChartMetadata(copied)
	selected := unittest.CopyV3Chart(c.Name(), c.Name(), lookedAt(suite, test), suite.ExcludeTemplates, copied)
	one := newRender(test.Name, selected, scope)
	one.isTest = true
	objects := unittest.KubernetesFakeClientProvider{
		Scheme:  map[string]unittest.KubernetesFakeKindProps{},
		Objects: append(test.KubernetesProvider.Objects, suite.KubernetesProvider.Objects...),
	}
	maps.Copy(objects.Scheme, test.KubernetesProvider.Scheme)
	maps.Copy(objects.Scheme, suite.KubernetesProvider.Scheme)
	if len(objects.Objects) > 0 {
		one.cluster = &objects
	}
	return one, nil
}

func newRender(name string, c *chart.Chart, scope chartutil.Values) *render {
	values, _ := scope["Values"].(chartutil.Values)
	return &render{name: name, chart: c, scope: scope, values: values}
}

func scopeOf(c *chart.Chart, values map[string]any, options chartutil.ReleaseOptions, cluster *chartutil.Capabilities, schema bool) (chartutil.Values, error) {
	if err := chartutil.ProcessDependenciesWithMerge(c, values); err != nil {
		return nil, err
	}
	return chartutil.ToRenderValuesWithSchemaValidation(c, values, options, cluster, !schema)
}

func capabilities(major, minor string, versions []string) *chartutil.Capabilities {
	cluster := *chartutil.DefaultCapabilities
	major = cmp.Or(major, cluster.KubeVersion.Major)
	minor = cmp.Or(minor, cluster.KubeVersion.Minor)
	cluster.KubeVersion = chartutil.KubeVersion{Version: fmt.Sprintf("v%s.%s.0", major, minor), Major: major, Minor: minor}
	cluster.APIVersions = versions
	return &cluster
}

// valuesOf merges what a test sets as helm-unittest does.
func valuesOf(file string, suite *unittest.TestSuite, test *unittest.TestJob) (map[string]any, error) {
	values := map[string]any{}
	for _, name := range append(append([]string{}, suite.Values...), test.Values...) {
		if !filepath.IsAbs(name) {
			name = filepath.Join(filepath.Dir(file), name)
		}
		next, err := chartutil.ReadValuesFile(name)
		if err != nil {
			return nil, err
		}
		values = chartutil.MergeTables(next, values)
	}
	for _, set := range []map[string]any{suite.Set, test.Set} {
		for key, value := range set {
			next, err := valueutils.BuildValueOfSetPath(value, key)
			if err != nil {
				return nil, err
			}
			values = chartutil.MergeTables(next, values)
		}
	}
	// By way of YAML, so that numbers are what Helm reads from a file.
	text, err := yaml.Marshal(values)
	if err != nil {
		return nil, err
	}
	return chartutil.ReadValues(text)
}

func isRefusal(assertion *unittest.Assertion) bool { return assertion.AssertType == "failedTemplate" }

// lookedAt returns the templates that the assertions of a test are about. One that asserts a refusal needs all that are rendered, for any of
// them may refuse.
func lookedAt(suite *unittest.TestSuite, test *unittest.TestJob) []string {
	rendered := suite.Templates
	if len(rendered) == 0 {
		rendered = []string{"**"}
	}
	var templates []string
	for _, assertion := range test.Assertions {
		switch {
		case isRefusal(assertion):
			return rendered
		case assertion.Template != "":
			templates = append(templates, assertion.Template)
		case len(test.Templates) > 0:
			templates = append(templates, test.Templates...)
		case test.Template != "":
			templates = append(templates, test.Template)
		default:
			templates = append(templates, rendered...)
		}
	}
	return templates
}

// compareWith makes sure that the changed templates render to what the chart's own do; else nothing told of them would hold.
func compareWith(original *chart.Chart, renders []*render) error {
	texts := textsOf(original, "", map[string][]byte{})
	for _, one := range renders {
		plain := *one
		plain.chart = withTexts(one.chart, "", texts)
		outcome := plain.with(one.values, nil)
		if (outcome.refusal == "") != (one.first.refusal == "") || !maps.Equal(outcome.files, one.first.files) {
			return fmt.Errorf("%s: the instrumented templates render to something else than the chart's; this is a fault of the coverage", one.name)
		}
	}
	return nil
}

func textsOf(c *chart.Chart, above string, texts map[string][]byte) map[string][]byte {
	for _, file := range c.Templates {
		texts[path.Join(above, c.Name(), file.Name)] = file.Data
	}
	for _, dependency := range c.Dependencies() {
		textsOf(dependency, path.Join(above, c.Name()), texts)
	}
	return texts
}

func withTexts(c *chart.Chart, above string, texts map[string][]byte) *chart.Chart {
	copied := *c
	copied.Templates = nil
	for _, file := range c.Templates {
		copied.Templates = append(copied.Templates, &chart.File{Name: file.Name, Data: texts[path.Join(above, c.Name(), file.Name)]})
	}
	var dependencies []*chart.Chart
	for _, dependency := range c.Dependencies() {
		dependencies = append(dependencies, withTexts(dependency, path.Join(above, c.Name()), texts))
	}
	copied.SetDependencies(dependencies...)
	return &copied
}

// templatesOf returns the chart's own templates that are rendered by themselves.
func templatesOf(c *chart.Chart, documents map[string]bool) []templateReport {
	var templates []templateReport
	for _, file := range c.Templates {
		if !strings.HasPrefix(path.Base(file.Name), "_") {
			templates = append(templates, templateReport{File: file.Name, Documents: documents[file.Name]})
		}
	}
	return templates
}
