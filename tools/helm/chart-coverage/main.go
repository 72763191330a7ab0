// Command chart-coverage tells which branches of a chart's templates its suites and variants take, which of its templates give documents in a
// test, and which of its values change anything. It renders with the library that helm-unittest renders with.
//
//	chart-coverage [--suite file]... [--variant name=file,file]... [--values=false] <chart>
//
// The chart's dependencies stand in its charts/. It prints JSON.
package main

import (
	"cmp"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"runtime/debug"
	"sort"
	"strings"

	"helm.sh/helm/v3/pkg/chart/loader"
)

type texts []string

func (t *texts) String() string { return strings.Join(*t, " ") }

func (t *texts) Set(text string) error {
	*t = append(*t, text)
	return nil
}

// report is what is printed.
type report struct {
	Templates []templateReport `json:"templates"`
	Sides     []sideReport     `json:"sides"`
	Values    []valueReport    `json:"values"`
	Renders   int              `json:"renders"`
}

type templateReport struct {
	File string `json:"file"`
	// Whether some test asserts on it and gets documents.
	Documents bool `json:"documents"`
}

type sideReport struct {
	point
	Seen bool `json:"seen"`
	// The value that leads here when it is changed; empty when this is seen, or when no single value does.
	By string `json:"by,omitempty"`
}

type valueReport struct {
	Path string `json:"path"`
	// Whether it stands in the chart's own values.yaml, not in those of the library only.
	Own  bool `json:"own"`
	Used bool `json:"used"`
}

func main() {
	var suites, variants texts
	flag.Var(&suites, "suite", "a file of tests; once for each")
	flag.Var(&variants, "variant", "name=file,file: values to render all templates with; once for each")
	values := flag.Bool("values", true, "look for values that change nothing, and for values that lead where no render comes")
	flag.Parse()
	// Helm's libraries warn of what Helm itself has already told.
	log.SetOutput(io.Discard)
	// A short life with much garbage: memory is cheaper here than time.
	debug.SetGCPercent(800)
	if err := run(flag.Args(), suites, variants, *values); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args, suites, variants []string, values bool) error {
	if len(args) != 1 {
		return fmt.Errorf("name one folder of a chart, not %d", len(args))
	}
	original, err := loader.Load(args[0])
	if err != nil {
		return err
	}
	ownPaths := pathsOf(original.Values, nil)
	instrumented, err := loader.Load(args[0])
	if err != nil {
		return err
	}
	points, err := instrument(instrumented)
	if err != nil {
		return err
	}
	renders, err := rendersOf(instrumented, suites, variants)
	if err != nil {
		return err
	}
	seen := newHits(points)
	documents := map[string]bool{}
	for _, one := range renders {
		one.first = one.with(one.values, seen)
		for _, file := range one.documents() {
			documents[file] = true
		}
	}
	if err := compareWith(original, renders); err != nil {
		return err
	}
	var leaves []leaf
	if values {
		leaves = leavesOf(instrumented, ownPaths)
	}
	used, by := try(renders, leaves, points, seen)
	return json.NewEncoder(os.Stdout).Encode(report{
		Templates: templatesOf(original, documents),
		Sides:     sidesOf(points, seen, by),
		Values:    used,
		Renders:   len(renders),
	})
}

func sidesOf(points []point, seen hits, by []string) []sideReport {
	sides := make([]sideReport, len(points))
	for id, at := range points {
		sides[id] = sideReport{point: at, Seen: seen[id], By: by[id]}
	}
	sort.SliceStable(sides, func(i, j int) bool {
		a, b := sides[i], sides[j]
		return cmp.Or(cmp.Compare(a.Chart, b.Chart), cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line)) < 0
	})
	return sides
}
