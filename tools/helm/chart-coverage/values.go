package main

import (
	"fmt"
	"runtime"
	"slices"
	"sort"
	"strings"
	"sync"

	"github.com/helm-unittest/helm-unittest/pkg/unittest"
	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chartutil"
)

// each stands in a path for all elements of a list.
const each = "[]"

type leaf struct {
	path []string
	own  bool
}

func (l leaf) String() string { return strings.ReplaceAll(strings.Join(l.path, "."), "."+each, each) }

// leavesOf returns the values of a chart: its own, and those that it imports.
func leavesOf(c *chart.Chart, own [][]string) []leaf {
	merged := unittest.FullCopyV3Chart(c.Name(), c.Name(), c)
	// What cannot be imported is told by the renders.
	_ = chartutil.ProcessDependenciesWithMerge(merged, map[string]any{})
	values := copyOf(merged.Values).(map[string]any)
	for _, dependency := range c.Dependencies() {
		// These are the dependency's; what the chart itself sets there is its own.
		delete(values, dependency.Name())
	}
	known := map[string]leaf{}
	for _, path := range pathsOf(values, nil) {
		one := leaf{path: path}
		known[one.String()] = one
	}
	for _, path := range own {
		one := leaf{path: path, own: true}
		known[one.String()] = one
	}
	leaves := make([]leaf, 0, len(known))
	for _, one := range known {
		leaves = append(leaves, one)
	}
	sort.Slice(leaves, func(i, j int) bool { return leaves[i].String() < leaves[j].String() })
	return leaves
}

func pathsOf(value any, path []string) [][]string {
	switch value := value.(type) {
	case map[string]any:
		if len(value) > 0 {
			var paths [][]string
			for key, inner := range value {
				paths = append(paths, pathsOf(inner, append(slices.Clone(path), key))...)
			}
			return paths
		}
	case []any:
		var paths [][]string
		for _, inner := range value {
			if object, ok := inner.(map[string]any); ok && len(object) > 0 {
				paths = append(paths, pathsOf(object, append(slices.Clone(path), each))...)
			}
		}
		if len(paths) > 0 {
			return paths
		}
	}
	return [][]string{path}
}

// try changes one value after the other in one render after the other, until something else comes out: then a template uses the value. It
// returns that of all values and, by point, a value whose change leads where no render came.
func try(renders []*render, leaves []leaf, points []point, seen hits) ([]valueReport, []string) {
	used := make([]valueReport, len(leaves))
	by := make([]string, len(points))
	// Those that come furthest first: most values are settled there.
	ordered := slices.Clone(renders)
	sort.SliceStable(ordered, func(i, j int) bool { return len(ordered[i].first.files) > len(ordered[j].first.files) })
	var wait sync.WaitGroup
	var lock sync.Mutex
	next := make(chan int)
	for range runtime.GOMAXPROCS(0) {
		wait.Add(1)
		go func() {
			defer wait.Done()
			for i := range next {
				heard := newHits(points)
				used[i] = valueReport{Path: leaves[i].String(), Own: leaves[i].own, Used: changes(ordered, leaves[i].path, heard)}
				lock.Lock()
				for id := range points {
					if heard[id] && !seen[id] && (by[id] == "" || leaves[i].String() < by[id]) {
						by[id] = leaves[i].String()
					}
				}
				lock.Unlock()
			}
		}()
	}
	for i := range leaves {
		next <- i
	}
	close(next)
	wait.Wait()
	return used, by
}

// changes returns whether a render comes out differently when the value at the path is another. The variants are all tried, to hear
// where else the value leads; tests only until one differs.
func changes(renders []*render, path []string, heard hits) bool {
	found := false
	for _, one := range renders {
		if one.isTest && found {
			continue
		}
		for _, other := range others(valuesAt(one.values, path)) {
			changed := copyOf(one.values).(map[string]any)
			replace(changed, path, other)
			if !one.with(changed, heard).equal(one.first) {
				found = true
				if one.isTest {
					break
				}
			}
		}
	}
	return found
}

// valuesAt returns all that stands at a path.
func valuesAt(value any, path []string) []any {
	if len(path) == 0 {
		return []any{value}
	}
	if path[0] == each {
		list, _ := value.([]any)
		var found []any
		for _, inner := range list {
			found = append(found, valuesAt(inner, path[1:])...)
		}
		return found
	}
	object, _ := value.(map[string]any)
	if inner, there := object[path[0]]; there {
		return valuesAt(inner, path[1:])
	}
	return nil
}

// replace puts what `other` makes of it in the place of all that stands at a path.
func replace(value any, path []string, other func(any) any) {
	if path[0] == each {
		list, _ := value.([]any)
		for i := range list {
			if len(path) == 1 {
				list[i] = other(list[i])
			} else {
				replace(list[i], path[1:], other)
			}
		}
		return
	}
	object, _ := value.(map[string]any)
	inner, there := object[path[0]]
	switch {
	case !there:
	case len(path) == 1:
		object[path[0]] = other(inner)
	default:
		replace(inner, path[1:], other)
	}
}

const strange = "coverage"

// others returns ways to make other values of these: of the same kind, more and nothing.
func others(values []any) []func(any) any {
	if len(values) == 0 {
		return nil
	}
	constant := func(value any) func(any) any { return func(any) any { return copyOf(value) } }
	switch values[0].(type) {
	case bool:
		return []func(any) any{func(v any) any { return v != true }}
	case string:
		return []func(any) any{func(v any) any { return fmt.Sprint(v) + strange }, constant("")}
	case float64, int64, int:
		return []func(any) any{func(v any) any { return number(v) + 1 }, constant(0.0)}
	case []any:
		return []func(any) any{
			constant([]any{strange}),
			constant([]any{map[string]any{"name": strange}}),
			constant([]any{}),
		}
	case map[string]any:
		return []func(any) any{constant(map[string]any{strange: strange}), constant(map[string]any{})}
	default:
		return []func(any) any{constant(strange), constant(1.0), constant(true), constant(map[string]any{strange: strange})}
	}
}

func number(value any) float64 {
	switch value := value.(type) {
	case float64:
		return value
	case int64:
		return float64(value)
	case int:
		return float64(value)
	}
	return 0
}

func copyOf(value any) any {
	switch value := value.(type) {
	case chartutil.Values:
		return copyOf(map[string]any(value))
	case map[string]any:
		copied := make(map[string]any, len(value))
		for key, inner := range value {
			copied[key] = copyOf(inner)
		}
		return copied
	case []any:
		copied := make([]any, len(value))
		for i, inner := range value {
			copied[i] = copyOf(inner)
		}
		return copied
	default:
		return value
	}
}
