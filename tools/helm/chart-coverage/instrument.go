package main

import (
	"fmt"
	"path"
	"sort"
	"strconv"
	"strings"
	"text/template/parse"

	"helm.sh/helm/v3/pkg/chart"
)

// point is a place in a template that a render passes or not: one side of a branch, or a define.
type point struct {
	// The chart it belongs to; the library's points are in every chart that uses it.
	Chart string `json:"chart"`
	File  string `json:"file"`
	Line  int    `json:"line"`
	// if, with, range or define.
	Kind string `json:"kind"`
	// The condition, or the name of the define.
	Text string `json:"text"`
	// true: the body; false: the else, written or not.
	Side bool `json:"side"`
}

// signal is the API version whose lookup tells that a point is passed. Of all functions of a template, lookup alone leads out of Helm's
// engine, by the client that the engine is given; so the engine stays Helm's own.
const signal = "coverage.invalid/v1"

// instrument changes all templates of a chart and its dependencies so that they tell which points they pass, and returns these.
func instrument(c *chart.Chart) ([]point, error) {
	var points []point
	err := instrumentChart(c, &points)
	return points, err
}

func instrumentChart(c *chart.Chart, points *[]point) error {
	sort.Slice(c.Templates, func(i, j int) bool { return c.Templates[i].Name < c.Templates[j].Name })
	for _, file := range c.Templates {
		if err := instrumentFile(c.Name(), file, points); err != nil {
			return err
		}
	}
	dependencies := c.Dependencies()
	sort.Slice(dependencies, func(i, j int) bool { return dependencies[i].Name() < dependencies[j].Name() })
	for _, dependency := range dependencies {
		if err := instrumentChart(dependency, points); err != nil {
			return err
		}
	}
	return nil
}

func instrumentFile(chartName string, file *chart.File, points *[]point) error {
	text := string(file.Data)
	trees := map[string]*parse.Tree{}
	tree := parse.New(file.Name)
	// Helm's functions are not known here, and need not be.
	tree.Mode = parse.SkipFuncCheck
	if _, err := tree.Parse(text, "", "", trees); err != nil {
		return fmt.Errorf("%s: %w", path.Join(chartName, file.Name), err)
	}
	i := &instrumenter{at: point{Chart: chartName, File: file.Name}, text: text, points: points}
	var changed strings.Builder
	for _, name := range namesOf(trees) {
		root := trees[name].Root
		if name == file.Name {
			i.list(root)
			changed.WriteString(root.String())
			continue
		}
		i.mark(root, root.Position(), "define", name, true)
		i.list(root)
		fmt.Fprintf(&changed, "{{define %q}}%s{{end}}", name, root)
	}
	file.Data = []byte(changed.String())
	return nil
}

// instrumenter walks through one file.
type instrumenter struct {
	at     point
	text   string
	points *[]point
}

func (i *instrumenter) list(list *parse.ListNode) {
	if list == nil {
		return
	}
	for _, node := range list.Nodes {
		switch node := node.(type) {
		case *parse.IfNode:
			i.branch(&node.BranchNode, "if", true)
		case *parse.WithNode:
			i.branch(&node.BranchNode, "with", true)
		case *parse.RangeNode:
			// A range without else says nothing of what is empty.
			i.branch(&node.BranchNode, "range", node.ElseList != nil)
		}
	}
}

func (i *instrumenter) branch(node *parse.BranchNode, kind string, both bool) {
	condition := node.Pipe.String()
	i.mark(node.List, node.Position(), kind, condition, true)
	if both {
		if node.ElseList == nil {
			node.ElseList = &parse.ListNode{NodeType: parse.NodeList}
		}
		i.mark(node.ElseList, node.Position(), kind, condition, false)
	}
	i.list(node.List)
	i.list(node.ElseList)
}

// mark puts a signal at the beginning of a list. It is text to the tree, which is only printed, and an action to Helm, which reads that.
func (i *instrumenter) mark(list *parse.ListNode, at parse.Pos, kind, text string, side bool) {
	here := i.at
	here.Kind, here.Text, here.Side = kind, text, side
	here.Line = 1 + strings.Count(i.text[:min(int(at), len(i.text))], "\n")
	id := len(*i.points)
	*i.points = append(*i.points, here)
	action := fmt.Sprintf("{{$_ := lookup %q %q \"\" \"\"}}", signal, strconv.Itoa(id))
	list.Nodes = append([]parse.Node{&parse.TextNode{NodeType: parse.NodeText, Text: []byte(action)}}, list.Nodes...)
}

func namesOf(trees map[string]*parse.Tree) []string {
	names := make([]string, 0, len(trees))
	for name := range trees {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}
