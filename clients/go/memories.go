package loci

import (
	"context"

	"loci.dev/go/lociv1"
)

// The calls that agents make most. Graphs and nodes may be given as ids. What else a request can hold is set by functions:
//
//	client.Remember(ctx, "alice", "Ann lives in Austin.", func(r *lociv1.RememberRequest) {
//		r.Slot = &lociv1.Slot{Subject: "Ann", Name: "lives_in", Value: "Austin"}
//	})

// Remember keeps a memory, unless it is there already: outcome and reason of the answer say what became of it. Fails with
// NodeExists, NodeNotFound (for session and supersedes) or SupersessionCycle.
func (c *Client) Remember(
	ctx context.Context, graph, text string, set ...func(*lociv1.RememberRequest),
) (*lociv1.RememberResponse, error) {
	request, err := with(&lociv1.RememberRequest{Parent: GraphName(graph), Text: text}, set)
	if err != nil {
		return nil, err
	}
	request.Supersedes = nodeNames(graph, request.GetSupersedes())
	return c.Memories.Remember(ctx, request)
}

// Recall finds the memories of one or several graphs that bear on a query, best first; with max_tokens, also packed into a
// text of that size.
func (c *Client) Recall(
	ctx context.Context, graphs []string, query string, set ...func(*lociv1.RecallRequest),
) (*lociv1.RecallResponse, error) {
	parents := make([]string, len(graphs))
	for i, graph := range graphs {
		parents[i] = GraphName(graph)
	}
	request, err := with(&lociv1.RecallRequest{Parents: parents, Query: query}, set)
	if err != nil {
		return nil, err
	}
	return c.Memories.Recall(ctx, request)
}

// Forget deletes memories by name or id, or those that pass a filter: at most 1,000 in one commit; more of the answer says
// that others are left. A session goes with its turns. With hard nothing of them is left.
func (c *Client) Forget(
	ctx context.Context, graph string, names []string, set ...func(*lociv1.ForgetRequest),
) (*lociv1.ForgetResponse, error) {
	request, err := with(&lociv1.ForgetRequest{Parent: GraphName(graph), Names: nodeNames(graph, names)}, set)
	if err != nil {
		return nil, err
	}
	return c.Memories.Forget(ctx, request)
}

// Search finds nodes by what they say, in the way that is set (default HYBRID). One page; the pages behind it are had by
// Pages with client.Searches.Search. Fails with SemanticSearchUnavailable.
func (c *Client) Search(
	ctx context.Context, graph, query string, set ...func(*lociv1.SearchRequest),
) (*lociv1.SearchResponse, error) {
	request, err := with(&lociv1.SearchRequest{Parent: GraphName(graph), Query: query}, set)
	if err != nil {
		return nil, err
	}
	return c.Searches.Search(ctx, request)
}

func with[Q any](request *Q, set []func(*Q)) (*Q, error) {
	for i, change := range set {
		if change == nil {
			return nil, refused("function %d of set is nil", i)
		}
		change(request)
	}
	return request, nil
}

func nodeNames(graph string, nodes []string) []string {
	names := make([]string, len(nodes))
	for i, node := range nodes {
		names[i] = NodeName(graph, node)
	}
	return names
}
