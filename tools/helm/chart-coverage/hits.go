package main

import (
	"context"
	"strconv"

	"helm.sh/helm/v3/pkg/engine"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/dynamic"
)

// hits says of each point whether it was passed.
type hits []bool

func newHits(points []point) hits { return make(hits, len(points)) }

// ears hears the signals of templates as the client of Helm's engine; what templates really look up is for the cluster of the test, if it has one.
type ears struct {
	hits    hits
	cluster engine.ClientProvider
}

func (e ears) GetClientFor(apiVersion, kind string) (dynamic.NamespaceableResourceInterface, bool, error) {
	if apiVersion == signal {
		id, err := strconv.Atoi(kind)
		if err != nil {
			return nil, false, err
		}
		e.hits[id] = true
		return nothing{}, false, nil
	}
	if e.cluster != nil {
		return e.cluster.GetClientFor(apiVersion, kind)
	}
	return nothing{}, false, nil
}

// nothing is a cluster without objects.
type nothing struct {
	dynamic.NamespaceableResourceInterface
}

func (nothing) Namespace(string) dynamic.ResourceInterface { return nothing{} }

func (nothing) List(context.Context, metav1.ListOptions) (*unstructured.UnstructuredList, error) {
	return &unstructured.UnstructuredList{}, nil
}

func (nothing) Get(context.Context, string, metav1.GetOptions, ...string) (*unstructured.Unstructured, error) {
	return &unstructured.Unstructured{Object: map[string]any{}}, nil
}
