package loci

import (
	"context"
	"iter"

	"loci.dev/go/lociv1"
)

// The lists of all services, item by item over all pages. See Pages about deadlines and errors.

// ListGraphs tells of the graphs of the tenant, in order of id.
func (c *Client) ListGraphs(ctx context.Context, request *lociv1.ListGraphsRequest) iter.Seq2[*lociv1.Graph, error] {
	return Items(ctx, c.Graphs.ListGraphs, request, (*lociv1.ListGraphsResponse).GetGraphs)
}

// ListNodes tells of the nodes of a graph that pass a filter, in order of id.
func (c *Client) ListNodes(ctx context.Context, request *lociv1.ListNodesRequest) iter.Seq2[*lociv1.Node, error] {
	return Items(ctx, c.Nodes.ListNodes, request, (*lociv1.ListNodesResponse).GetNodes)
}

// ListNodeRevisions tells what happened to a node, latest first.
func (c *Client) ListNodeRevisions(ctx context.Context, request *lociv1.ListNodeRevisionsRequest) iter.Seq2[*lociv1.ItemRevision, error] {
	return Items(ctx, c.Nodes.ListNodeRevisions, request, (*lociv1.ListNodeRevisionsResponse).GetRevisions)
}

// ListEdges tells of the edges of a graph that pass a filter, in order of id.
func (c *Client) ListEdges(ctx context.Context, request *lociv1.ListEdgesRequest) iter.Seq2[*lociv1.Edge, error] {
	return Items(ctx, c.Edges.ListEdges, request, (*lociv1.ListEdgesResponse).GetEdges)
}

// ListEdgeRevisions tells what happened to an edge, latest first.
func (c *Client) ListEdgeRevisions(ctx context.Context, request *lociv1.ListEdgeRevisionsRequest) iter.Seq2[*lociv1.ItemRevision, error] {
	return Items(ctx, c.Edges.ListEdgeRevisions, request, (*lociv1.ListEdgeRevisionsResponse).GetRevisions)
}

// ListNeighbors tells of the nodes at the other ends of a node's edges.
func (c *Client) ListNeighbors(ctx context.Context, request *lociv1.GetNeighborsRequest) iter.Seq2[*lociv1.Neighbor, error] {
	return Items(ctx, c.Traversals.GetNeighbors, request, (*lociv1.GetNeighborsResponse).GetNeighbors)
}

// ListSessions tells of the sessions of a graph, in order of id.
func (c *Client) ListSessions(ctx context.Context, request *lociv1.ListSessionsRequest) iter.Seq2[*lociv1.Session, error] {
	return Items(ctx, c.Memories.ListSessions, request, (*lociv1.ListSessionsResponse).GetSessions)
}

// ListTurns tells what was said in a session, in its order.
func (c *Client) ListTurns(ctx context.Context, request *lociv1.GetTranscriptRequest) iter.Seq2[*lociv1.Node, error] {
	return Items(ctx, c.Memories.GetTranscript, request, (*lociv1.GetTranscriptResponse).GetTurns)
}

// ListQueries tells what was asked of a graph.
func (c *Client) ListQueries(ctx context.Context, request *lociv1.ListQueriesRequest) iter.Seq2[*lociv1.QueryRecord, error] {
	return Items(ctx, c.Memories.ListQueries, request, (*lociv1.ListQueriesResponse).GetQueries)
}

// ListFeedback tells how answers were judged.
func (c *Client) ListFeedback(ctx context.Context, request *lociv1.ListFeedbackRequest) iter.Seq2[*lociv1.Feedback, error] {
	return Items(ctx, c.Memories.ListFeedback, request, (*lociv1.ListFeedbackResponse).GetFeedback)
}

// ListTenants tells of the tenants of the installation.
func (c *Client) ListTenants(ctx context.Context, request *lociv1.ListTenantsRequest) iter.Seq2[*lociv1.Tenant, error] {
	return Items(ctx, c.Admin.ListTenants, request, (*lociv1.ListTenantsResponse).GetTenants)
}

// ListAPIKeys tells of the API keys of a tenant.
func (c *Client) ListAPIKeys(ctx context.Context, request *lociv1.ListApiKeysRequest) iter.Seq2[*lociv1.ApiKey, error] {
	return Items(ctx, c.Admin.ListApiKeys, request, (*lociv1.ListApiKeysResponse).GetApiKeys)
}

// ListIdentities tells of the identities of a tenant.
func (c *Client) ListIdentities(ctx context.Context, request *lociv1.ListIdentitiesRequest) iter.Seq2[*lociv1.Identity, error] {
	return Items(ctx, c.Admin.ListIdentities, request, (*lociv1.ListIdentitiesResponse).GetIdentities)
}

// ListAuditEntries tells who did what.
func (c *Client) ListAuditEntries(ctx context.Context, request *lociv1.ListAuditEntriesRequest) iter.Seq2[*lociv1.AuditEntry, error] {
	return Items(ctx, c.Admin.ListAuditEntries, request, (*lociv1.ListAuditEntriesResponse).GetEntries)
}

// ListReembeddings tells of the graphs that are being embedded anew.
func (c *Client) ListReembeddings(ctx context.Context, request *lociv1.ListReembeddingsRequest) iter.Seq2[*lociv1.Reembedding, error] {
	return Items(ctx, c.Admin.ListReembeddings, request, (*lociv1.ListReembeddingsResponse).GetReembeddings)
}

// ListKeyRotations tells of the graphs whose data keys are being rotated.
func (c *Client) ListKeyRotations(ctx context.Context, request *lociv1.ListKeyRotationsRequest) iter.Seq2[*lociv1.KeyRotation, error] {
	return Items(ctx, c.Admin.ListKeyRotations, request, (*lociv1.ListKeyRotationsResponse).GetKeyRotations)
}

// ListErasures tells of the erasures of a tenant, latest first.
func (c *Client) ListErasures(ctx context.Context, request *lociv1.ListErasuresRequest) iter.Seq2[*lociv1.Erasure, error] {
	return Items(ctx, c.Admin.ListErasures, request, (*lociv1.ListErasuresResponse).GetErasures)
}
